//! Documents, their lines and taxes, their states and steps.

mod parts;
mod write;

pub(crate) use write::{issue, open_state, set_state, step};

use crate::db::{Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::document::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Issued, Series, Step,
};
use abono_domain::ids::{
    CustomerId, DocumentId, LegalEntityId, ProductId, RefundId, SubscriptionId, TenantId,
};
use abono_domain::licence::Placement;
use abono_domain::money::{Currency, Money};
use jiff::Timestamp;
use parts::parts;
use std::collections::BTreeMap;

/// The columns of a document and its state, in the order in which [`view`] reads them.
macro_rules! view_columns {
    ($rest:literal) => {
        concat!(
            "select d.id, d.kind, d.legal_entity_id, d.series, d.year, d.prefix, d.number,
              d.issued_on, d.valid_until, d.currency, d.total, d.payer_id, d.payer_revision,
              d.payer_name, d.payer_tax_id, d.payer_tax_registration, d.payer_country,
              d.payer_kind, d.follows_id, d.refund_id, d.profile_revision,
              d.created_at, d.seller_version, d.rules_version, d.placement, d.customer_id,
              d.subscription_id, d.due_on, s.status, s.paid, s.credited, s.steps, s.updated_at
            from document d join document_state s on s.tenant_id = d.tenant_id
              and s.customer_id = d.customer_id and s.document_id = d.id ",
            $rest
        )
    };
}

pub mod recurring;

statements! {
    DOCUMENT_BY_ID = view_columns!("where d.tenant_id = $1 and d.customer_id = $2 and d.id = $3
        and d.kind = $4"), [Uuid, Uuid, Uuid, Text]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_NEWEST = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind = $3 and (d.created_at < $4 or (d.created_at = $4 and d.id < $5))
        and d.created_at >= $6 and d.created_at <= $7 and s.updated_at >= $8 and s.updated_at <= $9
        order by d.created_at desc, d.id desc limit $10"),
        [Uuid, Uuid, Text, Int, Uuid, Int, Int, Int, Int, Int]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_ALL = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.id > $3 order by d.id limit $4"), [Uuid, Uuid, Uuid, Int]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_COUNT = "select cast(count(*) as bigint) from document d
        join document_state s on s.tenant_id = d.tenant_id and s.customer_id = d.customer_id
          and s.document_id = d.id
        where d.tenant_id = $1 and d.customer_id = $2 and d.kind = $3 and d.created_at >= $4
          and d.created_at <= $5 and s.updated_at >= $6 and s.updated_at <= $7",
        [Uuid, Uuid, Text, Int, Int, Int, Int] => [Int];
    DOCUMENT_FOLLOWING = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind = 'credit_note' and d.follows_id = $3 and d.refund_id is null
        order by d.id"),
        [Uuid, Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_NOTES = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind = 'credit_note' order by d.created_at, d.id"), [Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_LINES = "select l.document_id, l.position, l.name, l.quantity, l.unit_price,
          l.price_id, l.subtotal, l.tax_category, l.tax_rate, l.tax_added, l.total, l.product_id,
          l.plan_id, l.term, l.length, l.term_ends_at, l.term_follows_at, l.credit, l.day_count,
          l.part_from, l.part_to, l.part_days, l.part_of, l.part_day_count, c.grant_id, c.paid,
          c.value, c.internal
        from document_line l left join document_credit c on c.tenant_id = l.tenant_id
          and c.customer_id = l.customer_id and c.document_id = l.document_id
          and c.position = l.position
        where l.tenant_id = $1 and l.customer_id = $2
          and l.document_id in ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        order by l.document_id, l.position",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid]
        => [Uuid, Int, Text, Int, Int, Uuid, Int, Text, Int, Int, Int, Uuid, Uuid, Text, Int, Int,
            Int, Text, Text, Text, Text, Int, Int, Text, Uuid, Int, Int, Bool];
    DOCUMENT_DISCOUNTS = "select document_id, position, code, amount from document_discount
        where tenant_id = $1 and customer_id = $2
          and document_id in ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        order by document_id, position, place",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid]
        => [Uuid, Int, Text, Int];
    DOCUMENT_TAXES = "select document_id, category, rate, base, tax from document_tax
        where tenant_id = $1 and customer_id = $2
          and document_id in ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        order by document_id, position",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid, Uuid]
        => [Uuid, Text, Int, Int, Int];
    DOCUMENT_OWNER = "select customer_id from document where tenant_id = $1 and id = $2
        and kind = $3", [Uuid, Uuid, Text] => [Uuid];
    DOCUMENT_BY_NUMBER = "select customer_id, id, prefix from document where tenant_id = $1
        and legal_entity_id = $2 and series = $3 and number = $4", [Uuid, Uuid, Text, Int]
        => [Uuid, Uuid, Text];
    DOCUMENT_HASHES = "select id, content_hash from document
        where tenant_id = $1 and customer_id = $2", [Uuid, Uuid] => [Uuid, Bytes];
    DOCUMENT_STEPS = "select document_id, kind, seq, from_status, to_status, at from document_step
        where tenant_id = $1 and customer_id = $2 order by document_id, seq", [Uuid, Uuid]
        => [Uuid, Text, Int, Text, Text, Int];
    DOCUMENT_ISSUE = "insert into document (tenant_id, customer_id, id, kind, legal_entity_id,
          series, year, prefix, number, issued_on, valid_until, follows_id, refund_id, currency,
          total, payer_id, payer_revision, payer_name, payer_tax_id, payer_tax_registration,
          payer_country, payer_kind, profile_revision, created_at, seller_version, rules_version,
          placement, content_hash, subscription_id, due_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
          $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)",
        [Uuid, Uuid, Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Uuid, Uuid, Text, Int,
         Uuid, Int, Text, Text, Text, Text, Text, Int, Int, Int, Int, Text, Bytes, Uuid, Text]
        => [];
    DOCUMENT_ADD_LINE = "insert into document_line (tenant_id, customer_id, document_id, position,
          name, quantity, unit_price, price_id, subtotal, discount, tax_category, tax_rate,
          tax_added, total, product_id, plan_id, term, length, term_ends_at, term_follows_at,
          credit, day_count, part_from, part_to, part_days, part_of, part_day_count,
          stands_on_licence)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
          $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)",
        [Uuid, Uuid, Uuid, Int, Text, Int, Int, Uuid, Int, Int, Text, Int, Int, Int, Uuid, Uuid,
         Text, Int, Int, Int, Text, Text, Text, Text, Int, Int, Text, Bool] => [];
    DOCUMENT_ADD_DISCOUNT = "insert into document_discount (tenant_id, customer_id, document_id,
          position, place, code, amount)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Int, Int, Text, Int] => [];
    DOCUMENT_ADD_CREDIT = "insert into document_credit (tenant_id, customer_id, document_id,
          position, grant_id, paid, value, internal)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Uuid, Int, Uuid, Int, Int, Bool] => [];
    DOCUMENT_PENDING_CHANGES = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind = 'payment_request' and s.status = 'pending'
        and d.id in (select l.document_id from document_line l
          where l.tenant_id = $1 and l.customer_id = $2 and l.stands_on_licence
            and l.product_id = $3)
        order by d.id"), [Uuid, Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    DOCUMENT_ADD_TAX = "insert into document_tax
          (tenant_id, customer_id, document_id, position, category, rate, base, tax)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Uuid, Int, Text, Int, Int, Int] => [];
    DOCUMENT_OPEN_STATE = "insert into document_state (tenant_id, customer_id, document_id, kind,
          total, status, paid, credited, version, steps, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, 0, 1, $8, $9)",
        [Uuid, Uuid, Uuid, Text, Int, Text, Int, Int, Int] => [];
    DOCUMENT_SET_STATE = "update document_state
        set status = $4, paid = $5, credited = $6, steps = $7, updated_at = $8,
          version = version + 1
        where tenant_id = $1 and customer_id = $2 and document_id = $3",
        [Uuid, Uuid, Uuid, Text, Int, Int, Int, Int] => [];
    DOCUMENT_STEP = "insert into document_step (tenant_id, customer_id, document_id, kind, seq,
          prev_seq, from_status, to_status, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Uuid, Text, Int, Int, Text, Text, Int] => [];
}

/// Which documents of a customer to list: newest first, strictly before `before`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Made at this instant or later, and at this one or earlier.
    pub created: (Timestamp, Timestamp),
    /// Changed at this instant or later, and at this one or earlier.
    pub updated: (Timestamp, Timestamp),
}

impl Filter {
    /// All of them.
    pub const ALL: Self = Self {
        created: (Timestamp::MIN, Timestamp::MAX),
        updated: (Timestamp::MIN, Timestamp::MAX),
    };
}

/// One payment request of a customer.
pub fn request(
    tenant: TenantId,
    customer: CustomerId,
    id: DocumentId,
) -> Query<Option<DocumentView>, OfCustomer> {
    by_id(tenant, customer, DocumentKind::PaymentRequest, id)
}

/// One document of a kind of a customer.
pub fn by_id(
    tenant: TenantId,
    customer: CustomerId,
    kind: DocumentKind,
    id: DocumentId,
) -> Query<Option<DocumentView>, OfCustomer> {
    let head = Query::maybe(bind!(DOCUMENT_BY_ID, tenant, customer, id, kind.as_str()), view);
    head.and(parts(tenant, customer, &[id]))
        .map(|(head, parts)| Ok(head.map(|head| parts.complete(head))))
}

/// The credit notes of a customer, oldest first, without their lines and taxes.
pub fn credit_notes(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(DOCUMENT_NOTES, tenant, customer), view)
}

/// The credit notes on what a change of a customer left over, without their lines and taxes.
pub fn left_over_of(
    tenant: TenantId,
    customer: CustomerId,
    change: DocumentId,
) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(DOCUMENT_FOLLOWING, tenant, customer, change), view)
}

/// Up to `limit` documents of a customer, newest first, without their lines and taxes: those are
/// read with [`complete`].
pub fn newest(
    tenant: TenantId,
    customer: CustomerId,
    filter: &Filter,
    before: (Timestamp, DocumentId),
    limit: i64,
) -> Query<Vec<DocumentView>, OfCustomer> {
    let kind = DocumentKind::PaymentRequest.as_str();
    let bound = bind!(
        DOCUMENT_NEWEST,
        tenant,
        customer,
        kind,
        before.0,
        before.1,
        filter.created.0,
        filter.created.1,
        filter.updated.0,
        filter.updated.1,
        limit,
    );
    Query::rows(bound, view)
}

/// The requests of a customer that are pending and stand on its licence of a product as it is,
/// without their lines and taxes.
pub fn pending_changes(
    tenant: TenantId,
    customer: CustomerId,
    product: ProductId,
) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(DOCUMENT_PENDING_CHANGES, tenant, customer, product), view)
}

/// Up to `limit` documents of a customer after one, by id, without their lines and taxes.
pub fn all(
    tenant: TenantId,
    customer: CustomerId,
    after: DocumentId,
    limit: i64,
) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(DOCUMENT_ALL, tenant, customer, after, limit), view)
}

/// How many documents of a customer a filter finds.
pub fn count(tenant: TenantId, customer: CustomerId, filter: &Filter) -> Query<i64, OfCustomer> {
    let kind = DocumentKind::PaymentRequest.as_str();
    let bound = bind!(
        DOCUMENT_COUNT,
        tenant,
        customer,
        kind,
        filter.created.0,
        filter.created.1,
        filter.updated.0,
        filter.updated.1,
    );
    Query::rows(bound, |mut row| row.int()).map(|rows| Ok(rows.first().copied().unwrap_or(0)))
}

/// Fills documents with their lines and taxes, which never change.
pub fn complete(
    tenant: TenantId,
    customer: CustomerId,
    heads: Vec<DocumentView>,
) -> Query<Vec<DocumentView>, Immutable> {
    let ids: Vec<DocumentId> = heads.iter().map(|head| head.document.id).collect();
    parts::<Immutable>(tenant, customer, &ids)
        .map(|mut parts| Ok(heads.into_iter().map(|head| parts.take(head)).collect()))
}

/// The hash of each document of a customer, as it was when it was issued.
pub fn hashes(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<BTreeMap<DocumentId, Vec<u8>>, Immutable> {
    Query::rows(bind!(DOCUMENT_HASHES, tenant, customer), |mut row| {
        Ok((DocumentId(row.uuid()?), row.bytes()?))
    })
    .map(|rows| Ok(rows.into_iter().collect()))
}

/// The steps of every document of a customer, by document, oldest first.
pub fn steps(tenant: TenantId, customer: CustomerId) -> Query<Vec<Step>, Immutable> {
    Query::rows(bind!(DOCUMENT_STEPS, tenant, customer), |mut row| {
        let (document, kind) = (DocumentId(row.uuid()?), row.read(DocumentKind::parse)?);
        let seq = row.int()?;
        let from = row.maybe_text()?.map(|word| DocumentStatus::parse(&word));
        let from = from.map(|from| from.ok_or_else(|| row.wrong())).transpose()?;
        let to = row.read(DocumentStatus::parse)?;
        Ok(Step { document, kind, seq, from, to, at: row.instant()? })
    })
}

/// Whose document of a kind it is; once issued, it stays theirs.
pub fn owner(
    tenant: TenantId,
    kind: DocumentKind,
    id: DocumentId,
) -> Query<Option<CustomerId>, Immutable> {
    let bound = bind!(DOCUMENT_OWNER, tenant, id, kind.as_str());
    Query::maybe(bound, |mut row| row.uuid().map(CustomerId))
}

/// The documents of a company and a kind that bear a running number, each with what stands before
/// it.
pub fn by_number(
    tenant: TenantId,
    legal_entity: LegalEntityId,
    kind: DocumentKind,
    number: i64,
) -> Query<Vec<(CustomerId, DocumentId, String)>, Immutable> {
    let series = kind.as_str();
    let bound = bind!(DOCUMENT_BY_NUMBER, tenant, legal_entity, series, number);
    Query::rows(bound, |mut row| {
        Ok((CustomerId(row.uuid()?), DocumentId(row.uuid()?), row.text()?))
    })
}

fn view(mut row: Row) -> Result<DocumentView, StoreError> {
    let id = DocumentId(row.uuid()?);
    let kind = row.read(DocumentKind::parse)?;
    let series =
        Series { legal_entity: LegalEntityId(row.uuid()?), series: row.text()?, year: row.text()? };
    let prefix = row.text()?;
    let issued = Issued { number: row.int()?, on: row.date()? };
    let valid_until = row.maybe_date()?;
    let currency = row.currency()?;
    let total = Money::new(row.int()?, currency);
    let payer = row.payer()?;
    let follows = row.maybe_uuid()?.map(DocumentId);
    let refund = row.maybe_uuid()?.map(RefundId);
    let profile_revision = row.int()?;
    let created_at = row.instant()?;
    let (seller_version, rules_version) = (row.int()?, row.int()?);
    let placement = row.read(Placement::parse)?;
    let customer = CustomerId(row.uuid()?);
    let subscription = row.maybe_uuid()?.map(SubscriptionId);
    let due_on = row.maybe_date()?;
    let state = state(&mut row, currency)?;
    let (lines, taxes) = (Vec::new(), Vec::new());
    let document = Document {
        id,
        customer,
        kind,
        series,
        prefix,
        issued,
        subscription,
        valid_until,
        due_on,
        follows,
        refund,
        total,
        payer,
        placement,
        lines,
        taxes,
        profile_revision,
        created_at,
        seller_version,
        rules_version,
    };
    Ok(DocumentView { document, state })
}

fn state(row: &mut Row, currency: Currency) -> Result<DocumentState, StoreError> {
    Ok(DocumentState {
        status: row.read(DocumentStatus::parse)?,
        paid: Money::new(row.int()?, currency),
        refunded: Money::new(row.int()?, currency),
        steps: row.int()?,
        updated_at: row.instant()?,
    })
}
