//! Closes a payment request whose last day has passed; money set aside for it becomes credit again.

use super::void::void;
use super::{DocumentRefusal, DocumentStatus, DocumentView};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::{DocumentId, JobId};
use crate::ledger::{Balance, Purse};
use crate::moment::Moment;
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
    if moment.now < view.document.ends_at(issuer)? {
        return Err(DocumentRefusal::StillValid);
    }
    let mut draft = Draft::new(moment);
    if !crate::planted::is("job-not-done") {
        draft.push(Change::JobDone(command.job));
    }
    if view.state.status == DocumentStatus::Pending {
        let (customer, currency) = (view.document.customer, view.document.total.currency);
        let mut purse = Purse::open(customer, legal_entity, currency, facts.balances);
        void(&mut draft, &mut view, &mut purse)?;
        draft.close(purse);
    }
    Ok(draft.done(Outcome::PaymentRequest { view, quote: None }))
}
