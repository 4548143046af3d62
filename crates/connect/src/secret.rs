//! A secret that is sent in a header, or signed with, and shown nowhere.

use http::HeaderValue;
use std::fmt;

/// What proves to one side that the other is who it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Not a secret that can be sent. It doesn't say what was given instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key or token is one line of visible ASCII characters, without spaces")]
pub struct SecretError;

impl Secret {
    /// One as it stands in a file or variable: what is blank around it doesn't count.
    ///
    /// # Errors
    /// [`SecretError`] where it can't stand in a header.
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        let is_sendable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_sendable { Ok(Self(text.to_owned())) } else { Err(SecretError) }
    }

    /// The header's value, with a scheme before it; marked, so that no log shows it.
    pub(crate) fn header(&self, scheme: &str) -> Result<HeaderValue, SecretError> {
        let value = HeaderValue::from_str(&format!("{scheme}{}", self.0));
        let mut value = value.map_err(|_| SecretError)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The bytes that messages are signed with.
    pub(crate) const fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_nowhere() {
        let secret = Secret::new(" hush-hush\n").expect("a secret");
        let header = secret.header("Bearer ").expect("a header");
        assert_eq!(header, "Bearer hush-hush");
        assert!(!format!("{secret:?} {header:?}").contains("hush"));
    }

    #[test]
    fn what_cant_stand_in_a_header_is_no_secret() {
        for wrong in ["", " \n", "a b", "a\nb", "a\r\nx: y", "ключ", "a\u{7f}"] {
            assert_eq!(Secret::new(wrong), Err(SecretError), "{wrong:?}");
        }
    }
}
