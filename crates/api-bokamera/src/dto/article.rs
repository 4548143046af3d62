//! What can be added to a company's invoicing (C.3).

use super::ProductType;
use crate::format::{Choice, Fields, FromNode, List, Node, Shape, ToNode, namespace};

/// An article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number: what `InvoiceArticleId` names.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The number of the licence type that it is; none where it is no licence.
    pub license_type_id: Option<i64>,
    /// What it is to a subscription.
    pub product_type: ProductType,
}

/// Articles, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Articles(pub Vec<Article>);

impl Articles {
    /// The list itself: the contract has nothing around it.
    pub fn to_node(&self) -> Node {
        let items = self.0.iter().map(ToNode::to_node).collect();
        Node::List(List { of: Some(Article::SHAPE), items })
    }
}

impl Article {
    /// The number of what it is to a subscription.
    fn product_type_id(&self) -> i64 {
        let case = ProductType::CASES.iter().find(|case| case.2 == self.product_type);
        case.map_or(0, |case| case.0.into())
    }
}

impl ToNode for Article {
    const SHAPE: &'static Shape = &Shape {
        name: "InvoiceArticle",
        namespace: namespace::BOKAMERA,
        members: &["Name", "LicenseTypeId", "LicenseProductTypeId", "Id"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::text(&*self.name),
            Node::or_null(self.license_type_id, Node::Int),
            Node::Int(self.product_type_id()),
            Node::Int(self.id),
        ]
    }
}

impl FromNode for Article {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.required("Name", Fields::text);
        let license_type_id = fields.int("LicenseTypeId").map(i64::from);
        let product_type = fields.required("LicenseProductTypeId", Fields::choice);
        let id = fields.required("Id", Fields::int);
        Some(Self { id: id?.into(), name: name?, license_type_id, product_type: product_type? })
    }
}
