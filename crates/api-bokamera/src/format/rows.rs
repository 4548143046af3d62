//! Which part of a tree is a table: what CSV and JSONL write.
//!
//! The framework looks at the properties of a response in order. The first that is a list gives the
//! rows; without one, the first that is an object is the one row; without that, the response itself
//! is. What it says about errors does not count.

use super::node::{List, Node, Object, Shape};

/// A member that never gives rows.
const RESPONSE_STATUS: &str = "ResponseStatus";

/// The rows of a tree.
pub(super) enum Rows<'a> {
    /// A list's items.
    Many(&'a List),
    /// One row.
    One(&'a Node),
}

impl<'a> Rows<'a> {
    /// The rows of `node`.
    pub(super) fn of(node: &'a Node) -> Self {
        if let Node::List(list) = node {
            return Self::Many(list);
        }
        if let Node::Object(object) = node {
            return Self::of_members(object).unwrap_or(Self::One(node));
        }
        Self::One(node)
    }

    fn of_members(object: &'a Object) -> Option<Self> {
        let members = || object.members.iter().filter(|(name, _)| name != RESPONSE_STATUS);
        let list = members().find_map(|(_, value)| {
            if let Node::List(list) = value { Some(Self::Many(list)) } else { None }
        });
        let object = members().find(|(_, value)| matches!(value, Node::Object(_)));
        list.or(object.map(|(_, value)| Self::One(value)))
    }

    /// The rows in order.
    pub(super) fn items(&self) -> &'a [Node] {
        match self {
            Self::Many(list) => &list.items,
            Self::One(node) => std::slice::from_ref(node),
        }
    }

    /// What the rows are called, where they are a list of ours.
    pub(super) fn shape(&self) -> Option<&'static Shape> {
        match self {
            Self::Many(list) => list.of,
            Self::One(_) => None,
        }
    }
}

/// The names of the rows' members, in the order in which they first come. Rows that are no objects
/// have none.
pub(super) fn columns<'a>(shape: Option<&'static Shape>, rows: &'a [Node]) -> Vec<&'a str> {
    let mut columns: Vec<&str> = shape.map_or_else(Vec::new, |shape| shape.members.to_vec());
    for row in rows {
        if let Node::Object(object) = row {
            for (name, _) in &object.members {
                if !columns.contains(&name.as_ref()) {
                    columns.push(name);
                }
            }
        }
    }
    columns
}

/// A row's value under one of its names.
pub(super) fn member<'a>(row: &'a Node, name: &str) -> Option<&'a Node> {
    let Node::Object(object) = row else { return None };
    object.members.iter().find(|(it, _)| it == name).map(|(_, value)| value)
}
