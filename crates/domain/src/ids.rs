//! Identities: one type per noun, so that an invoice's id can't be handed in as a customer's.

use std::fmt;
use uuid::Uuid;

/// Declares identity types over [`Uuid`]. Conversions between two of them don't exist on purpose.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.as_hyphenated())
            }
        }
    )*};
}

ids! {
    /// One seller's books: the isolation boundary.
    TenantId,
    /// A seller company that issues documents.
    LegalEntityId,
    /// Who buys.
    CustomerId,
    /// Who pays for a customer.
    PayerId,
    /// What is sold.
    ProductId,
    /// A plan of a product.
    PlanId,
    /// A price of a plan.
    PriceId,
    /// What customers can be given off prices.
    DiscountId,
    /// What several subscriptions are sold together as.
    BundleId,
    /// Why subscriptions are terminated, as a seller tells it apart.
    TerminationReasonId,
    /// A customer's agreement on a product.
    SubscriptionId,
    /// A time for which a subscription is bound.
    CommitmentId,
    /// A change of a subscription's plan that was asked for.
    ChangeId,
    /// The end of a product group that was asked for.
    TerminationId,
    /// What was decided about the risk of a change.
    RiskDecisionId,
    /// A piece of licence that was given.
    GrantId,
    /// A payment request, an invoice or a credit note.
    DocumentId,
    /// Money that came in.
    PaymentId,
    /// What a payment, or the customer's credit, was used for.
    AllocationId,
    /// Money that went back.
    RefundId,
    /// A buyer's attempt to pay at a payment provider.
    CheckoutId,
    /// Money that is to go back through a payment provider.
    ProviderRefundId,
    /// What a payment provider told.
    NoticeId,
    /// One fact of the ledger.
    TransferId,
    /// One execution of a command; the ids it makes follow from it.
    CommandId,
    /// Something that happened, as told to others.
    EventId,
    /// What travels to the billing system behind.
    DeliveryId,
    /// Work that falls due at a business time.
    JobId,
    /// An access token's row.
    KeyId,
    /// A business clock: the real one, or one that is moved by hand.
    ClockId,
}

impl ClockId {
    /// The clock that follows the machine's.
    pub const REAL: Self = Self(Uuid::nil());
}

/// In which of 256 parts a customer's due work lies, so that due lists can be split later.
///
/// FNV-1a over the id's bytes: stable for ever, because it stands in stored keys.
pub fn slot(customer: CustomerId) -> i64 {
    let hash =
        customer.0.as_bytes().iter().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
        });
    i64::from(hash & 0xff)
}
