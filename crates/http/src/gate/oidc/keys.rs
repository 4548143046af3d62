//! The public keys of a provider (RFC 7517, 7518): RSA for RS256 and P-256 for ES256.

use crate::json::{self, NumberPolicy, Object};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The bytes of an RSA modulus: 2048 to 8192 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=1024;

/// The bytes of a coordinate on P-256.
const COORDINATE: usize = 32;

/// Why a set of keys can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// It isn't a JWK set; why.
    #[error("it is not a JWK set: {0}")]
    NotASet(String),
    /// A key is there with its secret, which belongs to the provider alone.
    #[error("it holds a secret key; take the provider's public ones")]
    Secret,
    /// A key has no `kid`.
    #[error("a key has no `kid`")]
    Unnamed,
    /// Two keys have one `kid`.
    #[error("two keys have the `kid` {0}")]
    Twice(String),
    /// A key's numbers are none, or too short.
    #[error("the key {0} is not a usable public key")]
    Malformed(String),
    /// No key verifies RS256 or ES256.
    #[error("none of its keys verifies RS256 or ES256")]
    Empty,
}

/// A provider's keys, by their `kid`.
pub(super) struct Keys(BTreeMap<String, Key>);

/// A key, which verifies by one algorithm.
pub(super) enum Key {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// The point, uncompressed.
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Object<Jwk>>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The secret half of a pair.
    d: Option<String>,
    /// A secret shared by both sides.
    k: Option<String>,
}

impl Keys {
    /// Those of a set that verify signatures by an algorithm of ours; providers list others too.
    pub(super) fn read(text: &str) -> Result<Self, KeysError> {
        let set: Set = json::parse(text.as_bytes(), NumberPolicy::DecimalsAllowed)
            .map_err(|error| KeysError::NotASet(error.to_string()))?;
        let mut keys = BTreeMap::new();
        for Object(jwk) in set.keys {
            if jwk.d.is_some() || jwk.k.is_some() {
                return Err(KeysError::Secret);
            }
            if !jwk.is_ours() {
                continue;
            }
            let name = jwk.kid.clone().ok_or(KeysError::Unnamed)?;
            let key = jwk.key().ok_or_else(|| KeysError::Malformed(name.clone()))?;
            if keys.insert(name.clone(), key).is_some() {
                return Err(KeysError::Twice(name));
            }
        }
        if keys.is_empty() { Err(KeysError::Empty) } else { Ok(Self(keys)) }
    }

    pub(super) fn named(&self, name: &str) -> Option<&Key> {
        self.0.get(name)
    }
}

impl Jwk {
    /// The algorithm that follows from what the key is.
    fn algorithm(&self) -> Option<&'static str> {
        match (&*self.kty, self.crv.as_deref()) {
            ("RSA", None) => Some(RS256),
            ("EC", Some("P-256")) => Some(ES256),
            _ => None,
        }
    }

    fn is_ours(&self) -> bool {
        let algorithm = self.algorithm();
        let is_it = |said: &str| algorithm == Some(said);
        algorithm.is_some()
            && self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.alg.as_deref().is_none_or(is_it)
    }

    fn key(&self) -> Option<Key> {
        if self.kty == "RSA" {
            let (modulus, exponent) = (number(self.n.as_ref()?)?, number(self.e.as_ref()?)?);
            return MODULUS.contains(&modulus.len()).then_some(Key::Rsa { modulus, exponent });
        }
        let coordinate = |sent: &Option<String>| {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(sent.as_ref()?).ok()?;
            (bytes.len() == COORDINATE).then_some(bytes)
        };
        // The mark of an uncompressed point stands before its coordinates (SEC 1, 2.3.3).
        Some(Key::P256([vec![4], coordinate(&self.x)?, coordinate(&self.y)?].concat()))
    }
}

/// A positive number in its shortest form.
fn number(sent: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(sent).ok()?;
    bytes.first().is_some_and(|first| *first != 0).then_some(bytes)
}

const RS256: &str = "RS256";
const ES256: &str = "ES256";

impl Key {
    /// The only algorithm that it verifies by.
    pub(super) const fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa { .. } => RS256,
            Self::P256(_) => ES256,
        }
    }

    /// Whether this key signed a message.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::Rsa { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            Self::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        verified.is_ok()
    }
}
