//! What a product that was added or terminated changes for the customer, without tax: the revenue
//! side of what is posted for it.

use super::ProductGroup;
use crate::catalogue::Catalogue;
use crate::document::LineLicence;
use crate::ids::{CustomerId, PlanId, ProductId, SubscriptionId};
use crate::licence::Value;
use crate::money::{Currency, Money, MoneyError};
use crate::quote::Quote;
use crate::tax::{LineTax, Prices};

/// All that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceChange {
    /// Each product's part, charged above zero and credited below.
    pub items: Vec<BalanceItem>,
    /// What comes off prices, in all.
    pub discount: Money,
    /// What is to be paid more, in all; below zero where it is less.
    pub total: Money,
}

/// What changes for one product. Its amount less its discount is its total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceItem {
    /// Which product group.
    pub group: SubscriptionId,
    /// Its product.
    pub product: ProductId,
    /// Its plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// The price, without tax.
    pub amount: Money,
    /// What discounts take off that, without tax.
    pub discount: Money,
    /// What is left.
    pub total: Money,
    /// Whose invoice says it.
    pub recipient: CustomerId,
}

/// What is charged for something, or credited with a minus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charged {
    /// What discounts take off, as printed.
    pub discount: Money,
    /// Whether the price has the tax inside, and with it what comes off that.
    pub is_tax_inside: bool,
    /// What is left to pay, tax included.
    pub total: Money,
    /// How it is taxed.
    pub tax: LineTax,
}

impl Charged {
    /// What is charged by a quote.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn of_quote(quote: &Quote) -> Result<Self, MoneyError> {
        let charge = &quote.charge;
        let discounts = charge.discounts.iter().map(|it| it.amount);
        let discount = Money::sum(charge.total.currency, discounts)?;
        let (is_tax_inside, total, tax) = (is_inside(charge.price.tax), charge.total, charge.tax);
        Ok(Self { discount, is_tax_inside, total, tax })
    }

    /// What was charged for a grant, at a price of the catalogue.
    pub fn of_value(value: &Value, catalogue: &Catalogue) -> Self {
        let Value { discount, paid: total, tax, .. } = *value;
        let LineLicence { product, plan, .. } = value.licence;
        let plan = catalogue.product(product).and_then(|product| product.plan(plan));
        let mut prices = plan.into_iter().flat_map(|plan| &plan.prices);
        let price = prices.find(|price| Some(price.id) == value.price);
        let is_tax_inside = price.is_none_or(|price| is_inside(price.tax));
        Self { discount, is_tax_inside, total, tax }
    }
}

impl BalanceChange {
    /// Nothing changes.
    pub const fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { items: Vec::new(), discount: zero, total: zero }
    }

    /// What one product's charge or credit changes.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn of(group: &ProductGroup, charged: &Charged) -> Result<Self, MoneyError> {
        let Charged { discount, is_tax_inside, total, tax } = *charged;
        let total = tax.split(total)?.base;
        let discount = if is_tax_inside { tax.split(discount)?.base } else { discount };
        let item = BalanceItem {
            group: group.subscription.id,
            product: group.subscription.product,
            plan: group.plan,
            quantity: group.quantity,
            amount: total.plus(discount)?,
            discount,
            total,
            recipient: group.subscription.customer,
        };
        Ok(Self { items: vec![item], discount, total })
    }

    /// Both changes.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn and(mut self, other: Self) -> Result<Self, MoneyError> {
        self.items.extend(other.items);
        let (discount, total) =
            (self.discount.plus(other.discount)?, self.total.plus(other.total)?);
        Ok(Self { discount, total, ..self })
    }
}

const fn is_inside(prices: Prices) -> bool {
    match prices {
        Prices::Inclusive => true,
        Prices::Exclusive => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::Subscription;
    use crate::product_group::GroupKind;
    use crate::tax::{TaxCategory, TaxRate};
    use jiff::Timestamp;
    use uuid::Uuid;

    fn changed(discount: i64, total: i64, is_tax_inside: bool) -> [i64; 3] {
        let id = SubscriptionId(Uuid::nil());
        let group = ProductGroup {
            subscription: Subscription {
                id,
                number: 1,
                customer: CustomerId(Uuid::nil()),
                product: ProductId(Uuid::nil()),
                created_at: Timestamp::UNIX_EPOCH,
                recurring: true,
            },
            parent: id,
            kind: GroupKind::Optional,
            plan: PlanId(Uuid::nil()),
            quantity: 1,
            added_by: String::new(),
            billed_behind: false,
        };
        let eur = |minor| Money::new(minor, Currency::EUR);
        let tax = LineTax { category: TaxCategory::Standard, rate: Some(TaxRate::percent(25)) };
        let charged = Charged { discount: eur(discount), is_tax_inside, total: eur(total), tax };
        let change = BalanceChange::of(&group, &charged).expect("in range");
        let item = &change.items[0];
        assert_eq!((change.total, change.discount), (item.total, item.discount));
        [item.amount.minor, item.discount.minor, item.total.minor]
    }

    #[test]
    fn what_comes_off_a_price_has_the_tax_inside_only_where_the_price_has() {
        assert_eq!(changed(0, 12_500, false), [10_000, 0, 10_000]);
        assert_eq!(changed(2_000, 10_000, false), [10_000, 2_000, 8_000]);
        assert_eq!(changed(10_000, 0, false), [10_000, 10_000, 0], "all of it");
        assert_eq!(changed(0, 12_500, true), [10_000, 0, 10_000]);
        assert_eq!(changed(2_500, 10_000, true), [10_000, 2_000, 8_000]);
        assert_eq!(changed(12_500, 0, true), [10_000, 10_000, 0], "all of it");
    }
}
