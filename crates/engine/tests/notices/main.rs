//! Paying at a payment provider, and what providers tell of it.

mod asked;
mod cases;
mod orders;
mod planted;
mod shop;
