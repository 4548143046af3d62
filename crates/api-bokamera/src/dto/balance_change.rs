//! The money side of a change: what it charges and what it gives back, before tax.

use super::choices::ProductType;
use crate::format::{Decimal, Fields, FromNode, Node, Shape, ToNode, namespace};
use uuid::Uuid;

/// What a change does to a customer's balance. Amounts are in major units of the subscription's
/// currency and exclude tax; a credit is below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerBalanceChange {
    /// One line for each product and rate.
    pub items: Vec<CustomerBalanceChangeItem>,
    /// The sum of the items' totals.
    pub total_amount: Decimal,
    /// The sum of their discounts.
    pub total_discount_amount: Decimal,
}

/// One line of such a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerBalanceChangeItem {
    /// What kind of product it is about.
    pub kind: ProductType,
    /// The product.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The product group that has it.
    pub product_group_id: Uuid,
    /// What that is called.
    pub product_group_name: String,
    /// How many of it.
    pub quantity: Decimal,
    /// Before the discount.
    pub amount: Decimal,
    /// The discount.
    pub discount_amount: Decimal,
    /// After the discount.
    pub total_amount: Decimal,
    /// Who is billed.
    pub invoice_recipient_customer_id: Uuid,
}

impl ToNode for CustomerBalanceChange {
    const SHAPE: &'static Shape = &Shape {
        name: "CustomerBalanceChange",
        namespace: namespace::VOSS,
        members: &["items", "totalAmount", "totalDiscountAmount"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::list(&self.items),
            Node::Decimal(self.total_amount),
            Node::Decimal(self.total_discount_amount),
        ]
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

impl ToNode for CustomerBalanceChangeItem {
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
            Node::case(self.kind),
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

impl FromNode for CustomerBalanceChangeItem {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let kind = fields.required("type", Fields::choice);
        let id = fields.required("id", Fields::guid);
        let name = fields.text_or_empty("name");
        let product_group_id = fields.required("productGroupId", Fields::guid);
        let product_group_name = fields.text_or_empty("productGroupName");
        let quantity = fields.required("quantity", Fields::decimal);
        let amount = fields.required("amount", Fields::decimal);
        let discount_amount = fields.required("discountAmount", Fields::decimal);
        let total_amount = fields.required("totalAmount", Fields::decimal);
        let recipient = fields.required("invoiceRecipientCustomerId", Fields::guid);
        Some(Self {
            kind: kind?,
            id: id?,
            name,
            product_group_id: product_group_id?,
            product_group_name,
            quantity: quantity?,
            amount: amount?,
            discount_amount: discount_amount?,
            total_amount: total_amount?,
            invoice_recipient_customer_id: recipient?,
        })
    }
}
