//! Money that is to go back through the provider by which it came.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::checkout::refund::{
    ProviderRefund, ProviderRefundState, ProviderRefundStatus, ProviderRefundView,
};
use abono_domain::ids::{
    CommandId, CustomerId, DocumentId, PaymentId, ProviderRefundId, TenantId, slot,
};
use abono_domain::money::Money;
use jiff::Timestamp;

/// What is to go back and its state, in the order in which [`view`] reads them.
macro_rules! refund_columns {
    ($rest:expr) => {
        concat!(
            "select r.id, r.customer_id, r.document_id, r.payment_id, r.provider, r.paid_as,
              r.amount, r.currency, r.reference, r.reason, r.asked_at, s.status, s.known_as,
              s.trouble, s.calls, s.called_at, s.next_at, s.updated_at
            from provider_refund r
            join provider_refund_state s on s.tenant_id = r.tenant_id
              and s.customer_id = r.customer_id and s.provider_refund_id = r.id
            where r.tenant_id = $1 ",
            $rest
        )
    };
}

statements! {
    PROVIDER_REFUND_BY_ID = refund_columns!("and r.customer_id = $2 and r.id = $3"),
        [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Text, Text, Int, Text, Text, Text, Int,
            Int, Int, Int];
    PROVIDER_REFUND_OF_CUSTOMER = refund_columns!("and r.customer_id = $2
        order by r.asked_at, r.id"), [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Text, Text, Int, Text, Text, Text, Int,
            Int, Int, Int];
    PROVIDER_REFUND_PAGE = refund_columns!("and (r.asked_at > $2
          or (r.asked_at = $2 and r.id > $3))
        order by r.asked_at, r.id limit $4"), [Uuid, Int, Uuid, Int]
        => [Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Text, Text, Int, Text, Text, Text, Int,
            Int, Int, Int];
    PROVIDER_REFUND_COUNT = "select count(*) from provider_refund
        where tenant_id = $1 and customer_id = $2", [Uuid, Uuid] => [Int];
    PROVIDER_REFUND_DUE = "select customer_id, provider_refund_id from provider_refund_state
        where tenant_id = $1 and status = 'pending' and next_at <= $2
        order by next_at, provider_refund_id limit $3", [Uuid, Int, Int] => [Uuid, Uuid];
    PROVIDER_REFUND_ASK = "insert into provider_refund (tenant_id, customer_id, id, document_id,
          payment_id, provider, paid_as, amount, currency, reference, reason, asked_at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Text, Text, Int, Uuid] => [];
    PROVIDER_REFUND_OPEN_STATE = "insert into provider_refund_state (tenant_id, customer_id,
          provider_refund_id, slot, status, known_as, trouble, calls, called_at, next_at, version,
          updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)",
        [Uuid, Uuid, Uuid, Int, Text, Text, Text, Int, Int, Int, Int] => [];
    PROVIDER_REFUND_SET_STATE = "update provider_refund_state
        set status = $4, known_as = $5, trouble = $6, calls = $7, called_at = $8, next_at = $9,
          updated_at = $10, version = version + 1
        where tenant_id = $1 and customer_id = $2 and provider_refund_id = $3",
        [Uuid, Uuid, Uuid, Text, Text, Text, Int, Int, Int, Int] => [];
}

/// What is to go back to a customer, and where it stands.
pub fn by_id(
    tenant: TenantId,
    customer: CustomerId,
    id: ProviderRefundId,
) -> Query<Option<ProviderRefundView>, OfCustomer> {
    Query::maybe(bind!(PROVIDER_REFUND_BY_ID, tenant, customer, id), view)
}

/// All that was asked to go back to a customer, oldest first.
pub fn of_customer(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<ProviderRefundView>, OfCustomer> {
    Query::rows(bind!(PROVIDER_REFUND_OF_CUSTOMER, tenant, customer), view)
}

/// A place in the list of a tenant: when it was asked for, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub Timestamp, pub ProviderRefundId);

impl Place {
    /// Before all of them.
    pub const START: Self = Self(Timestamp::MIN, ProviderRefundId(uuid::Uuid::nil()));
}

/// Up to `limit` of a tenant's after a place, oldest first.
pub fn page(
    tenant: TenantId,
    after: Place,
    limit: i64,
) -> Query<Vec<ProviderRefundView>, OfCustomer> {
    Query::rows(bind!(PROVIDER_REFUND_PAGE, tenant, after.0, after.1, limit), view)
}

/// How many of a customer's there are, whether or not they have a state.
pub fn count(tenant: TenantId, customer: CustomerId) -> Query<i64, Immutable> {
    Query::maybe(bind!(PROVIDER_REFUND_COUNT, tenant, customer), |mut row| row.int())
        .map(|count| Ok(count.unwrap_or(0)))
}

/// Up to `limit` that a provider is to be asked for, by machine time. It is read as a hint: the
/// claim decides.
pub fn due(
    tenant: TenantId,
    machine: Timestamp,
    limit: i64,
) -> Query<Vec<(CustomerId, ProviderRefundId)>, Immutable> {
    Query::rows(bind!(PROVIDER_REFUND_DUE, tenant, machine, limit), |mut row| {
        Ok((CustomerId(row.uuid()?), ProviderRefundId(row.uuid()?)))
    })
}

fn view(mut row: Row) -> Result<ProviderRefundView, StoreError> {
    let (id, customer) = (ProviderRefundId(row.uuid()?), CustomerId(row.uuid()?));
    let (document, payment) = (DocumentId(row.uuid()?), PaymentId(row.uuid()?));
    let (provider, paid_as, minor) = (row.text()?, row.text()?, row.int()?);
    let amount = Money::new(minor, row.currency()?);
    let (reference, reason, asked_at) = (row.text()?, row.text()?, row.instant()?);
    let refund = ProviderRefund {
        id,
        customer,
        document,
        payment,
        provider,
        paid_as,
        amount,
        reference,
        reason,
        asked_at,
    };
    let state = ProviderRefundState {
        status: row.read(ProviderRefundStatus::parse)?,
        known_as: row.maybe_text()?,
        trouble: row.maybe_text()?,
        calls: row.int()?,
        called_at: row.maybe_instant()?,
        next_at: row.maybe_instant()?,
        updated_at: row.instant()?,
    };
    Ok(ProviderRefundView { refund, state })
}

pub(crate) fn ask(tenant: TenantId, command: CommandId, view: &ProviderRefundView) -> Vec<Bound> {
    let ProviderRefundView { refund, state } = view;
    let asked = bind!(
        PROVIDER_REFUND_ASK,
        tenant,
        refund.customer,
        refund.id,
        refund.document,
        refund.payment,
        refund.provider.as_str(),
        refund.paid_as.as_str(),
        refund.amount.minor,
        refund.amount.currency,
        refund.reference.as_str(),
        refund.reason.as_str(),
        refund.asked_at,
        command,
    );
    let opened = bind!(
        PROVIDER_REFUND_OPEN_STATE,
        tenant,
        refund.customer,
        refund.id,
        slot(refund.customer),
        state.status.as_str(),
        state.known_as.clone(),
        state.trouble.clone(),
        state.calls,
        state.called_at,
        state.next_at,
        state.updated_at,
    );
    vec![asked, opened]
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: ProviderRefundId,
    state: &ProviderRefundState,
) -> Bound {
    bind!(
        PROVIDER_REFUND_SET_STATE,
        tenant,
        customer,
        id,
        state.status.as_str(),
        state.known_as.clone(),
        state.trouble.clone(),
        state.calls,
        state.called_at,
        state.next_at,
        state.updated_at,
    )
}
