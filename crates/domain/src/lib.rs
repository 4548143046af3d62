//! What is true: money, calendar, catalogue, documents, payments, licences and the ledger.
//!
//! Pure: no input or output, no clock, no randomness, no async, no float. Each noun is a folder with
//! the same rooms: `mod.rs` the noun, one file per verb (command, facts, `decide`), `refusal.rs`.

pub mod calendar;
pub mod ids;
pub mod language;
pub mod moment;
pub mod money;
