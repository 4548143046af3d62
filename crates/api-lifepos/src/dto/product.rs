//! A product that is sold, its plans and their prices, and what the organisation has of it.

use super::{Guid, Instant, MoneyDto, Naming, ReferenceDto, is_listed};
use crate::preferences::Presentation;
use abono_domain::catalogue::{Plan, Price, Product};
use abono_domain::licence::Licence;
use abono_engine::views::Offer;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct ProductDto<'a> {
    code: &'a str,
    name: Option<&'a str>,
    plans: Option<Vec<PlanDto<'a>>>,
    acquired_license: Option<LicenseDto<'a>>,
    last_paid_subscription_expired_at: Option<Instant>,
    guid: Guid,
    type_of: &'static str,
}

#[derive(Serialize)]
struct PlanDto<'a> {
    code: &'a str,
    name: Option<&'a str>,
    features: &'a [String],
    periods: Vec<PeriodDto>,
    guid: Guid,
    type_of: &'static str,
}

#[derive(Serialize)]
struct PeriodDto {
    period_in_months: i64,
    price: PriceDto,
    type_of: &'static str,
}

#[derive(Serialize)]
struct PriceDto {
    final_price: MoneyDto,
    base_price: MoneyDto,
    final_price_per_month: MoneyDto,
    base_price_per_month: MoneyDto,
    type_of: &'static str,
}

#[derive(Serialize)]
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
    fn new(plan: &'a Plan, prices: &[&Price], naming: Naming<'_>) -> Self {
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
    fn new(price: &Price) -> Option<Self> {
        let shown = is_listed(price.point.currency);
        let per_month = |amount| price.per_month(amount).ok().map(MoneyDto::from);
        let price_dto = PriceDto {
            final_price: price.final_price.into(),
            base_price: price.list.into(),
            final_price_per_month: per_month(price.final_price)?,
            base_price_per_month: per_month(price.list)?,
            type_of: "SubscriptionPrice",
        };
        shown.then_some(Self {
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
