//! A payment request, and a page of them.

use super::{Guid, Instant, MoneyDto};
use abono_domain::document::{DocumentStatus, DocumentView, Line, PayerSnapshot};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct InvoiceDto<'a> {
    company: CompanyDto<'a>,
    number: String,
    total_sum: MoneyDto,
    status: &'static str,
    payment_by_card_link: Option<&'a str>,
    payment_by_transaction_link: Option<&'a str>,
    positions: Vec<PositionDto<'a>>,
    created_at: Instant,
    updated_at: Instant,
    deleted_at: Option<Instant>,
    meta: Option<&'a str>,
    meta_data: Option<()>,
    guid: Guid,
    type_of: &'static str,
}

/// The payer as it was when the request was issued.
#[derive(Serialize)]
struct CompanyDto<'a> {
    id: Guid,
    inn: &'a str,
    kpp: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
struct PositionDto<'a> {
    name: &'a str,
    quantity: i64,
    price: MoneyDto,
    total_sum: MoneyDto,
    type_of: &'static str,
}

impl<'a> InvoiceDto<'a> {
    pub(crate) fn new(view: &'a DocumentView) -> Self {
        let document = &view.document;
        Self {
            company: CompanyDto::new(&document.payer),
            number: document.number(),
            total_sum: document.total.into(),
            status: status(view.state.status),
            payment_by_card_link: None,
            payment_by_transaction_link: None,
            positions: document.lines.iter().map(PositionDto::new).collect(),
            created_at: Instant(document.created_at),
            updated_at: Instant(view.state.updated_at),
            deleted_at: None,
            meta: None,
            meta_data: None,
            guid: Guid(document.id.0),
            type_of: "Invoice",
        }
    }
}

const fn status(status: DocumentStatus) -> &'static str {
    match status {
        DocumentStatus::Pending => "Pending",
        DocumentStatus::Paid => "Paid",
        DocumentStatus::Canceled => "Canceled",
        DocumentStatus::Refunded => "Refunded",
    }
}

impl<'a> CompanyDto<'a> {
    fn new(payer: &'a PayerSnapshot) -> Self {
        let kpp = payer.tax_registration.as_deref();
        Self { id: Guid(payer.id.0), inn: &payer.tax_id, kpp, name: &payer.name }
    }
}

impl<'a> PositionDto<'a> {
    fn new(line: &'a Line) -> Self {
        Self {
            name: &line.name,
            quantity: line.quantity,
            price: line.unit_price.into(),
            total_sum: line.total.into(),
            type_of: "InvoicePosition",
        }
    }
}

/// What a page is made from.
pub(crate) struct InvoicePage<'a> {
    pub(crate) items: &'a [DocumentView],
    pub(crate) next: Option<String>,
    pub(crate) number: i64,
    pub(crate) limit: i64,
    /// Only where it was asked for.
    pub(crate) total: Option<i64>,
}

#[derive(Serialize)]
pub(crate) struct InvoiceListDto<'a> {
    items: Vec<InvoiceDto<'a>>,
    next_page_token: Option<String>,
    page_number: i64,
    pages_total: Option<i64>,
    items_per_page: i64,
    items_total: Option<i64>,
    type_of: &'static str,
}

impl<'a> InvoiceListDto<'a> {
    pub(crate) fn new(page: InvoicePage<'a>) -> Self {
        let pages = |total: i64| total.saturating_add(page.limit - 1) / page.limit.max(1);
        Self {
            items: page.items.iter().map(InvoiceDto::new).collect(),
            next_page_token: page.next,
            page_number: page.number,
            pages_total: page.total.map(pages),
            items_per_page: page.limit,
            items_total: page.total,
            type_of: "InvoiceList",
        }
    }
}
