//! Why a call has no outcome.

use abono_domain::decision::Broken;
use abono_domain::ids::CommandId;
use abono_domain::refusal::Refusal;
use abono_store::StoreError;

/// Why a call has no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Understood and declined; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The tenant has no seller that is active yet.
    #[error("nothing is published for this tenant yet")]
    NothingPublished,
    /// There is no such tenant.
    #[error("the tenant is unknown")]
    UnknownTenant,
    /// The idempotency key was used for another input.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// It is not known whether the command was carried out; asking again with the same
    /// idempotency key finds out.
    #[error("the outcome is unknown: the database did not answer; command {0}")]
    Unknown(CommandId),
    /// Lost too many races; nothing was changed.
    #[error("too many others changed the same things at once; try again")]
    Contended,
    /// Input or output failed; nothing was changed.
    #[error("the store failed: {0}")]
    Store(StoreError),
    /// A defect, stopped before it was written.
    #[error("the decision contradicts itself and was not written: {0}")]
    Broken(#[from] Broken),
}

impl Failure {
    /// Whether the database is in trouble, so that asking again later may go well: nothing is wrong
    /// with what was asked, and nothing was changed.
    pub const fn is_trouble(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_trouble())
    }
}

/// What others keep busy is tried again; everything else is the store's own trouble.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Contended(_)) { Self::Contended } else { Self::Store(error) }
    }
}

/// Lets `?` carry each noun's refusal.
macro_rules! refusals {
    ($($refusal:ty),* $(,)?) => {$(
        impl From<$refusal> for Failure {
            fn from(refusal: $refusal) -> Self {
                Self::Refused(refusal.into())
            }
        }
    )*};
}
refusals!(
    abono_domain::access::AccessRefusal,
    abono_domain::change::ChangeRefusal,
    abono_domain::checkout::CheckoutRefusal,
    abono_domain::clock::ClockRefusal,
    abono_domain::customer::CustomerRefusal,
    abono_domain::delivery::DeliveryRefusal,
    abono_domain::document::DocumentRefusal,
    abono_domain::licence::LicenceRefusal,
    abono_domain::payment::PaymentRefusal,
    abono_domain::product_group::GroupRefusal,
    abono_domain::seller::SellerRefusal,
    abono_domain::subscription::SubscriptionRefusal,
    abono_domain::termination::TerminationRefusal,
);
