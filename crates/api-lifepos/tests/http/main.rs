//! The contract as its clients meet it: requests through the router, on an engine over a database.

mod buying;
mod refusals;
mod support;
