//! Paying at a payment provider, and what providers tell of it.

mod asked;
mod cases;
mod given_back;
mod given_planted;
mod orders;
mod planted;
mod shop;
