//! Why subscriptions, and what comes with them, are terminated.

use super::Catalogue;
use crate::ids::TerminationReasonId;
use crate::language::Names;

/// Why something is terminated, as the seller tells it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationReason {
    /// Its identity.
    pub id: TerminationReasonId,
    /// Its code, unique in the catalogue.
    pub code: String,
    /// What an outside billing system knows it by.
    pub external_id: Option<String>,
    /// The code of the reason that it is a part of; that one is part of no other.
    pub parent: Option<String>,
    /// Its names.
    pub names: Names,
}

impl Catalogue {
    /// The termination reason of an id.
    pub fn termination_reason(&self, id: TerminationReasonId) -> Option<&TerminationReason> {
        self.termination_reasons.iter().find(|reason| reason.id == id)
    }

    /// The termination reason of a code.
    pub fn termination_reason_by_code(&self, code: &str) -> Option<&TerminationReason> {
        self.termination_reasons.iter().find(|reason| reason.code == code)
    }
}
