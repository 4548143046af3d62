//! JSV: JSON's shape, CSV's quoting, and no types.
//!
//! White space around values and names is taken away, as hand-written JSV has it after commas; a
//! text that needs it stands in quotation marks.

use super::super::node::{List, Node};
use super::members::Members;
use super::{MAX_DEPTH, ReadError};

/// One document, which is an object.
pub(super) fn document(text: &str) -> Result<Node, ReadError> {
    if !text.trim_start().starts_with('{') {
        return Err(ReadError::malformed("not JSV: expected an object"));
    }
    whole(text)
}

/// One value and nothing after it.
pub(super) fn whole(text: &str) -> Result<Node, ReadError> {
    if text.contains('\0') {
        return Err(ReadError::forbidden("the character U+0000 is not allowed"));
    }
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_blanks();
    if reader.rest.is_empty() { Ok(value) } else { Err(unexpected(reader.rest)) }
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// One value, with `depth` values around it.
    fn value(&mut self, depth: usize) -> Result<Node, ReadError> {
        self.skip_blanks();
        match self.rest.chars().next() {
            Some('{' | '[') if depth == MAX_DEPTH => Err(ReadError::too_deep()),
            Some('{') => self.members(depth),
            Some('[') => self.items(depth),
            Some('"') => self.quoted().map(Node::Text),
            Some(_) | None => match self.bare()? {
                "null" => Ok(Node::Null),
                text => Ok(Node::text(text)),
            },
        }
    }

    fn members(&mut self, depth: usize) -> Result<Node, ReadError> {
        self.take('{');
        let mut members = Members::default();
        if self.take('}') {
            return Ok(members.object());
        }
        loop {
            let name = self.name()?;
            self.expect(':')?;
            members.add(name, self.value(depth.saturating_add(1))?)?;
            if self.take('}') {
                return Ok(members.object());
            }
            self.expect(',')?;
        }
    }

    fn items(&mut self, depth: usize) -> Result<Node, ReadError> {
        self.take('[');
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Node::List(List { of: None, items }));
        }
        loop {
            items.push(self.value(depth.saturating_add(1))?);
            if self.take(']') {
                return Ok(Node::List(List { of: None, items }));
            }
            self.expect(',')?;
        }
    }

    fn name(&mut self) -> Result<String, ReadError> {
        self.skip_blanks();
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let (name, rest) = self.rest.split_once(':').ok_or_else(|| unexpected(self.rest))?;
        if name.contains(['{', '}', '[', ']', ',', '"']) {
            return Err(unexpected(name));
        }
        self.rest = &self.rest[self.rest.len() - rest.len() - 1..];
        Ok(name.trim_end().to_owned())
    }

    /// Text up to the next sign that ends it. Colons are part of it: an unquoted time has them.
    fn bare(&mut self) -> Result<&str, ReadError> {
        let end = self.rest.find([',', '}', ']']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        if text.contains(['{', '[', '"']) {
            return Err(unexpected(text));
        }
        self.rest = rest;
        Ok(text.trim_end())
    }

    /// Text in quotation marks, those inside doubled.
    fn quoted(&mut self) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('"').unwrap_or(self.rest);
        while let Some((before, after)) = rest.split_once('"') {
            text.push_str(before);
            match after.strip_prefix('"') {
                Some(after) => {
                    text.push('"');
                    rest = after;
                }
                None => {
                    self.rest = after;
                    return Ok(text);
                }
            }
        }
        Err(ReadError::malformed("not JSV: a quotation mark is not closed"))
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Whether this sign comes next; then it is taken.
    fn take(&mut self, sign: char) -> bool {
        self.skip_blanks();
        self.rest.strip_prefix(sign).inspect(|rest| self.rest = rest).is_some()
    }

    fn expect(&mut self, sign: char) -> Result<(), ReadError> {
        if self.take(sign) { Ok(()) } else { Err(unexpected(self.rest)) }
    }
}

fn unexpected(rest: &str) -> ReadError {
    match rest.chars().next() {
        Some(_) => ReadError::malformed("not JSV: a sign stands where none of its kind can"),
        None => ReadError::malformed("not JSV: the document ends too early"),
    }
}
