//! Why a call has no answer.

use std::net::IpAddr;
use std::time::Duration;

/// Why there is no answer. It says nothing that the other side wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Its name resolves to an address that the configuration keeps out of reach; nobody was
    /// called.
    #[error("its address is {0}, which the configuration does not allow to be called")]
    NotAllowed(IpAddr),
    /// The request can't be written; nobody was called.
    #[error("the request can't be written")]
    Unwritable,
    /// Its name resolves to nothing, or nobody listens there.
    #[error("the service can't be reached")]
    Unreachable,
    /// It doesn't show a certificate for its name from somebody who is trusted.
    #[error("the service's certificate is not trusted")]
    Untrusted,
    /// The connection broke, or what came over it isn't HTTP.
    #[error("the connection broke")]
    Broken,
    /// Its answer is longer than [`ANSWER_MAX`](super::ANSWER_MAX), or its head than 16 KiB.
    #[error("its answer is longer than 64 KiB")]
    TooLong,
    /// There was no whole answer in the time that the call has.
    #[error("no answer in {} ms", .0.as_millis())]
    TimedOut(Duration),
}
