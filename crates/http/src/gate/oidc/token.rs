//! A JWT in its parts (RFC 7515, 7.1): header, payload and signature, each in base64url.

use super::Invalid;
use crate::json::{self, NumberPolicy};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// Members of a header that bring a key, say where one is, or set a condition that we don't know.
const FORBIDDEN: [&str; 8] = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc"];

/// What a header says that an access token is, where it says anything (RFC 7519, RFC 9068).
const ACCESS: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];

/// A token in its parts, still encoded.
pub(super) struct Split<'t> {
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
    /// What the signature is over.
    pub(super) signed: &'t str,
}

/// What a header says.
pub(super) struct Header {
    /// `kid`.
    pub(super) key: String,
    /// `alg`.
    pub(super) algorithm: String,
}

impl<'t> Split<'t> {
    /// `None` where there are more or fewer parts than three.
    pub(super) fn of(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        (!payload.contains('.')).then_some(Self { header, payload, signature, signed })
    }

    pub(super) fn header(&self) -> Result<Header, Invalid> {
        let mut header = object(self.header)?;
        if FORBIDDEN.iter().any(|name| header.contains_key(*name)) {
            return Err(Invalid::ForbiddenHeader);
        }
        if let Some(kind) = header.get("typ") {
            let kind = kind.as_str().ok_or(Invalid::Malformed)?;
            if !ACCESS.iter().any(|access| kind.eq_ignore_ascii_case(access)) {
                return Err(Invalid::NotAccess);
            }
        }
        let mut text = |name: &str| match header.remove(name) {
            Some(Value::String(text)) => Ok(text),
            _ => Err(Invalid::Malformed),
        };
        Ok(Header { key: text("kid")?, algorithm: text("alg")? })
    }

    /// To be believed only when the signature is right.
    pub(super) fn payload(&self) -> Result<Map<String, Value>, Invalid> {
        object(self.payload)
    }

    pub(super) fn signature(&self) -> Result<Vec<u8>, Invalid> {
        bytes(self.signature)
    }
}

fn bytes(part: &str) -> Result<Vec<u8>, Invalid> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid::Malformed)
}

/// An object, read as strictly as a body: no member twice, nothing too deep.
fn object(part: &str) -> Result<Map<String, Value>, Invalid> {
    json::parse(&bytes(part)?, NumberPolicy::DecimalsAllowed).map_err(|_| Invalid::Malformed)
}
