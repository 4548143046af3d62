//! A product group on a subscription: what an addition answers.

use super::balance_change::CustomerBalanceChange;
use super::choices::{ProductGroupStatus, ProductGroupType};
use super::termination::SubscriptionItemTermination;
use crate::format::{Fields, FromNode, Node, Shape, ToNode, namespace};
use jiff::Timestamp;
use uuid::Uuid;

/// What was added, and what it does to the customer's balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSubscriptionProductGroupResult {
    /// How it came to the subscription.
    pub product_group_type: ProductGroupType,
    /// Whether it is in use.
    pub status: ProductGroupStatus,
    /// This group, on this subscription.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The products in it.
    pub products: Vec<SubscriptionProduct>,
    /// How it ends, once that is known. `null` is written where there is none: the contract calls
    /// the member required.
    pub termination: Option<SubscriptionItemTermination>,
    /// When it was added.
    pub created: Timestamp,
    /// The money side.
    pub customer_balance_change: CustomerBalanceChange,
}

/// One product of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionProduct {
    /// The product.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What another system calls it.
    pub external_id: String,
    /// The article under which it is sold.
    pub article_number: String,
}

impl ToNode for CreateSubscriptionProductGroupResult {
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
        let termination = self.termination.as_ref();
        vec![
            Node::case(self.product_group_type),
            Node::case(self.status),
            Node::Guid(self.id),
            Node::text(&*self.name),
            Node::list(&self.products),
            termination.map_or(Node::WrittenNull, ToNode::to_node),
            Node::instant(self.created),
            self.customer_balance_change.to_node(),
        ]
    }
}

impl FromNode for CreateSubscriptionProductGroupResult {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let product_group_type = fields.required("productGroupType", Fields::choice);
        let status = fields.required("status", Fields::choice);
        let id = fields.required("id", Fields::guid);
        let name = fields.text_or_empty("name");
        // The contract leaves the member out where there is no product.
        let products = fields.list("products").unwrap_or_default();
        let termination = fields.object("termination");
        let created = fields.required("created", Fields::date_time);
        let customer_balance_change = fields.required("customerBalanceChange", Fields::object);
        Some(Self {
            product_group_type: product_group_type?,
            status: status?,
            id: id?,
            name,
            products,
            termination,
            created: created?,
            customer_balance_change: customer_balance_change?,
        })
    }
}

impl ToNode for SubscriptionProduct {
    const SHAPE: &'static Shape = &Shape {
        name: "SubscriptionProduct",
        namespace: namespace::VOSS,
        members: &["id", "name", "externalId", "articleNumber"],
    };

    fn values(&self) -> Vec<Node> {
        let texts = [&self.name, &self.external_id, &self.article_number].map(Node::text);
        std::iter::once(Node::Guid(self.id)).chain(texts).collect()
    }
}

impl FromNode for SubscriptionProduct {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let id = fields.required("id", Fields::guid);
        let name = fields.text_or_empty("name");
        let external_id = fields.text_or_empty("externalId");
        let article_number = fields.text_or_empty("articleNumber");
        Some(Self { id: id?, name, external_id, article_number })
    }
}
