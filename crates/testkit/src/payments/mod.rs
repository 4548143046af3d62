//! Payment providers for tests: one that does what it is told, and a fake of Stripe's API.

pub mod provider;
pub mod stripe;
