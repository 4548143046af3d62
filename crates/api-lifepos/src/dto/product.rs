//! A product that is sold, its plans and their prices, and what the organisation has of it.

use super::{Guid, Instant, MoneyDto, Naming, ReferenceDto, is_listed};
use crate::preferences::Presentation;
use abono_domain::catalogue::{Plan, Product};
use abono_domain::licence::Licence;
use abono_engine::views::{Offer, Shown};
use serde::Serialize;
use utoipa::ToSchema;

/// What is sold, and what the organisation has of it.
#[derive(Serialize, ToSchema)]
#[schema(as = SubscriptionProduct)]
pub(crate) struct ProductDto<'a> {
    code: &'a str,
    name: Option<&'a str>,
    plans: Option<Vec<PlanDto<'a>>>,
    acquired_license: Option<LicenseDto<'a>>,
    last_paid_subscription_expired_at: Option<Instant>,
    guid: Guid,
    type_of: &'static str,
}

/// A plan that is sold.
#[derive(Serialize, ToSchema)]
#[schema(as = SubscriptionPlan)]
struct PlanDto<'a> {
    code: &'a str,
    name: Option<&'a str>,
    features: &'a [String],
    periods: Vec<PeriodDto>,
    guid: Guid,
    type_of: &'static str,
}

/// A period that the plan is sold for.
#[derive(Serialize, ToSchema)]
#[schema(as = SubscriptionPeriod)]
struct PeriodDto {
    period_in_months: i64,
    price: PriceDto,
    type_of: &'static str,
}

/// What one unit costs for the period.
#[derive(Serialize, ToSchema)]
#[schema(as = SubscriptionPrice)]
struct PriceDto {
    final_price: MoneyDto,
    base_price: MoneyDto,
    final_price_per_month: MoneyDto,
    base_price_per_month: MoneyDto,
    type_of: &'static str,
}

/// The licence that runs.
#[derive(Serialize, ToSchema)]
#[schema(as = License)]
struct LicenseDto<'a> {
    name: Option<&'a str>,
    plan: ReferenceDto,
    quantity: i64,
    expires_at: Instant,
    type_of: &'static str,
}

impl<'a> ProductDto<'a> {
    pub(crate) fn new(offer: &Offer<'a>, naming: Naming<'_>, presentation: Presentation) -> Self {
        let product = offer.product;
        let plans = offer.plans.iter().map(|(plan, prices)| PlanDto::new(plan, prices, naming));
        Self {
            code: &product.code,
            name: naming.of(&product.names),
            plans: match presentation {
                Presentation::Full => Some(plans.collect()),
                Presentation::Compact => None,
            },
            acquired_license: offer.licence.as_ref().map(|it| LicenseDto::new(it, product, naming)),
            last_paid_subscription_expired_at: offer.last_paid_until.map(Instant),
            guid: Guid(product.id.0),
            type_of: "SubscriptionProduct",
        }
    }
}

impl<'a> PlanDto<'a> {
    fn new(plan: &'a Plan, prices: &[Shown<'_>], naming: Naming<'_>) -> Self {
        Self {
            code: &plan.code,
            name: naming.of(&plan.names),
            features: &plan.features,
            periods: prices.iter().filter_map(|price| PeriodDto::new(price)).collect(),
            guid: Guid(plan.id.0),
            type_of: "SubscriptionPlan",
        }
    }
}

impl PeriodDto {
    /// `None` for a price that the contract can't say.
    fn new(shown: &Shown<'_>) -> Option<Self> {
        let Shown { price, list, final_price } = *shown;
        let per_month = |amount| price.per_month(amount).ok().map(MoneyDto::from);
        let price_dto = PriceDto {
            final_price: final_price.into(),
            base_price: list.into(),
            final_price_per_month: per_month(final_price)?,
            base_price_per_month: per_month(list)?,
            type_of: "SubscriptionPrice",
        };
        is_listed(price.point.currency).then_some(Self {
            period_in_months: price.point.months,
            price: price_dto,
            type_of: "SubscriptionPeriod",
        })
    }
}

impl<'a> LicenseDto<'a> {
    fn new(licence: &Licence, product: &'a Product, naming: Naming<'_>) -> Self {
        Self {
            name: product.plan(licence.plan).and_then(|plan| naming.of(&plan.names)),
            plan: ReferenceDto::plan(licence.plan.0),
            quantity: licence.quantity,
            expires_at: Instant(licence.expires_at),
            type_of: "License",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::catalogue::{Article, PlanTerms, Price, PricePoint};
    use abono_domain::ids::{PlanId, PriceId, ProductId};
    use abono_domain::language::{Language, Names};
    use abono_domain::money::Money;
    use abono_domain::tax::{Nature, Prices, TaxClass};
    use uuid::Uuid;

    fn language(code: &str) -> Language {
        Language::parse(code).expect("a language")
    }

    fn names(ru: &str, en: &str) -> Names {
        Names([(language("ru"), ru.to_owned()), (language("en"), en.to_owned())].into())
    }

    fn price(months: i64, list: i64, final_price: i64, currency: &str) -> Price {
        let currency = currency.parse().expect("a currency");
        Price {
            id: PriceId(Uuid::nil()),
            point: PricePoint { currency, months, from_quantity: 1, valid_from: None },
            list: Money::new(list, currency),
            final_price: Money::new(final_price, currency),
            model: None,
            tax: Prices::Inclusive,
            valid_until: None,
            reaches_existing: None,
        }
    }

    fn shown(price: &Price) -> Shown<'_> {
        Shown { price, list: price.list, final_price: price.final_price }
    }

    fn product() -> Product {
        let plan = Plan {
            number: 1,
            id: PlanId(Uuid::from_u128(2)),
            code: "basic".to_owned(),
            names: names("Базовый", "Basic"),
            article: Article::default(),
            features: vec!["sales".to_owned()],
            archived: false,
            terms: PlanTerms::default(),
            prices: vec![price(3, 300, 200, "RUB"), price(1, 1, 1, "SEK")],
        };
        Product {
            id: ProductId(Uuid::from_u128(1)),
            code: "pos".to_owned(),
            names: names("Касса", "Point of sale"),
            archived: false,
            tax_class: TaxClass::Standard,
            nature: Nature::Service,
            plans: vec![plan],
        }
    }

    fn json(presentation: Presentation, wanted: &str) -> String {
        let product = product();
        let plan = &product.plans[0];
        let offer = Offer {
            product: &product,
            plans: vec![(plan, plan.prices.iter().map(shown).collect())],
            licence: Some(Licence {
                plan: plan.id,
                quantity: 2,
                expires_at: "2026-02-28T10:00:00.000001Z".parse().expect("an instant"),
            }),
            last_paid_until: None,
        };
        let naming = Naming { wanted: &language(wanted), fallback: &language("ru") };
        serde_json::to_string(&ProductDto::new(&offer, naming, presentation)).expect("JSON")
    }

    fn with_plans(plans: &str) -> String {
        let start = r#"{"code":"pos","name":"Point of sale","plans":"#;
        let end = concat!(
            r#","acquired_license":{"name":"Basic","#,
            r#""plan":{"guid":"00000000-0000-0000-0000-000000000002","#,
            r#""type_of":"SubscriptionPlan"},"quantity":2,"#,
            r#""expires_at":"2026-02-28T10:00:00.000Z","type_of":"License"},"#,
            r#""last_paid_subscription_expired_at":null,"#,
            r#""guid":"00000000-0000-0000-0000-000000000001","type_of":"SubscriptionProduct"}"#,
        );
        format!("{start}{plans}{end}")
    }

    const PLANS: &str = concat!(
        r#"[{"code":"basic","name":"Basic","features":["sales"],"#,
        r#""periods":[{"period_in_months":3,"price":{"#,
        r#""final_price":{"value":200,"currency":"RUB","type_of":"Money"},"#,
        r#""base_price":{"value":300,"currency":"RUB","type_of":"Money"},"#,
        r#""final_price_per_month":{"value":67,"currency":"RUB","type_of":"Money"},"#,
        r#""base_price_per_month":{"value":100,"currency":"RUB","type_of":"Money"},"#,
        r#""type_of":"SubscriptionPrice"},"type_of":"SubscriptionPeriod"}],"#,
        r#""guid":"00000000-0000-0000-0000-000000000002","type_of":"SubscriptionPlan"}]"#,
    );

    #[test]
    fn a_product_has_the_contracts_members_in_order() {
        assert_eq!(json(Presentation::Full, "en"), with_plans(PLANS));
    }

    #[test]
    fn a_compact_product_has_no_plans() {
        assert_eq!(json(Presentation::Compact, "en"), with_plans("null"));
    }

    #[test]
    fn a_name_that_is_not_in_the_language_is_in_the_sellers() {
        assert!(json(Presentation::Compact, "sv").contains(r#""name":"Касса""#));
    }
}
