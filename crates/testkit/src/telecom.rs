//! A small telecom for tests: subscriptions in cycles, tariffs that change to each other, and rules
//! of risk.

use crate::World;
use crate::seller::{self, id};
use abono_domain::catalogue::{
    Article, Bundle, Catalogue, Effect, Plan, PlanRule, PlanTerms, Price, PricePoint, Product,
};
use abono_domain::customer::put::PutCustomer;
use abono_domain::exact::Exact;
use abono_domain::ids::{BundleId, ClockId, CustomerId, PlanId, PriceId, ProductId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::reference::LegalIdentity;
use abono_domain::risk::{Measure, RiskPolicy, Rule};
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{LegalEntity, Seller, Settings};
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_domain::tax::{CustomerKind, Nature, Prices, TaxClass, TaxRegime, TaxRounding};
use abono_engine::{Command, Engine};
use std::sync::Arc;
use uuid::Uuid;

/// The product.
pub const MOBILE: ProductId = ProductId(id(3, 31));
/// 10.00 a month, tax included.
pub const GB10: PlanId = PlanId(id(4, 31));
/// 12.00 a month.
pub const GB20: PlanId = PlanId(id(4, 32));
/// 15.00 a month.
pub const GB50: PlanId = PlanId(id(4, 33));
/// 40.00 a month: so much more that somebody looks at the change.
pub const BUSINESS: PlanId = PlanId(id(4, 34));
/// 100.00 a month: so much more that no change to it is allowed.
pub const PREMIUM: PlanId = PlanId(id(4, 35));
/// Nothing changes to it, and it changes to nothing.
pub const ISLAND: PlanId = PlanId(id(4, 36));
/// No longer sold.
pub const OLD: PlanId = PlanId(id(4, 37));
/// What lines are sold together as.
pub const HOME: BundleId = BundleId(id(12, 31));

/// The numbers of the plans, as they stand in the catalogue.
pub const NUMBERS: [(PlanId, i64); 7] = [
    (GB10, 1010),
    (GB20, 1020),
    (GB50, 1050),
    (BUSINESS, 1200),
    (PREMIUM, 1300),
    (ISLAND, 1400),
    (OLD, 1001),
];

/// The number of a plan.
///
/// # Panics
/// Where it is none of these.
pub fn number(plan: PlanId) -> i64 {
    let found = NUMBERS.iter().find(|(id, _)| *id == plan);
    found.expect("a plan of the telecom").1
}

fn spanish() -> Language {
    Language::parse("es").expect("a language")
}

fn names(es: &str) -> Names {
    Names([(spanish(), es.to_owned()), (Language::ENGLISH, format!("{es} (en)"))].into())
}

fn price(minor: i64) -> Price {
    let amount = Money::new(minor, Currency::EUR);
    Price {
        id: PriceId(Uuid::nil()),
        point: PricePoint {
            currency: Currency::EUR,
            months: 1,
            from_quantity: 1,
            valid_from: None,
        },
        list: amount,
        final_price: amount,
        model: None,
        tax: Prices::Inclusive,
        valid_until: None,
        reaches_existing: None,
    }
}

/// A plan, and what it changes to: upgrades at once, everything else with the next cycle.
fn plan(id: PlanId, code: &str, name: &str, minor: i64) -> Plan {
    const REACHED: [(&str, i64); 6] = [
        ("gb10", 1_000),
        ("gb20", 1_200),
        ("gb50", 1_500),
        ("business", 4_000),
        ("premium", 10_000),
        ("old", 500),
    ];
    let rule = |(to, price): (&str, i64)| PlanRule {
        to: to.to_owned(),
        effect: if price > minor { Effect::Immediate } else { Effect::NextCycle },
    };
    let others = REACHED.into_iter().filter(|(to, _)| id != ISLAND && *to != code).map(rule);
    Plan {
        id,
        number: number(id),
        code: code.to_owned(),
        names: names(name),
        article: Article::default(),
        features: Vec::new(),
        archived: id == OLD,
        terms: PlanTerms { changes_to: Some(others.collect()), ..PlanTerms::default() },
        prices: vec![price(minor)],
    }
}

/// What is published.
pub fn seller() -> Seller {
    let plans = vec![
        plan(GB10, "gb10", "TARIFA 10GB", 1_000),
        plan(GB20, "gb20", "TARIFA 20GB", 1_200),
        plan(GB50, "gb50", "TARIFA 50GB", 1_500),
        plan(BUSINESS, "business", "TARIFA EMPRESA", 4_000),
        plan(PREMIUM, "premium", "TARIFA PREMIUM", 10_000),
        plan(ISLAND, "island", "TARIFA ISLA", 1_000),
        plan(OLD, "old", "TARIFA ANTIGUA", 500),
    ];
    let rise = Rule {
        code: "rise".to_owned(),
        measure: Measure::PriceRise,
        days: 0,
        review: Some(Exact::whole(100)),
        rejected: Some(Exact::whole(400)),
    };
    Seller {
        settings: Settings {
            name: "Telco".to_owned(),
            language: spanish(),
            currency: Currency::EUR,
            zone: "Europe/Madrid".to_owned(),
            tax_rounding: TaxRounding::Document,
            ..seller::seller().settings
        },
        legal_entities: vec![legal_entity()],
        catalogue: Catalogue {
            products: vec![Product {
                id: MOBILE,
                code: "mobile".to_owned(),
                names: names("Móvil"),
                archived: false,
                tax_class: TaxClass::Standard,
                nature: Nature::Service,
                plans,
            }],
            bundles: vec![Bundle {
                id: HOME,
                number: 501,
                code: "home".to_owned(),
                names: names("FIBRA Y MÓVIL"),
            }],
            discounts: Vec::new(),
            termination_reasons: Vec::new(),
        },
        risk: RiskPolicy { rules: vec![rise], valid_days: None, service_fallback: None },
        ..seller::seller()
    }
}

fn identity(name: &str, tax_id: &str) -> LegalIdentity {
    LegalIdentity {
        name: name.to_owned(),
        country: "ES".to_owned(),
        tax_id: tax_id.to_owned(),
        tax_registration: None,
        registration_number: None,
        address: "Calle Mayor 1, Madrid".to_owned(),
    }
}

fn legal_entity() -> LegalEntity {
    let usual = seller::seller().legal_entities.remove(0);
    LegalEntity {
        identity: identity("Telco S.A.", "A58818501"),
        zone: "Europe/Madrid".to_owned(),
        tax_regime: TaxRegime::Es,
        ..usual
    }
}

/// The command that makes a customer with one payer.
pub fn customer(id: CustomerId, code: &str) -> PutCustomer {
    let mut put = seller::customer(id, code);
    let profile = &mut put.proposal.profile;
    profile.name = format!("Familia {code}");
    (profile.language, profile.currency) = (spanish(), Currency::EUR);
    profile.zone = "Europe/Madrid".to_owned();
    for payer in &mut put.proposal.payers {
        payer.identity = identity(&format!("Familia {code}"), "12345678Z");
        payer.kind = CustomerKind::Consumer;
    }
    put
}

/// The telecom number `number` in an engine, with two customers; its clock stands at `start`.
///
/// # Panics
/// Where it can't be made.
pub async fn open(engine: Arc<Engine>, number: u128, start: &str) -> World {
    selling(engine, number, start, seller()).await
}

/// The same with another seller.
///
/// # Panics
/// Where it can't be made.
pub async fn selling(engine: Arc<Engine>, number: u128, start: &str, proposal: Seller) -> World {
    let world = World {
        engine,
        tenant: TenantId(id(1, number)),
        customer: CustomerId(id(2, 1)),
        other: CustomerId(id(2, 2)),
    };
    let clock = (ClockId(id(9, number)), start.parse().expect("an instant"));
    let publish = seller::publish(world.tenant, &format!("telco-{number}"), Some(clock));
    let publish = PublishSeller { proposal, ..publish };
    world.run(Command::PublishSeller(Box::new(publish))).await.expect("the seller");
    for (id, code) in [(world.customer, "first"), (world.other, "second")] {
        world.run(Command::PutCustomer(customer(id, code))).await.expect("a customer");
    }
    world
}

/// The command that starts a subscription, by the month from today on.
pub fn start(customer: CustomerId, plan: PlanId, bundle: Option<BundleId>) -> Command {
    let digits = |text: &str| Some(text.to_owned());
    let start = StartSubscription {
        product: MOBILE,
        plan,
        quantity: 1,
        months: 1,
        billing_day: None,
        sold_on: None,
        origin: Origin::Ported,
        bundle,
        line: LineIdentity {
            msisdn: digits("34600112233"),
            imsi: digits("214035453370793"),
            iccid: digits("8934011411551283000"),
        },
    };
    Command::StartSubscription(customer, Box::new(start))
}
