//! A small seller for tests: one product with two plans and an archived one, sold in roubles; and a
//! varied one, which sells in every way there is.

use abono_domain::calendar::Trial;
use abono_domain::catalogue::{
    Article, Billing, Catalogue, ChangeMode, Discount, Plan, PlanTerms, Price, PricePoint, Product,
};
use abono_domain::customer::put::PutCustomer;
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::discount::{Discount as Off, On};
use abono_domain::exact::Exact;
use abono_domain::ids::{
    ClockId, CustomerId, DiscountId, LegalEntityId, PayerId, PlanId, PriceId, ProductId, TenantId,
};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::pricing::{Flat, Graduated, Model, Package, Partial, Pricing, Tier};
use abono_domain::proration::{Behaviour, DayCount};
use abono_domain::reference::LegalIdentity;
use abono_domain::risk::RiskPolicy;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings, Tenant};
use abono_domain::tax::{CustomerKind, Nature, Prices, TaxClass, TaxRegime, TaxRounding};
use jiff::Timestamp;
use uuid::Uuid;

/// A readable id.
pub const fn id(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(kind << 64 | 0x7000_8000_0000_0000_0000 | number)
}

/// The product.
pub const PRODUCT: ProductId = ProductId(id(3, 1));
/// A plan for 990.00 a month, 2,700.00 for three.
pub const BASIC: PlanId = PlanId(id(4, 1));
/// A plan for 1,990.00 a month; 1,790.00 from ten units on.
pub const PRO: PlanId = PlanId(id(4, 2));
/// A plan that is no longer sold.
pub const OLD: PlanId = PlanId(id(4, 3));

fn language(code: &str) -> Language {
    Language::parse(code).expect("a language")
}

fn names(ru: &str, en: &str) -> Names {
    Names([(language("ru"), ru.to_owned()), (language("en"), en.to_owned())].into())
}

fn price(months: i64, from_quantity: i64, list: i64, final_price: i64) -> Price {
    let currency = Currency::RUB;
    Price {
        id: PriceId(Uuid::nil()),
        point: PricePoint { currency, months, from_quantity, valid_from: None },
        list: Money::new(list, currency),
        final_price: Money::new(final_price, currency),
        model: None,
        tax: Prices::Inclusive,
        valid_until: None,
        reaches_existing: None,
    }
}

fn plan(id: PlanId, code: &str, archived: bool, prices: Vec<Price>) -> Plan {
    let names = names(&format!("Тариф {code}"), &format!("Plan {code}"));
    Plan {
        id,
        number: 0,
        code: code.to_owned(),
        names,
        article: Article::default(),
        features: vec!["sales".into()],
        archived,
        terms: PlanTerms::default(),
        prices,
    }
}

/// What is published.
pub fn seller() -> Seller {
    Seller {
        tenant: TenantId(Uuid::nil()),
        version: 0,
        settings: Settings {
            name: "Касса".to_owned(),
            language: language("ru"),
            currency: Currency::RUB,
            zone: "Europe/Moscow".to_owned(),
            payment_request_days: 5,
            invoice_due_days: 15,
            tax_rounding: TaxRounding::Document,
            external_billing: false,
        },
        legal_entities: vec![legal_entity()],
        catalogue: Catalogue {
            products: vec![Product {
                id: PRODUCT,
                code: "pos".to_owned(),
                names: names("Касса", "Point of sale"),
                archived: false,
                tax_class: TaxClass::Standard,
                nature: Nature::Service,
                plans: vec![
                    plan(
                        BASIC,
                        "basic",
                        false,
                        vec![price(1, 1, 99_000, 99_000), price(3, 1, 297_000, 270_000)],
                    ),
                    plan(
                        PRO,
                        "pro",
                        false,
                        vec![price(1, 1, 199_000, 199_000), price(1, 10, 199_000, 179_000)],
                    ),
                    plan(OLD, "old", true, vec![price(1, 1, 50_000, 50_000)]),
                ],
            }],
            discounts: Vec::new(),
            bundles: Vec::new(),
            termination_reasons: Vec::new(),
        },
        risk: RiskPolicy::default(),
    }
}

/// A product that is sold in every other way.
pub const CLOUD: ProductId = ProductId(id(3, 2));
/// On the calendar, in tiers with a minimum; may be tried for 14 days.
pub const TIERED: PlanId = PlanId(id(4, 11));
/// A change keeps the end; days are 30 to a month.
pub const SEATS: PlanId = PlanId(id(4, 12));
/// By the package, tax added; what is unused is counted in seconds.
pub const PACKED: PlanId = PlanId(id(4, 13));
/// One amount for any quantity; a change gives nothing back.
pub const FLAT: PlanId = PlanId(id(4, 14));

/// The small seller with one more product, and discounts.
pub fn varied() -> Seller {
    let mut seller = seller();
    let mut tiered = plan(TIERED, "tiered", false, tiered());
    tiered.terms.billing = Billing::Calendar;
    tiered.terms.trial = Some(Trial::Days(14));
    let mut seats = plan(SEATS, "seats", false, vec![price(1, 1, 70_000, 70_000)]);
    seats.prices.push(price(3, 1, 210_000, 199_900));
    seats.terms.change = ChangeMode::CoTerm;
    seats.terms.credit.day_count = DayCount::Fixed30;
    let package = Package {
        size: Exact::whole(10),
        amount: Exact::whole(333),
        free: Exact::ZERO,
        partial: Partial::Up,
    };
    let by_package = modelled(1, 33_300, Model::Package(package), None);
    let by_package = Price { tax: Prices::Exclusive, ..by_package };
    let mut packed = plan(PACKED, "packed", false, vec![by_package]);
    packed.terms.credit.day_count = DayCount::Second;
    let amount = Exact::whole(1_500);
    let one_amount = modelled(1, 150_000, Model::Flat(Flat { amount }), None);
    let mut flat = plan(FLAT, "flat", false, vec![one_amount]);
    flat.terms.credit.behaviour = Behaviour::None;
    seller.catalogue.products.push(Product {
        id: CLOUD,
        code: "cloud".to_owned(),
        names: names("Облако", "Cloud"),
        archived: false,
        tax_class: TaxClass::Reduced,
        nature: Nature::Service,
        plans: vec![tiered, seats, packed, flat],
    });
    let tenth = Off::Percent(Exact::whole(10));
    let fifty = Off::Amount(Money::new(5_000, Currency::RUB));
    seller.catalogue.discounts =
        vec![discount("welcome", tenth, Some(2)), discount("loyal", fifty, None)];
    seller
}

/// Up to 5 units at 99.99 each and 200.00 for the tier, beyond at 79.005; 500.00 at least.
fn tiered() -> Vec<Price> {
    let tier = |up_to, unit: &str, flat| Tier {
        up_to,
        unit: Exact::parse(unit),
        flat,
        flat_at_zero: false,
    };
    let tiers = vec![
        tier(Some(Exact::whole(5)), "99.99", Some(Exact::whole(200))),
        tier(None, "79.005", None),
    ];
    let model = Model::Graduated(Graduated { tiers });
    let minimum = Some(Exact::whole(500));
    vec![modelled(1, 50_000, model.clone(), minimum), modelled(3, 50_000, model, minimum)]
}

fn modelled(months: i64, alone: i64, model: Model, minimum: Option<Exact>) -> Price {
    Price { model: Some(Pricing { model, minimum }), ..price(months, 1, alone, alone) }
}

fn discount(code: &str, off: Off, periods: Option<i64>) -> Discount {
    Discount {
        id: DiscountId(Uuid::nil()),
        code: code.to_owned(),
        names: names(code, code),
        off,
        on: On::Document,
        periods,
        valid_from: None,
        valid_until: None,
    }
}

fn legal_entity() -> LegalEntity {
    LegalEntity {
        id: LegalEntityId(Uuid::nil()),
        code: "main".to_owned(),
        identity: LegalIdentity {
            name: "ООО «Касса»".to_owned(),
            country: "RU".to_owned(),
            tax_id: "7716450028".to_owned(),
            tax_registration: Some("771601001".to_owned()),
            registration_number: Some("1027739552642".to_owned()),
            address: "Москва, ул. Тестовая, 1".to_owned(),
        },
        zone: "Europe/Moscow".to_owned(),
        tax_regime: TaxRegime::RuGeneral,
        payment_request_prefix: "СЧ-".to_owned(),
        credit_note_prefix: "КН-".to_owned(),
        invoice_prefix: "АК-".to_owned(),
        order_confirmation_prefix: "ПЗ-".to_owned(),
        bank_accounts: vec![BankAccount {
            bank_name: "АО «Банк»".to_owned(),
            bank_code: "044514512".to_owned(),
            account: "40702810900000000025".to_owned(),
            correspondent_account: None,
        }],
    }
}

/// The command that publishes it.
pub fn publish(tenant: TenantId, slug: &str, clock: Option<(ClockId, Timestamp)>) -> PublishSeller {
    let id = clock.map_or(ClockId::REAL, |(id, _)| id);
    PublishSeller {
        tenant: Tenant { id: tenant, slug: slug.to_owned(), clock: id },
        manual_clock: clock.map(|(_, start)| start),
        proposal: seller(),
    }
}

/// The command that makes a customer with one payer.
pub fn customer(id: CustomerId, code: &str) -> PutCustomer {
    let profile = Profile {
        revision: 1,
        name: format!("Магазин {code}"),
        language: language("ru"),
        zone: "Europe/Moscow".to_owned(),
        currency: Currency::RUB,
        default_payer: None,
        discounts: Vec::new(),
    };
    let payer = Payer {
        id: PayerId(Uuid::nil()),
        revision: 1,
        code: "main".to_owned(),
        identity: LegalIdentity {
            name: format!("ООО «{code}»"),
            country: "RU".to_owned(),
            tax_id: "7724051595".to_owned(),
            tax_registration: Some("772401001".to_owned()),
            registration_number: None,
            address: "Москва".to_owned(),
        },
        kind: CustomerKind::Business,
    };
    let proposal = Customer { payers: vec![payer], ..Customer::new(id, code.to_owned(), profile) };
    PutCustomer { proposal, default_payer: Some("main".to_owned()) }
}
