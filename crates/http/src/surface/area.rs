//! A part of a contract: what lies under one base, and how requests may be spelled there.

use super::route::{Route, without_suffix};
use http::Method;

/// What lies under one base.
#[derive(Debug)]
pub struct Area<'b, O: 'static> {
    pub(super) base: &'b str,
    pub(super) routes: &'static [Route<O>],
    pub(super) spelling: Spelling,
}

/// How requests may be spelled, beyond what the table says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spelling {
    /// What may stand after a dot at the end of a path.
    pub(super) suffixes: &'static [&'static str],
    /// The form of every answer, where the base says it.
    form: Option<&'static str>,
    /// The methods that every line answers beside its own.
    pub(super) also: &'static [Method],
    /// Whether templates may have capital letters.
    pub(super) has_capitals: bool,
}

impl<'b, O> Area<'b, O> {
    /// The routes at a base, spelled as they stand in the table. An empty base stands for single
    /// paths.
    pub const fn new(base: &'b str, routes: &'static [Route<O>]) -> Self {
        let spelling = Spelling { suffixes: &[], form: None, also: &[], has_capitals: false };
        Self { base, routes, spelling }
    }

    /// The same, where a path may end in a dot and one of these: it is the same line, and its
    /// [`super::Fit`] has the suffix as its form. The base itself takes none.
    #[must_use]
    pub const fn with_suffixes(self, suffixes: &'static [&'static str]) -> Self {
        Self { spelling: Spelling { suffixes, ..self.spelling }, ..self }
    }

    /// The same, where the base says the form of every answer.
    #[must_use]
    pub const fn in_form(self, form: &'static str) -> Self {
        Self { spelling: Spelling { form: Some(form), ..self.spelling }, ..self }
    }

    /// The same, where templates may have capital letters, as names of operations do.
    #[must_use]
    pub const fn with_capitals(self) -> Self {
        Self { spelling: Spelling { has_capitals: true, ..self.spelling }, ..self }
    }

    /// The same, where every line answers these methods beside its own.
    #[must_use]
    pub const fn also_by(self, also: &'static [Method]) -> Self {
        Self { spelling: Spelling { also, ..self.spelling }, ..self }
    }
}

impl Spelling {
    /// The form that a path names, whether or not there is such a path.
    pub(super) fn form(self, path: &str) -> Option<&'static str> {
        let is_named = |suffix: &&&'static str| {
            path.rsplit('/').next().and_then(|last| without_suffix(last, suffix)).is_some()
        };
        self.form.or_else(|| self.suffixes.iter().find(is_named).copied())
    }

    /// The paths beside one that the router has to know: where it ends in a parameter, the
    /// suffix is a part of that.
    pub(super) fn beside(self, path: &str) -> impl Iterator<Item = String> {
        let is_text = !path.is_empty() && !path.ends_with('}');
        let suffixes = if is_text { self.suffixes } else { &[] };
        suffixes.iter().map(move |suffix| format!("{path}.{suffix}"))
    }
}
