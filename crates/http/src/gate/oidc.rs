//! Users of an OpenID Connect identity provider: their access tokens are JWTs (RFC 7519), and what
//! is needed to check them is in a file, so that no request waits for the provider.
//!
//! Each key verifies by one algorithm, which follows from what the key is and never from what a
//! token says (RFC 8725, 3.1). A token that brings its own key, or says where one is, is refused.

mod claims;
mod keys;
mod token;

pub use claims::Claims;
pub use keys::KeysError;

use abono_domain::access::Role;
use abono_domain::ids::TenantId;
use abono_domain::seller::Tenant;
use jiff::Timestamp;
use keys::Keys;
use sha2::{Digest, Sha256};
use std::fmt;
use token::Split;
use uuid::{Builder, Uuid};

/// The longest token that is looked at.
pub const MAX_LENGTH: usize = 8 << 10;

/// By how many seconds the provider's clock may differ from ours.
const LEEWAY: i64 = 30;

/// What is known of a provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name, as its tokens say it in `iss`.
    pub issuer: String,
    /// Our name at the provider, which its tokens for us say in `aud`.
    pub audience: String,
    /// The name of the claim that holds the user's company, as a UUID; `None` where there is none.
    pub company_claim: Option<String>,
    /// The slugs of the tenants whose users it vouches for; of no other tenant does it know any.
    pub tenants: Vec<String>,
}

/// A provider, and how its tokens are checked.
pub struct Oidc {
    settings: Settings,
    keys: Keys,
}

/// What a contract lets a provider's user do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// As what.
    pub role: Role,
    /// For whom.
    pub reach: Reach,
}

/// For whom a provider's user may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For every customer of the tenant.
    Tenant,
    /// For their own company; for nobody where the token names none.
    Company,
}

/// Why a token isn't accepted. Whoever sent it is told no more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It isn't a signed JWT, or a claim isn't what it has to be.
    #[error("it is not a well-formed JWT")]
    Malformed,
    /// Its header has what no token of a provider needs: a key, the address of one, or a condition.
    #[error("its header brings a key or a condition of its own")]
    ForbiddenHeader,
    /// It says that it is another kind of token, such as one that tells who signed in.
    #[error("it is not an access token")]
    NotAccess,
    /// None of the provider's keys has its `kid`.
    #[error("its key is not one of the provider's")]
    UnknownKey,
    /// It names another algorithm than its key has.
    #[error("its algorithm is not its key's")]
    WrongAlgorithm,
    /// The signature isn't that of its key.
    #[error("its signature is wrong")]
    BadSignature,
    /// Another provider made it.
    #[error("another issuer made it")]
    WrongIssuer,
    /// It was made for somebody else.
    #[error("it is for another audience")]
    WrongAudience,
    /// It is over.
    #[error("it has expired")]
    Expired,
    /// It doesn't count yet.
    #[error("it is not valid yet")]
    TooEarly,
}

impl Oidc {
    /// A provider whose keys stand in `jwks`, the text of a JWK set (RFC 7517).
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn new(settings: Settings, jwks: &str) -> Result<Self, KeysError> {
        Ok(Self { settings, keys: Keys::read(jwks)? })
    }

    /// What an access token says of its user at the machine time `now`.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Invalid> {
        if token.len() > MAX_LENGTH {
            return Err(Invalid::Malformed);
        }
        let split = Split::of(token).ok_or(Invalid::Malformed)?;
        let header = split.header()?;
        let key = self.keys.named(&header.key).ok_or(Invalid::UnknownKey)?;
        if key.algorithm() != header.algorithm {
            return Err(Invalid::WrongAlgorithm);
        }
        if !key.has_signed(split.signed.as_bytes(), &split.signature()?) {
            return Err(Invalid::BadSignature);
        }
        claims::read(&split.payload()?, &self.settings, now)
    }

    /// Whether it vouches for users of this tenant. An application's key alone says nothing of it:
    /// whoever has the key of another tenant would be one of its superadmins.
    pub(super) fn vouches_for(&self, tenant: &Tenant) -> bool {
        self.settings.tenants.contains(&tenant.slug)
    }

    /// The identity of a user in the books of a tenant, always the same (UUID v8).
    pub(super) fn user(&self, tenant: TenantId, claims: &Claims) -> Uuid {
        let mut hash = Sha256::new_with_prefix(tenant.0.as_bytes());
        for part in [&self.settings.issuer, &claims.subject] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let (half, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
        Builder::from_custom_bytes(*half).into_uuid()
    }
}

/// Whether a bearer token can only be a provider's: none of ours has a dot.
pub(super) fn is_jwt(token: &str) -> bool {
    token.contains('.')
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
