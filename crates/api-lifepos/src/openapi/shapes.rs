//! Shapes as schemas, taken from the types that have them.

use super::Sold;
use crate::dto::PageDto;
use crate::order::OrderBody;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// A schema with its name.
pub(super) type Named = (String, RefOr<Schema>);

/// What an answer is, and every schema that this refers to.
pub(super) struct Shape {
    pub(super) schema: RefOr<Schema>,
    parts: Vec<Named>,
}

impl Shape {
    /// The schemas that it refers to. What we answer has all its members, null or not.
    pub(super) fn into_parts(self) -> impl Iterator<Item = Named> {
        self.parts.into_iter().map(|(name, schema)| (name, complete(schema)))
    }
}

fn complete(mut schema: RefOr<Schema>) -> RefOr<Schema> {
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.required = object.properties.keys().cloned().collect();
    }
    schema
}

/// One object.
pub(super) fn one<T: ToSchema>() -> Shape {
    let mut parts = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut parts);
    Shape { schema: Ref::from_schema_name(T::name()).into(), parts }
}

/// An array of such objects.
pub(super) fn many<T: ToSchema>() -> Shape {
    let Shape { schema, parts } = one::<T>();
    Shape { schema: ArrayBuilder::new().items(schema).build().into(), parts }
}

/// A page of a list of such objects.
pub(super) fn page<T: ToSchema>() -> Shape {
    let name = format!("{}List", T::name());
    let Shape { mut parts, .. } = one::<T>();
    parts.push((name.clone(), PageDto::<T>::schema()));
    Shape { schema: Ref::from_schema_name(name).into(), parts }
}

/// The name of a body that asks for a licence.
pub(super) fn order_name() -> String {
    OrderBody::name().into_owned()
}

/// That body, and every schema that it refers to.
pub(super) fn order(sold: Option<&Sold>) -> Vec<Named> {
    let mut parts = Vec::new();
    OrderBody::schemas(&mut parts);
    let mut schema = OrderBody::schema();
    if let RefOr::T(Schema::Object(order)) = &mut schema {
        order.properties.insert("type_of".to_owned(), Schema::from(anything()).into());
        if let Some(sold) = sold {
            schema = Schema::from(sold.orders(order)).into();
        }
    }
    parts.push((order_name(), schema));
    parts
}

fn anything() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some("Not looked at."))
}
