//! What can be added to a company's invoice.

use crate::format::{Fields, FromNode, Node, Shape, ToNode, namespace};

/// One article: where the `InvoiceArticleId` of an addition comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceArticle {
    /// What it is called.
    pub name: String,
    /// The licence type that it belongs to.
    pub license_type_id: Option<i32>,
    /// What kind of product it is.
    pub license_product_type_id: i32,
    /// Its number.
    pub id: i32,
}

impl ToNode for InvoiceArticle {
    const SHAPE: &'static Shape = &Shape {
        name: "InvoiceArticle",
        namespace: namespace::BOKAMERA,
        members: &["Name", "LicenseTypeId", "LicenseProductTypeId", "Id"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::text(&*self.name),
            Node::or_null(self.license_type_id, Node::int),
            Node::int(self.license_product_type_id),
            Node::int(self.id),
        ]
    }
}

impl FromNode for InvoiceArticle {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let name = fields.text_or_empty("Name");
        let license_type_id = fields.int("LicenseTypeId");
        let license_product_type_id = fields.required("LicenseProductTypeId", Fields::int);
        let id = fields.required("Id", Fields::int);
        Some(Self {
            name,
            license_type_id,
            license_product_type_id: license_product_type_id?,
            id: id?,
        })
    }
}
