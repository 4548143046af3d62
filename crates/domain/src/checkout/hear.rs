//! Hears what a provider told: keeps it, and records the payment where it tells of one.

use super::book::BookNotice;
use super::{
    CheckoutRefusal, CheckoutState, CheckoutStatus, CheckoutView, Notice, Noticed, Returned,
    Undone, fold,
};
use crate::decision::{Change, Claim, Decision, Draft, Job, JobKind, Outcome};
use crate::ids::{CheckoutId, DocumentId, JobId, NoticeId};
use crate::moment::Moment;
use crate::payment::record::{self, RecordPayment};
use crate::payment::{Payment, PaymentSource};
use jiff::Timestamp;

/// Hear what a provider told about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HearNotice {
    /// Which provider.
    pub provider: String,
    /// Its name for the message.
    pub event: String,
    /// Which attempt it is about, where it names one.
    pub checkout: Option<CheckoutId>,
    /// Which document it is about.
    pub document: DocumentId,
    /// What happened.
    pub what: Noticed,
}

impl HearNotice {
    /// What is claimed for it, so that it counts once: for the message, and for what happened.
    pub fn claims(&self) -> Vec<Claim> {
        let event = Claim::notice("event", &Notice::name(&self.provider, &self.event));
        let content = self.what.reference().map(|reference| {
            let name = Notice::name(&self.provider, reference);
            match self.what {
                Noticed::Paid { .. } => Claim::payment_reference(PaymentSource::Checkout, &name),
                Noticed::Failed { .. }
                | Noticed::Expired
                | Noticed::Refunded { .. }
                | Noticed::RefundFailed { .. }
                | Noticed::Disputed { .. }
                | Noticed::DisputeWon { .. }
                | Noticed::Other => Claim::notice(self.what.kind().as_str(), &name),
            }
        });
        [event].into_iter().chain(content).collect()
    }
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What recording a payment has to know.
    pub payment: record::Facts<'a>,
    /// The attempt that is named.
    pub checkout: Option<&'a CheckoutView>,
    /// Whether one of the claims is taken: it was heard before.
    pub is_known: bool,
    /// What was heard about the document before.
    pub heard: &'a [Notice],
    /// What came through checkouts.
    pub payments: &'a [Payment],
    /// What was booked as taken back.
    pub returned: &'a [Returned],
    /// What was booked as given again.
    pub undone: &'a [Undone],
}

/// Keeps it, once. A payment counts at once and whatever became of the document; what can be booked
/// from now on is due.
///
/// # Errors
/// [`CheckoutRefusal`].
pub fn decide(
    command: &HearNotice,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut draft = Draft::new(moment);
    if facts.is_known {
        return Ok(draft.done(Outcome::Heard { is_new: false, due: Vec::new() }));
    }
    for claim in command.claims() {
        // What records the payment claims its reference.
        if claim.scope.starts_with(Claim::NOTICE) {
            draft.claim(claim);
        }
    }
    let mut payments = facts.payments.to_vec();
    if let Noticed::Paid { reference, amount } = &command.what {
        let name = Notice::name(&command.provider, reference);
        let (document, source) = (command.document, PaymentSource::Checkout);
        let record = RecordPayment { document, amount: *amount, source, reference: Some(name) };
        record::check(&record, &facts.payment)?;
        payments.push(record::receive(&mut draft, &record, &facts.payment)?.payment);
    }
    let mut heard = facts.heard.to_vec();
    heard.push(notice(command, &mut draft));
    if let Some(view) = facts.checkout {
        stand(&mut draft, view, &heard);
    }
    let due = due(&mut draft, facts, &heard, &payments);
    Ok(draft.done(Outcome::Heard { is_new: true, due }))
}

fn notice(command: &HearNotice, draft: &mut Draft) -> Notice {
    let notice = Notice {
        id: NoticeId(draft.ids.fresh()),
        provider: command.provider.clone(),
        event: command.event.clone(),
        checkout: command.checkout,
        document: command.document,
        what: command.what.clone(),
        heard_at: draft.moment.now,
    };
    draft.push(Change::NoticeHeard(Box::new(notice.clone())));
    notice
}

/// Writes where the attempt stands after all that was heard, where that is somewhere else.
fn stand(draft: &mut Draft, view: &CheckoutView, heard: &[Notice]) {
    let status = fold::status(view.checkout.id, view.state.status, heard);
    if status == view.state.status {
        return;
    }
    let why = heard.iter().rev().find_map(|notice| {
        let Noticed::Failed { why } = &notice.what else { return None };
        (status == CheckoutStatus::Failed).then(|| super::storable(why))
    });
    let state = CheckoutState {
        status,
        url: None,
        trouble: why,
        next_at: None,
        updated_at: draft.moment.now,
        ..view.state.clone()
    };
    draft.push(Change::CheckoutSet(view.checkout.id, state));
}

/// Schedules what can be booked now and couldn't before.
fn due(
    draft: &mut Draft,
    facts: &Facts<'_>,
    heard: &[Notice],
    payments: &[Payment],
) -> Vec<BookNotice> {
    let (returned, undone) = (facts.returned, facts.undone);
    let before: Vec<NoticeId> =
        fold::waits(facts.heard, facts.payments, returned, undone).map(|it| it.id).collect();
    let after = fold::waits(heard, payments, returned, undone).map(|it| it.id);
    let fresh: Vec<NoticeId> = after.filter(|id| !before.contains(id)).collect();
    fresh.into_iter().map(|notice| schedule(draft, notice)).collect()
}

/// When a notice that can be booked falls due, in business time.
pub const ALWAYS_DUE: Timestamp = Timestamp::UNIX_EPOCH;

/// It was always due: so it is booked at once, wherever the clock stands. A clock that nobody moves
/// is behind the moments of its customers.
pub(super) fn schedule(draft: &mut Draft, notice: NoticeId) -> BookNotice {
    let job = JobId(draft.ids.fresh());
    let (kind, due_at) = (JobKind::BookNotice(notice), ALWAYS_DUE);
    draft.push(Change::JobScheduled(Job { id: job, kind, due_at }));
    BookNotice { notice, job }
}
