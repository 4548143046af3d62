//! The telecom with what comes with its subscriptions: an add-on, a licence and a usage, one plan
//! that includes some of it, and the reasons for which subscriptions are terminated.

use crate::seller::id;
use crate::telecom;
use abono_domain::catalogue::{
    Article, Plan, PlanKind, PlanTerms, Price, Product, TerminationReason,
};
use abono_domain::ids::{PlanId, PriceId, ProductId, TerminationReasonId};
use abono_domain::language::{Language, Names};
use abono_domain::money::Money;
use abono_domain::seller::Seller;

/// A product that is made only of what comes with a subscription.
pub const EXTRAS: ProductId = ProductId(id(3, 41));
/// An add-on of the mobile product, 5.00 a month: `SIM-2`.
pub const SIM: PlanId = PlanId(id(4, 41));
/// A licence, 2.00 a month each: `SEAT`.
pub const SEAT: PlanId = PlanId(id(4, 42));
/// A usage, 1.00 a month each: `SMS-100`.
pub const SMS: PlanId = PlanId(id(4, 43));
/// An add-on that is no longer sold: `FAX`.
pub const FAX: PlanId = PlanId(id(4, 44));
/// Why subscriptions are terminated: `price`.
pub const PRICE: TerminationReasonId = TerminationReasonId(id(13, 41));
/// A part of that reason: `too-dear`.
pub const TOO_DEAR: TerminationReasonId = TerminationReasonId(id(13, 42));

fn names(name: &str) -> Names {
    let spanish = Language::parse("es").expect("a language");
    Names([(spanish, name.to_owned())].into())
}

fn plan(id: PlanId, code: &str, article: (PlanKind, &str), minor: i64, like: &Price) -> Plan {
    let amount = Money::new(minor, like.point.currency);
    let price =
        Price { id: PriceId(uuid::Uuid::nil()), list: amount, final_price: amount, ..like.clone() };
    Plan {
        id,
        number: 0,
        code: code.to_owned(),
        names: names(&code.to_uppercase()),
        article: Article {
            kind: article.0,
            number: Some(article.1.to_owned()),
            external_id: Some(format!("ext-{code}")),
        },
        features: Vec::new(),
        archived: id == FAX,
        terms: PlanTerms::default(),
        prices: vec![price],
    }
}

fn reason(id: TerminationReasonId, code: &str, parent: Option<&str>) -> TerminationReason {
    TerminationReason {
        id,
        code: code.to_owned(),
        external_id: Some(format!("ext-{code}")),
        parent: parent.map(str::to_owned),
        names: names(code),
    }
}

/// What is published.
pub fn seller() -> Seller {
    let mut seller = telecom::seller();
    let catalogue = &mut seller.catalogue;
    let mobile = &mut catalogue.products[0];
    let like = mobile.plans[0].prices[0].clone();
    let main = &mut mobile.plans[0];
    main.article.number = Some("GB-10".to_owned());
    main.terms.notice_days = 30;
    main.terms.includes = vec!["SMS-100".to_owned(), "FAX".to_owned()];
    mobile.plans.push(plan(SIM, "sim", (PlanKind::Addon, "SIM-2"), 500, &like));
    let extras = Product {
        id: EXTRAS,
        code: "extras".to_owned(),
        names: names("EXTRAS"),
        plans: vec![
            plan(FAX, "fax", (PlanKind::Addon, "FAX"), 100, &like),
            plan(SEAT, "seat", (PlanKind::License, "SEAT"), 200, &like),
            plan(SMS, "sms", (PlanKind::Usage, "SMS-100"), 100, &like),
        ],
        ..mobile.clone()
    };
    catalogue.products.push(extras);
    catalogue.termination_reasons =
        vec![reason(PRICE, "price", None), reason(TOO_DEAR, "too-dear", Some("price"))];
    seller
}
