//! Why an access token can't be made or revoked.

/// Why an access token can't be made or revoked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessRefusal {
    /// It names a customer that the tenant doesn't have.
    #[error("the token names a customer that the tenant does not have")]
    UnknownCustomer,
    /// It names an application, which is for all customers of the tenant.
    #[error("the token of an application can not be limited to some customers")]
    LimitedApplication,
    /// Its end is not in the future.
    #[error("the token would expire at once")]
    AlreadyExpired,
    /// There is no such token.
    #[error("the token is unknown")]
    Unknown,
    /// The label is longer than 200 characters.
    #[error("the label must have at most 200 characters")]
    BadLabel,
}
