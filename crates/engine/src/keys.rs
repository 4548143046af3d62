//! Access tokens: `abono_` and 136 hexadecimal digits (tenant, key, secret, checksum). The tenant
//! in it is its route; the checksum is for scanners that look for leaked secrets.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::access::AccessKey;
use abono_domain::ids::{KeyId, TenantId};
use abono_domain::seller::Tenant;
use abono_store::nouns::access;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq;
use uuid::Uuid;

const PREFIX: &str = "abono_";
const BODY: usize = 64;
/// For how long a node may still accept a token that another one revoked.
const REMEMBERED: Duration = Duration::from_secs(2);
/// How many tokens a node remembers; past that it forgets them all.
const REMEMBERED_MAX: usize = 100_000;

/// A token in its parts.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The tenant that it opens.
    pub tenant: TenantId,
    /// Its row.
    pub key: KeyId,
    secret: [u8; 32],
}

impl Token {
    /// A new token.
    pub const fn new(tenant: TenantId, key: KeyId, secret: [u8; 32]) -> Self {
        Self { tenant, key, secret }
    }

    /// The text that its holder sends; shown once.
    pub fn text(&self) -> String {
        let mut text = String::from(PREFIX);
        let bytes = [&self.tenant.0.as_bytes()[..], self.key.0.as_bytes(), &self.secret].concat();
        hex(&mut text, &bytes);
        hex(&mut text, &checksum(&bytes));
        text
    }

    /// The token of a text; `None` where it isn't one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
        let bytes = unhex(digits)?;
        let (body, sum) = bytes.split_at_checked(BODY)?;
        if sum != checksum(body) {
            return None;
        }
        let (ids, secret) = body.split_at_checked(32)?;
        let (tenant, key) = ids.split_at_checked(16)?;
        Some(Self {
            tenant: TenantId(Uuid::from_slice(tenant).ok()?),
            key: KeyId(Uuid::from_slice(key).ok()?),
            secret: secret.try_into().ok()?,
        })
    }

    /// What is kept of its secret.
    pub fn secret_hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    [digest[0], digest[1], digest[2], digest[3]]
}

fn hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string never fails.
        let _infallible = write!(text, "{byte:02x}");
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |digit: &u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(nibble(high)? << 4 | nibble(low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

/// Who calls: a tenant, and the token's row.
#[derive(Clone, Debug)]
pub struct Access {
    /// Whose books it opens.
    pub tenant: Tenant,
    /// What it may do there.
    pub key: Arc<AccessKey>,
}

/// A token's row, and when it was read on the stopwatch.
type Remembered = (Duration, Arc<AccessKey>);

/// Tokens that were looked up lately.
#[derive(Default)]
pub(crate) struct KeyCache {
    known: Mutex<BTreeMap<(TenantId, KeyId), Remembered>>,
}

impl KeyCache {
    fn get(&self, token: &Token, now: Duration) -> Option<Arc<AccessKey>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, key) = known.get(&(token.tenant, token.key))?;
        (now.saturating_sub(*read_at) < REMEMBERED).then(|| key.clone())
    }

    fn put(&self, token: &Token, now: Duration, key: Arc<AccessKey>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert((token.tenant, token.key), (now, key));
    }
}

impl Engine {
    /// Finds out who holds a token. `None`: it isn't one, or it isn't accepted (any more).
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn authenticate(&self, text: &str) -> Result<Option<Access>, Failure> {
        let Some(token) = Token::parse(text) else { return Ok(None) };
        let (now, read_at) = (self.env.machine(), self.env.elapsed());
        let key = match self.keys.get(&token, read_at) {
            Some(key) => key,
            None => {
                let found = self.store.query(access::by_id(token.tenant, token.key)).await?;
                let Some(key) = found.map(Arc::new) else { return Ok(None) };
                self.keys.put(&token, read_at, key.clone());
                key
            }
        };
        let right = bool::from(key.secret_hash.ct_eq(&token.secret_hash()));
        let tenant = self.slow.tenant(&self.store, token.tenant).await?;
        let live = right && key.is_live(now);
        Ok(tenant.filter(|_| live).map(|tenant| Access { tenant, key }))
    }

    /// The tokens of a tenant, by id, without the customers that they are limited to.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn keys(&self, tenant: TenantId) -> Result<Vec<AccessKey>, Failure> {
        let mut all: Vec<AccessKey> = Vec::new();
        loop {
            let after = all.last().map_or(KeyId(Uuid::nil()), |last| last.id);
            let mut page = self.store.query(access::list(tenant, after)).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.append(&mut page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        let (tenant, key) = (TenantId(Uuid::from_u128(7)), KeyId(Uuid::from_u128(9)));
        Token::new(tenant, key, [0xab; 32])
    }

    #[test]
    fn a_token_reads_back() {
        let text = token().text();
        assert_eq!(text.len(), PREFIX.len() + 136);
        assert!(Token::parse(&text) == Some(token()));
    }

    #[test]
    fn an_altered_token_is_none() {
        let text = token().text();
        for place in PREFIX.len()..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[place] = if altered[place] == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(altered).expect("ASCII");
            assert!(Token::parse(&altered).is_none(), "{place}");
        }
        for other in ["", "abono_", "abono_00", &text[1..], &text.to_uppercase()] {
            assert!(Token::parse(other).is_none(), "{other}");
        }
    }
}
