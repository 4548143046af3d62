//! A description narrowed to what some books really sell: a request that fits it is one that the
//! seller accepts.

use utoipa::openapi::schema::{
    AnyOf, AnyOfBuilder, KnownFormat, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat,
    Type,
};
use uuid::Uuid;

/// What is sold, by whom it may be bought and paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sold {
    /// Organisations that may buy and have these payers.
    pub orgs: Vec<Uuid>,
    /// Products that have these plans.
    pub products: Vec<Uuid>,
    /// The plans.
    pub plans: Vec<SoldPlan>,
    /// Who may pay.
    pub payers: Vec<Uuid>,
}

/// A plan that is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldPlan {
    /// Its id.
    pub guid: Uuid,
    /// The periods that it is sold for, in months.
    pub periods: Vec<i64>,
}

impl Sold {
    /// The ids that a parameter of a path is known to take; none where any may fit.
    pub(super) fn ids(&self, parameter: &str) -> &[Uuid] {
        match parameter {
            "org_guid" => &self.orgs,
            "product_guid" => &self.products,
            _ => &[],
        }
    }

    /// An order for one of the plans.
    pub(super) fn orders(&self, order: &Object) -> AnyOf {
        let plans = self.plans.iter().map(|plan| self.order(order.clone(), plan));
        plans.fold(AnyOfBuilder::new(), AnyOfBuilder::item).build()
    }

    fn order(&self, mut order: Object, plan: &SoldPlan) -> Object {
        let null = ObjectBuilder::new().schema_type(Type::Null);
        let payer = OneOfBuilder::new().item(null).item(reference(&self.payers)).build();
        let months = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .enum_values(Some(plan.periods.iter().copied()));
        for (name, schema) in [
            ("plan", reference(&[plan.guid]).into()),
            ("period_in_months", Schema::from(months)),
            ("who_pays", payer.into()),
        ] {
            order.properties.insert(name.to_owned(), schema.into());
        }
        order
    }
}

/// One of these ids, or any where there are none.
pub(super) fn id(known: &[Uuid]) -> Schema {
    let any = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    if known.is_empty() {
        return any.into();
    }
    AnyOfBuilder::new().item(among(known)).item(any).build().into()
}

fn among(known: &[Uuid]) -> Object {
    let texts = known.iter().map(Uuid::to_string);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(texts)).build()
}

fn reference(known: &[Uuid]) -> Object {
    ObjectBuilder::new().property("guid", among(known)).required("guid").build()
}
