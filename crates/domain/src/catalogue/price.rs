//! Prices: list and final, per currency and period, from a quantity on, while they are valid.

use super::Plan;
use crate::ids::PriceId;
use crate::money::{Currency, Money, MoneyError};
use jiff::civil::Date;

/// What one unit of a plan costs for one period, tax included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Its identity.
    pub id: PriceId,
    /// Where it applies.
    pub point: PricePoint,
    /// The list price, before the discount for the period.
    pub list: Money,
    /// The price that is paid.
    pub final_price: Money,
    /// The day after its last, half-open.
    pub valid_until: Option<Date>,
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

impl Price {
    /// Whether it holds on `day`.
    pub fn is_valid(&self, day: Date) -> bool {
        self.point.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day < until)
    }

    /// An amount of this price per month, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn per_month(&self, amount: Money) -> Result<Money, MoneyError> {
        amount.share(1, self.point.months)
    }
}

impl Plan {
    /// The price of `quantity` units for `months` on `day`: the highest quantity step that is
    /// reached, and of several prices of that step the one that began last.
    pub fn price(
        &self,
        currency: Currency,
        months: i64,
        quantity: i64,
        day: Date,
    ) -> Option<&Price> {
        self.prices
            .iter()
            .filter(|p| p.point.currency == currency && p.point.months == months)
            .filter(|p| p.point.from_quantity <= quantity && p.is_valid(day))
            .max_by_key(|p| (p.point.from_quantity, p.point.valid_from))
    }

    /// The prices of one unit that are shown on `day` in `currency`, shortest period first.
    pub fn shown_prices(&self, currency: Currency, day: Date) -> Vec<&Price> {
        let mut months: Vec<i64> = self
            .prices
            .iter()
            .filter(|p| p.point.currency == currency)
            .map(|p| p.point.months)
            .collect();
        months.sort_unstable();
        months.dedup();
        months.into_iter().filter_map(|months| self.price(currency, months, 1, day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            valid_until: until,
        }
    }

    fn plan(prices: Vec<Price>) -> Plan {
        Plan {
            id: PlanId(Uuid::nil()),
            code: "p".to_owned(),
            names: Names::default(),
            features: vec![],
            archived: false,
            prices,
        }
    }

    fn paid(plan: &Plan, quantity: i64, day: Date) -> Option<i64> {
        plan.price(Currency::RUB, 1, quantity, day).map(|p| p.final_price.minor)
    }

    #[test]
    fn the_step_that_is_reached_prices_all_units() {
        let plan = plan(vec![price(100, 1, None, None), price(90, 10, None, None)]);
        let day = date(2026, 1, 1);
        assert_eq!(paid(&plan, 9, day), Some(100));
        assert_eq!(paid(&plan, 10, day), Some(90));
        assert_eq!(plan.price(Currency::EUR, 1, 1, day), None);
        assert_eq!(plan.price(Currency::RUB, 2, 1, day), None);
    }

    #[test]
    fn a_price_holds_from_its_first_day_until_the_day_after_its_last() {
        let turn = date(2026, 3, 1);
        let plan = plan(vec![price(100, 1, None, Some(turn)), price(120, 1, Some(turn), None)]);
        assert_eq!(paid(&plan, 1, date(2026, 2, 28)), Some(100));
        assert_eq!(paid(&plan, 1, turn), Some(120));
    }
}
