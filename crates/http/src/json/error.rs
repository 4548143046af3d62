//! Why a body was refused, in words for the developer who sent it.

use std::fmt;

/// What is wrong, for a contract that answers some of it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The text is not JSON.
    NotJson,
    /// The document is not an object.
    RootNotObject,
    /// Objects and arrays stand too deep in each other.
    TooDeep,
    /// One object has too many members.
    TooManyMembers,
    /// Two members of one object have the same name.
    DuplicateMember,
    /// A member has a name that no contract has.
    ReservedName,
    /// A string or a name holds U+0000.
    Nul,
    /// A number is no integer, or out of every range.
    Number,
    /// A required member is not there.
    MissingMember,
    /// A value is of another type than the contract says.
    WrongType,
    /// A value is of the right type, but not one that the contract reads.
    InvalidValue,
}

/// A body that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Where, as `plan.guid` or `items[3]`; empty for the document as a whole.
    pub path: String,
    /// What is wrong.
    pub kind: Kind,
    /// The same in words, without the path.
    pub message: String,
}

/// Names are the client's own, so a path may be as long as a body; no answer needs all of it.
const LONGEST_PATH: usize = 200;

impl JsonError {
    /// An error of the document as a whole.
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { path: String::new(), kind, message: message.into() }
    }

    /// The same error at a path, which is cut where it is too long.
    pub(super) fn at(mut self, mut path: String) -> Self {
        path.truncate(path.floor_char_boundary(LONGEST_PATH));
        self.path = path;
        self
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for JsonError {}
