//! A product group: what was added to a company's subscription (C.1).

use super::{CustomerBalanceChange, Termination, cases};
use crate::format::{Choice, Fields, FromNode, Node, Shape, ToNode, namespace};
use jiff::Timestamp;
use uuid::Uuid;

cases! {
    /// How it came about.
    ProductGroupType {
        /// It was added by itself.
        Optional = 1,
        /// It comes with the plan.
        Included = 2,
    }
}

cases! {
    /// Whether it runs.
    GroupStatus {
        /// It runs.
        Active = 1,
        /// It is over.
        Terminated = 2,
    }
}

/// What the request to add is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductGroupResult {
    /// How it came about.
    pub product_group_type: ProductGroupType,
    /// Whether it runs.
    pub status: GroupStatus,
    /// Its identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub products: Vec<GroupProduct>,
    /// How it ends, where that is agreed.
    pub termination: Option<Termination>,
    /// When it was added.
    pub created: Timestamp,
    /// What adding it changed.
    pub customer_balance_change: CustomerBalanceChange,
}

/// A product of a product group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupProduct {
    /// Its identity.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What an outside system calls it.
    pub external_id: String,
    /// Its article number.
    pub article_number: String,
}

impl ToNode for ProductGroupResult {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateSubscriptionProductGroupResult",
        namespace: namespace::VOSS,
        members: &[
            "productGroupType",
            "status",
            "id",
            "name",
            "products",
            "termination",
            "created",
            "customerBalanceChange",
        ],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::Enum(self.product_group_type.name()),
            Node::Enum(self.status.name()),
            Node::Guid(self.id),
            Node::text(&*self.name),
            Node::list(&self.products),
            // DIFFERENCE: generated clients need the member, so its null is written.
            self.termination.as_ref().map_or(Node::WrittenNull, ToNode::to_node),
            Node::instant(self.created),
            self.customer_balance_change.to_node(),
        ]
    }
}

impl FromNode for ProductGroupResult {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let product_group_type = fields.required("productGroupType", Fields::choice);
        let status = fields.required("status", Fields::choice);
        let id = fields.required("id", Fields::guid);
        let name = fields.required("name", Fields::text);
        let products = fields.required("products", Fields::list);
        let termination = fields.object("termination");
        let created = fields.required("created", Fields::date_time);
        let change = fields.required("customerBalanceChange", Fields::object);
        Some(Self {
            product_group_type: product_group_type?,
            status: status?,
            id: id?,
            name: name?,
            products: products?,
            termination,
            created: created?,
            customer_balance_change: change?,
        })
    }
}

impl ToNode for GroupProduct {
    const SHAPE: &'static Shape = &Shape {
        name: "SubscriptionProduct",
        namespace: namespace::VOSS,
        members: &["id", "name", "externalId", "articleNumber"],
    };

    fn values(&self) -> Vec<Node> {
        let texts = [&self.name, &self.external_id, &self.article_number];
        let texts = texts.map(|text| Node::text(&**text));
        [Node::Guid(self.id)].into_iter().chain(texts).collect()
    }
}

impl FromNode for GroupProduct {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let id = fields.required("id", Fields::guid);
        let name = fields.required("name", Fields::text);
        let mut text = |name| fields.text(name).unwrap_or_default();
        let (external_id, article_number) = (text("externalId"), text("articleNumber"));
        Some(Self { id: id?, name: name?, external_id, article_number })
    }
}
