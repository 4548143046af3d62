//! Signatures on messages, as payment providers write them: `t=<seconds>,v1=<hex>`, where the hex
//! is the HMAC-SHA256 of the seconds, a point and the raw body.

use crate::secret::Secret;
use abono_engine::payments::{Header, Unread};
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use std::fmt::Write;

/// How far from now a message may be signed, in either direction.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// The longest header that is read, and the most signatures in it.
const HEADER_MAX: usize = 2048;
const SIGNATURES_MAX: usize = 8;

/// The header's value for a body that is signed at this moment.
pub(crate) fn sign(secret: &Secret, body: &[u8], now: Timestamp) -> String {
    let seconds = now.as_second().to_string();
    let tag = hmac::sign(&key(secret), &signed(&seconds, body));
    let hex = tag.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text can't fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    });
    format!("t={seconds},v1={hex}")
}

/// Whether the one header of this name signs the body, with this secret, about now.
///
/// # Errors
/// [`Unread`]; its age is looked at only where the signature is right.
pub(crate) fn verify(
    secret: &Secret,
    name: &str,
    headers: &[Header<'_>],
    body: &[u8],
    now: Timestamp,
) -> Result<(), Unread> {
    let mut values = headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case(name));
    let (_, value) = values.next().ok_or(Unread::NoSignature)?;
    if values.next().is_some() {
        return Err(Unread::BadSignature);
    }
    let Claim { seconds, tags } = claim(value).ok_or(Unread::BadSignature)?;
    let (key, signed) = (key(secret), signed(seconds, body));
    if !tags.iter().any(|tag| hmac::verify(&key, &signed, tag).is_ok()) {
        return Err(Unread::BadSignature);
    }
    let at = seconds.parse().ok().and_then(|it| Timestamp::from_second(it).ok());
    let at = at.ok_or(Unread::TooOld)?;
    if now.duration_since(at).abs() > TOLERANCE { Err(Unread::TooOld) } else { Ok(()) }
}

/// What a header claims: when it was signed, as written, and the signatures of the one scheme that
/// we know.
struct Claim<'a> {
    seconds: &'a str,
    tags: Vec<[u8; 32]>,
}

/// Reads a header; `None` where it is none, or claims two times.
fn claim(value: &[u8]) -> Option<Claim<'_>> {
    let text = std::str::from_utf8(value).ok().filter(|it| it.len() <= HEADER_MAX)?;
    let (mut seconds, mut tags) = (None, Vec::new());
    for part in text.split(',') {
        match part.trim().split_once('=')? {
            ("t", at) if seconds.is_none() && is_number(at) => seconds = Some(at),
            ("t", _) => return None,
            // Another's signature, or one that can't be read, stands in nobody's way.
            ("v1", tag) if tags.len() < SIGNATURES_MAX => tags.extend(from_hex(tag)),
            _ => {}
        }
    }
    Some(Claim { seconds: seconds?, tags })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two digits a byte; `None` where they aren't 32.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != bytes.len() * 2 || !digits.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digit = |at: usize| pair.get(at).and_then(|it| char::from(*it).to_digit(16));
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(bytes)
}

fn key(secret: &Secret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

fn signed(seconds: &str, body: &[u8]) -> Vec<u8> {
    [seconds.as_bytes(), b".", body].concat()
}

#[cfg(test)]
mod tests;
