//! What payment providers told, and what was booked of it.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::checkout::hear::ALWAYS_DUE;
use abono_domain::checkout::{Kind, Notice, Noticed, Returned, Undone};
use abono_domain::ids::{
    CheckoutId, ClockId, CommandId, CustomerId, DocumentId, NoticeId, PaymentId, RefundId, TenantId,
};
use abono_domain::money::Money;

/// Notices in the order in which [`notice`] reads them.
macro_rules! notice_columns {
    ($rest:expr) => {
        concat!(
            "select n.id, n.provider, n.event, n.checkout_id, n.document_id, n.kind, n.payment,
              n.reference, n.amount, n.currency, n.why, n.heard_at
            from provider_notice n where n.tenant_id = $1 and n.customer_id = $2 ",
            $rest,
            " order by n.id"
        )
    };
}

statements! {
    NOTICE_OF_DOCUMENT = notice_columns!("and n.document_id = $3"), [Uuid, Uuid, Uuid]
        => [Uuid, Text, Text, Uuid, Uuid, Text, Text, Text, Int, Text, Text, Int];
    NOTICE_OF_CUSTOMER = notice_columns!(""), [Uuid, Uuid]
        => [Uuid, Text, Text, Uuid, Uuid, Text, Text, Text, Int, Text, Text, Int];
    NOTICE_SUBJECT = "select document_id, provider, reference from provider_notice
        where tenant_id = $1 and customer_id = $2 and id = $3", [Uuid, Uuid, Uuid]
        => [Uuid, Text, Text];
    NOTICE_DUE = "select n.id from provider_notice n
        join job j on j.tenant_id = n.tenant_id and j.clock_id = $3 and j.due_at = $4
          and j.kind = 'book_notice' and j.subject_id = n.id
        where n.tenant_id = $1 and n.customer_id = $2", [Uuid, Uuid, Uuid, Int] => [Uuid];
    NOTICE_OF_PAYMENT = "select customer_id, document_id from provider_notice
        where tenant_id = $1 and provider = $2 and kind = 'paid' and reference = $3",
        [Uuid, Text, Text] => [Uuid, Uuid];
    NOTICE_HEAR = "insert into provider_notice (tenant_id, customer_id, id, provider, event,
          checkout_id, document_id, kind, payment, reference, amount, currency, why, heard_at,
          command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [Uuid, Uuid, Uuid, Text, Text, Uuid, Uuid, Text, Text, Text, Int, Text, Text, Int, Uuid]
        => [];
    RETURN_LIST = "select notice_id, payment_id, refund_id, from_credit, owed, currency, at
        from payment_return where tenant_id = $1 and customer_id = $2 order by at, notice_id",
        [Uuid, Uuid] => [Uuid, Uuid, Uuid, Int, Int, Text, Int];
    RETURN_WRITE = "insert into payment_return (tenant_id, customer_id, notice_id, payment_id,
          refund_id, from_credit, owed, currency, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Int, Int, Text, Int] => [];
    UNDONE_LIST = "select notice_id, returned_id, recouped, to_credit, currency, at
        from payment_return_undone where tenant_id = $1 and customer_id = $2
        order by at, notice_id", [Uuid, Uuid] => [Uuid, Uuid, Int, Int, Text, Int];
    UNDONE_WRITE = "insert into payment_return_undone (tenant_id, customer_id, notice_id,
          returned_id, recouped, to_credit, currency, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Uuid, Uuid, Int, Int, Text, Int] => [];
}

/// What was heard about a document, in the order of its ids.
pub fn of_document(
    tenant: TenantId,
    customer: CustomerId,
    document: DocumentId,
) -> Query<Vec<Notice>, OfCustomer> {
    Query::rows(bind!(NOTICE_OF_DOCUMENT, tenant, customer, document), notice)
}

/// What was heard about a customer.
pub fn of_customer(tenant: TenantId, customer: CustomerId) -> Query<Vec<Notice>, OfCustomer> {
    Query::rows(bind!(NOTICE_OF_CUSTOMER, tenant, customer), notice)
}

/// The notices of a customer that are due to be booked.
pub fn due(
    tenant: TenantId,
    customer: CustomerId,
    clock: ClockId,
) -> Query<Vec<NoticeId>, OfCustomer> {
    Query::rows(bind!(NOTICE_DUE, tenant, customer, clock, ALWAYS_DUE), |mut row| {
        row.uuid().map(NoticeId)
    })
}

/// Which document a notice is about, and what the books call what it tells of; that never changes.
pub fn subject(
    tenant: TenantId,
    customer: CustomerId,
    id: NoticeId,
) -> Query<Option<(DocumentId, Option<String>)>, Immutable> {
    Query::maybe(bind!(NOTICE_SUBJECT, tenant, customer, id), |mut row| {
        let (document, provider) = (DocumentId(row.uuid()?), row.text()?);
        let name = row.maybe_text()?.map(|reference| Notice::name(&provider, &reference));
        Ok((document, name))
    })
}

/// Whose a payment is that a provider told of, and for which document; that never changes.
pub fn of_payment(
    tenant: TenantId,
    provider: &str,
    reference: &str,
) -> Query<Option<(CustomerId, DocumentId)>, Immutable> {
    Query::maybe(bind!(NOTICE_OF_PAYMENT, tenant, provider, reference), |mut row| {
        Ok((CustomerId(row.uuid()?), DocumentId(row.uuid()?)))
    })
}

/// What was booked as taken back from a customer, oldest first.
pub fn returned(tenant: TenantId, customer: CustomerId) -> Query<Vec<Returned>, OfCustomer> {
    Query::rows(bind!(RETURN_LIST, tenant, customer), |mut row| {
        let (notice, payment) = (NoticeId(row.uuid()?), PaymentId(row.uuid()?));
        let refund = row.maybe_uuid()?.map(RefundId);
        let (from_credit, owed, currency) = (row.int()?, row.int()?, row.currency()?);
        let (from_credit, owed) = (Money::new(from_credit, currency), Money::new(owed, currency));
        Ok(Returned { notice, payment, refund, from_credit, owed, at: row.instant()? })
    })
}

/// What was booked as given again to a customer, oldest first.
pub fn undone(tenant: TenantId, customer: CustomerId) -> Query<Vec<Undone>, OfCustomer> {
    Query::rows(bind!(UNDONE_LIST, tenant, customer), |mut row| {
        let (notice, returned) = (NoticeId(row.uuid()?), NoticeId(row.uuid()?));
        let (recouped, to_credit, currency) = (row.int()?, row.int()?, row.currency()?);
        let (recouped, to_credit) =
            (Money::new(recouped, currency), Money::new(to_credit, currency));
        Ok(Undone { notice, returned, recouped, to_credit, at: row.instant()? })
    })
}

fn notice(mut row: Row) -> Result<Notice, StoreError> {
    let id = NoticeId(row.uuid()?);
    let (provider, event) = (row.text()?, row.text()?);
    let checkout = row.maybe_uuid()?.map(CheckoutId);
    let document = DocumentId(row.uuid()?);
    let kind = row.read(Kind::parse)?;
    let (payment, reference, minor) = (row.maybe_text()?, row.maybe_text()?, row.maybe_int()?);
    let currency = row.maybe_text()?.map(|text| text.parse().map_err(|_| row.wrong()));
    let amount = minor.zip(currency.transpose()?).map(|(minor, it)| Money::new(minor, it));
    let parts = (kind, payment, reference, amount, row.maybe_text()?);
    let what = Noticed::from_parts(parts).ok_or_else(|| row.wrong())?;
    Ok(Notice { id, provider, event, checkout, document, what, heard_at: row.instant()? })
}

pub(crate) fn hear(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    notice: &Notice,
) -> Bound {
    let (kind, payment, reference, amount, why) = notice.what.parts();
    bind!(
        NOTICE_HEAR,
        tenant,
        customer,
        notice.id,
        notice.provider.as_str(),
        notice.event.as_str(),
        notice.checkout,
        notice.document,
        kind.as_str(),
        payment,
        reference,
        amount.map(|amount| amount.minor),
        amount.map(|amount| amount.currency),
        why,
        notice.heard_at,
        command,
    )
}

pub(crate) fn take_back(tenant: TenantId, customer: CustomerId, returned: &Returned) -> Bound {
    bind!(
        RETURN_WRITE,
        tenant,
        customer,
        returned.notice,
        returned.payment,
        returned.refund,
        returned.from_credit.minor,
        returned.owed.minor,
        returned.owed.currency,
        returned.at,
    )
}

pub(crate) fn give_again(tenant: TenantId, customer: CustomerId, undone: &Undone) -> Bound {
    bind!(
        UNDONE_WRITE,
        tenant,
        customer,
        undone.notice,
        undone.returned,
        undone.recouped.minor,
        undone.to_credit.minor,
        undone.to_credit.currency,
        undone.at,
    )
}
