//! What is asked for: the total, less what is paid and what the customer has.

use super::PaymentRequest;
use abono_domain::document::DocumentStatus;
use abono_domain::money::{Money, MoneyError};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    /// What it comes to.
    pub(super) total: Money,
    /// What was paid of it.
    pub(super) paid: Money,
    /// What the customer has and is used first.
    pub(super) balance: Money,
    /// What is to be paid now; nothing where it isn't pending.
    pub(super) due: Money,
}

impl Sums {
    /// # Errors
    /// [`MoneyError`]: the credit is in another currency, or a figure is out of range.
    pub(super) fn of(request: &PaymentRequest<'_>) -> Result<Self, MoneyError> {
        let (total, paid) = (request.document.total, request.state.paid);
        let zero = Money::zero(total.currency);
        // Asked for even where nothing is due, so that a credit of another currency is refused.
        let credit = zero.plus(request.credit)?;
        let open = match request.state.status {
            DocumentStatus::Pending => total.minus(paid)?,
            DocumentStatus::Paid
            | DocumentStatus::Canceled
            | DocumentStatus::Refunded
            | DocumentStatus::Issued => zero,
        };
        let balance = if credit.minor > 0 && open.minor > 0 { credit.at_most(open) } else { zero };
        Ok(Self { total, paid, balance, due: open.minus(balance)? })
    }
}
