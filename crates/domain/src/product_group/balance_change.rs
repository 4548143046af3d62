//! What a product that was added or terminated changes for the customer, without tax: the revenue
//! side of what is posted for it.

use super::ProductGroup;
use crate::ids::{CustomerId, PlanId, ProductId, SubscriptionId};
use crate::licence::Value;
use crate::money::{Currency, Money, MoneyError};
use crate::quote::Quote;
use crate::tax::LineTax;

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
    /// The tax that is added; nothing where it is inside.
    pub tax_added: Money,
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
        let (tax_added, total, tax) = (charge.tax_added, charge.total, charge.tax);
        Ok(Self { discount, tax_added, total, tax })
    }

    /// What was charged for a grant.
    pub const fn of_value(value: &Value) -> Self {
        let Value { discount, tax_added, paid: total, tax, .. } = *value;
        Self { discount, tax_added, total, tax }
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
        let Charged { discount, tax_added, total, tax } = *charged;
        let total = tax.split(total)?.base;
        // Where the tax is inside the price, it is inside what comes off it too.
        let is_inside = tax_added.minor == 0;
        let discount = if is_inside { tax.split(discount)?.base } else { discount };
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
}
