//! Makes an access token; only the hash of its secret comes here.

use super::{AccessKey, AccessRefusal, Role};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::{CustomerId, KeyId};
use crate::moment::Moment;
use jiff::Timestamp;

/// Make a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateKey {
    /// Its identity, which is part of the token.
    pub id: KeyId,
    /// SHA-256 of its secret.
    pub secret_hash: [u8; 32],
    /// What it may do.
    pub role: Role,
    /// The customers it is limited to; empty means all.
    pub customers: Vec<CustomerId>,
    /// What it is for.
    pub label: String,
    /// From when on it is refused.
    pub expires_at: Option<Timestamp>,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Those of the named customers that exist; they never go away.
    pub known_customers: Vec<CustomerId>,
}

/// Makes the token.
///
/// # Errors
/// [`AccessRefusal`].
pub fn decide(
    command: &CreateKey,
    facts: &Facts,
    moment: Moment,
) -> Result<Decision, AccessRefusal> {
    if command.customers.iter().any(|id| !facts.known_customers.contains(id)) {
        return Err(AccessRefusal::UnknownCustomer);
    }
    if command.expires_at.is_some_and(|end| end <= moment.machine) {
        return Err(AccessRefusal::AlreadyExpired);
    }
    if command.label.chars().count() > 200 {
        return Err(AccessRefusal::BadLabel);
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::KeyCreated(AccessKey {
        id: command.id,
        secret_hash: command.secret_hash,
        role: command.role,
        customers: command.customers.clone(),
        label: command.label.clone(),
        created_at: moment.machine,
        expires_at: command.expires_at,
        revoked_at: None,
    }));
    Ok(draft.done(Outcome::Key(command.id)))
}
