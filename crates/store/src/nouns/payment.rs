//! Payments and what they were used for.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{OfCustomer, Query};
use abono_domain::ids::{
    AllocationId, CustomerId, DocumentId, LegalEntityId, PaymentId, RefundId, TenantId,
};
use abono_domain::money::Money;
use abono_domain::payment::{Allocation, Payment, PaymentSource, Refund, RefundTo};
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    PAYMENT_LIST = "select id, customer_id, legal_entity_id, source, reference, amount, currency,
          received_at, recouped
        from payment where tenant_id = $1 and customer_id = $2 and id > $3 order by id limit $4",
        [Uuid, Uuid, Uuid, Int] => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Int];
    PAYMENT_OF_CHECKOUTS = "select id, customer_id, legal_entity_id, source, reference, amount,
          currency, received_at, recouped
        from payment where tenant_id = $1 and customer_id = $2 and source = 'checkout' order by id",
        [Uuid, Uuid] => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Int];
    PAYMENT_WRITE = "insert into payment (tenant_id, customer_id, id, legal_entity_id, source,
          reference, amount, currency, received_at, recouped)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Int] => [];
    REFUND_LIST = "select id, document_id, amount, currency, destination, reference, reason, at
        from refund
        where tenant_id = $1 and customer_id = $2 order by at, id", [Uuid, Uuid]
        => [Uuid, Uuid, Int, Text, Text, Text, Text, Int];
    REFUND_WRITE = "insert into refund (tenant_id, customer_id, id, document_id, amount, currency,
          destination, reference, reason, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Uuid, Int, Text, Text, Text, Text, Int] => [];
    ALLOCATED_FROM = "select a.payment_id, cast(sum(a.amount) as bigint) from allocation a
        where a.tenant_id = $1 and a.customer_id = $2 and a.document_id = $3
          and a.payment_id is not null
        group by a.payment_id order by a.payment_id", [Uuid, Uuid, Uuid] => [Uuid, Int];
    ALLOCATION_LIST = "select id, payment_id, document_id, amount, at from allocation
        where tenant_id = $1 and customer_id = $2 and id > $3 order by id limit $4",
        [Uuid, Uuid, Uuid, Int] => [Uuid, Uuid, Uuid, Int, Int];
    ALLOCATION_WRITE = "insert into allocation
          (tenant_id, customer_id, id, payment_id, document_id, amount, at)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Uuid, Uuid, Int, Int] => [];
}

/// Up to `limit` payments of a customer after one, by id.
pub fn list(
    tenant: TenantId,
    customer: CustomerId,
    after: PaymentId,
    limit: i64,
) -> Query<Vec<Payment>, OfCustomer> {
    Query::rows(bind!(PAYMENT_LIST, tenant, customer, after, limit), payment)
}

/// The payments of a customer that came through checkouts.
pub fn of_checkouts(tenant: TenantId, customer: CustomerId) -> Query<Vec<Payment>, OfCustomer> {
    Query::rows(bind!(PAYMENT_OF_CHECKOUTS, tenant, customer), payment)
}

/// How much of each payment was set aside for a document, in minor units.
pub fn used_for(
    tenant: TenantId,
    customer: CustomerId,
    document: DocumentId,
) -> Query<Vec<(PaymentId, i64)>, OfCustomer> {
    Query::rows(bind!(ALLOCATED_FROM, tenant, customer, document), |mut row| {
        Ok((PaymentId(row.uuid()?), row.int()?))
    })
}

fn payment(mut row: Row) -> Result<Payment, StoreError> {
    let (id, customer) = (PaymentId(row.uuid()?), CustomerId(row.uuid()?));
    let legal_entity = LegalEntityId(row.uuid()?);
    let source = row.read(PaymentSource::parse)?;
    let (reference, minor) = (row.text()?, row.int()?);
    let amount = Money::new(minor, row.currency()?);
    let received_at = row.instant()?;
    let recouped = Money::new(row.int()?, amount.currency);
    Ok(Payment { id, customer, legal_entity, source, reference, amount, received_at, recouped })
}

/// The refunds of a customer, oldest first.
pub fn refunds(tenant: TenantId, customer: CustomerId) -> Query<Vec<Refund>, OfCustomer> {
    Query::rows(bind!(REFUND_LIST, tenant, customer), |mut row| {
        let (id, document) = (RefundId(row.uuid()?), DocumentId(row.uuid()?));
        let minor = row.int()?;
        let amount = Money::new(minor, row.currency()?);
        let to = row.read(RefundTo::parse)?;
        let (reference, reason) = (row.text()?, row.text()?);
        Ok(Refund { id, document, amount, to, reference, reason, at: row.instant()? })
    })
}

pub(crate) fn refund(tenant: TenantId, customer: CustomerId, refund: &Refund) -> Bound {
    bind!(
        REFUND_WRITE,
        tenant,
        customer,
        refund.id,
        refund.document,
        refund.amount.minor,
        refund.amount.currency,
        refund.to.as_str(),
        refund.reference.as_str(),
        refund.reason.as_str(),
        refund.at,
    )
}

/// What a part of a customer's money was used for; its currency is the document's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// The allocation.
    pub id: AllocationId,
    /// From which payment.
    pub payment: Option<PaymentId>,
    /// For which document.
    pub document: DocumentId,
    /// How much, in minor units.
    pub minor: i64,
    /// When.
    pub at: Timestamp,
}

/// Up to `limit` allocations of a customer after one, by id.
pub fn allocations(
    tenant: TenantId,
    customer: CustomerId,
    after: AllocationId,
    limit: i64,
) -> Query<Vec<Used>, OfCustomer> {
    Query::rows(bind!(ALLOCATION_LIST, tenant, customer, after, limit), |mut row| {
        Ok(Used {
            id: AllocationId(row.uuid()?),
            payment: row.maybe_uuid()?.map(PaymentId),
            document: DocumentId(row.uuid()?),
            minor: row.int()?,
            at: row.instant()?,
        })
    })
}

pub(crate) fn receive(tenant: TenantId, payment: &Payment) -> Bound {
    let (source, reference) = (payment.source.as_str(), payment.reference.as_str());
    bind!(
        PAYMENT_WRITE,
        tenant,
        payment.customer,
        payment.id,
        payment.legal_entity,
        source,
        reference,
        payment.amount.minor,
        payment.amount.currency,
        payment.received_at,
        payment.recouped.minor,
    )
}

pub(crate) fn allocate(tenant: TenantId, customer: CustomerId, allocation: &Allocation) -> Bound {
    let payment: Option<Uuid> = allocation.payment.map(|id| id.0);
    bind!(
        ALLOCATION_WRITE,
        tenant,
        customer,
        allocation.id,
        payment,
        allocation.document,
        allocation.amount.minor,
        allocation.at,
    )
}
