//! Access tokens: who may call, as what, for which customers.

pub mod create_key;
mod refusal;
pub mod revoke_key;

pub use refusal::AccessRefusal;

use crate::ids::{CustomerId, KeyId};
use jiff::Timestamp;

/// What a token may do; each role that a person can have includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Nothing: it only names the tenant's application, beside a person's own token.
    Application,
    /// Reads and calculates.
    Viewer,
    /// Also creates and cancels.
    Buyer,
    /// Everything.
    Admin,
}

impl Role {
    /// All of them, weakest first.
    pub const ALL: [Self; 4] = [Self::Application, Self::Viewer, Self::Buyer, Self::Admin];

    /// The word in commands and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Viewer => "viewer",
            Self::Buyer => "buyer",
            Self::Admin => "admin",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether a holder of this role may do what is asked of those who have at least `least`.
    pub fn includes(self, least: Self) -> bool {
        match self {
            Self::Application => false,
            Self::Viewer | Self::Buyer | Self::Admin => self >= least,
        }
    }
}

/// An access token as it is kept: without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its identity.
    pub id: KeyId,
    /// SHA-256 of its secret, which has 256 random bits and so needs no slow hash.
    pub secret_hash: [u8; 32],
    /// What it may do.
    pub role: Role,
    /// The customers it is limited to; empty means all of the tenant.
    pub customers: Vec<CustomerId>,
    /// What it is for, for people.
    pub label: String,
    /// Since when it exists, in machine time.
    pub created_at: Timestamp,
    /// From when on it is refused, in machine time.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, in machine time.
    pub revoked_at: Option<Timestamp>,
}

impl AccessKey {
    /// Whether it is accepted at the machine time `at`.
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| at < end)
    }

    /// Whether it may see this customer, known or not.
    pub fn covers(&self, customer: CustomerId) -> bool {
        self.customers.is_empty() || self.customers.contains(&customer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("Viewer"), None);
    }

    #[test]
    fn an_application_may_do_nothing_and_others_what_is_asked_of_the_weaker() {
        let included =
            |role: Role| Role::ALL.into_iter().filter(move |least| role.includes(*least));
        assert_eq!(included(Role::Application).count(), 0);
        assert!(included(Role::Buyer).eq([Role::Application, Role::Viewer, Role::Buyer]));
        assert!(included(Role::Admin).eq(Role::ALL));
    }
}
