//! From an admitted request to an answer, in the format that it asks for.

use crate::error::Refused;
use crate::format::{self, Asked as AskedFormat, Format, FromNode, Node, Object, bind, choose};
use crate::routes::Operation;
use crate::{Api, language, operations};
use abono_domain::access::Role;
use abono_domain::ids::CustomerId;
use abono_domain::language::Language;
use abono_engine::{Access, Actor, Call, Key};
use abono_http::body::{BodyError, BodyLimits, read_limited};
use abono_http::gate::access::Denied;
use abono_http::gate::oidc::{Claims, Grant, Reach};
use abono_http::gate::{Admitted, Turned};
use abono_http::idempotency::idempotency_key;
use abono_http::reply::Reply;
use abono_http::surface::{Contract, Fit, Head};
use axum::body::Bytes;
use axum::extract::Request;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use uuid::Uuid;

/// The header that names the tenant's application.
const APPLICATION: HeaderName = HeaderName::from_static("x-api-key");

/// The roles of the identity provider, as the contract spells them, strongest first.
const ROLES: [(&str, Grant); 3] = [
    ("superadmin", Grant { role: Role::Admin, reach: Reach::Tenant }),
    ("bookingsupplier-administrator-write", Grant { role: Role::Buyer, reach: Reach::Company }),
    ("bookingsupplier-administrator-read", Grant { role: Role::Viewer, reach: Reach::Company }),
];

/// Who asks for what, known to be somebody who may, as far as the path says it.
pub(crate) struct Asked {
    admitted: Admitted<Operation>,
    /// The format of the answer.
    pub(crate) format: Format,
    /// The language of the names in it.
    pub(crate) language: Option<Language>,
    parts: Parts,
    body: Result<Bytes, BodyError>,
}

impl Asked {
    /// Who asks.
    pub(crate) fn access(&self) -> Result<&Access, Refused> {
        self.admitted.access().ok_or_else(Refused::unauthorized)
    }

    /// A call of whoever asks.
    pub(crate) fn call(&self) -> Result<Call, Refused> {
        let access = self.access()?;
        Ok(Call::new(access.tenant.id, Actor::Key(access.key.id.0)))
    }

    /// What is asked for: of the path, the query and the body, the first that names a member
    /// counts.
    pub(crate) fn read<T: FromNode>(&self) -> Result<T, Refused> {
        let bytes = self.body.as_ref().map_err(Refused::body)?;
        let members = self.admitted.fit.parameters.iter();
        let members = members.map(|id| (Cow::Borrowed("Id"), Node::text(id))).collect();
        let path = Node::Object(Object { shape: None, members });
        let unreadable = |error: format::ReadError| Refused::status_of(error.into());
        let query = format::query(self.parts.uri.query().unwrap_or_default());
        let query = query.map_err(unreadable)?;
        let body = format::read(&self.parts.headers, bytes).map_err(unreadable)?;
        bind(&[&path, &query, &body]).map_err(Refused::status_of)
    }

    /// The company that is named, where whoever asks may act for it; their own where none is.
    pub(crate) fn company(&self, named: Option<Uuid>) -> Result<CustomerId, Refused> {
        match named.map(CustomerId) {
            Some(company) => self.admitted.naming(company).map_err(|_| Refused::forbidden()),
            None => self.admitted.home().ok_or_else(|| Refused::missing("CompanyId")),
        }
    }

    /// The request's idempotency key for a company, for what `input` says in one spelling. Keys
    /// count within one company and operation, so a token may be changed in between.
    pub(crate) fn key(&self, company: CustomerId, input: &str) -> Result<Option<Key>, Refused> {
        let key = idempotency_key(&self.parts.headers);
        let key = key.map_err(|error| Refused::bad(error.to_string()))?;
        let Some(key) = key else { return Ok(None) };
        let route = format!("{} {company}", self.admitted.fit.route.operation.word());
        let input_hash = Sha256::digest(input).to_vec();
        Ok(Some(Key { route, key: key.to_owned(), input_hash }))
    }
}

impl Contract for Api {
    type Operation = Operation;

    /// No path names one.
    fn customer(&self, _: &Fit<Operation>) -> Option<CustomerId> {
        None
    }

    fn application(&self) -> Option<HeaderName> {
        Some(APPLICATION)
    }

    fn grant(&self, claims: &Claims) -> Option<Grant> {
        ROLES.into_iter().find(|(name, _)| claims.has_role(name)).map(|(_, grant)| grant)
    }

    async fn answer(&self, admitted: Admitted<Operation>, request: Request) -> Reply {
        let (parts, body) = request.into_parts();
        let format = format_of(&parts, admitted.fit.form);
        // Whatever comes of it: a client whose body isn't read would see its connection reset.
        let body = read_limited(&parts.headers, body, BodyLimits::default()).await;
        let language = language::wanted(&parts.headers);
        let asked = Asked { admitted, format, language, parts, body };
        operate(self, &asked).await.unwrap_or_else(|refused| refused.reply(format))
    }

    fn panicked(&self) -> Reply {
        Refused::internal().reply(Format::DEFAULT)
    }

    async fn turn(&self, why: Turned, _: Option<Access>, head: Head<'_>) -> Reply {
        turned(why, format_of(head.parts, head.form))
    }
}

fn format_of(parts: &Parts, path_word: Option<&'static str>) -> Format {
    let query = parts.uri.query().unwrap_or_default();
    choose(&AskedFormat { query, path_word, headers: &parts.headers })
}

fn turned(why: Turned, format: Format) -> Reply {
    let refused = match why {
        Turned::Method(methods) => return wrong_method(&methods, format),
        Turned::Unknown | Turned::Denied(Denied::NoToken) => Refused::unauthorized(),
        Turned::TooOften(seconds) => Refused::too_often(seconds),
        Turned::Missing | Turned::Denied(Denied::NoSuchCustomer) => {
            Refused::not_found("There is no such path")
        }
        Turned::Denied(Denied::NoPermission) => Refused::forbidden(),
        Turned::Failed(failure) => failure.into(),
    };
    refused.reply(format)
}

fn wrong_method(methods: &[Method], format: Format) -> Reply {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let reply = Refused::wrong_method().reply(format);
    match HeaderValue::from_str(&names.join(", ")) {
        Ok(allow) => reply.with(ALLOW, allow),
        Err(_) => reply,
    }
}

async fn operate(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    match asked.admitted.fit.route.operation {
        Operation::CreateNonLicenseProduct => operations::add_article(api, asked).await,
        Operation::CreateVossUsage => operations::add_usage(api, asked).await,
        Operation::TerminateVossUsage => operations::terminate_usage(api, asked).await,
        Operation::ListInvoiceArticles => operations::list_articles(api, asked).await,
    }
}
