//! Why a body could not be read.

use abono_http::json::{JsonError, Kind};
use std::fmt;

/// What is wrong, for an operation that answers some of it differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// The media type or its charset is none that is read.
    UnsupportedType,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The text is not of its format.
    Malformed,
    /// Values stand too deep in each other.
    TooDeep,
    /// An object has too many members.
    TooManyMembers,
    /// Two members of one object have the same name.
    DuplicateMember,
    /// What the format has and we refuse: a document type, an entity, a processing instruction, an
    /// inclusion, U+0000.
    Forbidden,
}

/// A body that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// The same in words, for the developer who sent it.
    pub message: String,
}

impl ReadError {
    pub(super) fn new(kind: ReadErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::new(ReadErrorKind::Malformed, message)
    }

    pub(super) fn unsupported(message: &str) -> Self {
        Self::new(ReadErrorKind::UnsupportedType, message)
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ReadErrorKind::Forbidden, message)
    }

    pub(super) fn too_deep() -> Self {
        let message = format!("values stand more than {} deep", super::MAX_DEPTH);
        Self::new(ReadErrorKind::TooDeep, message)
    }
}

/// The strict pass over JSON says the same things in its own words.
impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        let kind = match error.kind {
            Kind::NotUtf8 => ReadErrorKind::NotUtf8,
            Kind::TooDeep => ReadErrorKind::TooDeep,
            Kind::TooManyMembers => ReadErrorKind::TooManyMembers,
            Kind::DuplicateMember => ReadErrorKind::DuplicateMember,
            Kind::ReservedName | Kind::Nul => ReadErrorKind::Forbidden,
            Kind::NotJson | Kind::RootNotObject | Kind::Number => ReadErrorKind::Malformed,
            Kind::MissingMember | Kind::WrongType | Kind::InvalidValue => ReadErrorKind::Malformed,
        };
        Self::new(kind, error.to_string())
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}
