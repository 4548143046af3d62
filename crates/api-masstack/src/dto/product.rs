//! The tariff of a subscription, what it may be changed to, and what it will be.

use super::{Day, IdValue};
use abono_domain::catalogue::{Plan, Product};
use abono_domain::change::ChangeView;
use abono_domain::language::{Language, Names};
use abono_domain::seller::Seller;
use abono_domain::subscription::Agreement;
use abono_engine::views::{InForce, SubscriptionView};
use jiff::civil::Date;
use serde::Serialize;

/// What is shown only to somebody who asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProductExtra {
    /// What the tariff may be changed to.
    Compatibilities,
    /// The tariffs that were in force.
    HistoricalChanges,
}

/// What the contract calls a SubscriptionProduct.
#[derive(Serialize)]
pub(crate) struct SubscriptionProductDto<'a> {
    id: i64,
    product: ProductDto<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<IdValue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    historical_changes: Option<Vec<HistoricalDto<'a>>>,
}

/// The tariff in force.
#[derive(Serialize)]
struct ProductDto<'a> {
    id: i64,
    value: &'a str,
    historic_date: Day,
    #[serde(skip_serializing_if = "Option::is_none")]
    compatibilities: Option<Vec<NestedDto<'a>>>,
    scheduled: Scheduled<'a>,
}

/// The change that is made next.
#[derive(Serialize)]
#[serde(untagged)]
enum Scheduled<'a> {
    Nothing {},
    Change(ScheduledDto<'a>),
}

#[derive(Serialize)]
struct ScheduledDto<'a> {
    request_date: Day,
    process_date: Day,
    scheduled_date: Day,
    destination_product: NestedDto<'a>,
}

/// A tariff inside of another one; the contract shows nothing below it.
#[derive(Serialize)]
struct NestedDto<'a> {
    id: i64,
    value: &'a str,
    /// Since when it is, was last or will be in force, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    historic_date: Option<Day>,
    compatibilities: [(); 0],
    scheduled: Empty,
}

#[derive(Serialize)]
struct Empty {}

/// A tariff that was in force.
#[derive(Serialize)]
struct HistoricalDto<'a> {
    id: i64,
    value: &'a str,
    historic_date: Day,
    /// The first day on which it isn't any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<Day>,
}

impl<'a> SubscriptionProductDto<'a> {
    /// `None` only for damaged rows: no plan is ever taken out of a catalogue.
    pub(crate) fn new(
        view: &SubscriptionView,
        seller: &'a Seller,
        extras: &[ProductExtra],
    ) -> Option<Self> {
        let (agreement, language) = (&view.agreement, &seller.settings.language);
        let product = seller.catalogue.product(agreement.subscription.product)?;
        let plan = product.plan(view.state.plan)?;
        let tariffs = Tariffs { product, language, history: view.history() };
        let bundle = agreement.bundle.and_then(|id| seller.catalogue.bundle(id));
        let wants = |extra| extras.contains(&extra);
        let next = view.next_change();
        let scheduled = match next.filter(|change| change.is_scheduled()) {
            Some(change) => Scheduled::Change(tariffs.scheduled(change, agreement)?),
            None => Scheduled::Nothing {},
        };
        Some(Self {
            id: agreement.subscription.number,
            product: ProductDto {
                id: plan.number,
                value: tariffs.name(plan),
                historic_date: Day(tariffs.since(plan)?),
                compatibilities: wants(ProductExtra::Compatibilities)
                    .then(|| tariffs.compatible(plan)),
                scheduled,
            },
            bundle: bundle.map(|it| {
                let value = named(&it.names, &it.code, language);
                IdValue { id: it.number, value }
            }),
            historical_changes: wants(ProductExtra::HistoricalChanges)
                .then(|| tariffs.historical()),
        })
    }
}

/// The tariffs of one subscription.
struct Tariffs<'a> {
    product: &'a Product,
    language: &'a Language,
    /// Newest first.
    history: Vec<InForce>,
}

impl<'a> Tariffs<'a> {
    fn name(&self, plan: &'a Plan) -> &'a str {
        named(&plan.names, &plan.code, self.language)
    }

    /// The day since which a plan is in force, or was last.
    fn since(&self, plan: &Plan) -> Option<Date> {
        self.history.iter().find(|it| it.plan == plan.id).map(|it| it.from)
    }

    fn nested(&self, plan: &'a Plan, since: Option<Date>) -> NestedDto<'a> {
        NestedDto {
            id: plan.number,
            value: self.name(plan),
            historic_date: since.map(Day),
            compatibilities: [],
            scheduled: Empty {},
        }
    }

    fn compatible(&self, plan: &Plan) -> Vec<NestedDto<'a>> {
        let others = self.product.changes_from(plan).into_iter();
        others.map(|to| self.nested(to, self.since(to))).collect()
    }

    fn historical(&self) -> Vec<HistoricalDto<'a>> {
        let known = self.history.iter().filter_map(|it| Some((it, self.product.plan(it.plan)?)));
        let shape = |(it, plan): (&InForce, &'a Plan)| HistoricalDto {
            id: plan.number,
            value: self.name(plan),
            historic_date: Day(it.from),
            end_date: it.until.map(Day),
        };
        known.map(shape).collect()
    }

    /// A change is made at the midnight of its day, so it is planned for the day that it was asked
    /// for.
    fn scheduled(&self, view: &ChangeView, agreement: &Agreement) -> Option<ScheduledDto<'a>> {
        let (change, day) = (&view.change, view.change.effective_on);
        Some(ScheduledDto {
            request_date: Day(agreement.day(change.requested_at).ok()?),
            process_date: Day(day),
            scheduled_date: Day(day),
            destination_product: self.nested(self.product.plan(change.to)?, Some(day)),
        })
    }
}

/// A name in the seller's language; nothing is without a code.
fn named<'n>(names: &'n Names, code: &'n str, language: &Language) -> &'n str {
    names.in_language(language, language).unwrap_or(code)
}
