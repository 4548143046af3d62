//! Every reason for which a command can be declined, one closed enum per noun.

use crate::access::AccessRefusal;
use crate::change::ChangeRefusal;
use crate::checkout::CheckoutRefusal;
use crate::clock::ClockRefusal;
use crate::customer::CustomerRefusal;
use crate::delivery::DeliveryRefusal;
use crate::document::DocumentRefusal;
use crate::licence::LicenceRefusal;
use crate::payment::PaymentRefusal;
use crate::product_group::GroupRefusal;
use crate::seller::SellerRefusal;
use crate::subscription::SubscriptionRefusal;
use crate::termination::TerminationRefusal;

/// Why a command was understood and declined; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// About a document.
    #[error(transparent)]
    Document(#[from] DocumentRefusal),
    /// About a payment.
    #[error(transparent)]
    Payment(#[from] PaymentRefusal),
    /// About an attempt to pay, or what a payment provider told.
    #[error(transparent)]
    Checkout(#[from] CheckoutRefusal),
    /// About a licence.
    #[error(transparent)]
    Licence(#[from] LicenceRefusal),
    /// About a subscription.
    #[error(transparent)]
    Subscription(#[from] SubscriptionRefusal),
    /// About a change of one.
    #[error(transparent)]
    Change(#[from] ChangeRefusal),
    /// About a product that is added to one.
    #[error(transparent)]
    Group(#[from] GroupRefusal),
    /// About the end of such a product.
    #[error(transparent)]
    Termination(#[from] TerminationRefusal),
    /// About a delivery to the billing system behind.
    #[error(transparent)]
    Delivery(#[from] DeliveryRefusal),
    /// About a customer.
    #[error(transparent)]
    Customer(#[from] CustomerRefusal),
    /// About a seller.
    #[error(transparent)]
    Seller(#[from] SellerRefusal),
    /// About an access token.
    #[error(transparent)]
    Access(#[from] AccessRefusal),
    /// About a clock.
    #[error(transparent)]
    Clock(#[from] ClockRefusal),
}
