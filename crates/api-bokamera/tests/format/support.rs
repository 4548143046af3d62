//! Short ways to say what a test is about.

use abono_api_bokamera::format::{List, Node, Object, ReadError, ReadErrorKind, Shape, read};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// An object without a type.
pub(crate) fn object(members: &[(&str, Node)]) -> Node {
    let members = members.iter().map(|(name, node)| ((*name).to_owned().into(), node.clone()));
    Node::Object(Object { shape: None, members: members.collect() })
}

/// An object of a type.
pub(crate) fn typed(shape: &'static Shape, values: Vec<Node>) -> Node {
    let names = shape.members.iter().map(|name| (*name).into());
    Node::Object(Object { shape: Some(shape), members: names.zip(values).collect() })
}

/// A list of what has no type.
pub(crate) fn list(items: Vec<Node>) -> Node {
    Node::List(List { of: None, items })
}

/// A body of this type as a tree.
pub(crate) fn sent(content_type: &str, body: impl AsRef<[u8]>) -> Result<Node, ReadError> {
    let value = content_type.parse().expect("a header");
    let headers: HeaderMap = [(CONTENT_TYPE, value)].into_iter().collect();
    read(&headers, body.as_ref())
}

/// Why a body of this type is refused.
pub(crate) fn refused(content_type: &str, body: impl AsRef<[u8]>) -> ReadErrorKind {
    let body = body.as_ref();
    let start = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
    sent(content_type, body).expect_err(&start).kind
}
