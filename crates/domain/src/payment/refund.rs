//! Gives money back: all that was paid for a document, or a part.
//!
//! When all of it went back, the document is refunded, and the grant that it gave drops out: what
//! was posted is posted back, so a change that is refunded revives what it had credited. A part
//! leaves the licence as it is, unless fewer units or months are named.

use super::{PaymentRefusal, Refund, RefundTo};
use crate::calendar::CalendarError;
use crate::decision::{Change, Claim, Decision, Draft, EventKind, Outcome};
use crate::document::credit_note::{self, refunded};
use crate::document::void::void_stale;
use crate::document::{DocumentStatus, DocumentView};
use crate::ids::{DocumentId, GrantId, RefundId};
use crate::ledger::{Account, Balance, Cause, Purse, Transfer};
use crate::licence::{Cut, Grant, Holding, Origin, Period, Placement, Term, after_cuts, fold};
use crate::moment::Moment;
use crate::money::{Money, MoneyError};
use crate::seller::Seller;

/// Give back what was paid for `document`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundPayment {
    /// For which document.
    pub document: DocumentId,
    /// How much; all that is left where nothing is said.
    pub amount: Option<Money>,
    /// The units that are left of what it gave, with a part.
    pub quantity: Option<i64>,
    /// The months that are left of what it gave, with a part.
    pub months: Option<i64>,
    /// Where it goes.
    pub to: RefundTo,
    /// Its name at the bank; the refund's own id where it has none.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// Who bought, and what it has of the product of the document.
    pub holding: Holding<'a>,
    /// The grants on that product, as they were given.
    pub grants: &'a [Grant],
    /// What was taken from them.
    pub cuts: &'a [Cut],
    /// The document.
    pub view: &'a DocumentView,
    /// The grants that paid changes credit.
    pub credited: &'a [GrantId],
    /// What went back of it before, oldest first.
    pub refunds: &'a [Refund],
    /// The credit notes on what it left over, where it changed a licence.
    pub left_over: &'a [DocumentView],
    /// What was posted for the document: when it was paid, and by earlier refunds; oldest first.
    pub posted: &'a [Transfer],
    /// The customer's balances.
    pub balances: &'a [Balance],
    /// Whether the reference is known already.
    pub reference_taken: bool,
    /// Whether some of it is still to go back through a payment provider.
    pub is_under_way: bool,
}

/// Gives the money back; the licence follows.
///
/// # Errors
/// [`PaymentRefusal`].
pub fn decide(
    command: &RefundPayment,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, PaymentRefusal> {
    if facts.is_under_way {
        return Err(PaymentRefusal::UnderWay);
    }
    let document = &facts.view.document;
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let mut draft = Draft::new(moment);
    let mut purse = Purse::open(document.customer, entity, currency, facts.balances);
    let (_, view) = give_back(&mut draft, &mut purse, command, facts)?;
    draft.close(purse);
    Ok(draft.done(Outcome::PaymentRequest { view, quote: None }))
}

/// What [`decide`] does, as a part of a larger decision; `purse` is in the books of the document.
/// Gives the refund, and the document as it stands then. Where it is refused, draft and purse are
/// to be thrown away.
///
/// # Errors
/// [`PaymentRefusal`].
pub(crate) fn give_back(
    draft: &mut Draft,
    purse: &mut Purse,
    command: &RefundPayment,
    facts: &Facts<'_>,
) -> Result<(RefundId, DocumentView), PaymentRefusal> {
    let left = facts.view.state.paid.minus(facts.view.state.refunded)?;
    let amount = command.amount.unwrap_or(left);
    let grant = check(command, facts, left, amount)?;
    let is_all = amount == left;

    let refund = refund(command, amount, draft);
    let mut view = facts.view.clone();
    let cause = Cause::Refund(refund.id);
    if is_all {
        post_back(draft, facts.posted, purse, cause)?;
    } else {
        take_part(draft, &view, purse, amount, cause)?;
    }
    let (from, to) = (Account::CustomerAllocated, refund.to.account());
    purse.transfer(from, to, amount, cause, draft.hand())?;
    // What they would credit isn't worth any more what they say.
    void_stale(draft, facts.holding.changes.iter(), &view.document, purse)?;
    draft.push(Change::Refunded(refund.clone()));
    note(draft, facts, &refund, is_all)?;
    cut(draft, command, facts, grant, (refund.id, is_all))?;
    view.state.refunded = view.state.refunded.plus(amount)?;
    draft.event(EventKind::PaymentRefunded, view.document.id.0);
    if is_all {
        draft.step(&mut view, DocumentStatus::Refunded);
        for note in facts.left_over {
            draft.step(&mut note.clone(), DocumentStatus::Canceled);
            draft.event(EventKind::CreditNoteCanceled, note.document.id.0);
        }
    } else {
        view.state.updated_at = draft.moment.now;
        draft.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
    Ok((refund.id, view))
}

/// The grant that the document gave, as it is now, where the refund can be made.
fn check(
    command: &RefundPayment,
    facts: &Facts<'_>,
    left: Money,
    amount: Money,
) -> Result<Grant, PaymentRefusal> {
    if facts.view.state.status != DocumentStatus::Paid {
        return Err(PaymentRefusal::NotPaid);
    }
    // Of what cost nothing, nothing goes back.
    let is_some = amount.minor > 0 || left.minor == 0;
    if amount.currency != left.currency || amount.minor > left.minor {
        return Err(PaymentRefusal::MoreThanPaid(left));
    }
    if !is_some {
        return Err(PaymentRefusal::NotPositive);
    }
    if !(1..=500).contains(&command.reason.chars().count()) {
        return Err(PaymentRefusal::BadReason);
    }
    if let Some(reference) = &command.reference {
        if !is_reference(reference) {
            return Err(PaymentRefusal::BadReference);
        }
        if facts.reference_taken {
            return Err(PaymentRefusal::Duplicate(reference.clone()));
        }
    }
    let own = Origin::Paid(facts.view.document.id);
    let grants = after_cuts(facts.grants, facts.cuts);
    let grant = grants.iter().find(|grant| grant.origin == own).cloned();
    let grant = grant.ok_or(PaymentRefusal::NotPaid)?;
    // One that was paid after it lapsed credits it all the same.
    if facts.credited.contains(&grant.id) || is_changed_later(&grants, &grant)? {
        return Err(PaymentRefusal::ChangedLater);
    }
    let (quantity, months) = (grant.quantity, grant.term.months().unwrap_or(0));
    if command.months.is_some() && !matches!(grant.term, Term::Months(_)) {
        return Err(PaymentRefusal::FixedEnd);
    }
    let keeps = [(command.quantity, quantity), (command.months, months)];
    let is_kept =
        keeps.iter().all(|(keep, most)| keep.is_none_or(|keep| (1..=*most).contains(&keep)));
    let is_named = command.quantity.is_some() || command.months.is_some();
    if !is_kept || (is_named && amount == left) {
        return Err(PaymentRefusal::BadKeep { quantity, months });
    }
    Ok(grant)
}

fn is_reference(text: &str) -> bool {
    (1..=140).contains(&text.chars().count())
}

/// Whether a refund can be called so; else it is called by its own id.
pub(crate) fn can_be_name(text: &str, facts: &Facts<'_>) -> bool {
    is_reference(text) && !facts.reference_taken
}

/// Whether a change stands on a grant: it was given while that still ran, and took its place.
fn is_changed_later(grants: &[Grant], of: &Grant) -> Result<bool, CalendarError> {
    let changes = grants.iter().filter(|it| it.placement != Placement::Behind);
    for change in changes.filter(|change| change.given_at > of.given_at) {
        let before = grants.iter().filter(|it| it.given_at < change.given_at);
        let before = fold(1, &before.cloned().collect::<Vec<_>>())?;
        let mut own = before.iter().filter(|period| period.grant == of.id);
        if own.any(|period| period.ends_at > change.given_at) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn refund(command: &RefundPayment, amount: Money, draft: &mut Draft) -> Refund {
    let id = RefundId(draft.ids.fresh());
    let reference = command.reference.clone().unwrap_or_else(|| id.to_string());
    draft.claim(Claim::refund_reference(&reference));
    Refund {
        id,
        document: command.document,
        amount,
        to: command.to,
        reference,
        reason: command.reason.clone(),
        at: draft.moment.now,
    }
}

/// Posts everything back that was posted for the document, but for money that went back: what was
/// posted when it was paid from the last to the first, then the earlier refunds.
fn post_back(
    draft: &mut Draft,
    posted: &[Transfer],
    purse: &mut Purse,
    cause: Cause,
) -> Result<(), PaymentRefusal> {
    for transfer in in_reverse(posted) {
        let (from, to) = (transfer.credit, transfer.debit);
        purse.transfer(from, to, transfer.amount, cause, draft.hand()).map_err(|error| {
            // Only what a change left over to the customer can be missing.
            if from == Account::CustomerCredit { PaymentRefusal::CreditUsed } else { error.into() }
        })?;
    }
    Ok(())
}

/// The transfers to post back, in an order in which no balance falls below zero.
pub fn in_reverse(posted: &[Transfer]) -> impl Iterator<Item = &Transfer> {
    let is_refund = |transfer: &&Transfer| matches!(transfer.cause, Cause::Refund(_));
    let paid = posted.iter().rev().filter(move |transfer| !is_refund(transfer));
    let went_back = posted.iter().rev().filter(is_refund);
    // Each refund posted to what was set aside, and from there the money went.
    paid.chain(went_back.filter(|transfer| transfer.credit == Account::CustomerAllocated))
}

/// A part comes out of revenue and tax at the rate of what was sold.
fn take_part(
    draft: &mut Draft,
    view: &DocumentView,
    purse: &mut Purse,
    amount: Money,
    cause: Cause,
) -> Result<(), MoneyError> {
    // A document that is paid has sold something.
    let charge = view.document.charges().next().ok_or(MoneyError::OutOfRange)?;
    let split = charge.tax.split(amount)?;
    let to = Account::CustomerAllocated;
    purse.transfer(Account::DeferredRevenue, to, split.base, cause, draft.hand())?;
    if let Some(rate) = split.of.rate {
        purse.transfer(Account::TaxPayable(rate), to, split.tax, cause, draft.hand())?;
    }
    Ok(())
}

/// Says in a document of its own what went back, and the tax in it.
fn note(
    draft: &mut Draft,
    facts: &Facts<'_>,
    refund: &Refund,
    is_all: bool,
) -> Result<(), PaymentRefusal> {
    let (document, customer) = (&facts.view.document, facts.holding.customer);
    let earlier: Vec<Money> = facts.refunds.iter().map(|refund| refund.amount).collect();
    let language = &customer.profile.language;
    let positions = refunded::positions(document, &earlier, (refund.amount, is_all), language)?;
    let note = (&document.payer, positions);
    let follows = (document.into(), Some(refund.id));
    credit_note::issue(draft, follows, note, facts.seller, customer)?;
    Ok(())
}

/// Takes from the grant what went back, and lays all periods anew.
fn cut(
    draft: &mut Draft,
    command: &RefundPayment,
    facts: &Facts<'_>,
    grant: Grant,
    (refund, is_all): (RefundId, bool),
) -> Result<(), PaymentRefusal> {
    let quantity = if is_all { 0 } else { command.quantity.unwrap_or(grant.quantity) };
    let had = grant.term.months().unwrap_or(0);
    let months = command.months.unwrap_or(had);
    if (quantity, months) == (grant.quantity, had) {
        return Ok(());
    }
    let cut = Cut { grant: grant.id, refund, quantity, months, at: draft.moment.now };
    let mut cuts = facts.cuts.to_vec();
    cuts.push(cut.clone());
    let laying = facts.holding.laying.checked_add(1).ok_or(MoneyError::OutOfRange)?;
    let grants = after_cuts(facts.grants, &cuts);
    let periods = match fold(laying, &grants) {
        Err(CalendarError::Over) => return Err(PaymentRefusal::FollowedByFixedEnd),
        folded => folded?,
    };
    if periods.iter().any(|period| is_stretched(period, &grants, facts.holding.periods)) {
        return Err(PaymentRefusal::FollowedByFixedEnd);
    }
    draft.push(Change::GrantCut(cut));
    draft.push(Change::Relaid(grant.subscription, laying));
    draft.extend(periods.into_iter().map(Change::PeriodLaid));
    Ok(())
}

/// Whether a period that ends on a fixed day would begin on another one than it does: what was paid
/// for a month would be more than a month.
fn is_stretched(period: &Period, grants: &[Grant], before: &[Period]) -> bool {
    let grant = grants.iter().find(|grant| grant.id == period.grant);
    let is_fixed = grant.is_some_and(|grant| matches!(grant.term, Term::Until { .. }));
    let was = before.iter().find(|before| before.grant == period.grant);
    is_fixed && was.is_some_and(|was| was.starts_at != period.starts_at)
}
