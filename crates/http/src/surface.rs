//! What a contract shows to the outside: a table of routes, and the router made from it.
//!
//! Each line of a table says who may use it, and [`crate::serve`] takes nothing but surfaces: what
//! doesn't stand in a table can't be reached, and a table that contradicts itself or another one
//! keeps the server from starting.

use crate::access::Rule;
use crate::path;
use crate::reply::Reply;
use crate::reply::problem;
use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::routing::any;
use http::Method;
use std::collections::{BTreeMap, BTreeSet};
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
    /// The path's parameters as sent, decoded, in the template's order and without the verb.
    pub parameters: Vec<String>,
}

/// A line of a surface, for checks and descriptions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The whole path, with its verb.
    pub path: String,
    /// The HTTP method.
    pub method: String,
}

/// Why there is no surface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SurfaceError {
    /// A template that isn't one.
    #[error("`{0}` is not a path of a route")]
    Malformed(String),
    /// Two lines for one request.
    #[error("{} {} stands in the tables more than once", .0.method, .0.path)]
    Twice(Entry),
}

/// The lines of one path: they differ in method and verb.
type Routes<O> = Arc<[&'static Route<O>]>;

/// Routes that may be served.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    router: Router,
    entries: BTreeSet<Entry>,
}

impl Surface {
    /// All of `routes` at each of `bases`. Also what lies under a base and isn't in the table is
    /// answered by `answer`, which then gets no line; an empty base stands for single paths, and
    /// leaves what lies beside them to others.
    ///
    /// # Errors
    /// [`SurfaceError`].
    pub fn new<O, F, Answer>(
        bases: &[&str],
        routes: &'static [Route<O>],
        answer: F,
    ) -> Result<Self, SurfaceError>
    where
        O: Sync + 'static,
        F: Fn(Option<Fit<O>>, Request) -> Answer + Clone + Send + Sync + 'static,
        Answer: Future<Output = Reply> + Send,
    {
        let mut surface = Self::default();
        for base in bases {
            let mut of_path: BTreeMap<&str, Vec<&'static Route<O>>> = BTreeMap::new();
            for route in routes {
                route.check()?;
                surface.enter(route.entry(base))?;
                of_path.entry(route.path()).or_default().push(route);
            }
            let handler = |routes: Vec<&'static Route<O>>| {
                let (routes, answer) = (Routes::from(routes), answer.clone());
                any(move |request| fitting(routes.clone(), answer.clone(), request))
            };
            let mut router = Router::new();
            for (path, routes) in of_path {
                // Under a base, its own address is the root.
                let path = if path.is_empty() { "/" } else { path };
                router = router.route(path, handler(routes));
            }
            surface.router = if base.is_empty() {
                surface.router.merge(router)
            } else {
                let under = router.fallback_service(handler(vec![]));
                // A nested router doesn't see its own address with a slash after it.
                let slash = format!("{base}/");
                surface.router.nest(base, under).route(&slash, handler(vec![]))
            };
        }
        Ok(surface)
    }

    fn enter(&mut self, entry: Entry) -> Result<(), SurfaceError> {
        if self.entries.contains(&entry) {
            return Err(SurfaceError::Twice(entry));
        }
        self.entries.insert(entry);
        Ok(())
    }

    /// Both surfaces.
    ///
    /// # Errors
    /// [`SurfaceError::Twice`], where they claim the same path.
    pub fn with(mut self, other: Self) -> Result<Self, SurfaceError> {
        let paths: BTreeSet<&String> = self.entries.iter().map(|entry| &entry.path).collect();
        let is_taken = |entry: &&Entry| paths.contains(&entry.path);
        if let Some(taken) = other.entries.iter().find(is_taken).cloned() {
            return Err(SurfaceError::Twice(taken));
        }
        self.entries.extend(other.entries);
        self.router = self.router.merge(other.router);
        Ok(self)
    }

    /// All its lines.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The router, for requests without a server.
    pub fn into_router(self) -> Router {
        self.router.fallback(async || problem(404, "not found", None))
    }
}

/// Answers a request by the line that it fits.
async fn fitting<O, F, Answer>(routes: Routes<O>, answer: F, request: Request) -> Reply
where
    O: Sync + 'static,
    F: Fn(Option<Fit<O>>, Request) -> Answer,
    Answer: Future<Output = Reply>,
{
    let (mut parts, body) = request.into_parts();
    let parameters = RawPathParams::from_request_parts(&mut parts, &()).await;
    // What doesn't decode to UTF-8 is nothing that a line could mean.
    let fit = parameters.ok().and_then(|parameters| {
        let sent: Vec<&str> = parameters.iter().map(|(_, segment)| segment).collect();
        routes.iter().find_map(|route| route.fit(&parts.method, &sent))
    });
    answer(fit, Request::from_parts(parts, body)).await
}

impl<O> Route<O> {
    fn check(&self) -> Result<(), SurfaceError> {
        let segments: Vec<&str> = self.template.split('/').skip(1).collect();
        let is_segment = |segment: &&str| {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let word = name.unwrap_or(segment);
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_".contains(&byte))
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
    fn path(&self) -> &'static str {
        self.template.split_once("}:").map_or(self.template, |(path, _)| {
            self.template.get(..=path.len()).unwrap_or(self.template)
        })
    }

    fn verb(&self) -> Option<&'static str> {
        self.template.split_once("}:").map(|(_, verb)| verb)
    }

    fn entry(&self, base: &str) -> Entry {
        let path = format!("{base}{}", self.template);
        Entry { path, method: self.method.as_str().to_owned() }
    }

    fn fit(&'static self, method: &Method, sent: &[&str]) -> Option<Fit<O>> {
        if self.method != *method {
            return None;
        }
        let mut parameters: Vec<String> = sent.iter().map(|&segment| segment.to_owned()).collect();
        if let Some(verb) = self.verb() {
            let (id, asked) = path::verb(sent.last()?)?;
            let id = (asked == verb).then(|| id.to_owned())?;
            *parameters.last_mut()? = id;
        }
        Some(Fit { route: self, parameters })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    const fn route(
        method: Method,
        template: &'static str,
        name: &'static str,
    ) -> Route<&'static str> {
        Route { method, template, rule: Rule::Anyone, operation: name }
    }

    static ROUTES: [Route<&str>; 5] = [
        route(Method::GET, "", "list owners"),
        route(Method::GET, "/{owner}/things", "list"),
        route(Method::GET, "/{owner}/things/{id}", "read"),
        route(Method::POST, "/{owner}/things/{id}:cancel", "cancel"),
        route(Method::POST, "/{owner}/things/{id}:revive", "revive"),
    ];

    async fn answer(fit: Option<Fit<&'static str>>, _: Request) -> Reply {
        let told = fit.map(|fit| format!("{} {}", fit.route.operation, fit.parameters.join(" ")));
        Reply::text(200, told.unwrap_or_else(|| "missing".to_owned()))
    }

    async fn ask(method: &str, path: &str) -> String {
        let surface = Surface::new(&["/owners", "/v5/owners"], &ROUTES, answer).expect("a surface");
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        let response = surface.into_router().oneshot(request.expect("a request")).await;
        let body = response.expect("infallible").into_body().collect().await.expect("a body");
        String::from_utf8(body.to_bytes().to_vec()).expect("UTF-8")
    }

    #[tokio::test]
    async fn a_request_finds_its_line_by_method_path_and_verb() {
        for (method, path, found) in [
            ("GET", "/owners", "list owners "),
            ("GET", "/owners/7/things", "list 7"),
            ("GET", "/v5/owners/7/things/42", "read 7 42"),
            ("POST", "/owners/7/things/42:cancel", "cancel 7 42"),
            ("POST", "/owners/7/things/42%3Arevive", "revive 7 42"),
            // A parameter may hold a colon where no verb is asked for.
            ("GET", "/owners/7/things/42:cancel", "read 7 42:cancel"),
            ("POST", "/owners/7/things/42", "missing"),
            ("POST", "/owners/7/things/42:cancel:again", "missing"),
            ("POST", "/owners/7/things/42:", "missing"),
            ("DELETE", "/owners/7/things/42", "missing"),
            // A router answers HEAD like the handler, without a body.
            ("HEAD", "/owners/7/things", ""),
            ("GET", "/owners/", "missing"),
            ("GET", "/owners/7", "missing"),
            ("GET", "/owners/7/things/", "missing"),
            ("GET", "/owners/%ff/things", "missing"),
        ] {
            assert_eq!(ask(method, path).await, found, "{method} {path}");
        }
    }

    #[tokio::test]
    async fn what_is_nobodys_is_a_problem_of_its_own() {
        assert_eq!(ask("GET", "/").await, r#"{"title":"not found","status":404}"#);
        assert_eq!(ask("GET", "/ownersx").await, r#"{"title":"not found","status":404}"#);
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        static TWICE: [Route<&str>; 2] =
            [route(Method::GET, "/a", "one"), route(Method::GET, "/a", "other")];
        let entry = Entry { path: "/a".to_owned(), method: "GET".to_owned() };
        let twice = SurfaceError::Twice(entry);
        assert_eq!(Surface::new(&[""], &TWICE, answer).err(), Some(twice.clone()));
        assert_eq!(twice.to_string(), "GET /a stands in the tables more than once");
        static MALFORMED: [Route<&str>; 1] = [route(Method::GET, "/a//b", "none")];
        assert!(Surface::new(&[""], &MALFORMED, answer).is_err());
    }

    #[test]
    fn a_template_is_made_of_words_and_parameters() {
        for template in ["", "/a", "/{a}/b-c", "/a/{b_c}", "/{a}:do-it"] {
            assert_eq!(route(Method::GET, template, "").check(), Ok(()), "{template}");
        }
        for template in ["a", "/", "/a/", "/{a", "/{a}:", "/{}", "/A", "/a b", "/{a}:x/b"] {
            assert!(route(Method::GET, template, "").check().is_err(), "{template}");
        }
    }

    #[test]
    fn two_surfaces_may_not_claim_one_path() {
        static ONE: [Route<&str>; 1] = [route(Method::GET, "/a", "one")];
        static OTHER: [Route<&str>; 1] = [route(Method::POST, "/a", "other")];
        let one = Surface::new(&[""], &ONE, answer).expect("a surface");
        let other = Surface::new(&[""], &OTHER, answer).expect("a surface");
        assert!(one.clone().with(other).is_err());
        assert!(one.with(Surface::default()).is_ok());
    }
}
