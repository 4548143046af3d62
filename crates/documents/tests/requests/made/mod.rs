//! Requests for tests, made by the domain's own rules, each of a company of another country; and
//! the reader of their codes.

pub(crate) mod codes;

use abono_documents::locale::Locale;
use abono_documents::payment_request::{PaymentRequest, PrintError, html};
use abono_domain::catalogue::{
    Article, Catalogue, Discount, Plan, PlanTerms, Price, PricePoint, Product,
};
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::decision::Outcome;
use abono_domain::discount::{Discount as Off, On};
use abono_domain::document::request_payment::{RequestPayment, decide};
use abono_domain::document::{
    DocumentView, Line, LineCredit, LineLicence, LinePart, PayerSnapshot,
};
use abono_domain::exact::Exact;
use abono_domain::ids::{
    CommandId, CustomerId, DiscountId, GrantId, LegalEntityId, PayerId, PlanId, PriceId, ProductId,
    TenantId,
};
use abono_domain::language::{Language, Names};
use abono_domain::licence::{Facts, Holding};
use abono_domain::moment::Moment;
use abono_domain::money::Money;
use abono_domain::proration::{DayCount, Share};
use abono_domain::quote::Order;
use abono_domain::reference::LegalIdentity;
use abono_domain::risk::RiskPolicy;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::{
    CustomerKind, LineTax, Nature, Prices, TaxCategory, TaxClass, TaxRate, TaxRegime, TaxRounding,
    subtotals,
};
use jiff::civil::date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A request with all that it is printed from.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) view: DocumentView,
    pub(crate) seller: Seller,
    pub(crate) payer: Payer,
    pub(crate) credit: Money,
    pub(crate) numbers: BTreeMap<GrantId, String>,
    pub(crate) locale: Locale,
}

impl Made {
    pub(crate) fn print(&self) -> Result<String, PrintError> {
        html(&PaymentRequest {
            document: &self.view.document,
            state: &self.view.state,
            seller: &self.seller,
            issuer: &self.seller.legal_entities[0],
            payer: Some(&self.payer),
            credit: self.credit,
            numbers: &self.numbers,
            locale: self.locale,
        })
    }

    pub(crate) fn html(&self) -> String {
        self.print().expect("a page")
    }

    pub(crate) fn issuer(&mut self) -> &mut LegalEntity {
        &mut self.seller.legal_entities[0]
    }

    /// Prints the lines that it has now: their taxes, and their sum as the total.
    pub(crate) fn add_up(&mut self) {
        let document = &mut self.view.document;
        for (line, position) in document.lines.iter_mut().zip(1..) {
            line.position = position;
        }
        let lines = document.lines.iter().map(|line| (line.tax, line.total));
        document.taxes = subtotals(lines, TaxRounding::Document).expect("taxes");
        let totals = document.lines.iter().map(|line| line.total);
        document.total = Money::sum(document.total.currency, totals).expect("a total");
    }
}

/// A company and what it sells.
struct Shop<'a> {
    locale: Locale,
    issuer: (&'a str, &'a str, Option<&'a str>, Option<&'a str>, &'a str),
    regime: TaxRegime,
    zone: &'a str,
    prefix: &'a str,
    account: BankAccount,
    payer: (&'a str, &'a str, &'a str, Option<&'a str>, &'a str),
    product: (&'a str, &'a str),
    currency: &'a str,
    months: i64,
    quantity: i64,
    list: i64,
    price: i64,
    tax: Prices,
    discount: Option<(&'a str, Off)>,
}

fn account(bank_name: &str, bank_code: &str, account: &str, other: Option<&str>) -> BankAccount {
    BankAccount {
        bank_name: bank_name.to_owned(),
        bank_code: bank_code.to_owned(),
        account: account.to_owned(),
        correspondent_account: other.map(str::to_owned),
    }
}

/// A Russian company: three licences for a year with a discount, 730 roubles on the balance.
pub(crate) fn russian() -> Made {
    let mut made = make(&Shop {
        locale: Locale::Russian,
        issuer: (
            "ООО «Касса Онлайн»",
            "7716450028",
            Some("771601001"),
            Some("1027739552642"),
            "129337, Москва, Ярославское шоссе, д. 1",
        ),
        regime: TaxRegime::RuGeneral,
        zone: "Europe/Moscow",
        prefix: "КО-",
        account: account(
            "ПАО «Пример Банк», г. Москва",
            "044525225",
            "40702810138250123017",
            Some("30101810400000000225"),
        ),
        payer: (
            "ООО «Магазин у дома»",
            "RU",
            "7724051595",
            Some("772401001"),
            "115230, г. Москва, ш. Пробное, д. 5",
        ),
        product: ("Касса", "Старт"),
        currency: "RUB",
        months: 12,
        quantity: 3,
        list: 1_188_000,
        price: 990_000,
        tax: Prices::Inclusive,
        discount: Some(("Скидка новичкам", Off::Percent(Exact::whole(10)))),
    });
    made.credit.minor = 73_000;
    made
}

/// A Swedish company with a bankgiro; the tax is added.
pub(crate) fn swedish() -> Made {
    make(&Shop {
        locale: Locale::Swedish,
        issuer: (
            "Tidvy Bokning AB",
            "SE556841720701",
            None,
            Some("5568417207"),
            "Södra Hamngatan 41, 411 06 Göteborg",
        ),
        regime: TaxRegime::Se,
        zone: "Europe/Stockholm",
        prefix: "TV-B-",
        account: account("Bankgirot", "bankgiro", "5283-9149", None),
        payer: ("Frisör & Co AB", "SE", "SE556036079301", None, "Storgatan 1, 111 22 Stockholm"),
        product: ("Tidvy", "Bas"),
        currency: "SEK",
        months: 1,
        quantity: 25,
        list: 14_900,
        price: 14_900,
        tax: Prices::Exclusive,
        discount: None,
    })
}

/// A Spanish company with an IBAN: another plan, and the credit of what is unused of the old one.
pub(crate) fn spanish() -> Made {
    let mut made = make(&Shop {
        locale: Locale::Spanish,
        issuer: (
            "Línea Norte Telecomunicaciones, S.A.",
            "A39012745",
            None,
            None,
            "Calle de la Bahía 4, 39001 Santander",
        ),
        regime: TaxRegime::Es,
        zone: "Europe/Madrid",
        prefix: "LN-P-",
        account: account("Banco de Ejemplo, Santander", "9999", "ES7299990039280001234567", None),
        payer: ("Panadería Ñandú, S.L.", "ES", "B12345674", None, "Calle Mayor 1, 28001 Madrid"),
        product: ("Tarifa móvil", "50 GB"),
        currency: "EUR",
        months: 3,
        quantity: 40,
        list: 9_075,
        price: 9_075,
        tax: Prices::Inclusive,
        discount: None,
    });
    credit(&mut made);
    made
}

/// A company without tax in a country without any of these standards.
pub(crate) fn plain() -> Made {
    make(&Shop {
        locale: Locale::English,
        issuer: ("Plain Software Inc.", "12-3456789", None, None, "1 Main Street, Springfield"),
        regime: TaxRegime::Exempt,
        zone: "America/New_York",
        prefix: "PS-",
        account: account("First Example Bank", "021000021", "000123456789", None),
        payer: ("Corner Shop LLC", "US", "98-7654321", None, "2 Side Street, Springfield"),
        product: ("Notes", "Team"),
        currency: "USD",
        months: 1,
        quantity: 7,
        list: 1_234,
        price: 1_234,
        tax: Prices::Inclusive,
        discount: None,
    })
}

const GRANT: GrantId = GrantId(Uuid::from_u128(77));

/// 16 of 92 days of 1,089.00 are unused: 189.39.
fn credit(made: &mut Made) {
    let currency = made.credit.currency;
    let amount = |minor| Money::new(minor, currency);
    let first = &made.view.document.lines[0];
    let licence: LineLicence = first.licence.clone();
    let line = Line {
        position: 2,
        name: "Abono de lo no utilizado: Tarifa móvil, 10 GB (16 de 92 días)".to_owned(),
        quantity: 1,
        unit_price: amount(-18_939),
        price: None,
        part: Some(LinePart {
            from: date(2026, 11, 20),
            to: date(2026, 12, 6),
            share: Share { days: 16, of: 92 },
            day_count: DayCount::Actual,
        }),
        subtotal: amount(-18_939),
        discounts: Vec::new(),
        tax: LineTax { category: TaxCategory::Standard, rate: Some(TaxRate::percent(21)) },
        tax_added: amount(0),
        total: amount(-18_939),
        licence,
        credit: Some(LineCredit {
            grant: GRANT,
            paid: amount(108_900),
            value: amount(18_939),
            internal: false,
        }),
    };
    made.view.document.lines.push(line);
    made.numbers.insert(GRANT, "LN-P-98".to_owned());
    made.add_up();
}

fn make(shop: &Shop<'_>) -> Made {
    let seller = seller(shop);
    let payer = payer(shop);
    let customer = customer(shop, &payer);
    let holding = Holding {
        customer: &customer,
        subscription: None,
        laying: 1,
        periods: &[],
        values: &[],
        changes: &[],
        discounts_used: &[],
    };
    let facts = Facts { seller: &seller, holding, balances: &[] };
    let product = &seller.catalogue.products[0];
    let order = Order {
        product: product.id,
        plan: product.plans[0].id,
        quantity: shop.quantity,
        months: shop.months,
    };
    let now = "2026-11-20T09:00:00Z".parse().expect("an instant");
    let command = CommandId(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001));
    let moment = Moment { now, machine: now, command };
    let decision = decide(&RequestPayment { order, payer: None }, &facts, moment).expect("sold");
    let Outcome::PaymentRequest { mut view, .. } = decision.outcome else {
        panic!("a payment request is asked for")
    };
    view.document.issued.number = 104;
    let credit = Money::zero(view.document.total.currency);
    Made { view, seller, payer, credit, numbers: BTreeMap::new(), locale: shop.locale }
}

fn language(locale: Locale) -> Language {
    Language::parse(locale.as_str()).expect("a language")
}

fn names(shop: &Shop<'_>, name: &str) -> Names {
    Names([(language(shop.locale), name.to_owned())].into())
}

fn seller(shop: &Shop<'_>) -> Seller {
    let discount = |(name, off): (&str, Off)| Discount {
        id: DiscountId(Uuid::nil()),
        code: "welcome".to_owned(),
        names: names(shop, name),
        off,
        on: On::Document,
        periods: None,
        valid_from: None,
        valid_until: None,
    };
    Seller {
        tenant: TenantId(Uuid::nil()),
        version: 3,
        settings: Settings {
            name: shop.issuer.0.to_owned(),
            language: language(shop.locale),
            currency: shop.currency.parse().expect("a currency"),
            zone: shop.zone.to_owned(),
            payment_request_days: 5,
            invoice_due_days: 15,
            tax_rounding: TaxRounding::Document,
            external_billing: false,
        },
        legal_entities: vec![issuer(shop)],
        catalogue: Catalogue {
            products: vec![product(shop)],
            discounts: shop.discount.map(discount).into_iter().collect(),
            ..Catalogue::default()
        },
        risk: RiskPolicy::default(),
    }
}

fn product(shop: &Shop<'_>) -> Product {
    let currency = shop.currency.parse().expect("a currency");
    let price = Price {
        id: PriceId(Uuid::from_u128(1)),
        point: PricePoint { currency, months: shop.months, from_quantity: 1, valid_from: None },
        list: Money::new(shop.list, currency),
        final_price: Money::new(shop.price, currency),
        model: None,
        tax: shop.tax,
        valid_until: None,
        reaches_existing: None,
    };
    let plan = Plan {
        id: PlanId(Uuid::from_u128(2)),
        number: 1,
        code: "plan".to_owned(),
        names: names(shop, shop.product.1),
        article: Article::default(),
        features: Vec::new(),
        archived: false,
        terms: PlanTerms::default(),
        prices: vec![price],
    };
    Product {
        id: ProductId(Uuid::from_u128(3)),
        code: "product".to_owned(),
        names: names(shop, shop.product.0),
        archived: false,
        tax_class: TaxClass::Standard,
        nature: Nature::Service,
        plans: vec![plan],
    }
}

/// The country of a company is that of its payer.
fn issuer(shop: &Shop<'_>) -> LegalEntity {
    let (name, tax_id, registration, register, address) = shop.issuer;
    let account = &shop.account;
    let country = shop.payer.1;
    abono_domain::reference::check_bank_account(
        country,
        &account.bank_code,
        &account.account,
        account.correspondent_account.as_deref(),
    )
    .expect("an account");
    let prefix = |series: &str| format!("{}{series}-", shop.prefix);
    LegalEntity {
        id: LegalEntityId(Uuid::from_u128(4)),
        code: "main".to_owned(),
        identity: LegalIdentity {
            name: name.to_owned(),
            country: country.to_owned(),
            tax_id: tax_id.to_owned(),
            tax_registration: registration.map(str::to_owned),
            registration_number: register.map(str::to_owned),
            address: address.to_owned(),
        },
        zone: shop.zone.to_owned(),
        tax_regime: shop.regime,
        payment_request_prefix: shop.prefix.to_owned(),
        credit_note_prefix: prefix("K"),
        invoice_prefix: prefix("F"),
        order_confirmation_prefix: prefix("O"),
        bank_accounts: vec![account.clone()],
    }
}

fn payer(shop: &Shop<'_>) -> Payer {
    let (name, country, tax_id, registration, address) = shop.payer;
    Payer {
        id: PayerId(Uuid::from_u128(5)),
        revision: 2,
        code: "payer".to_owned(),
        identity: LegalIdentity {
            name: name.to_owned(),
            country: country.to_owned(),
            tax_id: tax_id.to_owned(),
            tax_registration: registration.map(str::to_owned),
            registration_number: None,
            address: address.to_owned(),
        },
        kind: CustomerKind::Business,
    }
}

fn customer(shop: &Shop<'_>, payer: &Payer) -> Customer {
    Customer {
        id: CustomerId(Uuid::from_u128(6)),
        number: 1,
        code: "customer".to_owned(),
        profile: Profile {
            revision: 1,
            name: payer.identity.name.clone(),
            language: language(shop.locale),
            zone: shop.zone.to_owned(),
            currency: shop.currency.parse().expect("a currency"),
            default_payer: Some(payer.id),
            discounts: shop.discount.map(|_| "welcome".to_owned()).into_iter().collect(),
        },
        payers: vec![payer.clone()],
    }
}

/// The same payer, as documents name it.
pub(crate) fn snapshot(made: &Made) -> PayerSnapshot {
    PayerSnapshot::of(&made.payer)
}
