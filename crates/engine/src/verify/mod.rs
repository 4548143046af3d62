//! Proofs over the whole books.
