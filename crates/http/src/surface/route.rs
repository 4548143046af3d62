//! One line of a table, and whether a request means it.

use super::area::Spelling;
use super::{Entry, SurfaceError};
use crate::gate::access::Rule;
use crate::gate::{self, Turned};
use crate::path;
use http::Method;
use std::sync::Arc;

/// One line of a table.
#[derive(Debug)]
pub struct Route<O: 'static> {
    /// The HTTP method.
    pub method: Method,
    /// The path under the contract's base: segments are texts or parameters in braces, and a
    /// custom verb may stand after the last parameter's colon: `/things/{id}:cancel`.
    pub template: &'static str,
    /// Who may use it.
    pub rule: Rule,
    /// What it does.
    pub operation: O,
}

/// A request that fits a line of the table.
#[derive(Debug)]
pub struct Fit<O: 'static> {
    /// The line.
    pub route: &'static Route<O>,
    /// The path's parameters as sent, decoded, in the template's order and without the verb and
    /// the suffix.
    pub parameters: Vec<String>,
    /// The form of the answer that the path names, by its suffix or by where it lies; one of those
    /// that its [`super::Area`] has.
    pub form: Option<&'static str>,
}

/// The lines of one path: they differ in method and verb.
pub(super) struct Lines<O: 'static> {
    pub(super) routes: Arc<[&'static Route<O>]>,
    pub(super) spelling: Spelling,
}

impl<O> Clone for Lines<O> {
    fn clone(&self) -> Self {
        Self { routes: self.routes.clone(), spelling: self.spelling }
    }
}

impl<O> Lines<O> {
    /// The line that a request fits; otherwise the methods that its path has, if any.
    pub(super) fn find(
        &self,
        method: &Method,
        sent: &[&str],
        form: Option<&'static str>,
    ) -> Result<Fit<O>, Turned> {
        let fits = || self.routes.iter().filter_map(|route| route.fit(sent, form));
        let methods = |fit: &Fit<O>| fit.route.methods(self.spelling);
        let asked = fits().find(|fit| methods(fit).contains(method));
        asked.ok_or_else(|| {
            let methods: Vec<Method> = fits().flat_map(|fit| methods(&fit)).collect();
            if methods.is_empty() { Turned::Missing } else { Turned::Method(methods) }
        })
    }
}

impl<O> Route<O> {
    pub(super) fn check(&self, is_gated: bool, spelling: Spelling) -> Result<(), SurfaceError> {
        if !is_gated && !gate::is_open(self.rule) {
            return Err(SurfaceError::Ungated(self.template.to_owned()));
        }
        let segments: Vec<&str> = self.template.split('/').skip(1).collect();
        let is_letter = |byte: u8| {
            byte.is_ascii_lowercase() || (spelling.has_capitals && byte.is_ascii_uppercase())
        };
        let is_segment = |segment: &&str| {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let word = name.unwrap_or(segment);
            !word.is_empty() && word.bytes().all(|byte| is_letter(byte) || b"-_".contains(&byte))
        };
        let (last, others) = match segments.split_last() {
            Some((last, others)) => (self.last(last), others),
            None => (Some(""), &[][..]),
        };
        let is_root = self.template.is_empty();
        let is_path = self.template.starts_with('/')
            && others.iter().all(is_segment)
            && last.as_ref().is_some_and(is_segment);
        if is_root || is_path {
            Ok(())
        } else {
            Err(SurfaceError::Malformed(self.template.to_owned()))
        }
    }

    /// A last segment without its verb.
    fn last<'s>(&self, segment: &'s str) -> Option<&'s str> {
        match segment.split_once("}:") {
            Some((_, "")) => None,
            Some((name, _)) => segment.get(..=name.len()),
            None => Some(segment),
        }
    }

    /// Its path as the router knows it, without a verb: a segment is either a text or a parameter.
    pub(super) fn path(&self) -> &'static str {
        self.template.split_once("}:").map_or(self.template, |(path, _)| {
            self.template.get(..=path.len()).unwrap_or(self.template)
        })
    }

    fn verb(&self) -> Option<&'static str> {
        self.template.split_once("}:").map(|(_, verb)| verb)
    }

    /// What it answers at a base, a probe's `HEAD` aside.
    pub(super) fn entries(&self, base: &str, spelling: Spelling) -> Vec<Entry> {
        let path = format!("{base}{}", self.template);
        let methods = self.own_methods(spelling).into_iter();
        methods.map(|it| Entry { path: path.clone(), method: it.as_str().to_owned() }).collect()
    }

    fn own_methods(&self, spelling: Spelling) -> Vec<Method> {
        let also = spelling.also.iter().filter(|method| **method != self.method);
        [&self.method].into_iter().chain(also).cloned().collect()
    }

    /// The methods that it answers.
    fn methods(&self, spelling: Spelling) -> Vec<Method> {
        let mut methods = self.own_methods(spelling);
        // A probe may ask without wanting the body.
        if self.method == Method::GET && gate::is_open(self.rule) {
            methods.push(Method::HEAD);
        }
        methods
    }

    /// Whether a request of its path means this line, by the verb; its method may be another one.
    fn fit(&'static self, sent: &[&str], form: Option<&'static str>) -> Option<Fit<O>> {
        let mut parameters: Vec<String> = sent.iter().map(|&segment| segment.to_owned()).collect();
        if let Some(verb) = self.verb() {
            let (id, asked) = path::verb(sent.last()?)?;
            let id = (asked == verb).then(|| id.to_owned())?;
            *parameters.last_mut()? = id;
        } else if self.template.ends_with('}')
            && let (Some(form), Some(last)) = (form, parameters.last_mut())
            && let Some(id) = without_suffix(last, form)
        {
            *last = id.to_owned();
        }
        Some(Fit { route: self, parameters, form })
    }
}

/// A segment without the suffix that names a form.
pub(super) fn without_suffix<'s>(segment: &'s str, form: &str) -> Option<&'s str> {
    segment.strip_suffix(form)?.strip_suffix('.')
}
