//! Opaque page tokens for lists paged by keyset.
//!
//! A token is the position of the last row, and a checksum of it and of the list it came from. The
//! checksum is no secret: a client that forges one gets a page of a list it may read anyway. It
//! keeps a token of another list, or a damaged one, from being misread as a position.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is ordered by: an instant in microseconds, or a number.
    pub key: i64,
    /// The row's own id, which orders rows of equal key.
    pub id: Uuid,
}

const KEY: usize = 8;
const POSITION: usize = KEY + 16;
const CHECKSUM: usize = 8;
const TOKEN: usize = POSITION + CHECKSUM;

impl Cursor {
    /// The token of this position in `list`: the list's name, and its filters where they may
    /// differ.
    pub fn encode(self, list: &str) -> String {
        let mut token = [0; TOKEN];
        token[..KEY].copy_from_slice(&self.key.to_be_bytes());
        token[KEY..POSITION].copy_from_slice(self.id.as_bytes());
        let checksum = checksum(list, &token[..POSITION]);
        token[POSITION..].copy_from_slice(&checksum);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The position that a token of this very `list` stands for.
    pub fn decode(list: &str, token: &str) -> Option<Self> {
        let token: [u8; TOKEN] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (position, sum) = token.split_at(POSITION);
        let (key, id) = position.split_at(KEY);
        (checksum(list, position) == sum).then_some(Self {
            key: i64::from_be_bytes(key.try_into().ok()?),
            id: Uuid::from_slice(id).ok()?,
        })
    }
}

fn checksum(list: &str, position: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::new().chain_update(position).chain_update(list).finalize();
    std::array::from_fn(|at| digest[at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CURSOR: Cursor = Cursor { key: -1, id: Uuid::from_u128(7) };

    #[test]
    fn a_token_is_url_safe_and_of_one_length() {
        let token = CURSOR.encode("invoices");
        assert_eq!(token.len(), 43);
        assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }

    #[test]
    fn a_token_of_another_list_is_refused() {
        assert_eq!(Cursor::decode("payments", &CURSOR.encode("invoices")), None);
    }

    #[test]
    fn a_token_with_any_one_character_changed_is_refused() {
        let token = CURSOR.encode("invoices");
        for at in 0..token.len() {
            for other in ["A", "B", "=", " ", "\0", "é", ""] {
                let altered = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                let read = Cursor::decode("invoices", &altered);
                assert!(altered == token || read.is_none(), "{altered}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_position_survives_its_token(key: i64, id: u128) {
            let cursor = Cursor { key, id: Uuid::from_u128(id) };
            prop_assert_eq!(Cursor::decode("list", &cursor.encode("list")), Some(cursor));
        }

        #[test]
        fn no_text_of_a_stranger_is_a_position(token in "\\PC{0,60}|[A-Za-z0-9_-]{43}") {
            prop_assert_eq!(Cursor::decode("list", &token), None);
        }
    }
}
