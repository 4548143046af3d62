//! Why nothing can be done about a delivery.

/// Why nothing can be done about a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryRefusal {
    /// There is no such delivery.
    #[error("the delivery is unknown")]
    Unknown,
    /// It was delivered or has failed, or it waits: for its time, for one before it, or for an
    /// answer that somebody else expects.
    #[error("it is not the delivery's turn")]
    NotItsTurn,
    /// Somebody else has sent it since, or it was settled meanwhile: this answer doesn't count.
    #[error("the delivery was sent again or settled meanwhile")]
    Overtaken,
    /// Only what has failed can be sent again.
    #[error("only a delivery that has failed can be sent again")]
    NotFailed,
    /// What was said about it is out of range.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}
