//! XML, of which only elements and text are read.
//!
//! A document type, an entity of its own, a processing instruction and an inclusion are refused
//! outright, wherever they stand: nothing that a client writes makes us fetch or multiply anything.
//! What the parser lets pass is refused here: a second root, a declaration that is not the first
//! thing or names another encoding, text between elements, characters that XML has not.

use super::super::node::{Node, namespace};
use super::members::{Members, too_many};
use super::{MAX_DEPTH, MAX_MEMBERS, ReadError};
use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

const INCLUSION: &str = "http://www.w3.org/2001/XInclude";

/// How many attributes an element may have, and how many namespaces may be in scope: both are
/// looked through for each element.
const MAX_ATTRIBUTES: usize = 64;

/// One document. What its root is called does not matter.
pub(super) fn document(text: &str) -> Result<Node, ReadError> {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.check_comments = true;
    config.allow_dangling_amp = false;
    reader.resolver_mut().set_max_namespace_bindings(MAX_ATTRIBUTES);
    let mut tree = Tree::default();
    let mut is_first = true;
    loop {
        let event = reader.read_event().map_err(|_| ReadError::malformed("not XML"))?;
        match event {
            Event::Start(start) => tree.open(element(&reader, &start)?)?,
            Event::Empty(start) => {
                tree.open(element(&reader, &start)?)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content())?,
            Event::CData(text) => tree.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => tree.character(referred(&reference)?)?,
            Event::Comment(_) => {}
            Event::Decl(declaration) if is_first => check_declaration(&declaration)?,
            Event::Decl(_) => return Err(ReadError::malformed("not XML: a late declaration")),
            Event::PI(_) => {
                return Err(ReadError::forbidden("a processing instruction is not allowed"));
            }
            Event::DocType(_) => {
                return Err(ReadError::forbidden("a document type is not allowed"));
            }
            Event::Eof => return tree.document(),
        }
        is_first = false;
    }
}

/// Version 1.0 in UTF-8, which the bytes are known to be.
fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), ReadError> {
    let version = declaration.version().map_err(|_| ReadError::malformed("not XML"))?;
    if version != "1.0" {
        return Err(ReadError::malformed("not XML of version 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(_) => Err(ReadError::malformed("the encoding is not utf-8")),
    }
}

/// An element that has been opened.
struct Element {
    name: String,
    is_nil: bool,
    text: String,
    children: Vec<(String, Node)>,
}

/// An element from its start tag.
fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Element, ReadError> {
    let (resolved, local) = reader.resolver().resolve_element(start.name());
    check_prefix(&resolved)?;
    if resolved == ResolveResult::Bound(Namespace(INCLUSION)) {
        return Err(ReadError::forbidden("an inclusion is not allowed"));
    }
    let name = local.as_ref();
    if !is_name(name) {
        return Err(ReadError::malformed("not XML: an element's name is none"));
    }
    let mut is_nil = false;
    // Two attributes of one name are found by looking through all before, so they are counted.
    for (at, attribute) in start.attributes().enumerate() {
        let attribute = attribute.map_err(|_| ReadError::malformed("not XML: an attribute"))?;
        if at == MAX_ATTRIBUTES {
            return Err(ReadError::forbidden("an element has too many attributes"));
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| ReadError::forbidden("an attribute refers to an unknown entity"))?;
        check_characters(&value)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (resolved, local) = reader.resolver().resolve_attribute(attribute.key);
        check_prefix(&resolved)?;
        if resolved == ResolveResult::Bound(Namespace(namespace::INSTANCE))
            && local.as_ref() == "nil"
        {
            is_nil = matches!(value.trim(), "true" | "1");
        }
    }
    Ok(Element { name: name.to_owned(), is_nil, text: String::new(), children: Vec::new() })
}

fn check_prefix(resolved: &ResolveResult<'_>) -> Result<(), ReadError> {
    match resolved {
        ResolveResult::Unknown(_) => Err(ReadError::malformed("not XML: an undeclared prefix")),
        ResolveResult::Bound(_) | ResolveResult::Unbound => Ok(()),
    }
}

/// A name as the contract could have one.
fn is_name(name: &str) -> bool {
    name.starts_with(|it: char| it.is_alphabetic() || it == '_')
        && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))
}

/// The character that a reference stands for: one by its number, or one of the five that XML names.
fn referred(reference: &BytesRef<'_>) -> Result<char, ReadError> {
    let by_number = reference
        .resolve_char_ref()
        .map_err(|_| ReadError::malformed("not XML: a reference to no character"))?;
    let character = match (&**reference, by_number) {
        (_, Some(character)) => character,
        ("lt", _) => '<',
        ("gt", _) => '>',
        ("amp", _) => '&',
        ("apos", _) => '\'',
        ("quot", _) => '"',
        _ => return Err(ReadError::forbidden("an entity of a document is not allowed")),
    };
    if is_xml_character(character) {
        return Ok(character);
    }
    Err(ReadError::malformed("not XML: a reference to a character that XML has not"))
}

fn check_characters(text: &str) -> Result<(), ReadError> {
    if text.chars().all(is_xml_character) {
        return Ok(());
    }
    Err(ReadError::malformed("not XML: a character that XML has not"))
}

/// Whether XML 1.0 can carry the character at all.
pub(in super::super) const fn is_xml_character(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}

/// The elements that are open, the root first, and what the root became.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Node>,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), ReadError> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(ReadError::malformed("not XML: a second root"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(ReadError::too_deep());
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), ReadError> {
        let Some(element) = self.open.pop() else { return Err(ReadError::malformed("not XML")) };
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(root(element)?);
            return Ok(());
        };
        if parent.children.len() == MAX_MEMBERS {
            return Err(too_many());
        }
        let name = element.name.clone();
        parent.children.push((name, value(element)?));
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        check_characters(text)?;
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if is_blank(text) => {}
            None => return Err(ReadError::malformed("not XML: text outside of the root")),
        }
        Ok(())
    }

    fn character(&mut self, character: char) -> Result<(), ReadError> {
        let Some(element) = self.open.last_mut() else {
            return Err(ReadError::malformed("not XML: text outside of the root"));
        };
        element.text.push(character);
        Ok(())
    }

    fn document(self) -> Result<Node, ReadError> {
        if !self.open.is_empty() {
            return Err(ReadError::malformed("not XML: the document ends too early"));
        }
        self.root.ok_or_else(|| ReadError::malformed("not XML: no element"))
    }
}

/// The root is an object, so each of its members stands once.
fn root(element: Element) -> Result<Node, ReadError> {
    if !is_blank(&element.text) {
        return Err(ReadError::malformed("expected members and not a text"));
    }
    let mut members = Members::default();
    for (name, value) in element.children {
        members.add(name, value)?;
    }
    Ok(members.object())
}

/// An element that is not the root: nothing, text, or what stands in it.
fn value(element: Element) -> Result<Node, ReadError> {
    let Element { is_nil, text, children, .. } = element;
    let is_text = children.is_empty() && !text.is_empty();
    match (is_nil, is_text) {
        (true, _) if children.is_empty() && is_blank(&text) => Ok(Node::Null),
        (true, _) => Err(ReadError::malformed("an element that is nil has something in it")),
        (false, true) => Ok(Node::Text(text)),
        (false, false) if is_blank(&text) => Ok(Node::Elements(children)),
        (false, false) => Err(ReadError::malformed("text stands between elements")),
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|it| matches!(it, ' ' | '\t' | '\n' | '\r'))
}
