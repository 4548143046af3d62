//! The contract as its clients see it: requests to the router over real books.

mod adding;
mod bad_inputs;
mod formats;
mod listing;
mod page;
mod repeating;
mod roles;
mod support;
mod sweep;
mod terminating;
