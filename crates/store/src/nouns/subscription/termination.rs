//! Terminations of product groups, and where they stand.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::ids::{
    CommandId, CustomerId, DocumentId, JobId, SubscriptionId, TenantId, TerminationId,
    TerminationReasonId,
};
use abono_domain::proration::Behaviour;
use abono_domain::termination::{
    CreditKind, CreditOptions, Termination, TerminationSource, TerminationState, TerminationStatus,
    TerminationType, TerminationView,
};
use std::collections::BTreeMap;

/// The columns of a termination and its state, in the order in which [`view`] reads them.
macro_rules! termination_columns {
    ($rest:literal) => {
        concat!(
            "select e.id, e.group_id, e.parent_id, e.type, e.source, e.scheduled_at, e.reason_id,
              e.comment, e.behaviour, e.credit_kind, e.anchor_at, e.requested_at, s.status,
              s.job_id, s.document_id, s.updated_at
            from termination e
            join termination_state s on s.tenant_id = e.tenant_id
              and s.customer_id = e.customer_id and s.termination_id = e.id
            where e.tenant_id = $1 and e.customer_id = $2 ",
            $rest
        )
    };
}

statements! {
    TERMINATION_LIST = termination_columns!("and e.parent_id = $3 order by e.requested_at, e.id"),
        [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Uuid,
            Int];
    TERMINATION_LIST_ALL = termination_columns!("order by e.requested_at, e.id"), [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Uuid,
            Int];
    TERMINATION_TEXTS = "select termination_id, text from termination_text
        where tenant_id = $1 and customer_id = $2 order by termination_id, place", [Uuid, Uuid]
        => [Uuid, Text];
    TERMINATION_SUBJECT = "select parent_id from termination
        where tenant_id = $1 and customer_id = $2 and id = $3", [Uuid, Uuid, Uuid] => [Uuid];
    TERMINATION_REQUEST = "insert into termination (tenant_id, customer_id, id, group_id, parent_id,
          type, source, scheduled_at, reason_id, comment, behaviour, credit_kind, anchor_at,
          requested_at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Uuid, Text, Text, Text, Int, Int, Uuid]
        => [];
    TERMINATION_SAY = "insert into termination_text
          (tenant_id, customer_id, termination_id, place, text)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Uuid, Int, Text] => [];
    TERMINATION_OPEN_STATE = "insert into termination_state (tenant_id, customer_id, termination_id,
          status, job_id, document_id, version, updated_at)
        values ($1, $2, $3, $4, $5, $6, 1, $7)", [Uuid, Uuid, Uuid, Text, Uuid, Uuid, Int] => [];
    TERMINATION_SET_STATE = "update termination_state
        set status = $4, job_id = $5, document_id = $6, updated_at = $7, version = version + 1
        where tenant_id = $1 and customer_id = $2 and termination_id = $3",
        [Uuid, Uuid, Uuid, Text, Uuid, Uuid, Int] => [];
}

/// How that ends which was added to a subscription, oldest request first.
pub fn of_subscription(
    tenant: TenantId,
    customer: CustomerId,
    parent: SubscriptionId,
) -> Query<Vec<TerminationView>, OfCustomer> {
    let heads = Query::rows(bind!(TERMINATION_LIST, tenant, customer, parent), view);
    heads.and(texts(tenant, customer)).map(|(heads, texts)| Ok(complete(heads, texts)))
}

/// Every termination of a customer, oldest request first.
pub fn of_customer(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<TerminationView>, OfCustomer> {
    let heads = Query::rows(bind!(TERMINATION_LIST_ALL, tenant, customer), view);
    heads.and(texts(tenant, customer)).map(|(heads, texts)| Ok(complete(heads, texts)))
}

fn texts(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(TerminationId, String)>, OfCustomer> {
    Query::rows(bind!(TERMINATION_TEXTS, tenant, customer), |mut row| {
        Ok((TerminationId(row.uuid()?), row.text()?))
    })
}

fn complete(
    mut heads: Vec<TerminationView>,
    texts: Vec<(TerminationId, String)>,
) -> Vec<TerminationView> {
    let mut of: BTreeMap<TerminationId, Vec<String>> = BTreeMap::new();
    for (id, text) in texts {
        of.entry(id).or_default().push(text);
    }
    for head in &mut heads {
        head.termination.texts = of.remove(&head.termination.id).unwrap_or_default();
    }
    heads
}

/// On which subscription something ends by a termination; that never changes.
pub fn subject(
    tenant: TenantId,
    customer: CustomerId,
    id: TerminationId,
) -> Query<Option<SubscriptionId>, Immutable> {
    let bound = bind!(TERMINATION_SUBJECT, tenant, customer, id);
    Query::maybe(bound, |mut row| row.uuid().map(SubscriptionId))
}

fn view(mut row: Row) -> Result<TerminationView, StoreError> {
    let termination = Termination {
        id: TerminationId(row.uuid()?),
        group: SubscriptionId(row.uuid()?),
        parent: SubscriptionId(row.uuid()?),
        kind: row.read(TerminationType::parse)?,
        source: row.read(TerminationSource::parse)?,
        scheduled_at: row.instant()?,
        reason: row.maybe_uuid()?.map(TerminationReasonId),
        comment: row.text()?,
        credit: CreditOptions {
            behaviour: row.read(Behaviour::parse)?,
            kind: row.read(CreditKind::parse)?,
            anchor: row.maybe_instant()?,
        },
        texts: Vec::new(),
        requested_at: row.instant()?,
    };
    let state = TerminationState {
        status: row.read(TerminationStatus::parse)?,
        job: row.maybe_uuid()?.map(JobId),
        document: row.maybe_uuid()?.map(DocumentId),
        updated_at: row.instant()?,
    };
    Ok(TerminationView { termination, state })
}

pub(crate) fn request(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    termination: &Termination,
) -> Vec<Bound> {
    let Termination { id, group, parent, credit, .. } = termination;
    let mut rows = vec![bind!(
        TERMINATION_REQUEST,
        tenant,
        customer,
        *id,
        *group,
        *parent,
        termination.kind.as_str(),
        termination.source.as_str(),
        termination.scheduled_at,
        termination.reason,
        termination.comment.as_str(),
        credit.behaviour.as_str(),
        credit.kind.as_str(),
        credit.anchor,
        termination.requested_at,
        command,
    )];
    rows.extend(
        (1_i64..).zip(&termination.texts).map(|(place, text)| {
            bind!(TERMINATION_SAY, tenant, customer, *id, place, text.as_str())
        }),
    );
    rows
}

/// Which statement writes a state: the first one, or a later one.
fn state(
    stmt: &'static crate::db::Stmt,
    (tenant, customer, id): (TenantId, CustomerId, TerminationId),
    state: &TerminationState,
) -> Bound {
    let TerminationState { status, job, document, updated_at } = state;
    bind!(stmt, tenant, customer, id, status.as_str(), *job, *document, *updated_at)
}

pub(crate) fn open(
    tenant: TenantId,
    customer: CustomerId,
    id: TerminationId,
    first: &TerminationState,
) -> Bound {
    state(&TERMINATION_OPEN_STATE, (tenant, customer, id), first)
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: TerminationId,
    later: &TerminationState,
) -> Bound {
    state(&TERMINATION_SET_STATE, (tenant, customer, id), later)
}
