//! XML, as .NET's `DataContractSerializer` writes it.
//!
//! Members stand in the order of their names, each in the namespace of the type that has it. A
//! namespace that is not yet in scope is declared on the element whose content needs it, under the
//! prefix that the serializer would make up. An item of a list is named after its type.

use super::super::node::{BoolSpelling, List, Node, Parts, Shape, namespace};
use super::carried;
use std::borrow::Cow;
use std::fmt::Write;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// One document. Its root is named after the type, `ArrayOf` before it for a list.
pub(super) fn document(node: &Node) -> String {
    let (name, namespace) = root(node);
    let scopes = vec![Scope { namespace, prefix: String::new() }];
    let mut writer = Writer { out: DECLARATION.to_owned(), scopes, depth: 1 };
    let declared = format!(" xmlns:i=\"{}\" xmlns=\"{namespace}\"", namespace::INSTANCE);
    writer.element("", &name, &declared, node, namespace);
    writer.out
}

/// The root's name and namespace.
fn root(node: &Node) -> (Cow<'static, str>, &'static str) {
    if let Node::List(list) = node {
        let (name, namespace) = item_type(list);
        return (format!("ArrayOf{name}").into(), namespace);
    }
    let (name, namespace) = type_of(node);
    (name.into(), namespace)
}

/// What the items of a list are called, and where that name lives.
fn item_type(list: &List) -> (&'static str, &'static str) {
    if let Some(shape) = list.of {
        return (shape.name, shape.namespace);
    }
    let is_null = |node: &&Node| matches!(node, Node::Null | Node::WrittenNull);
    list.items.iter().find(|it| !is_null(it)).map_or(("anyType", namespace::ARRAYS), type_of)
}

fn type_of(node: &Node) -> (&'static str, &'static str) {
    let name = match node {
        Node::Object(object) => {
            let known = |shape: &'static Shape| (shape.name, shape.namespace);
            return object.shape.map_or(("anyType", namespace::ARRAYS), known);
        }
        Node::List(_) => "ArrayOfanyType",
        Node::Text(_) | Node::Enum(_) => "string",
        Node::Int(_) => "int",
        Node::Decimal(_) => "double",
        Node::Bool(_) => "boolean",
        Node::Guid(_) => "guid",
        Node::DateTime(_) => "dateTime",
        Node::Elements(_) | Node::Null | Node::WrittenNull => "anyType",
    };
    (name, namespace::ARRAYS)
}

/// Where the members of an object of ours live.
fn member_namespace(node: &Node) -> Option<&'static str> {
    let Node::Object(object) = node else { return None };
    object.shape.map(|shape| shape.namespace)
}

/// A namespace, and the prefix under which it can be said.
struct Scope {
    namespace: &'static str,
    /// Empty for the namespace of what has no prefix.
    prefix: String,
}

struct Writer {
    out: String,
    scopes: Vec<Scope>,
    /// The root is at depth 1.
    depth: usize,
}

impl Writer {
    /// An element with everything in it. `owner` is the namespace of the type that has it.
    fn element(
        &mut self,
        prefix: &str,
        name: &str,
        declared: &str,
        node: &Node,
        owner: &'static str,
    ) {
        let tag = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}:{name}") };
        self.out.push('<');
        self.out.push_str(&tag);
        self.out.push_str(declared);
        match node.parts(BoolSpelling::Lower) {
            Parts::Nothing => {
                self.out.push_str(" i:nil=\"true\"/>");
                return;
            }
            Parts::Members(mut members) => {
                members.sort_by_key(|(name, _)| *name);
                self.children(member_namespace(node).unwrap_or(owner), members.into_iter());
            }
            Parts::Items(list) => {
                let (name, inner) = item_type(list);
                self.children(inner, list.items.iter().map(|item| (name, item)));
            }
            Parts::Text(text) => self.text(text),
            Parts::Word(text) | Parts::Figure(text) => self.text(&text),
        }
        let _ = write!(self.out, "</{tag}>");
    }

    fn text(&mut self, text: &str) {
        self.out.push('>');
        escape(&mut self.out, text);
    }

    /// Ends the start tag, with a declaration of `inner` if there is none yet, and writes what is
    /// inside.
    fn children<'a>(
        &mut self,
        inner: &'static str,
        children: impl Iterator<Item = (&'a str, &'a Node)>,
    ) {
        let before = self.scopes.len();
        let prefix = self.prefix(inner);
        self.out.push('>');
        self.depth += 1;
        for (name, child) in children {
            self.element(&prefix, name, "", child, inner);
        }
        self.depth -= 1;
        self.scopes.truncate(before);
    }

    /// The prefix of a namespace, declared here if it must be.
    fn prefix(&mut self, wanted: &'static str) -> String {
        if let Some(scope) = self.scopes.iter().find(|scope| scope.namespace == wanted) {
            return scope.prefix.clone();
        }
        let prefix = format!("d{}p1", self.depth);
        let _ = write!(self.out, " xmlns:{prefix}=\"{wanted}\"");
        self.scopes.push(Scope { namespace: wanted, prefix: prefix.clone() });
        prefix
    }
}

/// Text between tags. A carriage return would be read as a line feed, so it goes by its number.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(carried(other)),
        }
    }
}
