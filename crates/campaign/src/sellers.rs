//! Who sells, what the models must find it to cost, and the books as they are before the first day.

use abono_domain::access::Role;
use abono_domain::access::create_key::CreateKey;
use abono_domain::exact::Exact;
use abono_domain::ids::{ClockId, CustomerId, KeyId, TenantId};
use abono_domain::risk::{Measure, RiskPolicy, Rule};
use abono_domain::seller::Tenant;
use abono_domain::seller::publish::PublishSeller;
use abono_engine::{Actor, Call, Command, Engine, Env, Token};
use abono_sim::cycles::{self, Limits, Risk};
use abono_sim::executor::alone;
use abono_sim::licences::Deal;
use abono_store::{DatabaseUrl, Options, Store, migrate};
use abono_testkit::seller::{self, BASIC, PRO, id};
use abono_testkit::telecom::{self, BUSINESS, GB10, GB20, GB50, ISLAND, PREMIUM};
use anyhow::{Context, Result};
use jiff::Timestamp;
use std::sync::OnceLock;

/// The seller of licences.
pub(crate) const POS: TenantId = TenantId(id(1, 1));
/// The telecom.
pub(crate) const TELECOM: TenantId = TenantId(id(1, 2));
/// For how many banking days a payment request is valid.
pub(crate) const VALID_DAYS: i64 = 5;

/// The customers of either seller.
pub(crate) const fn customer(of: usize) -> CustomerId {
    CustomerId(if of == 0 { id(2, 1) } else { id(2, 2) })
}

/// What LIFE POS sells.
pub(crate) const fn deal(number: usize) -> Deal {
    let (plan, quantity, months, total) = match number % 5 {
        0 => (BASIC, 1, 1, 99_000),
        1 => (BASIC, 1, 3, 270_000),
        2 => (BASIC, 2, 1, 198_000),
        3 => (PRO, 1, 1, 199_000),
        _ => (PRO, 12, 1, 12 * 179_000),
    };
    Deal { plan, quantity, months, total }
}

/// The telecom's plans, with what a month costs.
pub(crate) const PLANS: [(abono_domain::ids::PlanId, i64); 6] = [
    (GB10, 1_000),
    (GB20, 1_200),
    (GB50, 1_500),
    (BUSINESS, 4_000),
    (PREMIUM, 10_000),
    (ISLAND, 1_000),
];

/// For how many days a decision about risk holds.
const DECIDED_DAYS: i64 = 25;

/// The telecom as its model knows it: upgrades at once, everything else with the next cycle.
pub(crate) fn market() -> cycles::Market {
    let reached = |id| {
        let others = PLANS.iter().filter(move |(to, _)| id != ISLAND && *to != ISLAND && *to != id);
        let own = PLANS.iter().find(|(it, _)| *it == id).map_or(0, |(_, price)| *price);
        others.map(|(to, price)| (*to, *price > own)).collect()
    };
    let plan = |(id, price): (abono_domain::ids::PlanId, i64)| cycles::Plan {
        id,
        prices: vec![(1, price)],
        changes_to: reached(id),
        binds: None,
    };
    let never = Limits { review: i64::MAX, rejected: i64::MAX };
    cycles::Market {
        tenant: TELECOM,
        opening: Vec::new(),
        versions: Vec::new(),
        product: telecom::MOBILE,
        plans: PLANS.into_iter().map(plan).collect(),
        risk: Risk {
            price_rise: Limits { review: 100, rejected: 400 },
            recent_changes: never,
            recent_days: 1,
            valid_days: DECIDED_DAYS,
        },
        customers: vec![customer(0), customer(1)],
    }
}

/// The tokens that clients hold.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    /// Of each customer of the seller of licences.
    pub(crate) buyers: [String; 2],
    pub(crate) telecom: String,
}

/// Books before the first day.
pub(crate) struct Opened {
    pub(crate) file: Vec<u8>,
    pub(crate) tokens: Tokens,
    pub(crate) tenants: [Tenant; 2],
}

/// The books before the first day, made once.
///
/// # Errors
/// Why they can't be made.
pub(crate) fn opened() -> Result<&'static Opened> {
    static OPENED: OnceLock<Opened> = OnceLock::new();
    if let Some(opened) = OPENED.get() {
        return Ok(opened);
    }
    let made = open()?;
    Ok(OPENED.get_or_init(|| made))
}

fn open() -> Result<Opened> {
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("abono.db");
    let url = DatabaseUrl::Sqlite(path.clone());
    abono_testkit::runtime().block_on(migrate(&url)).context("migrating")?;
    let opening: Timestamp = "2026-01-01T08:00:00Z".parse()?;
    let env = Env::seeded(Box::new(move || opening), 1);
    let engine = Engine::new(env, alone(Store::open(&url, Options::Simulated))?);
    let (pos, telco) = (publish_pos(), publish_telecom());
    let tenants = [pos.tenant.clone(), telco.tenant.clone()];
    run(&engine, POS, Command::PublishSeller(Box::new(pos)))?;
    run(&engine, TELECOM, Command::PublishSeller(Box::new(telco)))?;
    for (of, code) in [(0, "first"), (1, "second")] {
        run(&engine, POS, Command::PutCustomer(seller::customer(customer(of), code)))?;
        run(&engine, TELECOM, Command::PutCustomer(telecom::customer(customer(of), code)))?;
    }
    let buyers = [
        token(&engine, POS, Role::Buyer, &[customer(0)])?,
        token(&engine, POS, Role::Buyer, &[customer(1)])?,
    ];
    let tokens = Tokens { buyers, telecom: token(&engine, TELECOM, Role::Buyer, &[])? };
    drop(engine);
    // What is still in the log is taken into the file.
    let conn = rusqlite::Connection::open(&path)?;
    conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
    drop(conn);
    Ok(Opened { file: std::fs::read(&path)?, tokens, tenants })
}

fn publish_pos() -> PublishSeller {
    PublishSeller {
        tenant: Tenant { id: POS, slug: "pos".to_owned(), clock: ClockId::REAL },
        manual_clock: None,
        proposal: seller::seller(),
    }
}

fn publish_telecom() -> PublishSeller {
    let mut proposal = telecom::seller();
    for product in &mut proposal.catalogue.products {
        product.plans.retain(|plan| PLANS.iter().any(|(id, _)| *id == plan.id));
        for plan in &mut product.plans {
            if let Some(changes) = &mut plan.terms.changes_to {
                changes.retain(|rule| rule.to != "old");
            }
        }
    }
    let rise = Rule {
        code: "rise".to_owned(),
        measure: Measure::PriceRise,
        days: 0,
        review: Some(Exact::whole(100)),
        rejected: Some(Exact::whole(400)),
    };
    let valid_days = Some(DECIDED_DAYS);
    proposal.risk = RiskPolicy { rules: vec![rise], valid_days, service_fallback: None };
    PublishSeller {
        tenant: Tenant { id: TELECOM, slug: "telco".to_owned(), clock: ClockId::REAL },
        manual_clock: None,
        proposal,
    }
}

fn run(engine: &Engine, tenant: TenantId, command: Command) -> Result<()> {
    let call = Call::new(tenant, Actor::Operator);
    alone(engine.carry_out(&call, &command)).with_context(|| command.name())?;
    Ok(())
}

fn token(engine: &Engine, of: TenantId, role: Role, customers: &[CustomerId]) -> Result<String> {
    let id = KeyId(engine.env().uuid());
    let token = Token::new(of, id, engine.env().secret());
    let (secret_hash, customers) = (token.secret_hash(), customers.to_vec());
    let label = String::new();
    let key = CreateKey { id, secret_hash, role, customers, label, expires_at: None };
    run(engine, of, Command::CreateKey(key))?;
    Ok(token.text())
}
