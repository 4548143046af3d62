//! What a contract shows to the outside: a table of routes, and the router made from it.
//!
//! Each line of a table says who may use it, and [`crate::serve`] takes nothing but surfaces: what
//! doesn't stand in a table can't be reached, and a table that contradicts itself or another one
//! keeps the server from starting.

mod area;
mod route;

pub use area::Area;
pub use route::{Fit, Route};

use crate::body::discard;
use crate::gate::oidc::{Claims, Grant};
use crate::gate::{self, Admitted, Gate, Turned};
use crate::reply::{Reply, problem};
use abono_domain::ids::CustomerId;
use abono_engine::Access;
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::routing::any;
use futures_util::FutureExt;
use http::HeaderName;
use http::request::Parts;
use route::Lines;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// A line of a surface, for checks and descriptions; the suffixes that its path may have besides
/// are no lines of their own.
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

    /// The header in which a request names the tenant's application by its token, beside the
    /// bearer token of whoever asks; `None` where the contract has none. Where it has one, both
    /// must be there and belong to one tenant.
    fn application(&self) -> Option<HeaderName> {
        None
    }

    /// What a user may do whom the identity provider vouches for; `None` where none of their roles
    /// means anything here. Only contracts with an application are asked.
    fn grant(&self, _claims: &Claims) -> Option<Grant> {
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
        head: Head<'_>,
    ) -> impl Future<Output = Reply> + Send;
}

/// A request without its body, whether or not it means a line.
#[derive(Clone, Copy, Debug)]
pub struct Head<'p> {
    /// Its method, address and headers.
    pub parts: &'p Parts,
    /// The form of the answer that its path names, as in [`Fit`].
    pub form: Option<&'static str>,
}

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
        let areas: Vec<_> = bases.iter().map(|base| Area::new(base, routes)).collect();
        Self::of_areas(&areas, gate, contract)
    }

    /// The same of several bases, each with a table of its own, where requests may be spelled in
    /// more ways than one.
    ///
    /// # Errors
    /// [`SurfaceError`].
    pub fn of_areas<C: Contract>(
        areas: &[Area<'_, C::Operation>],
        gate: Option<&Gate>,
        contract: C,
    ) -> Result<Self, SurfaceError> {
        let contract = Arc::new(contract);
        areas
            .iter()
            .try_fold(Self::default(), |surface, area| surface.with_area(area, gate, &contract))
    }

    fn with_area<C: Contract>(
        mut self,
        area: &Area<'_, C::Operation>,
        gate: Option<&Gate>,
        contract: &Arc<C>,
    ) -> Result<Self, SurfaceError> {
        let (base, spelling) = (area.base, area.spelling);
        if self.bases.contains(base) {
            return Err(SurfaceError::Ambiguous(base.to_owned()));
        }
        let handler = |routes: &[&'static Route<C::Operation>]| {
            let lines = Lines { routes: Arc::from(routes), spelling };
            let (gate, contract) = (gate.cloned(), contract.clone());
            any(move |request| caught(lines.clone(), gate.clone(), contract.clone(), request))
        };
        let mut of_path: BTreeMap<&str, Vec<&'static Route<C::Operation>>> = BTreeMap::new();
        for route in area.routes {
            route.check(gate.is_some(), spelling)?;
            for entry in route.entries(base, spelling) {
                self.enter(entry)?;
            }
            of_path.entry(route.path()).or_default().push(route);
        }
        let mut router = Router::new();
        for (path, routes) in of_path {
            self.claim(format!("{base}{path}"))?;
            for beside in spelling.beside(path) {
                self.claim(format!("{base}{beside}"))?;
                router = router.route(&beside, handler(&routes));
            }
            // Under a base, its own address is the root.
            let path = if path.is_empty() { "/" } else { path };
            router = router.route(path, handler(&routes));
        }
        self.router = if base.is_empty() {
            self.router.merge(router)
        } else {
            self.bases.insert(base.to_owned());
            let under = router.fallback_service(handler(&[]));
            // A nested router doesn't see its own address with a slash after it.
            let slash = format!("{base}/");
            self.router.nest(base, under).route(&slash, handler(&[]))
        };
        Ok(self)
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
    lines: Lines<C::Operation>,
    gate: Option<Gate>,
    contract: Arc<C>,
    request: Request,
) -> Reply {
    let route = request.extensions().get::<MatchedPath>().cloned();
    // A handler's future is large, and would be copied through each layer around it.
    let answer = AssertUnwindSafe(Box::pin(pass(lines, gate, contract.clone(), request)));
    answer.catch_unwind().await.unwrap_or_else(|_| {
        tracing::error!(route = route.as_ref().map(MatchedPath::as_str), "a handler panicked");
        contract.panicked()
    })
}

/// Takes a request through the gate to its handler.
async fn pass<C: Contract>(
    lines: Lines<C::Operation>,
    gate: Option<Gate>,
    contract: Arc<C>,
    request: Request,
) -> Reply {
    let (mut parts, body) = request.into_parts();
    let parameters = RawPathParams::from_request_parts(&mut parts, &()).await;
    let form = lines.spelling.form(parts.uri.path());
    // What doesn't decode to UTF-8 is nothing that a line could mean.
    let fit = parameters.map_or(Err(Turned::Missing), |parameters| {
        let sent: Vec<&str> = parameters.iter().map(|(_, segment)| segment).collect();
        lines.find(&parts.method, &sent, form)
    });
    let is_open = fit.as_ref().is_ok_and(|fit| gate::is_open(fit.route.rule));
    let known = match &gate {
        Some(gate) if !is_open => gate.identify(&*contract, &parts.headers).await.map(Some),
        Some(_) | None => Ok(None),
    };
    let (caller, admitted) = match known {
        Ok(caller) => (caller.clone(), fit.and_then(|fit| Gate::admit(&*contract, fit, caller))),
        Err(turned) => (None, Err(turned)),
    };
    match admitted {
        Ok(admitted) => contract.answer(admitted, Request::from_parts(parts, body)).await,
        Err(turned) => {
            // A client that still sends when we answer would see its connection reset.
            discard(body).await;
            let access = caller.map(|caller| caller.access);
            contract.turn(turned, access, Head { parts: &parts, form }).await
        }
    }
}

#[cfg(test)]
mod tests;
