//! A payment request, and a page of them.

use super::{Guid, Instant, MoneyDto};
use crate::links::LinksDto;
use abono_domain::document::{Document, DocumentStatus, DocumentView, Line, PayerSnapshot};
use abono_domain::language::Language;
use abono_domain::seller::Seller;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = Invoice)]
pub(crate) struct InvoiceDto<'a> {
    company: CompanyDto<'a>,
    number: String,
    total_sum: MoneyDto,
    status: Status,
    payment_by_card_link: Option<String>,
    payment_by_transaction_link: Option<String>,
    positions: Vec<PositionDto<'a>>,
    created_at: Instant,
    updated_at: Instant,
    deleted_at: Option<Instant>,
    meta: Option<&'a str>,
    #[schema(value_type = Option<Object>)]
    meta_data: Option<()>,
    guid: Guid,
    type_of: &'static str,
}

/// The payer as it was when the request was issued.
#[derive(Serialize, ToSchema)]
#[schema(as = Company)]
struct CompanyDto<'a> {
    id: Guid,
    inn: &'a str,
    kpp: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InvoicePosition)]
struct PositionDto<'a> {
    #[schema(value_type = String)]
    name: Cow<'a, str>,
    quantity: i64,
    price: MoneyDto,
    total_sum: MoneyDto,
    type_of: &'static str,
}

/// In which words the positions are named.
#[derive(Clone, Copy)]
pub(crate) struct Titles<'a> {
    /// The language that they shall be in.
    pub(crate) language: &'a Language,
    /// The seller of the version that the document was made with; where it is another one, what
    /// was printed stands.
    pub(crate) seller: Option<&'a Seller>,
}

impl Titles<'_> {
    fn of<'l>(&self, document: &Document, line: &'l Line) -> Cow<'l, str> {
        let seller = self.seller.filter(|seller| seller.version == document.seller_version);
        match seller {
            Some(seller) => Cow::Owned(line.title(seller, self.language)),
            None => Cow::Borrowed(&line.name),
        }
    }
}

impl<'a> InvoiceDto<'a> {
    pub(crate) fn new(view: &'a DocumentView, titles: Titles<'_>, links: Option<LinksDto>) -> Self {
        let document = &view.document;
        let (payment_by_card_link, payment_by_transaction_link) =
            links.map(|links| (links.card, links.transaction)).unzip();
        let position = |line: &'a Line| PositionDto::new(line, titles.of(document, line));
        Self {
            company: CompanyDto::new(&document.payer),
            number: document.number(),
            total_sum: document.total.into(),
            status: view.state.status.into(),
            payment_by_card_link,
            payment_by_transaction_link,
            positions: document.lines.iter().map(position).collect(),
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

/// Where it stands. `Unknown` is never answered: what has it is no invoice of this contract.
#[derive(Serialize, ToSchema)]
#[schema(as = InvoiceStatus)]
enum Status {
    Unknown,
    Pending,
    Paid,
    Canceled,
    Refunded,
}

impl From<DocumentStatus> for Status {
    fn from(status: DocumentStatus) -> Self {
        match status {
            DocumentStatus::Pending => Self::Pending,
            DocumentStatus::Paid => Self::Paid,
            DocumentStatus::Canceled => Self::Canceled,
            DocumentStatus::Refunded => Self::Refunded,
            DocumentStatus::Issued => Self::Unknown,
        }
    }
}

impl<'a> CompanyDto<'a> {
    fn new(payer: &'a PayerSnapshot) -> Self {
        let kpp = payer.tax_registration.as_deref();
        Self { id: Guid(payer.id.0), inn: &payer.tax_id, kpp, name: &payer.name }
    }
}

impl<'a> PositionDto<'a> {
    fn new(line: &'a Line, name: Cow<'a, str>) -> Self {
        Self {
            name,
            quantity: line.quantity,
            price: line.unit_price.into(),
            total_sum: line.total.into(),
            type_of: "InvoicePosition",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::catalogue::CreditTerms;
    use abono_domain::document::{DocumentKind, DocumentState, Issued, LineLicence, Series};
    use abono_domain::ids::{CustomerId, DocumentId, LegalEntityId, PayerId, PlanId, ProductId};
    use abono_domain::licence::{Placement, Term};
    use abono_domain::money::{Currency, Money};
    use abono_domain::tax::{CustomerKind, LineTax, TaxCategory};
    use abono_testkit::seller;
    use uuid::Uuid;

    fn view() -> DocumentView {
        let rub = |minor| Money::new(minor, Currency::RUB);
        let licence = LineLicence {
            product: ProductId(Uuid::nil()),
            plan: PlanId(Uuid::nil()),
            term: Term::Months(1),
            credit: CreditTerms::default(),
        };
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
            country: "RU".to_owned(),
            kind: CustomerKind::Business,
        };
        let line = Line {
            position: 1,
            name: "Касса, Базовый".to_owned(),
            quantity: 3,
            unit_price: rub(100),
            price: None,
            part: None,
            subtotal: rub(300),
            discounts: vec![],
            tax: LineTax { category: TaxCategory::Exempt, rate: None },
            tax_added: rub(0),
            total: rub(300),
            licence,
            credit: None,
        };
        let document = Document {
            subscription: None,
            due_on: None,
            id: DocumentId(Uuid::from_u128(1)),
            customer: CustomerId(Uuid::nil()),
            kind: DocumentKind::PaymentRequest,
            series,
            prefix: "СЧ-".to_owned(),
            issued: Issued { number: 7, on: day },
            valid_until: Some(day),
            follows: None,
            refund: None,
            total: rub(300),
            payer,
            placement: Placement::Behind,
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
            refunded: rub(0),
            steps: 1,
            updated_at: at,
        };
        DocumentView { document, state }
    }

    const AS_PRINTED: Titles<'_> = Titles { language: &Language::ENGLISH, seller: None };

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
        let json =
            serde_json::to_string(&InvoiceDto::new(&view(), AS_PRINTED, None)).expect("JSON");
        assert_eq!(json, INVOICE);
    }

    #[test]
    fn a_position_is_named_in_the_language_asked_for_where_the_catalogue_is_that_of_its_day() {
        let mut view = view();
        let catalogue = seller::seller();
        (view.document.lines[0].licence.product, view.document.lines[0].licence.plan) =
            (seller::PRODUCT, seller::BASIC);
        let name = |view: &DocumentView, wanted: &str| {
            let language = Language::parse(wanted).expect("a language");
            let titles = Titles { language: &language, seller: Some(&catalogue) };
            let json = serde_json::to_value(InvoiceDto::new(view, titles, None)).expect("JSON");
            json["positions"][0]["name"].as_str().expect("a name").to_owned()
        };
        view.document.seller_version = catalogue.version;
        assert_eq!(name(&view, "en"), "Point of sale, Plan basic");
        view.document.seller_version = catalogue.version + 1;
        assert_eq!(name(&view, "en"), "Касса, Базовый");
    }
}
