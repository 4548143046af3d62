//! Subscriptions that live in cycles: what is agreed, where they stand, the cycles that were
//! billed, and their changes.

pub mod change;
pub mod product_group;
pub mod termination;

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::nouns::journal::Actor;
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::ids::{
    BundleId, CommandId, CommitmentId, CustomerId, DocumentId, JobId, LegalEntityId, PlanId,
    ProductId, SubscriptionId, TenantId,
};
use abono_domain::licence::Subscription;
use abono_domain::money::Money;
use abono_domain::subscription::{
    Agreement, BilledCycle, Commitment, LineIdentity, Origin, State, Status, StatusStep,
};

/// The columns of an agreement and its state, in the order in which [`read`] reads them.
macro_rules! agreement_columns {
    ($rest:literal) => {
        concat!(
            "select s.id, s.number, s.customer_id, s.product_id, s.created_at, a.plan_id,
              a.legal_entity_id,
              a.zone, a.started_on, a.sold_on, a.months, a.billing_day, a.origin, a.bundle_id,
              a.msisdn, a.imsi, a.iccid, t.status, t.plan_id, t.quantity, t.cycle, t.billed_until,
              t.ends_on, t.end_reason, t.job_id, t.steps, t.updated_at
            from subscription s
            join agreement a on a.tenant_id = s.tenant_id and a.customer_id = s.customer_id
              and a.subscription_id = s.id
            join subscription_state t on t.tenant_id = s.tenant_id
              and t.customer_id = s.customer_id and t.subscription_id = s.id ",
            $rest
        )
    };
}

statements! {
    AGREEMENT_BY_ID = agreement_columns!("where s.tenant_id = $1 and s.customer_id = $2
        and s.id = $3"), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Int, Uuid, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Text,
            Text, Text, Text, Uuid, Int, Int, Text, Text, Text, Uuid, Int, Int];
    AGREEMENT_LIST = agreement_columns!("where s.tenant_id = $1 and s.customer_id = $2
        order by s.number"), [Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Int, Uuid, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Text,
            Text, Text, Text, Uuid, Int, Int, Text, Text, Text, Uuid, Int, Int];
    AGREEMENT_PAGE = agreement_columns!("where s.tenant_id = $1 and s.number > $2
        order by s.number limit $3"), [Uuid, Int, Int]
        => [Uuid, Int, Uuid, Uuid, Int, Uuid, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Text,
            Text, Text, Text, Uuid, Int, Int, Text, Text, Text, Uuid, Int, Int];
    AGREEMENT_OWNER = "select customer_id, id from subscription
        where tenant_id = $1 and number = $2 and recurring", [Uuid, Int] => [Uuid, Uuid];
    AGREEMENT_MAKE = "insert into agreement (tenant_id, customer_id, subscription_id, plan_id,
          legal_entity_id, zone, started_on, sold_on, months, billing_day, origin, bundle_id,
          msisdn, imsi, iccid)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Text, Text, Text, Int, Int, Text, Uuid, Text, Text, Text]
        => [];
    SUBSCRIPTION_OPEN_STATE = "insert into subscription_state (tenant_id, customer_id,
          subscription_id, status, plan_id, quantity, cycle, billed_until, ends_on, end_reason,
          job_id, version, steps, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13)",
        [Uuid, Uuid, Uuid, Text, Uuid, Int, Int, Text, Text, Text, Uuid, Int, Int] => [];
    SUBSCRIPTION_SET_STATE = "update subscription_state
        set status = $4, plan_id = $5, quantity = $6, cycle = $7, billed_until = $8, ends_on = $9,
          end_reason = $10, job_id = $11, steps = $12, updated_at = $13, version = version + 1
        where tenant_id = $1 and customer_id = $2 and subscription_id = $3",
        [Uuid, Uuid, Uuid, Text, Uuid, Int, Int, Text, Text, Text, Uuid, Int, Int] => [];
    SUBSCRIPTION_STEP = "insert into subscription_step (tenant_id, customer_id, subscription_id,
          seq, prev_seq, from_status, to_status, reason, at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Text, Text, Int, Uuid] => [];
    SUBSCRIPTION_STEPS = "select p.seq, p.from_status, p.to_status, p.reason, p.at, j.actor_kind,
          j.actor_id
        from subscription_step p join journal j on j.tenant_id = p.tenant_id
          and j.command_id = p.command_id
        where p.tenant_id = $1 and p.customer_id = $2 and p.subscription_id = $3
        order by p.seq", [Uuid, Uuid, Uuid] => [Int, Text, Text, Text, Int, Text, Uuid];
    SUBSCRIPTION_ALL_STEPS = "select subscription_id, seq, to_status from subscription_step
        where tenant_id = $1 and customer_id = $2 order by subscription_id, seq", [Uuid, Uuid]
        => [Uuid, Int, Text];
    CYCLE_BILL = "insert into billing_cycle (tenant_id, customer_id, subscription_id, seq, prev_seq,
          starts_on, ends_on, chained_start, document_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Text, Text, Uuid] => [];
    CYCLE_LIST = "select subscription_id, seq, starts_on, ends_on, document_id from billing_cycle
        where tenant_id = $1 and customer_id = $2 order by subscription_id, seq", [Uuid, Uuid]
        => [Uuid, Int, Text, Text, Uuid];
    COMMITMENT_MAKE = "insert into commitment (tenant_id, customer_id, id, subscription_id, plan_id,
          starts_on, ends_on, penalty, currency)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text] => [];
    COMMITMENT_LIST = "select id, plan_id, starts_on, ends_on, penalty, currency from commitment
        where tenant_id = $1 and customer_id = $2 and subscription_id = $3
        order by starts_on, id", [Uuid, Uuid, Uuid] => [Uuid, Uuid, Text, Text, Int, Text];
    COMMITMENT_OF_GROUPS = "select c.id, c.plan_id, c.starts_on, c.ends_on, c.penalty, c.currency,
          c.subscription_id
        from commitment c join product_group b on b.tenant_id = c.tenant_id
          and b.customer_id = c.customer_id and b.subscription_id = c.subscription_id
        where c.tenant_id = $1 and c.customer_id = $2 and b.parent_id = $3
        order by c.starts_on, c.id", [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Text, Text, Int, Text, Uuid];
}

/// What is agreed about a subscription, and where it stands.
pub fn by_id(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<Option<(Agreement, State)>, OfCustomer> {
    Query::maybe(bind!(AGREEMENT_BY_ID, tenant, customer, id), read)
}

/// All that is agreed with a customer, by number.
pub fn of_customer(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(Agreement, State)>, OfCustomer> {
    Query::rows(bind!(AGREEMENT_LIST, tenant, customer), read)
}

/// Up to `limit` subscriptions of a tenant after a number, by number.
pub fn page(tenant: TenantId, after: i64, limit: i64) -> Query<Vec<(Agreement, State)>, Immutable> {
    Query::rows(bind!(AGREEMENT_PAGE, tenant, after, limit), read)
}

/// Whose subscription a number is; that never changes.
pub fn owner(
    tenant: TenantId,
    number: i64,
) -> Query<Option<(CustomerId, SubscriptionId)>, Immutable> {
    Query::maybe(bind!(AGREEMENT_OWNER, tenant, number), |mut row| {
        Ok((CustomerId(row.uuid()?), SubscriptionId(row.uuid()?)))
    })
}

/// The steps of a subscription's status, oldest first, each with who took it.
pub fn steps(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<Vec<(StatusStep, Actor)>, Immutable> {
    Query::rows(bind!(SUBSCRIPTION_STEPS, tenant, customer, id), step)
}

/// Where each step of a customer's subscriptions led, by subscription, oldest first.
pub fn all_steps(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(SubscriptionId, i64, Status)>, Immutable> {
    Query::rows(bind!(SUBSCRIPTION_ALL_STEPS, tenant, customer), |mut row| {
        Ok((SubscriptionId(row.uuid()?), row.int()?, row.read(Status::parse)?))
    })
}

/// The cycles of a customer that were billed, by subscription, oldest first.
pub fn cycles(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(SubscriptionId, BilledCycle)>, Immutable> {
    Query::rows(bind!(CYCLE_LIST, tenant, customer), |mut row| {
        let id = SubscriptionId(row.uuid()?);
        let (seq, starts_on, ends_on) = (row.int()?, row.date()?, row.date()?);
        let invoice = DocumentId(row.uuid()?);
        Ok((id, BilledCycle { seq, starts_on, ends_on, invoice }))
    })
}

/// What a subscription is bound by, oldest first.
pub fn commitments(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<Vec<Commitment>, OfCustomer> {
    Query::rows(bind!(COMMITMENT_LIST, tenant, customer, id), |mut row| commitment(&mut row))
}

/// What binds that which was added to a subscription, each with its product group.
pub fn commitments_of_groups(
    tenant: TenantId,
    customer: CustomerId,
    parent: SubscriptionId,
) -> Query<Vec<(SubscriptionId, Commitment)>, OfCustomer> {
    Query::rows(bind!(COMMITMENT_OF_GROUPS, tenant, customer, parent), |mut row| {
        let bound = commitment(&mut row)?;
        Ok((SubscriptionId(row.uuid()?), bound))
    })
}

fn commitment(row: &mut Row) -> Result<Commitment, StoreError> {
    let (id, plan) = (CommitmentId(row.uuid()?), PlanId(row.uuid()?));
    let (starts_on, ends_on, penalty) = (row.date()?, row.date()?, row.int()?);
    let penalty = Money::new(penalty, row.currency()?);
    Ok(Commitment { id, plan, starts_on, ends_on, penalty })
}

fn read(mut row: Row) -> Result<(Agreement, State), StoreError> {
    let subscription = Subscription {
        id: SubscriptionId(row.uuid()?),
        number: row.int()?,
        customer: CustomerId(row.uuid()?),
        product: ProductId(row.uuid()?),
        created_at: row.instant()?,
        recurring: true,
    };
    let agreement = Agreement {
        subscription,
        plan: PlanId(row.uuid()?),
        legal_entity: LegalEntityId(row.uuid()?),
        zone: row.text()?,
        started_on: row.date()?,
        sold_on: row.date()?,
        months: row.int()?,
        billing_day: row.int()?,
        origin: row.read(Origin::parse)?,
        bundle: row.maybe_uuid()?.map(BundleId),
        line: LineIdentity {
            msisdn: row.maybe_text()?,
            imsi: row.maybe_text()?,
            iccid: row.maybe_text()?,
        },
    };
    let state = State {
        status: row.read(Status::parse)?,
        plan: PlanId(row.uuid()?),
        quantity: row.int()?,
        cycle: row.int()?,
        billed_until: row.date()?,
        ends_on: row.maybe_date()?,
        end_reason: row.maybe_text()?,
        job: row.maybe_uuid()?.map(JobId),
        steps: row.int()?,
        updated_at: row.instant()?,
    };
    Ok((agreement, state))
}

fn step(mut row: Row) -> Result<(StatusStep, Actor), StoreError> {
    let seq = row.int()?;
    let from = row.maybe_text()?.map(|word| Status::parse(&word));
    let from = from.map(|from| from.ok_or_else(|| row.wrong())).transpose()?;
    let (to, reason, at) = (row.read(Status::parse)?, row.maybe_text()?, row.instant()?);
    let (kind, id) = (row.text()?, row.maybe_uuid()?);
    let actor = Actor::from_parts(&kind, id).ok_or_else(|| row.wrong())?;
    Ok((StatusStep { seq, from, to, reason, at }, actor))
}

pub(crate) fn agree(tenant: TenantId, agreement: &Agreement) -> Bound {
    let Agreement { subscription, line, .. } = agreement;
    bind!(
        AGREEMENT_MAKE,
        tenant,
        subscription.customer,
        subscription.id,
        agreement.plan,
        agreement.legal_entity,
        agreement.zone.as_str(),
        agreement.started_on,
        agreement.sold_on,
        agreement.months,
        agreement.billing_day,
        agreement.origin.as_str(),
        agreement.bundle,
        line.msisdn.clone(),
        line.imsi.clone(),
        line.iccid.clone(),
    )
}

/// Which statement writes a state: the first one, or a later one.
fn state(
    stmt: &'static crate::db::Stmt,
    (tenant, customer, id): (TenantId, CustomerId, SubscriptionId),
    state: &State,
) -> Bound {
    bind!(
        stmt,
        tenant,
        customer,
        id,
        state.status.as_str(),
        state.plan,
        state.quantity,
        state.cycle,
        state.billed_until,
        state.ends_on,
        state.end_reason.clone(),
        state.job,
        state.steps,
        state.updated_at,
    )
}

pub(crate) fn open(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
    first: &State,
) -> Bound {
    state(&SUBSCRIPTION_OPEN_STATE, (tenant, customer, id), first)
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
    later: &State,
) -> Bound {
    state(&SUBSCRIPTION_SET_STATE, (tenant, customer, id), later)
}

pub(crate) fn take_step(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    id: SubscriptionId,
    step: &StatusStep,
) -> Bound {
    let follows = step.seq > 1;
    let prev = follows.then(|| step.seq.saturating_sub(1));
    let from = step.from.map(|from| from.as_str().to_owned());
    let (to, reason) = (step.to.as_str(), step.reason.clone());
    bind!(
        SUBSCRIPTION_STEP,
        tenant,
        customer,
        id,
        step.seq,
        prev,
        from,
        to,
        reason,
        step.at,
        command
    )
}

pub(crate) fn bill(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
    cycle: &BilledCycle,
) -> Bound {
    let BilledCycle { seq, starts_on, ends_on, invoice } = cycle;
    let follows = *seq > 1;
    let (prev, start) = (follows.then(|| seq.saturating_sub(1)), follows.then_some(*starts_on));
    bind!(CYCLE_BILL, tenant, customer, id, *seq, prev, *starts_on, *ends_on, start, *invoice)
}

pub(crate) fn commit(
    tenant: TenantId,
    customer: CustomerId,
    subscription: SubscriptionId,
    commitment: &Commitment,
) -> Bound {
    let Commitment { id, plan, starts_on, ends_on, penalty } = commitment;
    let (minor, currency) = (penalty.minor, penalty.currency);
    bind!(
        COMMITMENT_MAKE,
        tenant,
        customer,
        *id,
        subscription,
        *plan,
        *starts_on,
        *ends_on,
        minor,
        currency
    )
}
