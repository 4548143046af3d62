//! The tree that every format is written from and read into.

use super::bind::Choice;
use super::decimal::Decimal;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use uuid::Uuid;

/// Where the contract's types live in XML.
pub mod namespace {
    /// BokaMera's own shapes.
    pub const BOKAMERA: &str =
        "http://schemas.datacontract.org/2004/07/BokaMera.API.ServiceModel.Dtos";
    /// The shapes of the billing system behind it.
    pub const VOSS: &str = "http://schemas.datacontract.org/2004/07/VossIntegration.ApiTools.Model";
    /// The framework's own: errors.
    pub const SERVICE_STACK: &str = "http://schemas.servicestack.net/types";
    /// Lists of texts and numbers.
    pub const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";
    /// The attribute that says that a value is null.
    pub const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
}

/// What a shape of the contract is called, for the formats that say it.
#[derive(Debug, PartialEq, Eq)]
pub struct Shape {
    /// The name of the type; XML's root, and its name for an item of a list.
    pub name: &'static str,
    /// The type's namespace in XML, one of [`namespace`].
    pub namespace: &'static str,
    /// The members' names in order, which head a CSV table that has no rows.
    pub members: &'static [&'static str],
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Members with names.
    Object(Object),
    /// Values in order.
    List(List),
    /// What an XML element holds: members or items, whichever the reader of the tree asks for.
    Elements(Vec<(String, Node)>),
    /// Text. Also what a format without types (JSV, XML, a form) has for every other scalar.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with decimals, exact.
    Decimal(Decimal),
    /// A truth value.
    Bool(bool),
    /// An id, written with dashes in lower case.
    Guid(Uuid),
    /// A moment in UTC, written without zone and without fractions of a second.
    DateTime(DateTime),
    /// The name of a case.
    Enum(&'static str),
    /// Nothing: left out where the format can leave out.
    Null,
    /// Nothing, and written as `null` where [`Node::Null`] would be left out.
    WrittenNull,
}

/// Members in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What it is called; `None` for what was read.
    pub shape: Option<&'static Shape>,
    /// Names and values. No name stands twice, in whatever letter case.
    pub members: Vec<(Cow<'static, str>, Node)>,
}

/// Values of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// What an item is called, where items are objects of ours.
    pub of: Option<&'static Shape>,
    /// The items in order.
    pub items: Vec<Node>,
}

/// A shape of the contract that can be written.
pub trait ToNode {
    /// Its name and its members' names.
    const SHAPE: &'static Shape;

    /// The values of its members, one for each name of [`Self::SHAPE`] and in that order.
    fn values(&self) -> Vec<Node>;

    /// The whole as a tree.
    fn to_node(&self) -> Node {
        let names = Self::SHAPE.members.iter().map(|name| Cow::Borrowed(*name));
        let members = names.zip(self.values()).collect();
        Node::Object(Object { shape: Some(Self::SHAPE), members })
    }
}

impl Node {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A whole number of 32 bits.
    pub fn int(number: i32) -> Self {
        Self::Int(i64::from(number))
    }

    /// A case of a closed list.
    pub fn case<T: Choice>(case: T) -> Self {
        Self::Enum(case.name())
    }

    /// An instant, as its wall clock in UTC.
    pub fn instant(at: Timestamp) -> Self {
        Self::DateTime(TimeZone::UTC.to_datetime(at))
    }

    /// A list of things of one shape.
    pub fn list<T: ToNode>(items: &[T]) -> Self {
        let items = items.iter().map(ToNode::to_node).collect();
        Self::List(List { of: Some(T::SHAPE), items })
    }

    /// A list of texts.
    pub fn texts(items: &[String]) -> Self {
        Self::List(List { of: None, items: items.iter().map(Self::text).collect() })
    }

    /// What `value` holds, or [`Node::Null`].
    pub fn or_null<T>(value: Option<T>, node: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, node)
    }

    /// What a writer has to tell apart.
    pub(super) fn parts(&self, spelling: BoolSpelling) -> Parts<'_> {
        match self {
            Self::Object(object) => Parts::Members(
                object.members.iter().map(|(name, value)| (name.as_ref(), value)).collect(),
            ),
            Self::Elements(elements) => Parts::Members(
                elements.iter().map(|(name, value)| (name.as_str(), value)).collect(),
            ),
            Self::List(list) => Parts::Items(list),
            Self::Text(text) => Parts::Text(text),
            Self::Int(number) => Parts::Figure(number.to_string()),
            Self::Decimal(number) => Parts::Figure(number.to_string()),
            Self::Bool(truth) => Parts::Figure(spelling.of(*truth).to_owned()),
            Self::Guid(id) => Parts::Word(id.hyphenated().to_string()),
            Self::DateTime(at) => Parts::Word(format!("{at:.0}")),
            Self::Enum(name) => Parts::Word((*name).to_owned()),
            Self::Null | Self::WrittenNull => Parts::Nothing,
        }
    }
}

/// A value as writers see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parts<'a> {
    /// Names and values.
    Members(Vec<(&'a str, &'a Node)>),
    /// Values.
    Items(&'a List),
    /// Text that somebody wrote.
    Text(&'a str),
    /// A text of ours: an id, a time, the name of a case.
    Word(String),
    /// A number or a truth value, which JSON writes without quotation marks.
    Figure(String),
    /// Null.
    Nothing,
}

/// How truth is spelt.
#[derive(Clone, Copy)]
pub(super) enum BoolSpelling {
    /// `true`: JSON and XML.
    Lower,
    /// `True`: JSV, CSV and the page.
    Title,
}

impl BoolSpelling {
    const fn of(self, truth: bool) -> &'static str {
        match (self, truth) {
            (Self::Lower, true) => "true",
            (Self::Lower, false) => "false",
            (Self::Title, true) => "True",
            (Self::Title, false) => "False",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_its_wall_clock_in_utc_without_zone_and_fraction() {
        let at = "2026-01-31T10:00:00.999999+01:00".parse().expect("an instant");
        let written = Parts::Word("2026-01-31T09:00:00".to_owned());
        assert_eq!(Node::instant(at).parts(BoolSpelling::Lower), written);
    }
}
