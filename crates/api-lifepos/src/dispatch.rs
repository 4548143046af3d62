//! From the table of routes to answers, with the checks in the order that the contract promises.

use crate::Api;
use crate::access::authorise;
use crate::error::Refused;
use crate::language::{Speech, wanted};
use crate::operations;
use crate::parameters::Parameters;
use crate::preferences::{Presentation, check_headers};
use crate::routes::{Operation, ROUTES, Route};
use abono_domain::ids::{CustomerId, ProductId};
use abono_domain::language::Language;
use abono_engine::{Access, Failure};
use abono_http::bearer::{Bearer, bearer};
use abono_http::path;
use abono_http::reply::Reply;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::routing::any;
use http::HeaderMap;
use http::request::Parts;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Who asks for what, known to be somebody who may.
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) access: Access,
    pub(crate) org: CustomerId,
    /// The id in the path's last segment.
    item: Option<Uuid>,
    /// For names: the language that is asked for, or the seller's.
    pub(crate) language: Language,
    pub(crate) parts: Parts,
}

impl Asked {
    /// The product in the path.
    pub(crate) fn product(&self) -> Result<ProductId, Refused> {
        self.item.map(ProductId).ok_or(Refused::not_found())
    }
}

/// The routes of one path: they differ in method and verb.
type Routes = Arc<[&'static Route]>;

/// A router of all that stands in the table, relative to `/orgs`; anything else is not found.
pub(crate) fn orgs(api: Arc<Api>) -> Router {
    let mut paths: BTreeMap<&str, Vec<&'static Route>> = BTreeMap::new();
    for route in &ROUTES {
        paths.entry(route.path()).or_default().push(route);
    }
    let router = Router::new().fallback(async |headers: HeaderMap| not_found(&headers));
    paths.into_iter().fold(router, |router, (path, routes)| {
        let (api, routes) = (api.clone(), Routes::from(routes));
        let answer = move |request| answer(api.clone(), routes.clone(), request);
        router.route(path, any(answer))
    })
}

/// The answer for what isn't in the table.
pub(crate) fn not_found(headers: &HeaderMap) -> Reply {
    Refused::not_found().reply(stranger(headers))
}

/// The language of messages for somebody of whom nothing is known yet.
fn stranger(headers: &HeaderMap) -> Speech {
    wanted(headers).as_ref().map_or(Speech::En, Speech::of)
}

async fn answer(api: Arc<Api>, routes: Routes, request: Request) -> Reply {
    let (mut parts, body) = request.into_parts();
    let Some(target) = target(&routes, &mut parts).await else { return not_found(&parts.headers) };
    let (access, language) = match identify(&api, &parts.headers).await {
        Ok(known) => known,
        Err(refused) => return refused.reply(stranger(&parts.headers)),
    };
    let speech = Speech::of(&language);
    let answer = match admit(target, access, language, parts) {
        Ok(asked) => carry_out(&api, &asked, body).await,
        Err(refused) => Err(refused),
    };
    answer.unwrap_or_else(|refused| refused.reply(speech))
}

/// What a path names, as it is spelled there.
struct Target {
    route: &'static Route,
    org: String,
    item: Option<String>,
}

/// The route that fits method and verb.
async fn target(routes: &Routes, parts: &mut Parts) -> Option<Target> {
    let params = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let mut params = params.iter().map(|(_, segment)| segment);
    let (org, last) = (params.next()?, params.next());
    let fitting = |route: &&'static Route| {
        let item = match last {
            Some(segment) => Some(route.item(segment)?.to_owned()),
            None => None,
        };
        (route.method == parts.method).then(|| Target { route, org: org.to_owned(), item })
    };
    routes.iter().find_map(fitting)
}

/// 401: who asks, and in which language to answer.
async fn identify(api: &Api, headers: &HeaderMap) -> Result<(Access, Language), Refused> {
    let Bearer::Token(token) = bearer(headers) else { return Err(Refused::unauthorized()) };
    let access = api.engine.authenticate(token).await?.ok_or(Refused::unauthorized())?;
    let seller = api.engine.seller(access.tenant.id).await?;
    let language = wanted(headers).unwrap_or_else(|| seller.settings.language.clone());
    Ok((access, language))
}

/// 403, and 404 for ids that can't be anybody's.
fn admit(
    target: Target,
    access: Access,
    language: Language,
    parts: Parts,
) -> Result<Asked, Refused> {
    let org = authorise(target.route, &access.key, path::uuid(&target.org).map(CustomerId))?;
    let item = match target.item {
        Some(text) => Some(path::uuid(&text).ok_or(Refused::not_found())?),
        None => None,
    };
    Ok(Asked { operation: target.route.operation, access, org, item, language, parts })
}

/// Blames the input only to somebody who asked about something that is there: 404 before 422.
async fn carry_out(api: &Api, asked: &Asked, body: Body) -> Result<Reply, Refused> {
    match operate(api, asked, body).await {
        Err(refused) if refused.is_about_input() && !exists(api, asked).await? => {
            Err(Refused::not_found())
        }
        answer => answer,
    }
}

async fn exists(api: &Api, asked: &Asked) -> Result<bool, Failure> {
    let tenant = &asked.access.tenant;
    let seller = api.engine.seller(tenant.id).await?;
    let is_sold = |id: Uuid| seller.catalogue.product(ProductId(id)).is_some();
    let item = !asked.operation.is_about_a_product() || asked.item.is_some_and(is_sold);
    Ok(item && api.engine.customer(tenant, asked.org).await?.is_some())
}

async fn operate(api: &Api, asked: &Asked, body: Body) -> Result<Reply, Refused> {
    check_headers(&asked.parts.headers, api.settings.strict_headers)?;
    let parameters = Parameters::read(&asked.parts.uri)?;
    let presentation = Presentation::read(&parameters)?;
    match asked.operation {
        Operation::ListSubscriptionProducts => {
            operations::list_products(api, asked, presentation).await
        }
        Operation::SubscriptionCalculateLicense => operations::calculate(api, asked, body).await,
        Operation::SubscriptionCreateInvoice => operations::create_invoice(api, asked, body).await,
        Operation::ListInvoices => operations::list_invoices(api, asked, &parameters).await,
    }
}
