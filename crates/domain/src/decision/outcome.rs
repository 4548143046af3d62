//! What a command answers.

use crate::change::ChangeView;
use crate::checkout::CheckoutView;
use crate::checkout::book::BookNotice;
use crate::checkout::refund::ProviderRefundView;
use crate::delivery::DeliveryView;
use crate::delivery::claim::Claimed;
use crate::document::DocumentView;
use crate::ids::{CustomerId, KeyId, SubscriptionId};
use crate::licence::Period;
use crate::payment::PaymentView;
use crate::product_group::{BalanceChange, GroupView};
use crate::quote::Quote;
use crate::seller::Difference;
use crate::subscription::{Agreement, State};
use crate::termination::TerminationView;
use jiff::Timestamp;

/// What a command answers, in the domain's own shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A payment request, as it stands now; with its quote where it was made.
    PaymentRequest {
        /// The request.
        view: DocumentView,
        /// What it was made from.
        quote: Option<Box<Quote>>,
    },
    /// What a payment did.
    Payment(PaymentView),
    /// A licence was given.
    Licence {
        /// When.
        given_at: Timestamp,
        /// The period that it gained.
        period: Period,
    },
    /// A subscription that lives in cycles, as it stands now.
    Subscription {
        /// What is agreed.
        agreement: Box<Agreement>,
        /// Where it stands.
        state: State,
    },
    /// A cycle was billed, or held, or the subscription ended.
    Cycle {
        /// Of which subscription.
        subscription: SubscriptionId,
        /// Why it couldn't be billed, where it couldn't.
        held: Option<String>,
    },
    /// A change of a subscription, as it stands now.
    Change {
        /// The change.
        view: Box<ChangeView>,
        /// What it charges and credits, or would; nothing at the start of a cycle.
        quote: Option<Box<Quote>>,
    },
    /// A product was added to a subscription, or had been just before.
    Group(Box<GroupView>),
    /// A termination, as it stands now.
    Termination {
        /// The termination.
        view: Box<TerminationView>,
        /// What it changed, or will.
        change: BalanceChange,
    },
    /// A delivery to the billing system behind, as it stands now.
    Delivery {
        /// The delivery.
        view: Box<DeliveryView>,
        /// Where it was claimed: what sending it needs.
        claimed: Option<Claimed>,
    },
    /// An attempt to pay at a provider, as it stands now.
    Checkout(Box<CheckoutView>),
    /// What a provider told was heard, or booked.
    Heard {
        /// Whether that changed anything: it was not heard or booked before.
        is_new: bool,
        /// What can be booked from now on; it is due, whoever comes by.
        due: Vec<BookNotice>,
    },
    /// Money that is to go back through a provider, as that stands now.
    ProviderRefund {
        /// What is to go back.
        view: Box<ProviderRefundView>,
        /// The end of the claim, machine time, where it was claimed.
        claimed_until: Option<Timestamp>,
    },
    /// A seller was published.
    Seller {
        /// Its version.
        version: i64,
        /// The machine time from which every node uses it.
        active_from: Timestamp,
        /// What it changes; empty where nothing did, and then nothing was written.
        differences: Vec<Difference>,
    },
    /// A customer was written.
    Customer {
        /// Which.
        id: CustomerId,
        /// What changed; empty where nothing did, and then nothing was written.
        differences: Vec<Difference>,
    },
    /// An access token was made or revoked.
    Key(KeyId),
    /// A clock stands at a new time.
    Clock(Timestamp),
}

impl Outcome {
    /// The change that it is about, and what that charges and credits.
    pub fn into_change(self) -> Option<(ChangeView, Option<Quote>)> {
        let Self::Change { view, quote } = self else { return None };
        Some((*view, quote.map(|quote| *quote)))
    }

    /// What was added to a subscription.
    pub fn group(&self) -> Option<&GroupView> {
        if let Self::Group(view) = self { Some(view) } else { None }
    }

    /// The termination that it is about, and what that changes.
    pub fn termination(&self) -> Option<(&TerminationView, &BalanceChange)> {
        if let Self::Termination { view, change } = self { Some((view, change)) } else { None }
    }
}
