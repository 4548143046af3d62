//! The derivation of a document as the domain gives it: a tree of figures.

use abono_domain::document::explain::Because;
use askama::Template;

/// A figure, with a list of those that it follows from.
#[derive(Debug, Template)]
#[template(path = "because.html")]
pub(super) struct Tree<'a> {
    of: &'a Because,
}

impl<'a> Tree<'a> {
    pub(super) const fn new(of: &'a Because) -> Self {
        Self { of }
    }
}
