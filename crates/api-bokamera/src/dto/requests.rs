//! What clients ask for.

use super::choices::{CreditBehaviour, CreditKind};
use crate::format::{Fields, FromNode, Node, Shape, ToNode, namespace};
use jiff::Timestamp;
use uuid::Uuid;

/// `PUT /licenses/company`: adds an article to what a company is invoiced for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreateNonLicenseProduct {
    /// The company; `None`, and the zero id, for that of whoever asks.
    pub company_id: Option<Uuid>,
    /// The article's number, never 0.
    pub invoice_article_id: i32,
}

/// `POST /voss/usage`: the same by the article's number, and with a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateVossUsage {
    /// The company; `None`, and the zero id, for that of whoever asks.
    pub company_id: Option<Uuid>,
    /// The article, by the number under which it is sold. Never empty.
    pub article_number: String,
    /// How many of it.
    pub quantity: i32,
}

/// `POST /voss/usage/{Id}/termination`: ends what was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateVossUsageTermination {
    /// The company; `None`, and the zero id, for that of whoever asks.
    pub company_id: Option<Uuid>,
    /// The product group.
    pub id: Uuid,
    /// Lines for the document that gives something back.
    pub invoice_line_texts: Vec<String>,
    /// Why, in somebody's own words; empty where nobody said.
    pub termination_reason_comment: String,
    /// Why, by a reason of a list.
    pub termination_reason_id: Option<Uuid>,
    /// How much is given back. The contract has `Full` and `None` here; `Prorate` is read too.
    pub behaviour: CreditBehaviour,
    /// On which document.
    pub credit_kind: CreditKind,
    /// When it ended in the system in front, which has looked at notice and commitment. The
    /// contract has no such member; only a superadmin may say it.
    pub ends_at: Option<Timestamp>,
}

/// What every query has beside its own members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryBase {
    /// How many rows are left out at the start.
    pub skip: Option<i32>,
    /// How many rows are wanted.
    pub take: Option<i32>,
    /// Names of members by which the rows stand, with commas between them.
    pub order_by: Option<String>,
    /// The same, from the last to the first.
    pub order_by_desc: Option<String>,
    /// Sums over all rows, as `Total`.
    pub include: Option<String>,
    /// Names of the members that are wanted, with commas between them.
    pub fields: Option<String>,
}

impl ToNode for CreateNonLicenseProduct {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateNonLicenseProduct",
        namespace: namespace::BOKAMERA,
        members: &["CompanyId", "InvoiceArticleId"],
    };

    fn values(&self) -> Vec<Node> {
        let company = Node::or_null(self.company_id, Node::Guid);
        vec![company, Node::int(self.invoice_article_id)]
    }
}

impl FromNode for CreateNonLicenseProduct {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let article = |fields: &mut Fields<'_>, name: &str| fields.int(name).filter(|it| *it != 0);
        let invoice_article_id = fields.required("InvoiceArticleId", article);
        Some(Self { company_id, invoice_article_id: invoice_article_id? })
    }
}

impl ToNode for CreateVossUsage {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateVossUsage",
        namespace: namespace::BOKAMERA,
        members: &["CompanyId", "ArticleNumber", "Quantity"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::or_null(self.company_id, Node::Guid),
            Node::text(&*self.article_number),
            Node::int(self.quantity),
        ]
    }
}

impl FromNode for CreateVossUsage {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let filled = |fields: &mut Fields<'_>, name: &str| {
            fields.text(name).filter(|text| !text.trim().is_empty())
        };
        let article_number = fields.required("ArticleNumber", filled);
        let quantity = fields.required("Quantity", Fields::int);
        Some(Self { company_id, article_number: article_number?, quantity: quantity? })
    }
}

impl ToNode for CreateVossUsageTermination {
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
            "EndsAt",
        ],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::or_null(self.company_id, Node::Guid),
            Node::Guid(self.id),
            Node::texts(&self.invoice_line_texts),
            Node::text(&*self.termination_reason_comment),
            Node::or_null(self.termination_reason_id, Node::Guid),
            Node::case(self.behaviour),
            Node::case(self.credit_kind),
            Node::or_null(self.ends_at, Node::instant),
        ]
    }
}

impl FromNode for CreateVossUsageTermination {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let company_id = fields.guid_if_any("CompanyId");
        let id = fields.required("Id", Fields::guid_if_any);
        let invoice_line_texts = fields.texts("InvoiceLineTexts").unwrap_or_default();
        let termination_reason_comment = fields.text_or_empty("TerminationReasonComment");
        let termination_reason_id = fields.guid_if_any("TerminationReasonId");
        let behaviour = fields.required("Behaviour", Fields::choice);
        let credit_kind = fields.required("CreditKind", Fields::choice);
        let ends_at = fields.date_time("EndsAt");
        Some(Self {
            company_id,
            id: id?,
            invoice_line_texts,
            termination_reason_comment,
            termination_reason_id,
            behaviour: behaviour?,
            credit_kind: credit_kind?,
            ends_at,
        })
    }
}

impl ToNode for QueryBase {
    const SHAPE: &'static Shape = &Shape {
        name: "QueryBase",
        namespace: namespace::BOKAMERA,
        members: &["Skip", "Take", "OrderBy", "OrderByDesc", "Include", "Fields"],
    };

    fn values(&self) -> Vec<Node> {
        let numbers = [self.skip, self.take].map(|it| Node::or_null(it, Node::int));
        let texts = [&self.order_by, &self.order_by_desc, &self.include, &self.fields]
            .map(|it| Node::or_null(it.as_deref(), Node::text));
        numbers.into_iter().chain(texts).collect()
    }
}

impl FromNode for QueryBase {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            skip: fields.int("Skip"),
            take: fields.int("Take"),
            order_by: fields.text("OrderBy"),
            order_by_desc: fields.text("OrderByDesc"),
            include: fields.text("Include"),
            fields: fields.text("Fields"),
        })
    }
}
