//! Carries a termination out: credits what comes back, and ends the product group.

use super::credit::{change, credited, lines};
use super::{
    CreditKind, CreditOptions, Termination, TerminationRefusal, TerminationSource,
    TerminationState, TerminationStatus, TerminationType, TerminationView,
};
use crate::decision::{Change, Draft, EventKind};
use crate::delivery::{Order, queue};
use crate::document::Line;
use crate::document::credit_note::{self, Follows, Positions, sums};
use crate::ids::{DocumentId, TerminationId};
use crate::ledger::{Account, Cause, Purse};
use crate::licence::{Unused, Value};
use crate::product_group::{BalanceChange, Group, GroupState, GroupStatus};
use crate::proration::Behaviour;
use crate::subscription::{Facts, confirm_credit, pay_open};
use jiff::Timestamp;

/// Does it as of its instant, however late that is; says what it changed.
pub(super) fn carry_out(
    draft: &mut Draft,
    facts: &Facts<'_>,
    group: &Group,
    view: &mut TerminationView,
) -> Result<BalanceChange, TerminationRefusal> {
    let termination = &view.termination;
    let unused = credited(termination, group.holding(facts.holding))?;
    let document = credit(draft, facts, termination, &unused)?;
    end(draft, group, termination);
    let status = TerminationStatus::Done;
    let updated_at = draft.moment.now;
    view.state = TerminationState { status, job: None, document, updated_at };
    Ok(change(&group.group, &unused, facts.customer().profile.currency)?)
}

/// Says what comes back, where anything does: by a note, or on the next invoice.
fn credit(
    draft: &mut Draft,
    facts: &Facts<'_>,
    termination: &Termination,
    unused: &[Unused],
) -> Result<Option<DocumentId>, TerminationRefusal> {
    let Some(last) = unused.last() else { return Ok(None) };
    let spoken = (facts.seller, &facts.customer().profile.language);
    let lines = lines(termination, unused, spoken)?;
    match termination.credit.kind {
        CreditKind::Internal => Ok(Some(confirm_credit(draft, facts, lines)?)),
        CreditKind::Normal => note(draft, facts, &last.of, lines).map(Some),
    }
}

/// Issues a note on the document that charged it last; what it takes back is the customer's credit,
/// and pays what is open.
fn note(
    draft: &mut Draft,
    facts: &Facts<'_>,
    value: &Value,
    lines: Vec<Line>,
) -> Result<DocumentId, TerminationRefusal> {
    let currency = value.paid.currency;
    let taxes = lines.iter().map(|line| line.tax.split(line.total));
    let taxes = sums(taxes.collect::<Result<Vec<_>, _>>()?)?;
    let positions = Positions { lines, taxes };
    let postings = positions.postings();
    let follows = Follows {
        document: value.document,
        subscription: Some(facts.agreement.subscription.id),
        legal_entity: value.legal_entity,
        currency,
    };
    let said = (&value.payer, positions);
    let note = credit_note::issue(draft, (follows, None), said, facts.seller, facts.customer())?;
    let note = note.ok_or(crate::money::MoneyError::OutOfRange)?;
    let entity = value.legal_entity;
    let mut purse = Purse::open(facts.customer().id, entity, currency, facts.balances);
    for (from, amount) in postings {
        let cause = Cause::Crediting(note);
        purse.transfer(from, Account::CustomerCredit, amount, cause, draft.hand())?;
    }
    pay_open(draft, facts, (entity, currency), &mut purse)?;
    draft.close(purse);
    Ok(note)
}

/// Ends a product group; the billing system behind, where it bills it, is to end it too.
fn end(draft: &mut Draft, group: &Group, termination: &Termination) {
    let state = GroupState {
        status: GroupStatus::Terminated,
        ended_at: Some(termination.scheduled_at),
        updated_at: draft.moment.now,
        ..group.state.clone()
    };
    draft.push(Change::GroupSet(group.id(), state));
    draft.event(EventKind::ProductTerminated, group.id().0);
    if group.group.billed_behind {
        let order = Order::Terminate {
            behaviour: termination.credit.behaviour,
            internal: termination.credit.kind == CreditKind::Internal,
            comment: termination.comment.clone(),
            texts: termination.texts.clone(),
            ended_at: termination.scheduled_at,
        };
        queue(draft, group.group.subscription.customer, group.id(), order);
    }
}

/// Ends a product group with what it hangs on, at an instant; nothing comes back.
pub(crate) fn end_with_it(
    draft: &mut Draft,
    group: &Group,
    source: TerminationSource,
    at: Timestamp,
) {
    let kind = match source {
        TerminationSource::Update | TerminationSource::Direct | TerminationSource::Unpaid => {
            TerminationType::Immediately
        }
        TerminationSource::Plan | TerminationSource::CustomerExpiration => {
            TerminationType::AtSubscriptionBillingPeriodEnd
        }
    };
    let credit =
        CreditOptions { behaviour: Behaviour::None, kind: CreditKind::Normal, anchor: None };
    let termination = Termination {
        id: TerminationId(draft.ids.fresh()),
        group: group.id(),
        parent: group.group.parent,
        kind,
        source,
        scheduled_at: at,
        reason: None,
        comment: String::new(),
        credit,
        texts: Vec::new(),
        requested_at: draft.moment.now,
    };
    let (status, updated_at) = (TerminationStatus::Done, draft.moment.now);
    let state = TerminationState { status, job: None, document: None, updated_at };
    end(draft, group, &termination);
    open(draft, &TerminationView { termination, state });
}

/// What waits for a product group that has ended by something else doesn't wait any more.
pub(crate) fn overtake(draft: &mut Draft, view: &TerminationView) {
    close(draft, view, TerminationStatus::Overtaken);
}

/// Writes a termination with its first state.
pub(super) fn open(draft: &mut Draft, view: &TerminationView) {
    let id = view.termination.id;
    draft.push(Change::TerminationRequested(Box::new(view.termination.clone())));
    draft.push(Change::TerminationOpened(id, view.state.clone()));
    draft.event(EventKind::TerminationRequested, id.0);
}

/// A termination that waits comes to nothing; gives where it stands now.
pub(super) fn close(
    draft: &mut Draft,
    view: &TerminationView,
    status: TerminationStatus,
) -> TerminationState {
    if let Some(job) = view.state.job {
        draft.push(Change::JobDone(job));
    }
    let state =
        TerminationState { status, job: None, updated_at: draft.moment.now, ..view.state.clone() };
    draft.push(Change::TerminationSet(view.termination.id, state.clone()));
    draft.event(EventKind::TerminationUpdated, view.termination.id.0);
    state
}
