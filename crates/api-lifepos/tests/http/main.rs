//! The contract as its clients see it: requests to the router over real books.

mod buying;
mod invoices;
mod openapi;
mod refusals;
mod support;
mod sweep;
