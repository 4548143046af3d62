//! What others send, read with care.

use serde::de::DeserializeOwned;

/// Reads a JSON object; `None` where it is none.
pub(crate) fn object<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    // Where a struct is wanted, serde takes a list of its members as well.
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') { serde_json::from_slice(body).ok() } else { None }
}

/// Somebody's words in one line of at most so many characters.
pub(crate) fn line(words: &str, max: usize) -> String {
    words.chars().take(max).map(|it| if it.is_control() { ' ' } else { it }).collect()
}
