//! Prices: list and final, per currency and period, from a quantity on, while they are valid.

use super::Plan;
use crate::exact::Exact;
use crate::ids::PriceId;
use crate::money::{Currency, Money, MoneyError};
use crate::pricing::{Graduated, Model, PerUnit, PriceRefusal, Priced, Pricing, Tier, Volume};
use crate::tax::Prices;
use jiff::civil::Date;

/// What a plan costs for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Its identity.
    pub id: PriceId,
    /// Where it applies.
    pub point: PricePoint,
    /// The list price of one unit, before the discount for the period.
    pub list: Money,
    /// What one unit costs, alone.
    pub final_price: Money,
    /// How more than one unit are priced; each alike where nothing is said.
    pub model: Option<Pricing>,
    /// Whether tax is inside.
    pub tax: Prices,
    /// The day after its last, half-open.
    pub valid_until: Option<Date>,
    /// From this day on it is also paid by those who have had the plan since before its first day;
    /// until then they pay what they paid (grandfathering). From its first day unless said.
    pub reaches_existing: Option<Date>,
}

/// Where a price applies; two prices of a plan never share one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PricePoint {
    /// The currency.
    pub currency: Currency,
    /// The length of the period in months.
    pub months: i64,
    /// From this quantity on, for all units.
    pub from_quantity: i64,
    /// From this day on.
    pub valid_from: Option<Date>,
}

/// Which price is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The currency.
    pub currency: Currency,
    /// The length of the period in months.
    pub months: i64,
    /// How many.
    pub quantity: i64,
    /// On which day.
    pub day: Date,
    /// Since when the customer has had the plan without a gap; `None` where it hasn't.
    pub since: Option<Date>,
}

impl Price {
    /// Whether it holds on `day`.
    pub fn is_valid(&self, day: Date) -> bool {
        self.point.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day < until)
    }

    /// How it prices a quantity.
    pub fn pricing(&self) -> Pricing {
        let per_unit = || {
            let amount = Exact::of(self.final_price);
            Pricing { model: Model::PerUnit(PerUnit { amount }), minimum: None }
        };
        self.model.clone().unwrap_or_else(per_unit)
    }

    /// What `quantity` units cost for the whole period.
    ///
    /// # Errors
    /// [`PriceRefusal`].
    pub fn of(&self, quantity: i64) -> Result<Priced, PriceRefusal> {
        self.pricing().price(Exact::whole(quantity), self.point.currency)
    }

    /// The tiers of its model, where it has any.
    pub fn tiers(&self) -> &[Tier] {
        match self.model.as_ref().map(|pricing| &pricing.model) {
            Some(Model::Graduated(Graduated { tiers }) | Model::Volume(Volume { tiers })) => tiers,
            Some(Model::Flat(_) | Model::PerUnit(_) | Model::Package(_) | Model::Percentage(_))
            | None => &[],
        }
    }

    /// The last whole quantity of each tier that ends.
    pub(crate) fn tier_bounds(&self) -> impl Iterator<Item = i64> {
        let bounds = self.tiers().iter().filter_map(|tier| tier.up_to);
        bounds.filter_map(|up_to| i64::try_from(up_to.floor()).ok())
    }

    /// An amount of this price per month, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn per_month(&self, amount: Money) -> Result<Money, MoneyError> {
        amount.share(1, self.point.months)
    }

    /// The day before which a subscriber is still to have what was paid before; `None` where this
    /// price reaches everybody at once.
    fn withheld(&self, wanted: &Wanted) -> Option<Date> {
        let (from, reaches) = (self.point.valid_from?, self.reaches_existing?);
        let is_existing = wanted.since.is_some_and(|since| since < from);
        (is_existing && wanted.day < reaches).then_some(from)
    }
}

impl Plan {
    /// The price that is wanted: the highest quantity step that is reached, and of several prices
    /// of that step the one that began last. Whom that doesn't reach yet, because they had the plan
    /// before it began, has the one before it that still holds; where none does, the one of the day
    /// before it began.
    pub fn price(&self, wanted: &Wanted) -> Option<&Price> {
        let mut price = self.price_on(wanted, wanted.day)?;
        let step = price.point.from_quantity;
        let holds = self.prices_on(wanted, wanted.day).filter(|it| it.point.from_quantity == step);
        if let Some(price) = best(holds.filter(|price| price.withheld(wanted).is_none())) {
            return Some(price);
        }
        while let Some(from) = price.withheld(wanted) {
            // Each one began before the one that is withheld, so this ends; the first one, before
            // which nothing was sold, is paid by all.
            let Some(before) = from.yesterday().ok().and_then(|day| self.price_on(wanted, day))
            else {
                break;
            };
            price = before;
        }
        Some(price)
    }

    /// Whether another price of the same currency, period and quantity holds on the day before one
    /// begins.
    pub(crate) fn has_before(&self, one: &Price) -> bool {
        let day = one.point.valid_from.and_then(|from| from.yesterday().ok());
        day.is_some_and(|day| {
            self.prices.iter().any(|other| {
                let same = PricePoint { valid_from: one.point.valid_from, ..other.point.clone() };
                same == one.point && other.is_valid(day)
            })
        })
    }

    fn price_on(&self, wanted: &Wanted, day: Date) -> Option<&Price> {
        best(self.prices_on(wanted, day))
    }

    fn prices_on(&self, wanted: &Wanted, day: Date) -> impl Iterator<Item = &Price> {
        let Wanted { currency, months, quantity, .. } = *wanted;
        self.prices
            .iter()
            .filter(move |p| p.point.currency == currency && p.point.months == months)
            .filter(move |p| p.point.from_quantity <= quantity && p.is_valid(day))
    }

    /// The prices of one unit that are shown on `day` in `currency` to a customer that has had the
    /// plan `since` a day, shortest period first.
    pub fn shown_prices(&self, currency: Currency, day: Date, since: Option<Date>) -> Vec<&Price> {
        let mut months: Vec<i64> = self
            .prices
            .iter()
            .filter(|p| p.point.currency == currency)
            .map(|p| p.point.months)
            .collect();
        months.sort_unstable();
        months.dedup();
        let wanted = |months| Wanted { currency, months, quantity: 1, day, since };
        months.into_iter().filter_map(|months| self.price(&wanted(months))).collect()
    }
}

/// The highest quantity step, and of its prices the one that began last.
fn best<'a>(prices: impl Iterator<Item = &'a Price>) -> Option<&'a Price> {
    prices.max_by_key(|price| (price.point.from_quantity, price.point.valid_from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Article, PlanTerms};
    use crate::ids::PlanId;
    use crate::language::Names;
    use jiff::civil::date;
    use uuid::Uuid;

    fn price(
        final_price: i64,
        from_quantity: i64,
        from: Option<Date>,
        until: Option<Date>,
    ) -> Price {
        Price {
            id: PriceId(Uuid::from_u128(u128::from(final_price.unsigned_abs()))),
            point: PricePoint {
                currency: Currency::RUB,
                months: 1,
                from_quantity,
                valid_from: from,
            },
            list: Money::new(final_price, Currency::RUB),
            final_price: Money::new(final_price, Currency::RUB),
            model: None,
            tax: Prices::Inclusive,
            valid_until: until,
            reaches_existing: None,
        }
    }

    fn plan(prices: Vec<Price>) -> Plan {
        Plan {
            id: PlanId(Uuid::nil()),
            number: 0,
            code: "p".to_owned(),
            names: Names::default(),
            article: Article::default(),
            features: vec![],
            archived: false,
            terms: PlanTerms::default(),
            prices,
        }
    }

    fn wanted(quantity: i64, day: Date, since: Option<Date>) -> Wanted {
        Wanted { currency: Currency::RUB, months: 1, quantity, day, since }
    }

    fn paid(plan: &Plan, quantity: i64, day: Date) -> Option<i64> {
        plan.price(&wanted(quantity, day, None)).map(|p| p.final_price.minor)
    }

    #[test]
    fn the_step_that_is_reached_prices_all_units() {
        let plan = plan(vec![price(100, 1, None, None), price(90, 10, None, None)]);
        let day = date(2026, 1, 1);
        assert_eq!(paid(&plan, 9, day), Some(100));
        assert_eq!(paid(&plan, 10, day), Some(90));
        let other = Wanted { currency: Currency::EUR, ..wanted(1, day, None) };
        assert_eq!(plan.price(&other), None);
        assert_eq!(plan.price(&Wanted { months: 2, ..wanted(1, day, None) }), None);
    }

    #[test]
    fn a_price_holds_from_its_first_day_until_the_day_after_its_last() {
        let turn = date(2026, 3, 1);
        let plan = plan(vec![price(100, 1, None, Some(turn)), price(120, 1, Some(turn), None)]);
        assert_eq!(paid(&plan, 1, date(2026, 2, 28)), Some(100));
        assert_eq!(paid(&plan, 1, turn), Some(120));
    }

    #[test]
    fn a_price_reaches_those_who_had_the_plan_before_it_on_its_own_day() {
        let (spring, summer) = (date(2026, 3, 1), date(2026, 6, 1));
        let reaches = |price: Price, day| Price { reaches_existing: Some(day), ..price };
        let plan = plan(vec![
            price(100, 1, None, None),
            reaches(price(120, 1, Some(spring), None), date(2026, 9, 1)),
            reaches(price(150, 1, Some(summer), None), date(2027, 1, 1)),
        ]);
        let before = Some(date(2026, 2, 28));
        // A sale in between that is over is nobody's price, where the one before it still holds.
        let sale = price(50, 1, Some(date(2026, 5, 20)), Some(summer));
        let plan = self::plan([vec![sale], plan.prices.clone()].concat());
        let paid = |day, since| plan.price(&wanted(1, day, since)).map(|p| p.final_price.minor);
        // A new customer pays what is valid; one of spring keeps its price through the summer.
        assert_eq!(paid(date(2026, 6, 1), None), Some(150));
        assert_eq!(paid(date(2026, 6, 1), Some(spring)), Some(120));
        assert_eq!(paid(date(2026, 8, 31), before), Some(100));
        assert_eq!(paid(date(2026, 9, 1), before), Some(120));
        assert_eq!(paid(date(2026, 12, 31), before), Some(120));
        assert_eq!(paid(date(2027, 1, 1), before), Some(150));
        // Who came on the first day of a price pays it.
        assert_eq!(paid(date(2026, 6, 2), Some(summer)), Some(150));
    }

    #[test]
    fn who_keeps_a_price_keeps_its_quantity_step() {
        let spring = date(2026, 3, 1);
        let dearer =
            Price { reaches_existing: Some(date(2026, 9, 1)), ..price(95, 10, Some(spring), None) };
        let plan = plan(vec![price(100, 1, None, None), price(90, 10, None, Some(spring)), dearer]);
        let price = plan.price(&wanted(10, date(2026, 4, 1), Some(date(2026, 1, 1))));
        assert_eq!(price.map(|price| price.final_price.minor), Some(90));
    }

    #[test]
    fn where_nothing_was_sold_before_a_price_it_is_paid_by_all() {
        let spring = date(2026, 3, 1);
        let first =
            Price { reaches_existing: Some(date(2027, 1, 1)), ..price(9, 1, Some(spring), None) };
        let plan = plan(vec![first]);
        let price = plan.price(&wanted(1, date(2026, 4, 1), Some(date(2026, 1, 1))));
        assert_eq!(price.map(|price| price.final_price.minor), Some(9));
    }
}
