//! From a line of the table to an answer, with the checks in the order that the contract promises.

use crate::Api;
use crate::error::Refused;
use crate::language::{Speech, wanted};
use crate::operations;
use crate::parameters::Parameters;
use crate::preferences::{Presentation, check_headers, note_alias};
use crate::routes::Operation;
use abono_domain::ids::{CustomerId, DocumentId, ProductId};
use abono_domain::language::Language;
use abono_engine::{Access, Failure};
use abono_http::access::{Denied, authorise};
use abono_http::bearer::{Bearer, bearer};
use abono_http::path;
use abono_http::reply::Reply;
use abono_http::surface::Fit;
use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
use http::request::Parts;
use uuid::Uuid;

/// Who asks for what, known to be somebody who may.
pub(crate) struct Asked {
    pub(crate) operation: Operation,
    pub(crate) access: Access,
    org: Option<CustomerId>,
    /// The id in the path's last segment.
    item: Option<Uuid>,
    /// The language that is asked for.
    pub(crate) wanted: Option<Language>,
    pub(crate) parts: Parts,
}

impl Asked {
    /// The organisation in the path.
    pub(crate) fn org(&self) -> Result<CustomerId, Refused> {
        self.org.ok_or(Refused::not_found())
    }

    /// The product in the path.
    pub(crate) fn product(&self) -> Result<ProductId, Refused> {
        self.item.map(ProductId).ok_or(Refused::not_found())
    }

    /// The invoice in the path.
    pub(crate) fn invoice(&self) -> Result<DocumentId, Refused> {
        self.item.map(DocumentId).ok_or(Refused::not_found())
    }
}

/// Answers a request; one that fits no line of the table isn't there, for those with a token.
pub(crate) async fn answer(api: &Api, fit: Option<Fit<Operation>>, request: Request) -> Reply {
    let (parts, body) = request.into_parts();
    let wanted = wanted(&parts.headers);
    let mut speech = wanted.as_ref().map_or(Speech::En, Speech::of);
    let answer = async {
        let access = identify(api, &parts.headers).await?;
        if wanted.is_none() {
            let seller = api.engine.seller(access.tenant.id).await?;
            speech = Speech::of(&seller.settings.language);
        }
        api.limit.check(access.key.id).map_err(Refused::too_many)?;
        let asked = admit(fit, access, wanted, parts)?;
        carry_out(api, &asked, body).await
    };
    answer.await.unwrap_or_else(|refused: Refused| refused.reply(speech))
}

/// 401: who asks.
async fn identify(api: &Api, headers: &HeaderMap) -> Result<Access, Refused> {
    let Bearer::Token(token) = bearer(headers) else { return Err(Refused::unauthorized()) };
    api.engine.authenticate(token).await?.ok_or(Refused::unauthorized())
}

/// 403, and 404 for what isn't in the table and for ids that can't be anybody's.
fn admit(
    fit: Option<Fit<Operation>>,
    access: Access,
    wanted: Option<Language>,
    parts: Parts,
) -> Result<Asked, Refused> {
    let Fit { route, parameters } = fit.ok_or(Refused::not_found())?;
    let mut ids = parameters.iter().map(|text| path::uuid(text));
    let org = ids.next().flatten().map(CustomerId);
    authorise(route.rule, Some(&access.key), org)?;
    let item = ids.next().map(|id| id.ok_or(Refused::not_found())).transpose()?;
    Ok(Asked { operation: route.operation, access, org, item, wanted, parts })
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NoToken => Self::unauthorized(),
            Denied::NoPermission => Self::no_permissions(),
            Denied::NoSuchCustomer => Self::not_found(),
        }
    }
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

/// Whether all that the path names is there.
async fn exists(api: &Api, asked: &Asked) -> Result<bool, Failure> {
    let tenant = &asked.access.tenant;
    let Some(org) = asked.org else { return Ok(true) };
    if api.engine.customer(tenant, org).await?.is_none() {
        return Ok(false);
    }
    let Some(item) = asked.item else { return Ok(true) };
    match asked.operation {
        Operation::SubscriptionCalculateLicense | Operation::SubscriptionCreateInvoice => {
            let seller = api.engine.seller(tenant.id).await?;
            Ok(seller.catalogue.product(ProductId(item)).is_some())
        }
        Operation::ReadInvoice | Operation::CancelInvoice => {
            let invoice = api.engine.payment_request(tenant, org, DocumentId(item)).await?;
            Ok(invoice.is_some())
        }
        Operation::ListOrganizations
        | Operation::ListLegalEntities
        | Operation::ListSubscriptionProducts
        | Operation::ListInvoices => Ok(true),
    }
}

async fn operate(api: &Api, asked: &Asked, body: Body) -> Result<Reply, Refused> {
    check_headers(&asked.parts.headers, api.settings.strict_headers)?;
    note_alias(&asked.parts.headers);
    let parameters = Parameters::read(&asked.parts.uri)?;
    let presentation = Presentation::read(&parameters)?;
    match asked.operation {
        Operation::ListOrganizations => operations::list_orgs(api, asked, &parameters).await,
        Operation::ListLegalEntities => {
            operations::list_legal_entities(api, asked, &parameters).await
        }
        Operation::ListSubscriptionProducts => {
            operations::list_products(api, asked, presentation).await
        }
        Operation::SubscriptionCalculateLicense => operations::calculate(api, asked, body).await,
        Operation::SubscriptionCreateInvoice => operations::create_invoice(api, asked, body).await,
        Operation::ListInvoices => operations::list_invoices(api, asked, &parameters).await,
        Operation::ReadInvoice => operations::read_invoice(api, asked).await,
        Operation::CancelInvoice => operations::cancel_invoice(api, asked).await,
    }
}

#[cfg(test)]
mod tests {
    use crate::routes::ROUTES;
    use abono_http::access::Rule;

    /// `exists` looks for the parameters by their places.
    #[test]
    fn a_path_names_an_organisation_first_and_then_one_thing() {
        for route in &ROUTES {
            let names: Vec<&str> = route.template.split('{').skip(1).collect();
            assert!(names.len() <= 2, "{}", route.template);
            let is_of_org = names.first().is_some_and(|name| name.starts_with("org_guid}"));
            assert_eq!(is_of_org, matches!(route.rule, Rule::OfCustomer(_)), "{}", route.template);
        }
    }
}
