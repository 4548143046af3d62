//! What an answer says when it is a refusal, in whatever format was asked for.

use super::node::{Node, Shape, ToNode, namespace};
use super::read::{ReadError, ReadErrorKind};
use std::borrow::Cow;

/// The code of what cannot be read, and of a member that has another type.
const SERIALIZATION: &str = "SerializationException";

/// The code of a type or an encoding that is not read.
const NOT_SUPPORTED: &str = "NotSupportedException";

/// A refusal: `{"ResponseStatus":{"ErrorCode":…,"Message":…,"Errors":[…]}}`. What is empty is null,
/// and so left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseStatus {
    /// A name for programs, as `NotFound` or `NotEmpty`.
    pub error_code: Cow<'static, str>,
    /// The same for people.
    pub message: String,
    /// What is wrong with which member.
    pub errors: Vec<FieldError>,
}

/// What is wrong with one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A name for programs.
    pub error_code: Cow<'static, str>,
    /// The member's name as the contract spells it, with where it stands: `products[0].id`.
    pub field_name: String,
    /// The same for people.
    pub message: String,
}

impl ResponseStatus {
    /// A refusal of the request as a whole.
    pub fn new(error_code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { error_code: error_code.into(), message: message.into(), errors: Vec::new() }
    }

    /// A refusal of members: the first of them speaks for the whole.
    pub fn of_fields(errors: Vec<FieldError>) -> Self {
        let (error_code, message) = match errors.first() {
            Some(first) => (first.error_code.clone(), first.message.clone()),
            None => (Cow::Borrowed(SERIALIZATION), String::new()),
        };
        Self { error_code, message, errors }
    }
}

impl FieldError {
    /// A member whose value is another than its type has. `value` is what was sent, where that can
    /// be said in a word.
    pub fn invalid(field_name: impl Into<String>, value: Option<&str>) -> Self {
        let field_name = field_name.into();
        let message = match value {
            Some(value) => format!("'{value}' is an Invalid value for '{field_name}'"),
            None => format!("Invalid Value for '{field_name}'"),
        };
        Self { error_code: SERIALIZATION.into(), field_name, message }
    }

    /// A member that must have a value and has none.
    pub fn empty(field_name: impl Into<String>) -> Self {
        let field_name = field_name.into();
        let message = format!("'{field_name}' must not be empty.");
        Self { error_code: "NotEmpty".into(), field_name, message }
    }
}

impl From<ReadError> for ResponseStatus {
    fn from(error: ReadError) -> Self {
        let code = match error.kind {
            ReadErrorKind::UnsupportedType => NOT_SUPPORTED,
            ReadErrorKind::NotUtf8 | ReadErrorKind::Malformed | ReadErrorKind::TooDeep => {
                SERIALIZATION
            }
            ReadErrorKind::TooManyMembers
            | ReadErrorKind::DuplicateMember
            | ReadErrorKind::Forbidden => SERIALIZATION,
        };
        Self::new(code, error.message)
    }
}

/// The refusal inside of its envelope.
struct Status<'a>(&'a ResponseStatus);

impl ToNode for Status<'_> {
    const SHAPE: &'static Shape = &Shape {
        name: "ResponseStatus",
        namespace: namespace::SERVICE_STACK,
        members: &["ErrorCode", "Message", "Errors"],
    };

    fn values(&self) -> Vec<Node> {
        let Self(status) = self;
        let errors = (!status.errors.is_empty()).then_some(&*status.errors);
        vec![
            Node::text(status.error_code.as_ref()),
            Node::text(&*status.message),
            Node::or_null(errors, Node::list),
        ]
    }
}

impl ToNode for ResponseStatus {
    const SHAPE: &'static Shape = &Shape {
        name: "ErrorResponse",
        namespace: namespace::SERVICE_STACK,
        members: &["ResponseStatus"],
    };

    fn values(&self) -> Vec<Node> {
        vec![Status(self).to_node()]
    }
}

impl ToNode for FieldError {
    const SHAPE: &'static Shape = &Shape {
        name: "ResponseError",
        namespace: namespace::SERVICE_STACK,
        members: &["ErrorCode", "FieldName", "Message"],
    };

    fn values(&self) -> Vec<Node> {
        let texts = [self.error_code.as_ref(), &self.field_name, &self.message];
        texts.into_iter().map(Node::text).collect()
    }
}
