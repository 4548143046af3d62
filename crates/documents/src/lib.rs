//! What is printed of a document: the domain's types in, bytes out.
//!
//! Pure as the domain: no input or output, no clock, no randomness, no float. A page is made of one
//! file without scripts and without anything from elsewhere, so that it can be served under the
//! strictest policy, mailed, kept and printed.

pub mod locale;
pub mod payment_request;
pub mod qr;
pub mod roubles;
mod shorten;
