//! Revokes an access token; revoking it again changes nothing.

use super::{AccessKey, AccessRefusal};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::KeyId;
use crate::moment::Moment;

/// Revoke a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokeKey {
    /// Which.
    pub id: KeyId,
}

/// Revokes it.
///
/// # Errors
/// [`AccessRefusal::Unknown`].
pub fn decide(
    command: &RevokeKey,
    key: Option<&AccessKey>,
    moment: Moment,
) -> Result<Decision, AccessRefusal> {
    let key = key.ok_or(AccessRefusal::Unknown)?;
    let mut draft = Draft::new(moment);
    if key.revoked_at.is_none() {
        draft.push(Change::KeyRevoked(command.id, moment.machine));
    }
    Ok(draft.done(Outcome::Key(command.id)))
}
