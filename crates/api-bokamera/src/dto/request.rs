//! What is asked for.

use super::{Behaviour, CreditKind};
use crate::format::{Fields, FromNode, Node, Shape, ToNode, namespace};
use uuid::Uuid;

/// Adds an article to a company's invoicing (contract C.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateNonLicenseProduct {
    /// The company; that of whoever asks where none is named.
    pub company_id: Option<Uuid>,
    /// The article's number, from 1.
    pub invoice_article_id: i32,
}

impl ToNode for CreateNonLicenseProduct {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateNonLicenseProduct",
        namespace: namespace::BOKAMERA,
        members: &["CompanyId", "InvoiceArticleId"],
    };

    fn values(&self) -> Vec<Node> {
        let company = Node::or_null(self.company_id, Node::Guid);
        vec![company, Node::Int(self.invoice_article_id.into())]
    }
}

impl FromNode for CreateNonLicenseProduct {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let invoice_article_id = fields.required("InvoiceArticleId", positive)?;
        Some(Self { company_id, invoice_article_id })
    }
}

/// A number of which zero is none, as the contract's own sample sends it.
fn positive(fields: &mut Fields<'_>, name: &str) -> Option<i32> {
    fields.int(name).filter(|number| *number != 0)
}

/// Adds an article to a company's invoicing, as the billing system behind calls it (C.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateVossUsage {
    /// The company; that of whoever asks where none is named.
    pub company_id: Option<Uuid>,
    /// The article's number there.
    pub article_number: String,
    /// How many.
    pub quantity: i32,
}

impl ToNode for CreateVossUsage {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateVossUsage",
        namespace: namespace::BOKAMERA,
        members: &["CompanyId", "ArticleNumber", "Quantity"],
    };

    fn values(&self) -> Vec<Node> {
        let company = Node::or_null(self.company_id, Node::Guid);
        vec![company, Node::text(&*self.article_number), Node::Int(self.quantity.into())]
    }
}

impl FromNode for CreateVossUsage {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let article_number = fields.required("ArticleNumber", said);
        let quantity = fields.required("Quantity", Fields::int);
        Some(Self { company_id, article_number: article_number?, quantity: quantity? })
    }
}

/// A text that says something.
fn said(fields: &mut Fields<'_>, name: &str) -> Option<String> {
    fields.text(name).filter(|text| !text.is_empty())
}

/// Terminates what was added (C.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminateVossUsage {
    /// The company; that of whoever asks where none is named.
    pub company_id: Option<Uuid>,
    /// The product group.
    pub id: Uuid,
    /// What is to stand on the line that credits it.
    pub invoice_line_texts: Vec<String>,
    /// Why, in words.
    pub termination_reason_comment: String,
    /// Why, by the list of reasons.
    pub termination_reason_id: Option<Uuid>,
    /// How much comes back.
    pub behaviour: Behaviour,
    /// How that is said.
    pub credit_kind: CreditKind,
}

impl ToNode for TerminateVossUsage {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateVossUsageTermination",
        namespace: namespace::BOKAMERA,
        members: &[
            "CompanyId",
            "Id",
            "InvoiceLineTexts",
            "TerminationReasonComment",
            "TerminationReasonId",
            "Behaviour",
            "CreditKind",
        ],
    };

    fn values(&self) -> Vec<Node> {
        use crate::format::Choice;
        vec![
            Node::or_null(self.company_id, Node::Guid),
            Node::Guid(self.id),
            Node::texts(&self.invoice_line_texts),
            Node::text(&*self.termination_reason_comment),
            Node::or_null(self.termination_reason_id, Node::Guid),
            Node::Enum(self.behaviour.name()),
            Node::Enum(self.credit_kind.name()),
        ]
    }
}

impl FromNode for TerminateVossUsage {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let id = fields.required("Id", Fields::guid_if_any);
        let invoice_line_texts = fields.texts("InvoiceLineTexts").unwrap_or_default();
        let termination_reason_comment = fields.text("TerminationReasonComment");
        let termination_reason_id = fields.guid_if_any("TerminationReasonId");
        let behaviour = fields.required("Behaviour", Fields::choice);
        let credit_kind = fields.required("CreditKind", Fields::choice);
        Some(Self {
            company_id,
            id: id?,
            invoice_line_texts,
            termination_reason_comment: termination_reason_comment.unwrap_or_default(),
            termination_reason_id,
            behaviour: behaviour?,
            credit_kind: credit_kind?,
        })
    }
}

/// Which part of a list, and in which order (ServiceStack's `QueryBase`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many are left out at the beginning.
    pub skip: Option<i32>,
    /// How many there may be.
    pub take: Option<i32>,
    /// By which member, upwards.
    pub order_by: Option<String>,
    /// By which member, downwards.
    pub order_by_desc: Option<String>,
}

impl FromNode for Page {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let skip = fields.int("Skip");
        let take = fields.int("Take");
        let order_by = fields.text("OrderBy");
        let order_by_desc = fields.text("OrderByDesc");
        Some(Self { skip, take, order_by, order_by_desc })
    }
}
