//! From an admitted request to an answer. The gate has answered 401, 429 and 403 before; here 404
//! comes before 400.

use crate::Api;
use crate::error::{Code, Refused};
use crate::operations;
use crate::routes::Operation;
use abono_domain::ids::CustomerId;
use abono_engine::{Access, Actor, Call, Failure};
use abono_http::body::{BodyError, BodyLimits, read_limited};
use abono_http::gate::access::Denied;
use abono_http::gate::{Admitted, Turned};
use abono_http::path;
use abono_http::reply::Reply;
use abono_http::surface::{Contract, Fit, Head};
use axum::body::Bytes;
use axum::extract::Request;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderValue, Method};

/// Who asks for what, known to be somebody who may.
pub(crate) struct Asked {
    operation: Operation,
    pub(crate) access: Access,
    /// The number of the subscription in the path.
    pub(crate) subscription: i64,
    pub(crate) parts: Parts,
    body: Result<Bytes, BodyError>,
}

impl Asked {
    /// A call of whoever asks.
    pub(crate) fn call(&self) -> Call {
        Call::new(self.access.tenant.id, Actor::Key(self.access.key.id.0))
    }

    /// The bytes of the body.
    pub(crate) fn body(&self) -> Result<&[u8], Refused> {
        self.body.as_deref().map_err(Refused::body)
    }
}

impl Contract for Api {
    type Operation = Operation;

    /// No path names one.
    fn customer(&self, _: &Fit<Operation>) -> Option<CustomerId> {
        None
    }

    fn tenant<'f>(&self, fit: &'f Fit<Operation>) -> Option<&'f str> {
        fit.parameters.first().map(String::as_str)
    }

    async fn answer(&self, admitted: Admitted<Operation>, request: Request) -> Reply {
        let (parts, body) = request.into_parts();
        // Whatever comes of it: a client whose body isn't read would see its connection reset.
        let body = read_limited(&parts.headers, body, BodyLimits::default()).await;
        let answer = match ask(&admitted, parts, body) {
            Ok(asked) => carry_out(self, &asked).await,
            Err(refused) => Err(refused),
        };
        answer.unwrap_or_else(|refused| refused.reply())
    }

    fn panicked(&self) -> Reply {
        Refused::new(Code::Internal).reply()
    }

    async fn turn(&self, why: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        turned(why)
    }
}

/// What was admitted, with the id in its path; one that can't be anybody's is not found.
fn ask(
    admitted: &Admitted<Operation>,
    parts: Parts,
    body: Result<Bytes, BodyError>,
) -> Result<Asked, Refused> {
    let access = admitted.access().cloned().ok_or(Refused::new(Code::Unauthorized))?;
    let subscription = admitted.fit.parameters.get(1).and_then(|text| path::int64(text));
    let subscription = subscription.ok_or(Refused::new(Code::UnknownSubscription))?;
    Ok(Asked { operation: admitted.fit.route.operation, access, subscription, parts, body })
}

fn turned(why: Turned) -> Reply {
    let refused = match why {
        Turned::Method(methods) => return wrong_method(&methods),
        Turned::Unknown | Turned::Denied(Denied::NoToken) => Refused::new(Code::Unauthorized),
        Turned::TooOften(seconds) => Refused::too_often(seconds),
        Turned::Missing | Turned::Denied(Denied::NoSuchCustomer) => Refused::new(Code::NotFound),
        Turned::Denied(Denied::NoPermission) => Refused::new(Code::Forbidden),
        Turned::Failed(failure) => failure.into(),
    };
    refused.reply()
}

/// The contract has no body for it.
fn wrong_method(methods: &[Method]) -> Reply {
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    let allow = HeaderValue::from_str(&names.join(", "));
    allow.map_or_else(|_| Reply::empty(405), |allow| Reply::empty(405).with(ALLOW, allow))
}

/// Blames the input only to somebody who asked about something that is there: 404 before 400.
async fn carry_out(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    match operate(api, asked).await {
        Err(refused) if refused.is_about_input() && !exists(api, asked).await? => {
            Err(Refused::new(Code::UnknownSubscription))
        }
        answer => answer,
    }
}

/// Whether the subscription in the path is there.
async fn exists(api: &Api, asked: &Asked) -> Result<bool, Failure> {
    let view = api.engine.subscription(&asked.access.tenant, asked.subscription).await?;
    Ok(view.is_some())
}

async fn operate(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    match asked.operation {
        Operation::ReadSubscription => operations::read_subscription(api, asked).await,
        Operation::ReadProducts => operations::read_products(api, asked).await,
        Operation::ChangeProduct => operations::change_product(api, asked).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::ROUTES;
    use abono_http::gate::access::Rule;
    use axum::response::IntoResponse;

    /// `tenant` and `ask` look for the parameters by their places.
    #[test]
    fn every_path_names_the_tenant_and_then_a_subscription() {
        for route in &ROUTES {
            let start = "/{org_id}/subscriptions/{subscription_id}";
            let rest = route.template.strip_prefix(start);
            assert!(rest.is_some_and(|rest| !rest.contains('{')), "{}", route.template);
            assert!(matches!(route.rule, Rule::OfTenant(_)), "{}", route.template);
        }
    }

    #[test]
    fn a_wrong_method_is_told_the_right_ones_and_nothing_else() {
        let reply = turned(Turned::Method(vec![Method::GET, Method::PUT]));
        assert_eq!((reply.status, reply.body.len()), (405, 0));
        assert_eq!(reply.into_response().headers()[ALLOW], "GET, PUT");
    }
}
