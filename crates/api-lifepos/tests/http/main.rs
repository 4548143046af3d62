//! The contract as its clients see it: requests to the router over real books.

mod bad_inputs;
mod buying;
mod invoices;
mod openapi;
mod page;
mod refusals;
mod support;
mod sweep;
