//! The contract as an OpenAPI description, made from what serves it.
//!
//! Paths, methods and roles are those of the table of routes, and shapes those of the very types
//! that are read and written: what is described can't be another thing than what is served.

mod about;
mod links;
mod parameters;
mod responses;
mod shapes;
mod sold;

pub use sold::{Sold, SoldPlan};

use crate::BASES;
use crate::routes::{ROUTES, Route};
use abono_domain::access::Role;
use abono_http::gate::access::Rule;
use about::about;
use http::Method;
use shapes::Shape;
use utoipa::openapi::path::{Operation, OperationBuilder};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApi,
    OpenApiBuilder, Paths, Ref, Required, Server,
};

/// The contract in JSON, narrowed to what is `sold` where that is said.
///
/// # Errors
/// None that is known of: the description has no shape that JSON hasn't.
pub fn describe(sold: Option<&Sold>) -> Result<String, serde_json::Error> {
    let mut description = serde_json::to_value(description(sold))?;
    // The builders spell the members of a link in a way of their own, so links come in here.
    for route in &ROUTES {
        if let Some(links) = links::links(route.operation) {
            let method = route.method.as_str().to_lowercase();
            let answers = &mut description["paths"][path(route)][method]["responses"];
            answers[about(route.operation).status.to_string()]["links"] = links;
        }
    }
    serde_json::to_string_pretty(&description)
}

/// The name of the bearer token among the security schemes.
const TOKEN: &str = "token";

/// The media types of a body, which is the same object in each.
const MEDIA_TYPES: [&str; 4] =
    ["application/json", "text/json", "application/json-patch+json", "application/*+json"];

const ABOUT: &str = "What an organisation may buy, what it would cost, and its invoices.\n\n\
    Money is in minor units. Members that may be null are always there. Unknown members of a body \
    are left alone. A body is a JSON object in UTF-8 of at most 1 MiB, in which no object has a \
    member twice, no text or name has the character U+0000, integers are written without a \
    fraction or an exponent, and objects and arrays stand at most 32 deep in each other.\n\n\
    What doesn't fit is refused in this order: 401, 403, 404, 422.";

fn description(sold: Option<&Sold>) -> OpenApi {
    let mut paths = Paths::new();
    for route in &ROUTES {
        paths.add_path_operation(path(route), vec![method(route)], operation(route, sold));
    }
    let version = env!("CARGO_PKG_VERSION");
    let info = InfoBuilder::new().title("Abono: the LIFE POS contract").version(version);
    OpenApiBuilder::new()
        .info(info.description(Some(ABOUT)).build())
        .servers(Some(servers()))
        .paths(paths)
        .components(Some(components(sold)))
        .security(Some([SecurityRequirement::new(TOKEN, Vec::<String>::new())]))
        .build()
}

/// All of it is served at each base, which the paths have the first of.
fn servers() -> Vec<Server> {
    let [first, ..] = BASES;
    let prefixes = BASES.iter().filter_map(|base| base.strip_suffix(first));
    prefixes.map(|prefix| Server::new(if prefix.is_empty() { "/" } else { prefix })).collect()
}

/// A path at the first base.
fn path(route: &Route) -> String {
    let [first, ..] = BASES;
    format!("{first}{}", route.template)
}

fn method(route: &Route) -> HttpMethod {
    if route.method == Method::GET { HttpMethod::Get } else { HttpMethod::Post }
}

fn operation(route: &Route, sold: Option<&Sold>) -> Operation {
    let about = about(route.operation);
    let parameters = parameters::all(route, &about, sold);
    let builder = OperationBuilder::new()
        .operation_id(Some(format!("{:?}", route.operation)))
        .summary(Some(about.summary))
        .description(Some(format!("{}\n\n{}", about.details, needed(route.rule))))
        .parameters(Some(parameters))
        .responses(responses::all(&about));
    builder.request_body(about.takes_order.then(body)).build()
}

fn body() -> RequestBody {
    let order = Ref::from_schema_name(shapes::order_name());
    let content = ContentBuilder::new().schema(Some(order)).build();
    let body = RequestBodyBuilder::new().required(Some(Required::True));
    MEDIA_TYPES.iter().fold(body, |body, media| body.content(*media, content.clone())).build()
}

/// Who may.
fn needed(rule: Rule) -> String {
    let least = |role: Role| format!("Needs a token of the role `{}` or a stronger", role.as_str());
    match rule {
        Rule::Anyone => "Needs no token.".to_owned(),
        Rule::AnyToken(role) => format!("{}.", least(role)),
        Rule::OfCustomer(role) => format!("{} that covers the organisation.", least(role)),
        Rule::OfNamed(role) => format!("{} that covers whom the body names.", least(role)),
        Rule::OfTenant(role) => {
            format!("{} that is not limited to some organisations.", least(role))
        }
    }
}

fn components(sold: Option<&Sold>) -> Components {
    let answers = ROUTES.iter().map(|route| about(route.operation).answer);
    let parts = answers.chain([responses::envelope()]).flat_map(Shape::into_parts);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token that the operator made with `abono key create`."));
    ComponentsBuilder::new()
        .schemas_from_iter(parts)
        .schemas_from_iter(shapes::order(sold))
        .responses_from_iter(responses::refusals())
        .security_scheme(TOKEN, SecurityScheme::Http(bearer.build()))
        .build()
}
