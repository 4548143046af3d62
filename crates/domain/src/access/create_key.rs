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
    if command.role == Role::Application && !command.customers.is_empty() {
        return Err(AccessRefusal::LimitedApplication);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CommandId;
    use uuid::Uuid;

    fn made(role: Role, customers: &[CustomerId]) -> Result<Decision, AccessRefusal> {
        let command = CreateKey {
            id: KeyId(Uuid::nil()),
            secret_hash: [0; 32],
            role,
            customers: customers.to_vec(),
            label: String::new(),
            expires_at: None,
        };
        let now = Timestamp::UNIX_EPOCH;
        let moment = Moment { now, machine: now, command: CommandId(Uuid::nil()) };
        decide(&command, &Facts { known_customers: customers.to_vec() }, moment)
    }

    #[test]
    fn an_application_is_for_all_customers_and_a_person_may_be_limited() {
        let some = [CustomerId(Uuid::nil())];
        let refusal = made(Role::Application, &some).err();
        assert_eq!(refusal, Some(AccessRefusal::LimitedApplication));
        assert!(made(Role::Application, &[]).is_ok());
        assert!(made(Role::Buyer, &some).is_ok());
    }
}
