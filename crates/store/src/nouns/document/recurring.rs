//! Documents of subscriptions that live in cycles: what changes charged and credited, and invoices.

use super::parts::{self, Parts};
use super::view;
use crate::db::{Bound, Row, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::document::{Document, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId, SubscriptionId, TenantId};

/// The order confirmations of a subscription that no invoice carries yet, as `d`.
macro_rules! uncarried {
    ($rest:literal) => {
        concat!(
            "d.tenant_id = $1 and d.customer_id = $2 and d.subscription_id = $3
            and d.kind = 'order_confirmation'
            and not exists (select 1 from document_carried k where k.tenant_id = d.tenant_id
              and k.customer_id = d.customer_id and k.document_id = d.id) ",
            $rest
        )
    };
}

statements! {
    DOCUMENT_PAYABLE = view_columns!("where d.tenant_id = $1 and d.customer_id = $2 and d.id = $3
        and d.kind in ('payment_request', 'invoice')"), [Uuid, Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    INVOICE_OPEN = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind = 'invoice' and s.status = 'pending' order by d.created_at, d.id"), [Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    CYCLE_DOCUMENTS = view_columns!("where d.tenant_id = $1 and d.customer_id = $2
        and d.kind in ('invoice', 'order_confirmation') order by d.created_at, d.id"), [Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    CONFIRMATION_LIST = concat!(view_columns!("where "),
        uncarried!("order by d.created_at, d.id")), [Uuid, Uuid, Uuid]
        => [Uuid, Text, Uuid, Text, Text, Text, Int, Text, Text, Text, Int, Uuid, Int, Text, Text,
            Text, Text, Text, Uuid, Uuid, Int, Int, Int, Int, Text, Uuid, Uuid, Text, Text,
            Int, Int, Int, Int];
    CONFIRMATION_LINES = concat!("select l.document_id, l.position, l.name, l.quantity,
          l.unit_price, l.price_id, l.subtotal, l.tax_category, l.tax_rate, l.tax_added, l.total,
          l.product_id, l.plan_id, l.term, l.length, l.term_ends_at, l.term_follows_at, l.credit,
          l.day_count, l.part_from, l.part_to, l.part_days, l.part_of, l.part_day_count,
          c.grant_id, c.paid, c.value, c.internal
        from document d join document_line l on l.tenant_id = d.tenant_id
          and l.customer_id = d.customer_id and l.document_id = d.id
        left join document_credit c on c.tenant_id = l.tenant_id
          and c.customer_id = l.customer_id and c.document_id = l.document_id
          and c.position = l.position
        where ", uncarried!("order by l.document_id, l.position")), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Text, Int, Int, Uuid, Int, Text, Int, Int, Int, Uuid, Uuid, Text, Int, Int,
            Int, Text, Text, Text, Text, Int, Int, Text, Uuid, Int, Int, Bool];
    CONFIRMATION_DISCOUNTS = concat!("select u.document_id, u.position, u.code, u.amount
        from document d join document_discount u on u.tenant_id = d.tenant_id
          and u.customer_id = d.customer_id and u.document_id = d.id
        where ", uncarried!("order by u.document_id, u.position, u.place")), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Text, Int];
    CONFIRMATION_TAXES = concat!("select t.document_id, t.category, t.rate, t.base, t.tax
        from document d join document_tax t on t.tenant_id = d.tenant_id
          and t.customer_id = d.customer_id and t.document_id = d.id
        where ", uncarried!("order by t.document_id, t.position")), [Uuid, Uuid, Uuid]
        => [Uuid, Text, Int, Int, Int];
    DOCUMENT_CARRY = "insert into document_carried
          (tenant_id, customer_id, document_id, invoice_id)
        values ($1, $2, $3, $4)", [Uuid, Uuid, Uuid, Uuid] => [];
    DOCUMENT_CARRIED = "select document_id, invoice_id from document_carried
        where tenant_id = $1 and customer_id = $2 order by document_id", [Uuid, Uuid]
        => [Uuid, Uuid];
}

/// A document of a customer that can be paid.
pub fn payable(
    tenant: TenantId,
    customer: CustomerId,
    id: DocumentId,
) -> Query<Option<DocumentView>, OfCustomer> {
    let head = Query::maybe(bind!(DOCUMENT_PAYABLE, tenant, customer, id), view);
    head.and(parts::parts(tenant, customer, &[id]))
        .map(|(head, parts)| Ok(head.map(|head| parts.complete(head))))
}

/// The invoices of a customer that aren't paid in full, oldest first, without their lines.
pub fn open_invoices(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(INVOICE_OPEN, tenant, customer), view)
}

/// The invoices and order confirmations of a customer, oldest first, without their lines.
pub fn all(tenant: TenantId, customer: CustomerId) -> Query<Vec<DocumentView>, OfCustomer> {
    Query::rows(bind!(CYCLE_DOCUMENTS, tenant, customer), view)
}

/// What changes of a subscription charged and credited, and no invoice carries yet; oldest first.
pub fn confirmations(
    tenant: TenantId,
    customer: CustomerId,
    subscription: SubscriptionId,
) -> Query<Vec<Document>, OfCustomer> {
    let heads = Query::rows(bind!(CONFIRMATION_LIST, tenant, customer, subscription), view);
    let bounds = vec![
        bind!(CONFIRMATION_LINES, tenant, customer, subscription),
        bind!(CONFIRMATION_DISCOUNTS, tenant, customer, subscription),
        bind!(CONFIRMATION_TAXES, tenant, customer, subscription),
    ];
    let parts: Query<Parts, OfCustomer> = Query::new(bounds, parts::read);
    heads.and(parts).map(|(heads, mut parts)| {
        Ok(heads.into_iter().map(|head| parts.take(head).document).collect())
    })
}

/// Which invoice carries which order confirmation of a customer.
pub fn carried(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(DocumentId, DocumentId)>, Immutable> {
    Query::rows(bind!(DOCUMENT_CARRIED, tenant, customer), |mut row: Row| {
        Ok((DocumentId(row.uuid()?), DocumentId(row.uuid()?)))
    })
}

pub(crate) fn carry(
    tenant: TenantId,
    customer: CustomerId,
    confirmation: DocumentId,
    invoice: DocumentId,
) -> Bound {
    bind!(DOCUMENT_CARRY, tenant, customer, confirmation, invoice)
}
