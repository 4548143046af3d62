//! What a product that is added or terminated changes for the customer (C.1).

use super::cases;
use crate::format::{Choice, Decimal, Fields, FromNode, Node, Shape, ToNode, namespace};
use uuid::Uuid;

cases! {
    /// What a product is to a subscription.
    ProductType {
        /// What a subscription is to.
        Main = 1,
        /// Comes with one.
        Addon = 2,
        /// A quantity that comes with one and goes on with its next cycle.
        License = 3,
        /// A quantity that was used in a cycle.
        Usage = 4,
    }
}

/// All that changes, without tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerBalanceChange {
    /// Each product's part.
    pub items: Vec<BalanceItem>,
    /// The sum of the items.
    pub total_amount: Decimal,
    /// What comes off prices, in all.
    pub total_discount_amount: Decimal,
}

/// One product's part. The amount less the discount is the total; a credit is below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceItem {
    /// What it is to the subscription.
    pub kind: ProductType,
    /// The product.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The product group.
    pub product_group_id: Uuid,
    /// Its name.
    pub product_group_name: String,
    /// How many.
    pub quantity: Decimal,
    /// The price.
    pub amount: Decimal,
    /// What comes off it.
    pub discount_amount: Decimal,
    /// What is left.
    pub total_amount: Decimal,
    /// Whose invoice says it.
    pub invoice_recipient_customer_id: Uuid,
}

impl ToNode for CustomerBalanceChange {
    const SHAPE: &'static Shape = &Shape {
        name: "CustomerBalanceChange",
        namespace: namespace::VOSS,
        members: &["items", "totalAmount", "totalDiscountAmount"],
    };

    fn values(&self) -> Vec<Node> {
        let totals = [self.total_amount, self.total_discount_amount].map(Node::Decimal);
        [Node::list(&self.items)].into_iter().chain(totals).collect()
    }
}

impl FromNode for CustomerBalanceChange {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let items = fields.required("items", Fields::list);
        let total_amount = fields.required("totalAmount", Fields::decimal);
        let total_discount_amount = fields.required("totalDiscountAmount", Fields::decimal);
        Some(Self {
            items: items?,
            total_amount: total_amount?,
            total_discount_amount: total_discount_amount?,
        })
    }
}

impl ToNode for BalanceItem {
    const SHAPE: &'static Shape = &Shape {
        name: "CustomerBalanceChangeItem",
        namespace: namespace::VOSS,
        members: &[
            "type",
            "id",
            "name",
            "productGroupId",
            "productGroupName",
            "quantity",
            "amount",
            "discountAmount",
            "totalAmount",
            "invoiceRecipientCustomerId",
        ],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::Enum(self.kind.name()),
            Node::Guid(self.id),
            Node::text(&*self.name),
            Node::Guid(self.product_group_id),
            Node::text(&*self.product_group_name),
            Node::Decimal(self.quantity),
            Node::Decimal(self.amount),
            Node::Decimal(self.discount_amount),
            Node::Decimal(self.total_amount),
            Node::Guid(self.invoice_recipient_customer_id),
        ]
    }
}

impl FromNode for BalanceItem {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let kind = fields.required("type", Fields::choice);
        let id = fields.required("id", Fields::guid);
        let name = fields.required("name", Fields::text);
        let product_group_id = fields.required("productGroupId", Fields::guid);
        let product_group_name = fields.required("productGroupName", Fields::text);
        let quantity = fields.required("quantity", Fields::decimal);
        let amount = fields.required("amount", Fields::decimal);
        let discount_amount = fields.required("discountAmount", Fields::decimal);
        let total_amount = fields.required("totalAmount", Fields::decimal);
        let recipient = fields.required("invoiceRecipientCustomerId", Fields::guid);
        Some(Self {
            kind: kind?,
            id: id?,
            name: name?,
            product_group_id: product_group_id?,
            product_group_name: product_group_name?,
            quantity: quantity?,
            amount: amount?,
            discount_amount: discount_amount?,
            total_amount: total_amount?,
            invoice_recipient_customer_id: recipient?,
        })
    }
}
