//! One module per noun: its statements, its reads as [`crate::Query`], its writes as
//! [`crate::Bound`]. Rows don't leave their module.

pub mod access;
pub mod checkout;
pub mod clock;
pub mod counter;
pub mod customer;
pub mod delivery;
pub mod document;
pub mod idempotency;
pub mod job;
pub mod journal;
pub mod ledger;
pub mod licence;
pub mod payment;
pub mod root;
pub mod seller;
pub mod subscription;
pub mod tenant;
pub mod unique;
