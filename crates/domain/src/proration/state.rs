//! What a subscription costs in one state.

use super::ProrationError;
use crate::exact::Exact;
use crate::money::MoneyError;

/// A price, a quantity and a discount for a whole period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The price of one for the whole period, in major units; of any precision.
    pub price: Exact,
    /// How many.
    pub quantity: Exact,
    /// What is taken off.
    pub discount: Option<Discount>,
}

/// What is taken off the price of a whole period, at most all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// So many percent of price times quantity.
    Percent(Exact),
    /// So many major units off price times quantity.
    Amount(Exact),
}

const PERCENT: Exact = Exact::whole(100);

impl State {
    /// Price times quantity after the discount, for the whole period in major units. Not rounded:
    /// what is billed is rounded when the share of the period is known.
    ///
    /// # Errors
    /// [`ProrationError::Negative`], or an amount out of range.
    pub fn net(&self) -> Result<Exact, ProrationError> {
        let discount = match self.discount {
            None => Exact::ZERO,
            Some(Discount::Percent(figure) | Discount::Amount(figure)) => figure,
        };
        let given = [
            (self.price, "the price"),
            (self.quantity, "the quantity"),
            (discount, "the discount"),
        ];
        if let Some((_, what)) = given.iter().find(|(figure, _)| figure.is_negative()) {
            return Err(ProrationError::Negative(what));
        }
        let gross = self.price.times(self.quantity)?;
        Ok(gross.minus(self.taken_off(gross)?)?.max(Exact::ZERO))
    }

    fn taken_off(&self, gross: Exact) -> Result<Exact, MoneyError> {
        match self.discount {
            None => Ok(Exact::ZERO),
            Some(Discount::Percent(percent)) => gross.times(percent)?.over(PERCENT),
            Some(Discount::Amount(amount)) => Ok(amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(price: &str, quantity: &str, discount: Option<Discount>) -> String {
        let exact = |text: &str| Exact::parse(text).expect("a decimal");
        let state = State { price: exact(price), quantity: exact(quantity), discount };
        state.net().map_or_else(|error| error.to_string(), |net| net.to_string())
    }

    #[test]
    fn a_discount_takes_at_most_all_of_the_price() {
        assert_eq!(net("9.99", "3", None), "29.97");
        assert_eq!(net("9.99", "3", Some(Discount::Percent(Exact::whole(10)))), "26.973");
        assert_eq!(net("9.99", "3", Some(Discount::Amount(Exact::whole(30)))), "0");
        assert_eq!(net("9.99", "3", Some(Discount::Percent(Exact::whole(101)))), "0");
    }

    #[test]
    fn nothing_of_it_is_negative() {
        assert_eq!(net("-1", "1", None), "the price is below zero");
        assert_eq!(net("1", "-1", None), "the quantity is below zero");
        let discount = Some(Discount::Amount(Exact::whole(-1)));
        assert_eq!(net("1", "1", discount), "the discount is below zero");
    }
}
