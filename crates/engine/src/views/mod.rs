//! What can be read: each view in one snapshot. Nothing is decided on a view.

mod customers;
mod deliveries;
mod due;
mod explain;
mod payment_requests;
mod printed;
mod product_groups;
mod refunds;
mod shelf;
mod standing;
mod subscriptions;

pub use customers::{CustomerHead, CustomerPage};
pub use deliveries::{DueDeliveries, Place};
pub use due::{After, DueWork};
pub use payment_requests::{Filter, Page, PageRequest};
pub use printed::Printed;
pub use product_groups::Added;
pub use refunds::RefundPlace;
pub use shelf::{Offer, Shelf, Shown};
pub use standing::Standing;
pub use subscriptions::{InForce, StatusRecord, SubscriptionView};
