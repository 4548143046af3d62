//! Brings the books after what a provider told: money that was taken back, or given again.
//!
//! What is taken back comes first from what the payment left over, then from the document, which
//! gives it to the customer's credit; the credit pays the provider, and what is missing there the
//! customer owes. A dispute ends what was bought. What is given again makes good what is owed, and
//! is credit beyond that: it buys what it buys then. So the end is the same in whatever order it
//! was told.

use super::{CheckoutRefusal, Notice, Noticed, Returned, Undone, fold, hear};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::document::void::void;
use crate::document::{DocumentKind, DocumentStatus};
use crate::ids::{JobId, NoticeId, PaymentId, RefundId};
use crate::ledger::{Account, Balance, Cause, Purse};
use crate::moment::Moment;
use crate::money::{Money, MoneyError};
use crate::payment::refund::{self, RefundPayment, give_back};
use crate::payment::{Payment, RefundTo};

/// Book `notice`, for which `job` has fallen due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BookNotice {
    /// Which notice.
    pub notice: NoticeId,
    /// The due work that asks for it.
    pub job: JobId,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The notice.
    pub notice: &'a Notice,
    /// What there is.
    pub books: Books<'a>,
}

/// What booking a notice has to know, whatever it tells.
#[derive(Clone, Debug)]
pub struct Books<'a> {
    /// What giving back has to know about the document.
    pub refund: refund::Facts<'a>,
    /// What was heard about the document.
    pub heard: &'a [Notice],
    /// What came through checkouts.
    pub payments: &'a [Payment],
    /// How much of each payment was set aside for the document.
    pub used: &'a [(PaymentId, Money)],
    /// What was booked as taken back.
    pub returned: &'a [Returned],
    /// What was booked as given again.
    pub undone: &'a [Undone],
}

/// Books it, once.
///
/// # Errors
/// [`CheckoutRefusal::NotItsTurn`].
pub fn decide(
    command: &BookNotice,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut draft = Draft::new(moment);
    draft.push(Change::JobDone(command.job));
    let Books { heard, payments, returned, undone, .. } = facts.books;
    let mut waiting = fold::waits(heard, payments, returned, undone);
    if !waiting.any(|it| it.id == facts.notice.id) {
        // Somebody was faster.
        return Ok(draft.done(Outcome::Heard { is_new: false, due: Vec::new() }));
    }
    let mut due = Vec::new();
    if facts.notice.what.is_return() {
        let payment = fold::payment_of(facts.notice, payments);
        let payment = payment.ok_or(CheckoutRefusal::NotItsTurn)?;
        draft = take_back(draft, facts, payment)?;
        // What was told of it too early can follow now.
        let (told, mut heard) = (facts.notice, facts.books.heard.iter());
        let undone = heard.find(|it| it.provider == told.provider && it.what.undoes(&told.what));
        due.extend(undone.map(|it| hear::schedule(&mut draft, it.id)));
    } else {
        give_again(&mut draft, facts)?;
    }
    Ok(draft.done(Outcome::Heard { is_new: true, due }))
}

fn take_back(
    mut draft: Draft,
    facts: &Facts<'_>,
    payment: &Payment,
) -> Result<Draft, CheckoutRefusal> {
    let amount = facts.notice.what.amount().ok_or(CheckoutRefusal::NotItsTurn)?;
    let (view, balances) = (facts.books.refund.view, facts.books.refund.balances);
    let mut purse = purse(payment, balances);
    let mut refund = None;
    let share = share(facts, payment, amount)?;
    if waits(facts, payment) {
        // From what waits for money none may be taken: it has to be asked for anew.
        void(&mut draft, &mut view.clone(), &mut purse)?;
    } else if let Some(share) = share {
        let (mut tried, mut from) = (draft.clone(), purse.clone());
        // What was bought since may stand on it; then the document stays, and the customer owes.
        if let Ok(given) = from_document(&mut tried, &mut from, facts, share) {
            (draft, purse, refund) = (tried, from, Some(given));
        }
    }
    let (notice, payment) = (facts.notice.id, payment.id);
    let cause = Cause::Notice(notice);
    let from_credit = purse.credit().at_most(amount);
    let owed = amount.minus(from_credit)?;
    let at = draft.moment.now;
    for (account, part) in
        [(Account::CustomerCredit, from_credit), (Account::ReturnedPayment, owed)]
    {
        purse.transfer(account, Account::CashProvider, part, cause, draft.hand())?;
    }
    draft.close(purse);
    let returned = Returned { notice, payment, refund, from_credit, owed, at };
    draft.push(Change::MoneyReturned(returned));
    Ok(draft)
}

/// What the customer would owe if this were booked now.
///
/// # Errors
/// [`CheckoutRefusal`], where the document can't give what it has to.
pub(super) fn owed_for(
    facts: &Facts<'_>,
    payment: &Payment,
    moment: Moment,
) -> Result<Money, CheckoutRefusal> {
    let amount = facts.notice.what.amount().ok_or(CheckoutRefusal::NotItsTurn)?;
    let (view, mut draft) = (facts.books.refund.view, Draft::new(moment));
    let mut purse = purse(payment, facts.books.refund.balances);
    if waits(facts, payment) {
        void(&mut draft, &mut view.clone(), &mut purse)?;
    } else if let Some(share) = share(facts, payment, amount)? {
        from_document(&mut draft, &mut purse, facts, share)?;
    }
    Ok(amount.minus(purse.credit().at_most(amount))?)
}

/// The customer's money in the books and the currency of a payment.
fn purse(payment: &Payment, balances: &[Balance]) -> Purse {
    let (customer, currency) = (payment.customer, payment.amount.currency);
    Purse::open(customer, payment.legal_entity, currency, balances)
}

/// Whether the document waits for more money, and has some of this payment.
fn waits(facts: &Facts<'_>, payment: &Payment) -> bool {
    let view = facts.books.refund.view;
    let is_request = view.document.kind == DocumentKind::PaymentRequest;
    let is_pending = view.state.status == DocumentStatus::Pending;
    is_request && is_pending && used(facts, payment).minor > 0
}

/// How much of a payment was set aside for the document.
fn used(facts: &Facts<'_>, payment: &Payment) -> Money {
    let own = facts.books.used.iter().find(|(id, _)| *id == payment.id);
    own.map_or(Money::zero(payment.amount.currency), |(_, used)| *used)
}

/// How much the document has to give: all that is left of it where the payment is disputed, else
/// what goes beyond the part of the payment that it never had, and beyond what it gave before.
/// Nothing where it gives nothing.
fn share(facts: &Facts<'_>, payment: &Payment, amount: Money) -> Result<Option<Money>, MoneyError> {
    let zero = Money::zero(amount.currency);
    let (view, used) = (facts.books.refund.view, used(facts, payment));
    if view.state.status != DocumentStatus::Paid || used.minor == 0 {
        return Ok(None);
    }
    let left = view.state.paid.minus(view.state.refunded)?;
    if let Noticed::Disputed { .. } = facts.notice.what {
        return Ok(Some(left));
    }
    let earlier = facts.books.returned.iter().filter(|it| it.payment == payment.id);
    let mut before = zero;
    for it in earlier {
        before = before.plus(it.from_credit)?.plus(it.owed)?;
    }
    let free = payment.amount.minus(payment.recouped)?.minus(used)?;
    let beyond = |sum: Money| -> Result<Money, MoneyError> {
        Ok(sum.minus(free.at_most(sum))?.at_most(used))
    };
    let share = beyond(before.plus(amount)?)?.minus(beyond(before)?)?.at_most(left);
    Ok(Some(share).filter(|share| share.minor > 0))
}

/// The document gives its share to the customer's credit.
fn from_document(
    draft: &mut Draft,
    purse: &mut Purse,
    facts: &Facts<'_>,
    share: Money,
) -> Result<RefundId, CheckoutRefusal> {
    let notice = facts.notice;
    let name = notice.what.reference().map(|it| Notice::name(&notice.provider, it));
    let is_disputed = matches!(notice.what, Noticed::Disputed { .. });
    let by = if is_disputed { "disputed by the buyer's bank" } else { "refunded by the provider" };
    let command = RefundPayment {
        document: notice.document,
        amount: Some(share),
        quantity: None,
        months: None,
        to: RefundTo::Credit,
        reference: name.filter(|name| refund::can_be_name(name, &facts.books.refund)),
        reason: by.to_owned(),
    };
    let (refund, _) = give_back(draft, purse, &command, &facts.books.refund)?;
    Ok(refund)
}

fn give_again(draft: &mut Draft, facts: &Facts<'_>) -> Result<(), CheckoutRefusal> {
    let notice = facts.notice;
    let told = fold::undone_by(notice, facts.books.heard).ok_or(CheckoutRefusal::NotItsTurn)?;
    let returned = facts.books.returned.iter().find(|it| it.notice == told.id);
    let returned = returned.ok_or(CheckoutRefusal::NotItsTurn)?;
    let payment = facts.books.payments.iter().find(|it| it.id == returned.payment);
    let payment = payment.ok_or(CheckoutRefusal::NotItsTurn)?;
    let taken = returned.from_credit.plus(returned.owed)?;
    let said = notice.what.amount().filter(|it| it.currency == taken.currency);
    let amount = said.map_or(taken, |said| said.at_most(taken));
    let (customer, entity) = (payment.customer, payment.legal_entity);
    let mut purse = Purse::open(customer, entity, taken.currency, facts.books.refund.balances);
    let recouped = purse.owed().at_most(amount);
    let to_credit = amount.minus(recouped)?;
    let cause = Cause::Notice(notice.id);
    for (account, part) in
        [(Account::ReturnedPayment, recouped), (Account::CustomerCredit, to_credit)]
    {
        purse.transfer(Account::CashProvider, account, part, cause, draft.hand())?;
    }
    draft.close(purse);
    let (id, at) = (notice.id, draft.moment.now);
    let undone = Undone { notice: id, returned: told.id, recouped, to_credit, at };
    draft.push(Change::MoneyGivenAgain(undone));
    Ok(())
}
