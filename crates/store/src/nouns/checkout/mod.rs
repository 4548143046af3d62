//! Attempts to pay at a payment provider.

pub mod notice;
pub mod refund;

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::checkout::{Checkout, CheckoutState, CheckoutStatus, CheckoutView};
use abono_domain::ids::{CheckoutId, CommandId, CustomerId, DocumentId, TenantId, slot};
use abono_domain::money::Money;
use jiff::Timestamp;

/// An attempt and its state, in the order in which [`view`] reads them.
macro_rules! checkout_columns {
    ($rest:expr) => {
        concat!(
            "select c.id, c.customer_id, c.document_id, c.provider, c.amount, c.currency,
              c.language, c.started_at, s.status, s.external_id, s.url, s.trouble, s.asked,
              s.next_at, s.updated_at
            from checkout c
            join checkout_state s on s.tenant_id = c.tenant_id
              and s.customer_id = c.customer_id and s.checkout_id = c.id
            where c.tenant_id = $1 and c.customer_id = $2 ",
            $rest
        )
    };
}

statements! {
    CHECKOUT_BY_ID = checkout_columns!("and c.id = $3"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Int, Text, Text, Int, Text, Text, Text, Text, Int, Int, Int];
    CHECKOUT_NEWEST = checkout_columns!("and c.document_id = $3
        order by c.started_at desc, c.id desc limit 1"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Int, Text, Text, Int, Text, Text, Text, Text, Int, Int, Int];
    CHECKOUT_OF_CUSTOMER = checkout_columns!("order by c.started_at, c.id"), [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Int, Text, Text, Int, Text, Text, Text, Text, Int, Int, Int];
    CHECKOUT_COUNT = "select count(*) from checkout where tenant_id = $1 and customer_id = $2",
        [Uuid, Uuid] => [Int];
    CHECKOUT_OWNER = "select c.customer_id, c.document_id from checkout c
        where c.tenant_id = $1 and c.id = $2 and c.provider = $3", [Uuid, Uuid, Text]
        => [Uuid, Uuid];
    CHECKOUT_DUE = "select customer_id, checkout_id from checkout_state
        where tenant_id = $1 and status = 'open' and next_at <= $2
        order by next_at, checkout_id limit $3", [Uuid, Int, Int] => [Uuid, Uuid];
    CHECKOUT_START = "insert into checkout (tenant_id, customer_id, id, document_id, provider,
          amount, currency, language, started_at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Uuid, Text, Int, Text, Text, Int, Uuid] => [];
    CHECKOUT_OPEN_STATE = "insert into checkout_state (tenant_id, customer_id, checkout_id, slot,
          status, external_id, url, trouble, asked, next_at, version, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)",
        [Uuid, Uuid, Uuid, Int, Text, Text, Text, Text, Int, Int, Int] => [];
    CHECKOUT_SET_STATE = "update checkout_state
        set status = $4, external_id = $5, url = $6, trouble = $7, asked = $8, next_at = $9,
          updated_at = $10, version = version + 1
        where tenant_id = $1 and customer_id = $2 and checkout_id = $3",
        [Uuid, Uuid, Uuid, Text, Text, Text, Text, Int, Int, Int] => [];
}

/// An attempt of a customer and where it stands.
pub fn by_id(
    tenant: TenantId,
    customer: CustomerId,
    id: CheckoutId,
) -> Query<Option<CheckoutView>, OfCustomer> {
    Query::maybe(bind!(CHECKOUT_BY_ID, tenant, customer, id), view)
}

/// The newest attempt to pay a document.
pub fn newest(
    tenant: TenantId,
    customer: CustomerId,
    document: DocumentId,
) -> Query<Option<CheckoutView>, OfCustomer> {
    Query::maybe(bind!(CHECKOUT_NEWEST, tenant, customer, document), view)
}

/// The attempts of a customer, oldest first.
pub fn of_customer(tenant: TenantId, customer: CustomerId) -> Query<Vec<CheckoutView>, OfCustomer> {
    Query::rows(bind!(CHECKOUT_OF_CUSTOMER, tenant, customer), view)
}

/// How many attempts of a customer there are, whether or not they have a state.
pub fn count(tenant: TenantId, customer: CustomerId) -> Query<i64, Immutable> {
    Query::maybe(bind!(CHECKOUT_COUNT, tenant, customer), |mut row| row.int())
        .map(|count| Ok(count.unwrap_or(0)))
}

/// Whose an attempt at a provider is, and for which document; that never changes.
pub fn owner(
    tenant: TenantId,
    provider: &str,
    id: CheckoutId,
) -> Query<Option<(CustomerId, DocumentId)>, Immutable> {
    Query::maybe(bind!(CHECKOUT_OWNER, tenant, id, provider), |mut row| {
        Ok((CustomerId(row.uuid()?), DocumentId(row.uuid()?)))
    })
}

/// Up to `limit` attempts that the provider is to be asked about, by machine time. It is read as a
/// hint: what is recorded of the answer decides.
pub fn due(
    tenant: TenantId,
    machine: Timestamp,
    limit: i64,
) -> Query<Vec<(CustomerId, CheckoutId)>, Immutable> {
    Query::rows(bind!(CHECKOUT_DUE, tenant, machine, limit), |mut row| {
        Ok((CustomerId(row.uuid()?), CheckoutId(row.uuid()?)))
    })
}

fn view(mut row: Row) -> Result<CheckoutView, StoreError> {
    let (id, customer) = (CheckoutId(row.uuid()?), CustomerId(row.uuid()?));
    let (document, provider, minor) = (DocumentId(row.uuid()?), row.text()?, row.int()?);
    let amount = Money::new(minor, row.currency()?);
    let (language, started_at) = (row.language()?, row.instant()?);
    let checkout = Checkout { id, customer, document, provider, amount, language, started_at };
    let state = CheckoutState {
        status: row.read(CheckoutStatus::parse)?,
        external_id: row.maybe_text()?,
        url: row.maybe_text()?,
        trouble: row.maybe_text()?,
        asked: row.int()?,
        next_at: row.maybe_instant()?,
        updated_at: row.instant()?,
    };
    Ok(CheckoutView { checkout, state })
}

pub(crate) fn start(tenant: TenantId, command: CommandId, view: &CheckoutView) -> Vec<Bound> {
    let CheckoutView { checkout, state } = view;
    let of = (checkout.customer, checkout.id);
    let begun = bind!(
        CHECKOUT_START,
        tenant,
        of.0,
        of.1,
        checkout.document,
        checkout.provider.as_str(),
        checkout.amount.minor,
        checkout.amount.currency,
        checkout.language.as_str(),
        checkout.started_at,
        command,
    );
    let opened = bind!(
        CHECKOUT_OPEN_STATE,
        tenant,
        of.0,
        of.1,
        slot(of.0),
        state.status.as_str(),
        state.external_id.clone(),
        state.url.clone(),
        state.trouble.clone(),
        state.asked,
        state.next_at,
        state.updated_at,
    );
    vec![begun, opened]
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: CheckoutId,
    state: &CheckoutState,
) -> Bound {
    bind!(
        CHECKOUT_SET_STATE,
        tenant,
        customer,
        id,
        state.status.as_str(),
        state.external_id.clone(),
        state.url.clone(),
        state.trouble.clone(),
        state.asked,
        state.next_at,
        state.updated_at,
    )
}
