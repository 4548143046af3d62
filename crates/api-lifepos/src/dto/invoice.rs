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

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::document::{
        Document, DocumentKind, DocumentState, Issued, LineLicence, Series,
    };
    use abono_domain::ids::{CustomerId, DocumentId, LegalEntityId, PayerId, PlanId, ProductId};
    use abono_domain::money::{Currency, Money};
    use uuid::Uuid;

    fn view() -> DocumentView {
        let rub = |minor| Money::new(minor, Currency::RUB);
        let licence =
            LineLicence { product: ProductId(Uuid::nil()), plan: PlanId(Uuid::nil()), months: 1 };
        let at = "2026-01-31T10:00:00.000999Z".parse().expect("an instant");
        let day = "2026-01-31".parse().expect("a day");
        let series = Series {
            legal_entity: LegalEntityId(Uuid::nil()),
            series: "payment_request".to_owned(),
            year: String::new(),
        };
        let payer = PayerSnapshot {
            id: PayerId(Uuid::from_u128(2)),
            revision: 1,
            name: "ИП Иванов".to_owned(),
            tax_id: "500100732259".to_owned(),
            tax_registration: None,
        };
        let line = Line {
            position: 1,
            name: "Касса, Базовый".to_owned(),
            quantity: 3,
            unit_price: rub(100),
            total: rub(300),
            licence,
        };
        let document = Document {
            id: DocumentId(Uuid::from_u128(1)),
            customer: CustomerId(Uuid::nil()),
            kind: DocumentKind::PaymentRequest,
            series,
            prefix: "СЧ-".to_owned(),
            issued: Issued { number: 7, on: day },
            valid_until: day,
            total: rub(300),
            payer,
            lines: vec![line],
            taxes: vec![],
            profile_revision: 1,
            created_at: at,
            seller_version: 1,
            rules_version: 1,
        };
        let state = DocumentState {
            status: DocumentStatus::Pending,
            paid: rub(0),
            steps: 1,
            updated_at: at,
        };
        DocumentView { document, state }
    }

    const INVOICE: &str = concat!(
        r#"{"company":{"id":"00000000-0000-0000-0000-000000000002","inn":"500100732259","#,
        r#""kpp":null,"name":"ИП Иванов"},"number":"СЧ-7","#,
        r#""total_sum":{"value":300,"currency":"RUB","type_of":"Money"},"status":"Pending","#,
        r#""payment_by_card_link":null,"payment_by_transaction_link":null,"#,
        r#""positions":[{"name":"Касса, Базовый","quantity":3,"#,
        r#""price":{"value":100,"currency":"RUB","type_of":"Money"},"#,
        r#""total_sum":{"value":300,"currency":"RUB","type_of":"Money"},"#,
        r#""type_of":"InvoicePosition"}],"created_at":"2026-01-31T10:00:00.000Z","#,
        r#""updated_at":"2026-01-31T10:00:00.000Z","deleted_at":null,"meta":null,"#,
        r#""meta_data":null,"guid":"00000000-0000-0000-0000-000000000001","type_of":"Invoice"}"#,
    );

    #[test]
    fn an_invoice_has_the_contracts_members_in_order() {
        let json = serde_json::to_string(&InvoiceDto::new(&view())).expect("JSON");
        assert_eq!(json, INVOICE);
    }

    #[test]
    fn a_page_counts_only_where_it_was_asked() {
        let json = |items: &[DocumentView], next, total| {
            let page = InvoicePage { items, next, number: 2, limit: 2, total };
            serde_json::to_string(&InvoiceListDto::new(page)).expect("JSON")
        };
        assert_eq!(
            json(&[view()], Some("t".to_owned()), None),
            format!(r#"{{"items":[{INVOICE}],"next_page_token":"t","page_number":2,"#)
                + r#""pages_total":null,"items_per_page":2,"items_total":null,"#
                + r#""type_of":"InvoiceList"}"#
        );
        let counted = json(&[], None, Some(3));
        assert!(counted.contains(r#""next_page_token":null,"page_number":2,"pages_total":2,"#));
        assert!(json(&[], None, Some(0)).contains(r#""pages_total":0,"#));
    }
}
