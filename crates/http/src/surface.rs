//! What a contract shows to the outside: a table of routes, and the router made from it.
//!
//! Each line of a table says who may use it, and [`crate::serve`] takes nothing but surfaces: what
//! doesn't stand in a table can't be reached, and a table that contradicts itself or another one
//! keeps the server from starting.

use crate::body::discard;
use crate::gate::access::Rule;
use crate::gate::{self, Admitted, Gate, Turned};
use crate::path;
use crate::reply::{Reply, problem};
use abono_domain::ids::CustomerId;
use abono_engine::Access;
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::routing::any;
use futures_util::FutureExt;
use http::{HeaderMap, Method};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
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
    #[error("{} {} stands in the table more than once", .0.method, .0.path)]
    Twice(Entry),
    /// Two paths that one request could mean, in one table or in two.
    #[error("`{0}` could be a path of another line too")]
    Ambiguous(String),
    /// A line that asks for a token, and nobody who asks for it.
    #[error("`{0}` asks for a token, but there is no gate before it")]
    Ungated(String),
}

/// A contract behind its table of routes.
pub trait Contract: Send + Sync + 'static {
    /// What can be done.
    type Operation: Send + Sync + 'static;

    /// The customer whom a request names by its path; `None` where the id is nobody's.
    fn customer(&self, fit: &Fit<Self::Operation>) -> Option<CustomerId>;

    /// The slug of the tenant whom a request names by its path; `None` where the contract's paths
    /// name none.
    fn tenant<'f>(&self, _fit: &'f Fit<Self::Operation>) -> Option<&'f str> {
        None
    }

    /// Answers a request that may be answered.
    fn answer(
        &self,
        admitted: Admitted<Self::Operation>,
        request: Request,
    ) -> impl Future<Output = Reply> + Send;

    /// What is answered in the contract's own envelope where a handler panicked.
    fn panicked(&self) -> Reply;

    /// Says in the contract's own envelope why a request isn't answered.
    fn turn(
        &self,
        why: Turned,
        access: Option<Access>,
        headers: &HeaderMap,
    ) -> impl Future<Output = Reply> + Send;
}

/// The lines of one path: they differ in method and verb.
type Routes<O> = Arc<[&'static Route<O>]>;

/// Routes that may be served.
#[derive(Clone, Debug, Default)]
pub struct Surface {
    router: Router,
    entries: BTreeSet<Entry>,
    /// What the router knows, with the parameters' names erased.
    paths: BTreeSet<String>,
    bases: BTreeSet<String>,
}

impl Surface {
    /// All of `routes` at each of `bases`, behind `gate`. What lies under a base and isn't in the
    /// table isn't there, for those with a token; an empty base stands for single paths, and leaves
    /// what lies beside them to others.
    ///
    /// # Errors
    /// [`SurfaceError`].
    pub fn new<C: Contract>(
        bases: &[&str],
        routes: &'static [Route<C::Operation>],
        gate: Option<&Gate>,
        contract: C,
    ) -> Result<Self, SurfaceError> {
        let mut surface = Self::default();
        let contract = Arc::new(contract);
        let handler = |routes: Vec<&'static Route<C::Operation>>| {
            let (routes, gate) = (Routes::from(routes), gate.cloned());
            let contract = contract.clone();
            any(move |request| caught(routes.clone(), gate.clone(), contract.clone(), request))
        };
        for base in bases {
            let mut of_path: BTreeMap<&str, Vec<&'static Route<C::Operation>>> = BTreeMap::new();
            for route in routes {
                route.check(gate.is_some())?;
                surface.enter(route.entry(base))?;
                of_path.entry(route.path()).or_default().push(route);
            }
            let mut router = Router::new();
            for (path, routes) in of_path {
                surface.claim(format!("{base}{path}"))?;
                // Under a base, its own address is the root.
                let path = if path.is_empty() { "/" } else { path };
                router = router.route(path, handler(routes));
            }
            surface.router = if base.is_empty() {
                surface.router.merge(router)
            } else {
                surface.bases.insert((*base).to_owned());
                let under = router.fallback_service(handler(vec![]));
                // A nested router doesn't see its own address with a slash after it.
                let slash = format!("{base}/");
                surface.router.nest(base, under).route(&slash, handler(vec![]))
            };
        }
        Ok(surface)
    }

    fn claim(&mut self, path: String) -> Result<(), SurfaceError> {
        let erased =
            path.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
        if self.paths.insert(erased.collect::<Vec<_>>().join("/")) {
            Ok(())
        } else {
            Err(SurfaceError::Ambiguous(path))
        }
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
    /// [`SurfaceError::Ambiguous`], where they claim the same path, or one a path under the base of
    /// the other.
    pub fn with(mut self, other: Self) -> Result<Self, SurfaceError> {
        let under = |path: &str, bases: &BTreeSet<String>| {
            bases.iter().any(|base| {
                path.strip_prefix(&**base)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let clash =
            other.paths.iter().find(|path| self.paths.contains(*path) || under(path, &self.bases));
        let clash = clash.or_else(|| self.paths.iter().find(|path| under(path, &other.bases)));
        if let Some(path) = clash {
            return Err(SurfaceError::Ambiguous(path.clone()));
        }
        self.entries.extend(other.entries);
        self.paths.extend(other.paths);
        self.bases.extend(other.bases);
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

/// Answers a request also where its handler panics: the client hears it, and the server lives on.
async fn caught<C: Contract>(
    routes: Routes<C::Operation>,
    gate: Option<Gate>,
    contract: Arc<C>,
    request: Request,
) -> Reply {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = AssertUnwindSafe(pass(routes, gate, contract.clone(), request));
    answer.catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(route = route.as_ref().map(MatchedPath::as_str), "a handler panicked");
        contract.panicked()
    })
}

/// Takes a request through the gate to its handler.
async fn pass<C: Contract>(
    routes: Routes<C::Operation>,
    gate: Option<Gate>,
    contract: Arc<C>,
    request: Request,
) -> Reply {
    let (mut parts, body) = request.into_parts();
    let parameters = RawPathParams::from_request_parts(&mut parts, &()).await;
    // What doesn't decode to UTF-8 is nothing that a line could mean.
    let fit = parameters.map_or(Err(Turned::Missing), |parameters| {
        let sent: Vec<&str> = parameters.iter().map(|(_, segment)| segment).collect();
        find(&routes, &parts.method, &sent)
    });
    let is_open = fit.as_ref().is_ok_and(|fit| gate::is_open(fit.route.rule));
    let known = match &gate {
        Some(gate) if !is_open => gate.identify(&parts.headers).await.map(Some),
        Some(_) | None => Ok(None),
    };
    let (access, admitted) = match known {
        Ok(access) => (access.clone(), fit.and_then(|fit| Gate::admit(&*contract, fit, access))),
        Err(turned) => (None, Err(turned)),
    };
    match admitted {
        Ok(admitted) => contract.answer(admitted, Request::from_parts(parts, body)).await,
        Err(turned) => {
            // A client that still sends when we answer would see its connection reset.
            discard(body).await;
            contract.turn(turned, access, &parts.headers).await
        }
    }
}

/// The line of a path that a request fits; otherwise the methods that its path has, if any.
fn find<O>(routes: &[&'static Route<O>], method: &Method, sent: &[&str]) -> Result<Fit<O>, Turned> {
    let fits = || routes.iter().filter_map(|route| route.fit(sent));
    let asked = fits().find(|fit| fit.route.methods().any(|known| known == *method));
    asked.ok_or_else(|| {
        let methods: Vec<Method> = fits().flat_map(|fit| fit.route.methods()).collect();
        if methods.is_empty() { Turned::Missing } else { Turned::Method(methods) }
    })
}

impl<O> Route<O> {
    fn check(&self, is_gated: bool) -> Result<(), SurfaceError> {
        if !is_gated && !gate::is_open(self.rule) {
            return Err(SurfaceError::Ungated(self.template.to_owned()));
        }
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

    /// The methods that it answers.
    fn methods(&self) -> impl Iterator<Item = Method> {
        // A probe may ask without wanting the body.
        let is_probed = self.method == Method::GET && gate::is_open(self.rule);
        [self.method.clone()].into_iter().chain(is_probed.then_some(Method::HEAD))
    }

    /// Whether a request of its path means this line, by the verb; its method may be another one.
    fn fit(&'static self, sent: &[&str]) -> Option<Fit<O>> {
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
    use abono_domain::access::Role;
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

    static ROUTES: [Route<&str>; 7] = [
        route(Method::GET, "", "list owners"),
        route(Method::GET, "/{owner}/things", "list"),
        route(Method::GET, "/{owner}/things/{id}", "read"),
        route(Method::POST, "/{owner}/things/{id}:cancel", "cancel"),
        route(Method::POST, "/{owner}/things/{id}:revive", "revive"),
        route(Method::POST, "/{owner}/events", "add"),
        route(Method::PUT, "/{owner}/events", "replace"),
    ];

    struct Told;

    impl Contract for Told {
        type Operation = &'static str;

        fn customer(&self, _: &Fit<&'static str>) -> Option<CustomerId> {
            None
        }

        async fn answer(&self, admitted: Admitted<&'static str>, _: Request) -> Reply {
            let fit = admitted.fit;
            Reply::text(200, format!("{} {}", fit.route.operation, fit.parameters.join(" ")))
        }

        fn panicked(&self) -> Reply {
            Reply::text(500, "panicked")
        }

        async fn turn(&self, why: Turned, _: Option<Access>, _: &HeaderMap) -> Reply {
            Reply::text(404, format!("{why:?}"))
        }
    }

    fn surface(bases: &[&str], routes: &'static [Route<&str>]) -> Result<Surface, SurfaceError> {
        Surface::new(bases, routes, None, Told)
    }

    async fn ask(method: &str, path: &str) -> String {
        let surface = surface(&["/owners", "/v5/owners"], &ROUTES).expect("a surface");
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        let response = surface.into_router().oneshot(request.expect("a request")).await;
        let response = response.expect("infallible");
        if method == "HEAD" {
            return response.status().as_u16().to_string();
        }
        let body = response.into_body().collect().await.expect("a body");
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
            ("POST", "/owners/7/things/42", "Method([GET, HEAD])"),
            ("POST", "/owners/7/things/42:cancel:again", "Method([GET, HEAD])"),
            ("POST", "/owners/7/things/42:", "Method([GET, HEAD])"),
            ("DELETE", "/owners/7/things/42", "Method([GET, HEAD])"),
            ("DELETE", "/owners/7/things/42:revive", "Method([GET, HEAD, POST])"),
            ("PURGE", "/owners/7/events", "Method([POST, PUT])"),
            ("HEAD", "/owners/7/events", "404"),
            ("HEAD", "/owners/7/things", "200"),
            ("HEAD", "/owners/7", "404"),
            ("GET", "/owners/", "Missing"),
            ("GET", "/owners/7", "Missing"),
            ("GET", "/owners/7/things/", "Missing"),
            ("GET", "/owners/%ff/things", "Missing"),
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
        assert_eq!(surface(&[""], &TWICE).err(), Some(twice.clone()));
        assert_eq!(twice.to_string(), "GET /a stands in the table more than once");
        static MALFORMED: [Route<&str>; 1] = [route(Method::GET, "/a//b", "none")];
        assert!(surface(&[""], &MALFORMED).is_err());
        static AMBIGUOUS: [Route<&str>; 2] =
            [route(Method::GET, "/a/{b}", "one"), route(Method::GET, "/a/{c}", "other")];
        let ambiguous = SurfaceError::Ambiguous("/a/{c}".to_owned());
        assert_eq!(surface(&[""], &AMBIGUOUS).err(), Some(ambiguous));
    }

    #[test]
    fn a_line_that_asks_for_a_token_needs_a_gate() {
        static CLOSED: [Route<&str>; 1] = [Route {
            method: Method::GET,
            template: "/a",
            rule: Rule::AnyToken(Role::Viewer),
            operation: "closed",
        }];
        assert_eq!(surface(&[""], &CLOSED).err(), Some(SurfaceError::Ungated("/a".to_owned())));
    }

    #[test]
    fn a_template_is_made_of_words_and_parameters() {
        for template in ["", "/a", "/{a}/b-c", "/a/{b_c}", "/{a}:do-it"] {
            assert_eq!(route(Method::GET, template, "").check(true), Ok(()), "{template}");
        }
        for template in ["a", "/", "/a/", "/{a", "/{a}:", "/{}", "/A", "/a b", "/{a}:x/b"] {
            assert!(route(Method::GET, template, "").check(true).is_err(), "{template}");
        }
    }

    #[test]
    fn two_surfaces_may_not_claim_one_path() {
        static ONE: [Route<&str>; 1] = [route(Method::GET, "/a/{b}:one", "one")];
        static OTHER: [Route<&str>; 1] = [route(Method::POST, "/a/{c}:other", "other")];
        let one = || surface(&[""], &ONE).expect("a surface");
        assert!(one().with(surface(&[""], &OTHER).expect("a surface")).is_err());
        assert!(one().with(surface(&["/a"], &ROUTES).expect("a surface")).is_err());
        assert!(surface(&["/a"], &ROUTES).expect("a surface").with(one()).is_err());
        assert!(one().with(surface(&["/ab"], &ROUTES).expect("a surface")).is_ok());
    }
}
