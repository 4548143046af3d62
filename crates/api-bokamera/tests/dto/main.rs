//! Every shape of the contract: its members to the letter, and there and back in each format.

mod any;
mod round_trip;
mod shapes;
