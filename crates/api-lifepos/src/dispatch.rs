//! From an admitted request to an answer. The gate has answered 401, 429 and 403 before; here 404
//! comes before 422.

use crate::Api;
use crate::error::Refused;
use crate::language::{Speech, wanted};
use crate::links::Links;
use crate::operations;
use crate::parameters::Parameters;
use crate::preferences::{Presentation, check_headers, note_alias};
use crate::routes::Operation;
use abono_domain::ids::{CustomerId, DocumentId, ProductId};
use abono_domain::language::Language;
use abono_engine::{Access, Actor, Call, Failure};
use abono_http::body::{BodyError, read_limited};
use abono_http::gate::access::Denied;
use abono_http::gate::{Admitted, Turned};
use abono_http::path;
use abono_http::reply::Reply;
use abono_http::surface::{Contract, Fit, Head};
use axum::body::Bytes;
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
    /// The language of messages and names: the one that is asked for, or the seller's.
    pub(crate) language: Language,
    pub(crate) parts: Parts,
    body: Result<Bytes, BodyError>,
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

    /// A call of whoever asks.
    pub(crate) fn call(&self) -> Call {
        Call::new(self.access.tenant.id, Actor::Key(self.access.key.id.0))
    }

    /// The bytes of the body.
    pub(crate) fn body(&self) -> Result<&[u8], Refused> {
        self.body.as_deref().map_err(|error| Refused::invalid(error.to_string()))
    }
}

impl Contract for Api {
    type Operation = Operation;

    fn customer(&self, fit: &Fit<Operation>) -> Option<CustomerId> {
        fit.parameters.first().and_then(|text| path::uuid(text)).map(CustomerId)
    }

    async fn answer(&self, admitted: Admitted<Operation>, request: Request) -> Reply {
        let (parts, body) = request.into_parts();
        // Whatever comes of it: a client whose body isn't read would see its connection reset.
        let body = read_limited(&parts.headers, body, self.settings.body).await;
        let language = self.language(admitted.access(), &parts.headers).await;
        let speech = Speech::of(&language);
        let answer = match ask(admitted, language, parts, body) {
            Ok(asked) => carry_out(self, &asked).await,
            Err(refused) => Err(refused),
        };
        answer.unwrap_or_else(|refused| refused.reply(speech))
    }

    fn panicked(&self) -> Reply {
        Refused::internal().reply(Speech::En)
    }

    async fn turn(&self, why: Turned, access: Option<Access>, head: Head<'_>) -> Reply {
        let speech = Speech::of(&self.language(access.as_ref(), &head.parts.headers).await);
        Refused::from(why).reply(speech)
    }
}

impl Api {
    /// Who makes the links of the payment requests of whoever asks.
    pub(crate) fn links(&self, asked: &Asked) -> Links {
        let (engine, public_url) = (self.engine.clone(), self.settings.public_url.clone());
        Links { engine, public_url, tenant: asked.access.tenant.id }
    }

    /// The language that is asked for, or the seller's; English for somebody unknown.
    async fn language(&self, access: Option<&Access>, headers: &HeaderMap) -> Language {
        if let Some(wanted) = wanted(headers) {
            return wanted;
        }
        let Some(access) = access else { return Language::ENGLISH };
        let seller = self.engine.seller(access.tenant.id).await;
        seller.map_or(Language::ENGLISH, |seller| seller.settings.language.clone())
    }
}

/// What was admitted, with the id of the thing in its path; an id that can't be anybody's is not
/// found.
fn ask(
    admitted: Admitted<Operation>,
    language: Language,
    parts: Parts,
    body: Result<Bytes, BodyError>,
) -> Result<Asked, Refused> {
    let access = admitted.access().cloned().ok_or(Refused::unauthorized())?;
    let item = admitted.fit.parameters.get(1);
    let item = item.map(|text| path::uuid(text).ok_or(Refused::not_found())).transpose()?;
    let (operation, org) = (admitted.fit.route.operation, admitted.customer());
    Ok(Asked { operation, access, org, item, language, parts, body })
}

impl From<Turned> for Refused {
    fn from(why: Turned) -> Self {
        match why {
            Turned::Unknown | Turned::Denied(Denied::NoToken) => Self::unauthorized(),
            Turned::TooOften(seconds) => Self::too_many(seconds),
            // The contract knows no 405.
            Turned::Missing | Turned::Method(_) | Turned::Denied(Denied::NoSuchCustomer) => {
                Self::not_found()
            }
            Turned::Denied(Denied::NoPermission) => Self::no_permissions(),
            Turned::Failed(failure) => failure.into(),
        }
    }
}

/// Blames the input only to somebody who asked about something that is there: 404 before 422.
async fn carry_out(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    match operate(api, asked).await {
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

async fn operate(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
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
        Operation::SubscriptionCalculateLicense => operations::calculate(api, asked).await,
        Operation::SubscriptionCreateInvoice => operations::create_invoice(api, asked).await,
        Operation::ListInvoices => operations::list_invoices(api, asked, &parameters).await,
        Operation::ReadInvoice => operations::read_invoice(api, asked).await,
        Operation::CancelInvoice => operations::cancel_invoice(api, asked).await,
    }
}

#[cfg(test)]
mod tests {
    use crate::routes::ROUTES;
    use abono_http::gate::access::Rule;

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
