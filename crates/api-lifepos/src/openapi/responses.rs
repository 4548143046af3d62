//! What is answered: the one success of each operation, and the refusals that all of them share.

use super::about::About;
use super::shapes::{Shape, one};
use crate::error::Envelope;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response, ResponseBuilder, Responses, ResponsesBuilder, Schema,
};

/// The refusals: name, status, and what is wrong.
const REFUSALS: [(&str, u16, &str); 6] = [
    ("Unauthorized", 401, "There is no valid token."),
    ("NoPermissions", 403, "The token does not permit this."),
    ("NotFound", 404, "There is no such thing."),
    ("NotValid", 422, "The request can't be carried out as it is; `info` says what is wrong."),
    ("TooManyRequests", 429, "It is too early; the same request may be sent later."),
    ("InternalServerError", 500, "Something went wrong on our side, or the outcome is unknown."),
];

/// The shape of every refusal.
pub(super) fn envelope() -> Shape {
    one::<Envelope<'_>>()
}

/// Each refusal with its name.
pub(super) fn refusals() -> impl Iterator<Item = (&'static str, Response)> {
    REFUSALS.into_iter().map(|(name, status, text)| {
        let response = json(text, envelope().schema);
        let response = match status {
            401 => response.header("WWW-Authenticate", header(Type::String, "Always `Bearer`.")),
            429 => {
                let seconds = header(Type::Integer, "After how many seconds to try again.");
                response.header("Retry-After", seconds)
            }
            _ => response,
        };
        (name, response.build())
    })
}

/// All answers of an operation.
pub(super) fn all(about: &About) -> Responses {
    let success = json("Carried out.", about.answer.schema.clone());
    let responses = ResponsesBuilder::new().response(about.status.to_string(), success);
    let refusals =
        REFUSALS.iter().map(|(name, status, _)| (status, Ref::from_response_name(*name)));
    refusals
        .fold(responses, |all, (status, refusal)| all.response(status.to_string(), refusal))
        .build()
}

fn json(text: &str, schema: RefOr<Schema>) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let id = header(Type::String, "The request's id, for questions to the operator.");
    ResponseBuilder::new()
        .description(text)
        .content("application/json", content)
        .header("X-Request-Id", id)
}

fn header(of: Type, text: &str) -> utoipa::openapi::Header {
    let schema = ObjectBuilder::new().schema_type(of);
    HeaderBuilder::new().schema(schema).description(Some(text)).build()
}
