//! A small seller for tests: one product with two plans and an archived one, sold in roubles.

use abono_domain::catalogue::{Catalogue, Plan, Price, PricePoint, Product};
use abono_domain::customer::put::PutCustomer;
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::ids::{
    ClockId, CustomerId, LegalEntityId, PayerId, PlanId, PriceId, ProductId, TenantId,
};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::reference::LegalIdentity;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings, Tenant};
use abono_domain::tax::TaxRegime;
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
        valid_until: None,
    }
}

fn plan(id: PlanId, code: &str, archived: bool, prices: Vec<Price>) -> Plan {
    let names = names(&format!("Тариф {code}"), &format!("Plan {code}"));
    Plan { id, code: code.to_owned(), names, features: vec!["sales".into()], archived, prices }
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
        },
        legal_entities: vec![legal_entity()],
        catalogue: Catalogue {
            products: vec![Product {
                id: PRODUCT,
                code: "pos".to_owned(),
                names: names("Касса", "Point of sale"),
                archived: false,
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
        },
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
    };
    let proposal = Customer { payers: vec![payer], ..Customer::new(id, code.to_owned(), profile) };
    PutCustomer { proposal, default_payer: Some("main".to_owned()) }
}
