//! Members on their way into an object: not too many, and each name once.

use super::super::node::{Node, Object};
use super::{MAX_MEMBERS, ReadError, ReadErrorKind};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The members read so far.
#[derive(Default)]
pub(super) struct Members {
    members: Vec<(Cow<'static, str>, Node)>,
    /// The names in lower case.
    seen: BTreeSet<String>,
}

impl Members {
    /// One more.
    pub(super) fn add(&mut self, name: String, value: Node) -> Result<(), ReadError> {
        if name.is_empty() {
            return Err(ReadError::malformed("a member has no name"));
        }
        if self.members.len() == MAX_MEMBERS {
            return Err(too_many());
        }
        if !self.seen.insert(name.to_ascii_lowercase()) {
            let message = format!("{}: the member is there twice", shortened(&name));
            return Err(ReadError::new(ReadErrorKind::DuplicateMember, message));
        }
        self.members.push((name.into(), value));
        Ok(())
    }

    /// All of them.
    pub(super) fn object(self) -> Node {
        Node::Object(Object { shape: None, members: self.members })
    }
}

/// The refusal of one member too many.
pub(super) fn too_many() -> ReadError {
    let message = format!("an object has more than {MAX_MEMBERS} members");
    ReadError::new(ReadErrorKind::TooManyMembers, message)
}

/// The start of what a client sent, for a message.
pub(super) fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(100)]
}
