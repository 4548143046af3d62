//! Changes of subscriptions, their states and steps, and what was decided about their risk.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::change::{ChangeState, ChangeStatus, ChangeStep, ChangeView, PlanChange};
use abono_domain::ids::{
    ChangeId, CommandId, CustomerId, DocumentId, JobId, PlanId, RiskDecisionId, SubscriptionId,
    TenantId,
};
use abono_domain::money::Money;
use abono_domain::risk::{Decider, Finding, Inputs, RiskDecision, Verdict};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The columns of a change, its state and its last step, in the order in which [`change`] reads
/// them.
macro_rules! change_columns {
    ($rest:literal) => {
        concat!(
            "select c.id, c.number, c.subscription_id, c.from_plan_id, c.to_plan_id,
              c.effective_on, c.requested_at, s.status, s.due_at, s.job_id, s.document_id, s.steps,
              s.updated_at, p.reason
            from plan_change c
            join plan_change_state s on s.tenant_id = c.tenant_id
              and s.customer_id = c.customer_id and s.change_id = c.id
            join plan_change_step p on p.tenant_id = c.tenant_id
              and p.customer_id = c.customer_id and p.change_id = c.id and p.seq = s.steps
            where c.tenant_id = $1 and c.customer_id = $2 ",
            $rest
        )
    };
}

statements! {
    CHANGE_LIST = change_columns!("and c.subscription_id = $3 order by c.requested_at, c.id"),
        [Uuid, Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Uuid, Text, Int, Text, Int, Uuid, Uuid, Int, Int, Text];
    CHANGE_LOG = change_columns!("order by c.requested_at, c.id"), [Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Uuid, Text, Int, Text, Int, Uuid, Uuid, Int, Int, Text];
    RISK_VERDICTS = "select change_id, verdict from risk_decision
        where tenant_id = $1 and customer_id = $2 order by decided_at, id", [Uuid, Uuid]
        => [Uuid, Text];
    CHANGE_PAGE = "select c.number, c.customer_id, c.subscription_id, c.id from plan_change c
        where c.tenant_id = $1 and c.number > $2 order by c.number limit $3", [Uuid, Int, Int]
        => [Int, Uuid, Uuid, Uuid];
    CHANGE_PAGE_OF = "select c.number, c.customer_id, c.subscription_id, c.id from plan_change c
        join plan_change_state s on s.tenant_id = c.tenant_id and s.customer_id = c.customer_id
          and s.change_id = c.id
        where c.tenant_id = $1 and c.number > $2 and s.status = $3
        order by c.number limit $4", [Uuid, Int, Text, Int] => [Int, Uuid, Uuid, Uuid];
    CHANGE_REQUEST = "insert into plan_change (tenant_id, customer_id, id, number, subscription_id,
          from_plan_id, to_plan_id, effective_on, requested_at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Int, Uuid, Uuid, Uuid, Text, Int, Uuid] => [];
    CHANGE_OPEN_STATE = "insert into plan_change_state (tenant_id, customer_id, change_id, status,
          due_at, job_id, document_id, version, steps, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)",
        [Uuid, Uuid, Uuid, Text, Int, Uuid, Uuid, Int, Int] => [];
    CHANGE_SET_STATE = "update plan_change_state
        set status = $4, due_at = $5, job_id = $6, document_id = $7, steps = $8, updated_at = $9,
          version = version + 1
        where tenant_id = $1 and customer_id = $2 and change_id = $3",
        [Uuid, Uuid, Uuid, Text, Int, Uuid, Uuid, Int, Int] => [];
    CHANGE_STEP = "insert into plan_change_step (tenant_id, customer_id, change_id, seq, prev_seq,
          from_status, to_status, reason, at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Text, Text, Int, Uuid] => [];
    CHANGE_STEPS = "select change_id, seq, from_status, to_status, reason, at from plan_change_step
        where tenant_id = $1 and customer_id = $2 order by change_id, seq", [Uuid, Uuid]
        => [Uuid, Int, Text, Text, Text, Int];
    CHANGE_SUBJECT = "select subscription_id from plan_change
        where tenant_id = $1 and customer_id = $2 and id = $3", [Uuid, Uuid, Uuid] => [Uuid];
    RISK_LIST = "select r.id, r.change_id, r.verdict, r.decided_by, r.decider, r.note, r.decided_at,
          r.lapses_on, r.currency, r.price_before, r.price_after, r.overdue, r.credit,
          r.tenure_days, r.commitment_days, r.requests
        from risk_decision r join plan_change c on c.tenant_id = r.tenant_id
          and c.customer_id = r.customer_id and c.id = r.change_id
        where r.tenant_id = $1 and r.customer_id = $2 and c.subscription_id = $3
        order by r.decided_at, r.id", [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Text, Text, Text, Text, Int, Text, Text, Int, Int, Int, Int, Int, Int, Int];
    RISK_FINDINGS = "select f.decision_id, f.rule, f.verdict, f.reason
        from risk_finding f
        join risk_decision r on r.tenant_id = f.tenant_id and r.customer_id = f.customer_id
          and r.id = f.decision_id
        join plan_change c on c.tenant_id = r.tenant_id and c.customer_id = r.customer_id
          and c.id = r.change_id
        where f.tenant_id = $1 and f.customer_id = $2 and c.subscription_id = $3
        order by f.decision_id, f.place", [Uuid, Uuid, Uuid] => [Uuid, Text, Text, Text];
    RISK_DECIDE = "insert into risk_decision (tenant_id, customer_id, id, change_id, verdict,
          decided_by, decider, note, decided_at, lapses_on, currency, price_before, price_after,
          overdue, credit, tenure_days, commitment_days, requests)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        [Uuid, Uuid, Uuid, Uuid, Text, Text, Text, Text, Int, Text, Text, Int, Int, Int, Int, Int,
         Int, Int] => [];
    RISK_FIND = "insert into risk_finding (tenant_id, customer_id, decision_id, place, rule,
          verdict, reason)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Int, Text, Text, Text] => [];
}

/// The changes of a subscription, oldest request first, each with what was decided about its risk
/// last.
pub fn of_subscription(
    tenant: TenantId,
    customer: CustomerId,
    subscription: SubscriptionId,
) -> Query<Vec<ChangeView>, OfCustomer> {
    let changes = Query::rows(bind!(CHANGE_LIST, tenant, customer, subscription), change);
    changes.and(decisions(tenant, customer, subscription)).map(|(changes, decisions)| {
        let mut last: BTreeMap<ChangeId, RiskDecision> =
            decisions.into_iter().map(|decision| (decision.change, decision)).collect();
        let view = |(change, state, reason): Logged| {
            let risk = last.remove(&change.id).ok_or(StoreError::Inconsistent("RISK_LIST"))?;
            Ok(ChangeView { change, state, reason, risk })
        };
        changes.into_iter().map(view).collect()
    })
}

/// All that was decided about the risk of a subscription's changes, oldest first.
pub fn decisions(
    tenant: TenantId,
    customer: CustomerId,
    subscription: SubscriptionId,
) -> Query<Vec<RiskDecision>, OfCustomer> {
    let heads = Query::rows(bind!(RISK_LIST, tenant, customer, subscription), decision);
    let findings = Query::rows(bind!(RISK_FINDINGS, tenant, customer, subscription), finding);
    heads.and(findings).map(|(mut heads, findings)| {
        let mut of: BTreeMap<RiskDecisionId, Vec<Finding>> = BTreeMap::new();
        for (id, finding) in findings {
            of.entry(id).or_default().push(finding);
        }
        for head in &mut heads {
            head.findings = of.remove(&head.id).unwrap_or_default();
        }
        Ok(heads)
    })
}

/// Where a change is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its number.
    pub number: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Its identity.
    pub change: ChangeId,
}

/// Up to `limit` changes of a tenant after a number, by number; of one status where that is said.
pub fn page(
    tenant: TenantId,
    status: Option<ChangeStatus>,
    after: i64,
    limit: i64,
) -> Query<Vec<Address>, Immutable> {
    let bound = match status {
        None => bind!(CHANGE_PAGE, tenant, after, limit),
        Some(status) => bind!(CHANGE_PAGE_OF, tenant, after, status.as_str(), limit),
    };
    Query::rows(bound, |mut row| {
        Ok(Address {
            number: row.int()?,
            customer: CustomerId(row.uuid()?),
            subscription: SubscriptionId(row.uuid()?),
            change: ChangeId(row.uuid()?),
        })
    })
}

/// A change and its state, with the reason of its last step.
pub type Logged = (PlanChange, ChangeState, Option<String>);

/// All changes of a customer, oldest request first: the log.
pub fn log(tenant: TenantId, customer: CustomerId) -> Query<Vec<Logged>, OfCustomer> {
    Query::rows(bind!(CHANGE_LOG, tenant, customer), change)
}

/// What was decided last about the risk of each change of a customer.
pub fn verdicts(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<BTreeMap<ChangeId, Verdict>, OfCustomer> {
    Query::rows(bind!(RISK_VERDICTS, tenant, customer), |mut row| {
        Ok((ChangeId(row.uuid()?), row.read(Verdict::parse)?))
    })
    .map(|rows| Ok(rows.into_iter().collect()))
}

/// Of which subscription a change is; that never changes.
pub fn subject(
    tenant: TenantId,
    customer: CustomerId,
    id: ChangeId,
) -> Query<Option<SubscriptionId>, Immutable> {
    let bound = bind!(CHANGE_SUBJECT, tenant, customer, id);
    Query::maybe(bound, |mut row| row.uuid().map(SubscriptionId))
}

/// The steps of every change of a customer, by change, oldest first.
pub fn steps(tenant: TenantId, customer: CustomerId) -> Query<Vec<ChangeStep>, Immutable> {
    Query::rows(bind!(CHANGE_STEPS, tenant, customer), |mut row| {
        let (change, seq) = (ChangeId(row.uuid()?), row.int()?);
        let from = row.maybe_text()?.map(|word| ChangeStatus::parse(&word));
        let from = from.map(|from| from.ok_or_else(|| row.wrong())).transpose()?;
        let (to, reason) = (row.read(ChangeStatus::parse)?, row.maybe_text()?);
        Ok(ChangeStep { change, seq, from, to, reason, at: row.instant()? })
    })
}

fn change(mut row: Row) -> Result<Logged, StoreError> {
    let change = PlanChange {
        id: ChangeId(row.uuid()?),
        number: row.int()?,
        subscription: SubscriptionId(row.uuid()?),
        from: PlanId(row.uuid()?),
        to: PlanId(row.uuid()?),
        effective_on: row.date()?,
        requested_at: row.instant()?,
    };
    let state = ChangeState {
        status: row.read(ChangeStatus::parse)?,
        due_at: row.instant()?,
        job: row.maybe_uuid()?.map(JobId),
        confirmation: row.maybe_uuid()?.map(DocumentId),
        steps: row.int()?,
        updated_at: row.instant()?,
    };
    Ok((change, state, row.maybe_text()?))
}

fn decision(mut row: Row) -> Result<RiskDecision, StoreError> {
    let (id, change) = (RiskDecisionId(row.uuid()?), ChangeId(row.uuid()?));
    let verdict = row.read(Verdict::parse)?;
    let (word, name) = (row.text()?, row.maybe_text()?);
    let by = Decider::from_parts(&word, name).ok_or_else(|| row.wrong())?;
    let (note, decided_at, lapses_on) = (row.maybe_text()?, row.instant()?, row.maybe_date()?);
    let currency = row.currency()?;
    let mut money = || Ok::<_, StoreError>(Money::new(row.int()?, currency));
    let (price_before, price_after) = (money()?, money()?);
    let (overdue, credit) = (money()?, money()?);
    let inputs = Inputs {
        price_before,
        price_after,
        overdue,
        credit,
        tenure_days: row.int()?,
        commitment_days: row.int()?,
        requests: row.int()?,
    };
    let findings = Vec::new();
    Ok(RiskDecision { id, change, verdict, by, note, decided_at, lapses_on, inputs, findings })
}

fn finding(mut row: Row) -> Result<(RiskDecisionId, Finding), StoreError> {
    let id = RiskDecisionId(row.uuid()?);
    let (rule, verdict, reason) = (row.text()?, row.read(Verdict::parse)?, row.text()?);
    Ok((id, Finding { rule, verdict, reason }))
}

pub(crate) fn request(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    change: &PlanChange,
) -> Bound {
    let PlanChange { id, number, subscription, from, to, effective_on, requested_at } = change;
    let (on, at): (_, Timestamp) = (*effective_on, *requested_at);
    bind!(
        CHANGE_REQUEST,
        tenant,
        customer,
        *id,
        *number,
        *subscription,
        *from,
        *to,
        on,
        at,
        command
    )
}

/// Which statement writes a state: the first one, or a later one.
fn state(
    stmt: &'static crate::db::Stmt,
    (tenant, customer, id): (TenantId, CustomerId, ChangeId),
    state: &ChangeState,
) -> Bound {
    let ChangeState { status, due_at, job, confirmation, steps, updated_at } = state;
    let status = status.as_str();
    bind!(stmt, tenant, customer, id, status, *due_at, *job, *confirmation, *steps, *updated_at)
}

pub(crate) fn open(
    tenant: TenantId,
    customer: CustomerId,
    id: ChangeId,
    first: &ChangeState,
) -> Bound {
    state(&CHANGE_OPEN_STATE, (tenant, customer, id), first)
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: ChangeId,
    later: &ChangeState,
) -> Bound {
    state(&CHANGE_SET_STATE, (tenant, customer, id), later)
}

pub(crate) fn take_step(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    step: &ChangeStep,
) -> Bound {
    let ChangeStep { change, seq, from, to, reason, at } = step;
    let prev = (*seq > 1).then(|| seq.saturating_sub(1));
    let from = from.map(|from| from.as_str().to_owned());
    let (to, reason) = (to.as_str(), reason.clone());
    bind!(CHANGE_STEP, tenant, customer, *change, *seq, prev, from, to, reason, *at, command)
}

pub(crate) fn decide(
    tenant: TenantId,
    customer: CustomerId,
    decision: &RiskDecision,
) -> Vec<Bound> {
    let (word, name) = decision.by.parts();
    let inputs = &decision.inputs;
    let mut rows = vec![bind!(
        RISK_DECIDE,
        tenant,
        customer,
        decision.id,
        decision.change,
        decision.verdict.as_str(),
        word,
        name.map(str::to_owned),
        decision.note.clone(),
        decision.decided_at,
        decision.lapses_on,
        inputs.price_after.currency,
        inputs.price_before.minor,
        inputs.price_after.minor,
        inputs.overdue.minor,
        inputs.credit.minor,
        inputs.tenure_days,
        inputs.commitment_days,
        inputs.requests,
    )];
    rows.extend((1_i64..).zip(&decision.findings).map(|(place, finding)| {
        let (rule, verdict) = (finding.rule.as_str(), finding.verdict.as_str());
        let reason = finding.reason.as_str();
        bind!(RISK_FIND, tenant, customer, decision.id, place, rule, verdict, reason)
    }));
    rows
}
