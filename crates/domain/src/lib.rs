//! What is true: money, calendar, catalogue, documents, payments, licences and the ledger.
//!
//! Pure: no input or output, no clock, no randomness, no async, no float. Each noun is a folder
//! with the same rooms: `mod.rs` the noun, one file per verb (command, facts, `decide`),
//! `refusal.rs`.

// An amount that wraps, or a node that panics on one, is worse than a refusal: every sum says what
// happens when it doesn't fit. Tests may panic.
#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

pub mod access;
pub mod calendar;
pub mod catalogue;
pub mod change;
pub mod checkout;
pub mod clock;
pub mod customer;
pub mod decision;
pub mod delivery;
pub mod discount;
pub mod document;
pub mod exact;
pub mod ids;
pub mod language;
pub mod ledger;
pub mod licence;
pub mod moment;
pub mod money;
pub mod payment;
pub mod planted;
pub mod pricing;
pub mod product_group;
pub mod proration;
pub mod quote;
pub mod reference;
pub mod refusal;
pub mod risk;
pub mod seller;
pub mod split;
pub mod subscription;
pub mod tax;
pub mod termination;
mod words;
