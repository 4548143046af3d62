//! The contract as its clients see it: requests to the router over real books.

mod bad_inputs;
mod changing;
mod page;
mod reading;
mod refusals;
mod support;
mod sweep;
