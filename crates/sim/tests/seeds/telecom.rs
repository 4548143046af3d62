//! A small telephone company in Madrid, as it is published and as the model knows it: seven plans,
//! of which one is archived on the way, and two are without a price for a while.

use abono_domain::catalogue::{CommitmentTerms, Effect, Plan, PlanRule, Price, PricePoint};
use abono_domain::exact::Exact;
use abono_domain::ids::{ClockId, CustomerId, PlanId, PriceId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::risk::{Measure, RiskPolicy, Rule};
use abono_domain::seller::Seller;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::tax::{CustomerKind, Prices, TaxRegime};
use abono_engine::Command;
use abono_sim::cycles::{Limits, Market, Plan as Known, Risk, Version};
use abono_testkit::seller;
use uuid::Uuid;

/// Code, price of a month and of three, for how many months it binds, and what it changes to: at
/// once where that begins with `!`, else at the start of the next cycle.
type Row = (&'static str, i64, i64, Option<i64>, &'static str);

const PLANS: [Row; 7] = [
    ("mini", 999, 2_899, None, "!midi maxi !ultra !retro summer free"),
    ("midi", 1_495, 4_250, None, "mini !maxi ultra !summer !retro"),
    ("maxi", 2_490, 7_101, Some(6), "mini midi !ultra !summer free"),
    ("ultra", 3_900, 11_199, Some(12), "!maxi midi retro"),
    ("free", 0, 0, None, "!mini !summer"),
    ("retro", 1_234, 3_607, None, "mini midi maxi ultra summer free"),
    ("summer", 777, 2_222, None, "!mini !midi retro"),
];
const RISK: Risk = Risk {
    price_rise: Limits { review: 60, rejected: 250 },
    recent_changes: Limits { review: 1, rejected: 3 },
    recent_days: 12,
    valid_days: 25,
};

fn id(code: &str) -> PlanId {
    let place = PLANS.iter().position(|row| row.0 == code).expect("a plan");
    PlanId(seller::id(4, 50 + place as u128))
}

/// Each plan that another changes to, and whether at once.
fn changes(row: &Row) -> Vec<(&'static str, bool)> {
    let words = row.4.split(' ');
    words.map(|word| (word.trim_start_matches('!'), word.starts_with('!'))).collect()
}

fn known(row: &Row) -> Known {
    let (code, month, quarter, binds, _) = *row;
    let changes = changes(row).into_iter();
    Known {
        id: id(code),
        prices: vec![(1, month), (3, quarter)],
        changes_to: changes.map(|(to, at_once)| (id(to), at_once)).collect(),
        binds,
    }
}

fn names(name: &str) -> Names {
    Names([(Language::parse("en").expect("a language"), name.to_owned())].into())
}

fn plan(row: &Row) -> Plan {
    let (code, month, quarter, binds, _) = *row;
    let euro = |minor| Money::new(minor, Currency::EUR);
    let price = |months, minor| Price {
        id: PriceId(Uuid::nil()),
        point: PricePoint { currency: Currency::EUR, months, from_quantity: 1, valid_from: None },
        list: euro(minor),
        final_price: euro(minor),
        model: None,
        tax: Prices::Inclusive,
        valid_until: None,
        reaches_existing: None,
    };
    let rule = |(to, at_once): (&str, bool)| {
        let effect = if at_once { Effect::Immediate } else { Effect::NextCycle };
        PlanRule { to: to.to_owned(), effect }
    };
    let mut plan = seller::seller().catalogue.products[0].plans[0].clone();
    plan.id = id(code);
    plan.code = code.to_owned();
    plan.names = names(code);
    plan.prices = vec![price(1, month), price(3, quarter)];
    plan.terms.changes_to = Some(changes(row).into_iter().map(rule).collect());
    plan.terms.commitment = binds.map(|months| CommitmentTerms { months, penalty: euro(10_000) });
    plan
}

/// The seller, without what is archived and without the prices of what has none.
fn seller(archived: &[&str], unpriced: &[&str]) -> Seller {
    let mut seller = seller::seller();
    seller.settings.language = Language::parse("en").expect("a language");
    seller.settings.currency = Currency::EUR;
    seller.settings.zone = "Europe/Madrid".to_owned();
    let company = &mut seller.legal_entities[0];
    company.identity.country = "ES".to_owned();
    company.identity.tax_id = "B12345674".to_owned();
    company.identity.tax_registration = None;
    company.identity.registration_number = None;
    company.zone = "Europe/Madrid".to_owned();
    company.tax_regime = TaxRegime::Es;
    company.bank_accounts = Vec::new();
    let product = &mut seller.catalogue.products[0];
    product.names = names("Mobile");
    product.plans = PLANS.iter().map(plan).collect();
    for plan in &mut product.plans {
        plan.archived = archived.contains(&plan.code.as_str());
        if unpriced.contains(&plan.code.as_str()) {
            plan.prices = Vec::new();
        }
    }
    let rule = |code: &str, measure, days, limits: Limits| Rule {
        code: code.to_owned(),
        measure,
        days,
        review: Some(Exact::whole(limits.review)),
        rejected: Some(Exact::whole(limits.rejected)),
    };
    seller.risk = RiskPolicy {
        rules: vec![
            rule("rise", Measure::PriceRise, 0, RISK.price_rise),
            rule("often", Measure::RecentChanges, RISK.recent_days, RISK.recent_changes),
        ],
        valid_days: Some(RISK.valid_days),
        service_fallback: None,
    };
    seller
}

/// The market.
pub(crate) fn market() -> Market {
    let tenant = TenantId(seller::id(1, 1));
    let start = "2026-01-31T10:00:00Z".parse().expect("an instant");
    let publish = |archived: &[&str], unpriced: &[&str]| {
        let clock = Some((ClockId(seller::id(9, 1)), start));
        let proposal = seller(archived, unpriced);
        let publish = PublishSeller { proposal, ..seller::publish(tenant, "sim", clock) };
        Command::PublishSeller(Box::new(publish))
    };
    let version = |archived: &[&str], unpriced: &[&str]| Version {
        publish: publish(archived, unpriced),
        archived: archived.iter().map(|code| id(code)).collect(),
        unpriced: unpriced.iter().map(|code| id(code)).collect(),
    };
    let customers: Vec<CustomerId> = (1..=3).map(|n| CustomerId(seller::id(2, n))).collect();
    let mut opening = vec![publish(&[], &[])];
    for (number, id) in customers.iter().enumerate() {
        let mut put = seller::customer(*id, &format!("c{number}"));
        put.proposal.profile.zone = "Europe/Madrid".to_owned();
        put.proposal.profile.currency = Currency::EUR;
        let payer = &mut put.proposal.payers[0];
        payer.identity.country = "ES".to_owned();
        payer.identity.tax_registration = None;
        payer.kind = CustomerKind::Consumer;
        opening.push(Command::PutCustomer(put));
    }
    Market {
        tenant,
        opening,
        versions: vec![version(&["retro"], &["summer", "midi"]), version(&["retro"], &[])],
        product: seller::PRODUCT,
        plans: PLANS.iter().map(known).collect(),
        risk: RISK,
        customers,
    }
}
