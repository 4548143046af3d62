//! Closes a payment request whose last day has passed; money set aside for it becomes credit again.

use super::request_payment::end_of;
use super::{DocumentRefusal, DocumentStatus, DocumentView, Step};
use crate::decision::{Change, Decision, Draft, EventKind, Outcome};
use crate::ids::{DocumentId, JobId};
use crate::ledger::{Account, Balance, Cause, Purse};
use crate::moment::Moment;
use crate::money::Money;
use crate::seller::Seller;

/// Close `document`, for which `job` has fallen due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpireRequest {
    /// Which request.
    pub document: DocumentId,
    /// The due work that asks for it.
    pub job: JobId,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// The request.
    pub view: &'a DocumentView,
    /// The customer's balances.
    pub balances: &'a [Balance],
}

/// Cancels a pending request; a request that was paid or canceled meanwhile only loses its job.
///
/// # Errors
/// [`DocumentRefusal::StillValid`] before its last day is over.
pub fn decide(
    command: &ExpireRequest,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DocumentRefusal> {
    let mut view = facts.view.clone();
    let legal_entity = view.document.series.legal_entity;
    let issuer = facts.seller.legal_entity(legal_entity).ok_or(DocumentRefusal::NoIssuer)?;
    if moment.now < end_of(view.document.valid_until, issuer)? {
        return Err(DocumentRefusal::StillValid);
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::JobDone(command.job));
    if view.state.status == DocumentStatus::Pending {
        release(&mut draft, &view, facts.balances)?;
        view.state.paid = Money::zero(view.document.total.currency);
        draft.step(&mut view, DocumentStatus::Canceled);
        draft.event(EventKind::PaymentRequestCanceled, view.document.id.0);
    }
    Ok(draft.done(Outcome::PaymentRequest { view, quote: None }))
}

fn release(
    draft: &mut Draft,
    view: &DocumentView,
    balances: &[Balance],
) -> Result<(), DocumentRefusal> {
    let document = &view.document;
    let legal_entity = document.series.legal_entity;
    let currency = document.total.currency;
    let mut purse = Purse::open(document.customer, legal_entity, currency, balances);
    let (from, to) = (Account::CustomerAllocated, Account::CustomerCredit);
    let cause = Cause::Release(document.id);
    purse.transfer(from, to, view.state.paid, cause, draft.hand())?;
    draft.close(purse);
    Ok(())
}

impl Draft {
    /// Moves a document to another status and writes its state.
    pub(crate) fn step(&mut self, view: &mut DocumentView, to: DocumentStatus) {
        let step = Step {
            document: view.document.id,
            seq: view.state.steps.saturating_add(1),
            from: Some(view.state.status),
            to,
            at: self.moment.now,
        };
        view.state.status = to;
        view.state.steps = step.seq;
        view.state.updated_at = self.moment.now;
        self.push(Change::Stepped(step));
        self.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
}
