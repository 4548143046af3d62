//! The parameters of an operation: of its path, of its query, and headers.

use super::Sold;
use super::about::{About, Query};
use super::sold;
use crate::paging::{ITEMS_DEFAULT, ITEMS_MAX};
use crate::preferences::CLIENT_TYPES;
use crate::routes::Route;
use serde_json::json;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type};

/// All of an operation.
pub(super) fn all(route: &Route, about: &About, sold: Option<&Sold>) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = names(route.template).map(|name| path(name, sold)).collect();
    all.extend(about.query.iter().flat_map(|query| of_query(*query)));
    all.extend(headers());
    if about.is_keyed {
        all.push(idempotency_key());
    }
    all
}

/// The names in braces.
fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

fn path(name: &str, sold: Option<&Sold>) -> Parameter {
    let schema = sold::id(sold.map_or(&[], |sold| sold.ids(name)));
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
    parameter.required(Required::True).schema(Some(schema)).build()
}

fn of_query(query: Query) -> Vec<Parameter> {
    match query {
        Query::Presentation => vec![asked(
            "presentation",
            words(&["full", "compact"]).default(Some(json!("full"))),
            "`compact` leaves lists of plans out.",
        )],
        Query::Paging => paging(),
        Query::Spans => ["created_from", "created_to", "updated_from", "updated_to"]
            .map(|name| asked(name, instant(), "Inclusive, to the millisecond."))
            .into_iter()
            .chain([asked("order_by", words(&["created_at_desc"]), "The order there is anyway.")])
            .collect(),
    }
}

fn paging() -> Vec<Parameter> {
    let limit = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(ITEMS_MAX))
        .default(Some(json!(ITEMS_DEFAULT)));
    let flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(json!(false)));
    let selection = words(&["alive_only", "archived_only", "all"]);
    vec![
        asked("items_per_page", limit, "How many items a page has at most."),
        asked("page_token", text(), "A `next_page_token` of this very list, with its filters."),
        asked("include_items_total", flag, "Whether `items_total` and `pages_total` are counted."),
        asked("selection", selection, "Nothing here is ever archived."),
    ]
}

fn headers() -> Vec<Parameter> {
    let client = |name: &str, about: &str| header(&format!("X-LP-{name}"), text(), about);
    let strict = "Required where the server is started with `--strict-headers`.";
    vec![
        client("Client-Identifier", strict),
        header("X-LP-Client-Type", words(&CLIENT_TYPES), strict),
        client("Client-Name", "The client's name."),
        client("Client-OS-Name", "Its operating system."),
        client("Client-OS-Version", "The version of that."),
        client("Client-Screen-Resolution", "Its screen."),
        client("Client-Model", "Its hardware."),
        client("Client-Extensions", "Extensions of models that the client supports."),
        client("Client-Depersonalized-Extensions", "The same, without names."),
        client("Organization-Alias", "The client's default organisation; it is logged only."),
        header(
            "Accept-Language",
            text().examples([json!("ru-RU"), json!("en-US,en;q=0.9")]),
            &format!("The language of messages and names: ru or en. {strict}"),
        ),
    ]
}

/// Spaces around a header's value are no part of it.
fn idempotency_key() -> Parameter {
    let key =
        text().min_length(Some(1)).max_length(Some(255)).pattern(Some(r"^[!-~]([ -~]*[!-~])?$"));
    header(
        "Idempotency-Key",
        key,
        "What the client calls one intention. Used again with another input it is refused with \
         422 `Duplicate`.",
    )
}

fn asked(name: &str, schema: impl Into<Schema>, about: &str) -> Parameter {
    optional(ParameterIn::Query, name, schema, about)
}

fn header(name: &str, schema: impl Into<Schema>, about: &str) -> Parameter {
    optional(ParameterIn::Header, name, schema, about)
}

fn optional(place: ParameterIn, name: &str, schema: impl Into<Schema>, about: &str) -> Parameter {
    let parameter = ParameterBuilder::new().name(name).parameter_in(place);
    let parameter = parameter.required(Required::False).description(Some(about));
    parameter.schema(Some(schema.into())).build()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

fn words(words: &[&str]) -> ObjectBuilder {
    text().enum_values(Some(words.iter().copied()))
}

fn instant() -> Object {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).build()
}
