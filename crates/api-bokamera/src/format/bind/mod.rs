//! Taking the members of a tree by name, whatever format it was read from.
//!
//! Names match in any letter case, unknown members are ignored, and null is absence. A value of
//! another type is noted and the rest still read, so that one answer names all that is wrong.

mod scalar;

use super::decimal::Decimal;
use super::node::{BoolSpelling, Node, Parts};
use super::read::jsv_value;
use super::status::{FieldError, ResponseStatus};
use abono_http::path::guid;
use jiff::Timestamp;
use scalar::date_time;
use std::borrow::Cow;
use uuid::Uuid;

/// A type of the contract that can be read.
pub trait FromNode: Sized {
    /// Reads every member, and gives the whole if nothing was wrong. What was wrong is in `fields`.
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self>;
}

/// A type with a closed list of cases.
pub trait Choice: Copy + 'static {
    /// Each case with its number and its name.
    const CASES: &'static [(i32, &'static str, Self)];

    /// The case's name.
    fn name(self) -> &'static str;
}

/// Reads a `T` from several trees, as path, query and body: of two members of one name, the one in
/// the first of them counts.
///
/// # Errors
/// Every member that is missing or has another type, each by its name.
pub fn bind<T: FromNode>(sources: &[&Node]) -> Result<T, ResponseStatus> {
    let mut fields = Fields::of(sources, String::new());
    let value = T::from_fields(&mut fields);
    match value {
        Some(value) if fields.errors.is_empty() => Ok(value),
        Some(_) | None => Err(ResponseStatus::of_fields(fields.errors)),
    }
}

/// The members of one object.
pub struct Fields<'a> {
    members: Vec<(&'a str, &'a Node)>,
    /// Where the object stands, with a point after it; empty for the document.
    path: String,
    errors: Vec<FieldError>,
}

impl<'a> Fields<'a> {
    fn of(sources: &[&'a Node], path: String) -> Self {
        let members = sources.iter().flat_map(|node| members_of(node)).collect();
        Self { members, path, errors: Vec::new() }
    }

    /// An id, in any of its spellings.
    pub fn guid(&mut self, name: &str) -> Option<Uuid> {
        self.scalar(name, guid)
    }

    /// An id of which the zero id is none.
    pub fn guid_if_any(&mut self, name: &str) -> Option<Uuid> {
        self.guid(name).filter(|id| !id.is_nil())
    }

    /// A whole number of 32 bits, written as such.
    pub fn int(&mut self, name: &str) -> Option<i32> {
        self.scalar(name, scalar::int)
    }

    /// A number with decimals.
    pub fn decimal(&mut self, name: &str) -> Option<Decimal> {
        self.take(name, |node| Decimal::parse(&figure_or_text(node)?))
    }

    /// A text; a number and a truth value are read as they are written.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, text_of)
    }

    /// A text that the contract requires and that is empty where nobody gave it.
    pub fn text_or_empty(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// A moment: ISO 8601, in UTC where it names no zone, or `/Date(milliseconds)/`.
    pub fn date_time(&mut self, name: &str) -> Option<Timestamp> {
        self.scalar(name, date_time)
    }

    /// A case, by its name in any letter case or by its number.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<T> {
        self.scalar(name, |text| {
            let number = scalar::int(text);
            let is_it = |case: &&(i32, &str, T)| {
                case.1.eq_ignore_ascii_case(text) || number == Some(case.0)
            };
            T::CASES.iter().find(is_it).map(|case| case.2)
        })
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.take(name, |node| {
            let node = structured(node);
            items_of(&node)?.into_iter().map(text_of).collect()
        })
    }

    /// An object.
    pub fn object<T: FromNode>(&mut self, name: &str) -> Option<T> {
        let node = structured(self.find(name)?);
        self.inside(format!("{}{name}", self.path), &node)
    }

    /// A list of objects.
    pub fn list<T: FromNode>(&mut self, name: &str) -> Option<Vec<T>> {
        let node = structured(self.find(name)?);
        let Some(items) = items_of(&node) else {
            self.invalid(name, &node);
            return None;
        };
        let read = |(at, item)| self.inside(format!("{}{name}[{at}]", self.path), item);
        // Every item is read before the list is given up, so that each error is found.
        let items: Vec<Option<T>> = items.into_iter().enumerate().map(read).collect();
        items.into_iter().collect()
    }

    /// What `read` gives for this member, which must be there: `fields.required("Id",
    /// Fields::guid)`.
    pub fn required<V>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self, &str) -> Option<V>,
    ) -> Option<V> {
        let before = self.errors.len();
        let value = read(self, name);
        if value.is_none() && self.errors.len() == before {
            self.missing(name);
        }
        value
    }

    /// Notes that a member has no value and must have one.
    pub fn missing(&mut self, name: &str) {
        self.errors.push(FieldError::empty(format!("{}{name}", self.path)));
    }

    /// Notes that a member has another value than it can have.
    pub fn invalid(&mut self, name: &str, node: &Node) {
        self.errors.push(invalid(format!("{}{name}", self.path), node));
    }

    fn find(&self, name: &str) -> Option<&'a Node> {
        let is_it = |member: &&(&str, &Node)| member.0.eq_ignore_ascii_case(name);
        let found = self.members.iter().find(is_it).map(|(_, node)| *node);
        found.filter(|node| !matches!(node, Node::Null | Node::WrittenNull))
    }

    fn take<V>(&mut self, name: &str, read: impl FnOnce(&Node) -> Option<V>) -> Option<V> {
        let node = self.find(name)?;
        let value = read(node);
        if value.is_none() {
            self.invalid(name, node);
        }
        value
    }

    /// A value that no number with decimals can be: not even `1.0` is a whole number.
    fn scalar<V>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<V>) -> Option<V> {
        self.take(name, |node| read(&figure_or_text(node).filter(|_| !is_decimal(node))?))
    }

    fn inside<T: FromNode>(&mut self, path: String, node: &Node) -> Option<T> {
        let members = members_of(node);
        let is_object = matches!(node, Node::Object(_)) || has_names_once(node);
        if !is_object {
            self.errors.push(invalid(path, node));
            return None;
        }
        let mut fields = Fields { members, path: format!("{path}."), errors: Vec::new() };
        let value = T::from_fields(&mut fields);
        self.errors.append(&mut fields.errors);
        value
    }
}

/// Repeats what was sent, unless that has parts, or would look right in its shortest form.
fn invalid(path: String, node: &Node) -> FieldError {
    let said = figure_or_text(node).filter(|text| !is_decimal(node) || text.contains('.'));
    let said = said.as_deref().map(|text| &text[..text.floor_char_boundary(SAID_MAX)]);
    FieldError::invalid(path, said)
}

fn is_decimal(node: &Node) -> bool {
    matches!(node, Node::Decimal(_))
}

/// How much of a value a message repeats.
const SAID_MAX: usize = 100;

fn members_of(node: &Node) -> Vec<(&str, &Node)> {
    match node.parts(BoolSpelling::Lower) {
        Parts::Members(members) => members,
        Parts::Items(_) | Parts::Text(_) | Parts::Word(_) | Parts::Figure(_) => Vec::new(),
        Parts::Nothing => Vec::new(),
    }
}

/// Whether these are the elements of an object: no name stands twice.
fn has_names_once(node: &Node) -> bool {
    let Node::Elements(elements) = node else { return false };
    let mut names: Vec<String> = elements.iter().map(|it| it.0.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.windows(2).all(|pair| pair[0] != pair[1])
}

/// The items of a list, or the elements of one if they all have the same name.
fn items_of(node: &Node) -> Option<Vec<&Node>> {
    if let Node::List(list) = node {
        return Some(list.items.iter().collect());
    }
    let Node::Elements(elements) = node else { return None };
    let first = elements.first().map(|(name, _)| name);
    let is_list = elements.iter().all(|(name, _)| Some(name) == first);
    is_list.then(|| elements.iter().map(|(_, node)| node).collect())
}

fn text_of(node: &Node) -> Option<String> {
    figure_or_text(node).map(Cow::into_owned)
}

/// A scalar as text. An empty element is an empty text.
fn figure_or_text(node: &Node) -> Option<Cow<'_, str>> {
    match node.parts(BoolSpelling::Lower) {
        Parts::Text(text) => Some(Cow::Borrowed(text)),
        Parts::Word(text) | Parts::Figure(text) => Some(Cow::Owned(text)),
        Parts::Members(members) => {
            let is_empty = members.is_empty() && matches!(node, Node::Elements(_));
            is_empty.then_some(Cow::Borrowed(""))
        }
        Parts::Items(_) | Parts::Nothing => None,
    }
}

/// A form and a query have no lists and no objects: there they stand as JSV in a text.
fn structured(node: &Node) -> Cow<'_, Node> {
    let Node::Text(text) = node else { return Cow::Borrowed(node) };
    let value = text.starts_with(['[', '{']).then(|| jsv_value(text)).flatten();
    value.map_or(Cow::Borrowed(node), Cow::Owned)
}
