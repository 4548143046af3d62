//! The end of a run: whether the books are what the model says, figure by figure.

use super::Cycles;
use super::books::{Books, journal};
use super::model::{Account, Change, Confirmation, Invoice, Status, Subscription};
use super::replay::replay;
use super::wall;
use crate::days::of_date;
use crate::run::{Failed, Marks};
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::document::{DocumentKind, DocumentStatus, DocumentView};
use abono_domain::ids::{DocumentId, PlanId};
use abono_domain::risk::Verdict;
use abono_domain::seller::Tenant;
use abono_domain::subscription;
use abono_engine::Engine;
use abono_engine::views::SubscriptionView;
use std::collections::BTreeMap;
use std::fmt::Debug;
use uuid::Uuid;

pub(super) fn compare(
    trade: &Cycles<'_>,
    engine: &Engine,
    tenant: &Tenant,
    marks: &mut Marks,
) -> Result<(), Failed> {
    let journal = journal(engine, tenant)?;
    for customer in &trade.market.customers {
        let books = Books::read(engine, tenant, *customer)?;
        let entries = journal.get(customer).map_or(&[][..], Vec::as_slice);
        let account = replay(trade, *customer, &books, entries, marks)?;
        compare_books(&account, &books)
            .map_err(|Failed(why)| Failed(format!("{customer}: {why}\nof {account:#?}")))?;
    }
    Ok(())
}

fn compare_books(account: &Account, books: &Books) -> Result<(), Failed> {
    same("its subscriptions", &account.subscriptions.len(), &books.subscriptions.len())?;
    for view in &books.subscriptions {
        let id = view.agreement.subscription.id;
        let model = account.subscriptions.get(&id.0);
        let model = model.ok_or_else(|| Failed(format!("nobody was answered {id}")))?;
        compare_subscription(model, view, books)?;
    }
    compare_invoices(account, books)?;
    let owed: i64 = account.invoices.iter().map(|it| it.total - it.paid).sum();
    same("what it owes", &owed, &books.receivable)?;
    same("its credit", &account.credit, &books.credit)
}

fn same<T: PartialEq + Debug>(what: &str, model: &T, books: &T) -> Result<(), Failed> {
    if model == books {
        return Ok(());
    }
    Err(Failed(format!("{what}: the model says {model:?}, the books {books:?}")))
}

fn compare_subscription(
    model: &Subscription,
    view: &SubscriptionView,
    books: &Books,
) -> Result<(), Failed> {
    let id = view.agreement.subscription.id;
    let state = &view.state;
    same(
        "where it stands",
        &(model.plan, model.quantity, model.billed_until, model.ends_on, model.is_ended),
        &(
            state.plan,
            state.quantity,
            of_date(state.billed_until),
            state.ends_on.map(of_date),
            state.status == subscription::Status::Ended,
        ),
    )?;
    same("whether work waits for it", &!model.is_ended, &state.job.is_some())?;
    same("its plans", &in_force(model), &in_force_of(view))?;
    same("when it ended", &ended_at(model), &ended_at_of(view))?;
    let bound = view.commitments.iter();
    let bound = bound.map(|it| (it.plan, of_date(it.starts_on), of_date(it.ends_on)));
    same("what it is bound by", &sorted(model.bound.iter().copied()), &sorted(bound))?;
    let cycles: Vec<_> = model.cycles.iter().map(|it| (it.from, it.to, it.billed_at)).collect();
    let issued = books.issued();
    let billed = books.cycles.iter().filter(|(of, _)| *of == id).map(|(_, cycle)| {
        let at = issued.get(&cycle.invoice.0).copied().unwrap_or(0);
        (of_date(cycle.starts_on), of_date(cycle.ends_on), at)
    });
    same("its cycles", &cycles, &billed.collect())?;
    same("its changes", &model.changes.len(), &view.changes.len())?;
    for (model, view) in model.changes.iter().zip(&view.changes) {
        same(&format!("change {}", model.id), &told_change(model), &change(view))?;
    }
    compare_confirmations(model, view, books)
}

/// Those of one day have no order.
fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all
}

type Stretch = (PlanId, i64, Option<i64>);

fn in_force(model: &Subscription) -> Vec<Stretch> {
    let history = &model.history;
    let end = model.ends_on.filter(|_| model.is_ended);
    let until = history.iter().skip(1).map(|(_, from)| Some(*from)).chain([end]);
    history.iter().zip(until).map(|((plan, from), until)| (*plan, *from, until)).collect()
}

fn in_force_of(view: &SubscriptionView) -> Vec<Stretch> {
    let stretches = view.history().into_iter().rev();
    stretches.map(|it| (it.plan, of_date(it.from), it.until.map(of_date))).collect()
}

/// However late that is done: when its last day was over.
fn ended_at(model: &Subscription) -> Option<i64> {
    model.ends_on.filter(|_| model.is_ended).map(wall::midnight)
}

fn ended_at_of(view: &SubscriptionView) -> Option<i64> {
    let mut steps = view.steps.iter().map(|record| &record.step);
    let end = steps.find(|step| step.to == subscription::Status::Ended);
    end.map(|step| step.at.as_microsecond())
}

/// Identity, plans and day; instants of request, effect and last step; status, reason of a failure,
/// number of steps; whether it was accepted, until when, and whether work waits for it.
type Told = (
    (Uuid, PlanId, PlanId, i64),
    (i64, i64, i64),
    (&'static str, Option<String>, i64),
    (bool, Option<i64>, bool),
);

fn told_change(it: &Change) -> Told {
    let (status, why) = match it.status {
        Status::Review => ("review", None),
        Status::Scheduled => ("scheduled", None),
        Status::Done => ("done", None),
        Status::Withdrawn => ("withdrawn", None),
        Status::Replaced => ("replaced", None),
        Status::Rejected => ("rejected", None),
        Status::Failed(why) => ("failed", Some(why.to_owned())),
    };
    (
        (it.id, it.from, it.to, it.on),
        (it.asked_at, it.due_at, it.updated_at),
        (status, why, it.steps),
        (it.accepted, Some(it.lapses_on), it.is_scheduled()),
    )
}

fn change(view: &ChangeView) -> Told {
    let (change, state, risk) = (&view.change, &view.state, &view.risk);
    let why = view.reason.clone().filter(|_| state.status == ChangeStatus::Failed);
    let micros = |at: jiff::Timestamp| at.as_microsecond();
    (
        (change.id.0, change.from, change.to, of_date(change.effective_on)),
        (micros(change.requested_at), micros(state.due_at), micros(state.updated_at)),
        (state.status.as_str(), why, state.steps),
        (risk.verdict == Verdict::Accepted, risk.lapses_on.map(of_date), state.job.is_some()),
    )
}

/// What was charged and credited inside cycles, line by line, and when it was carried.
fn compare_confirmations(
    model: &Subscription,
    view: &SubscriptionView,
    books: &Books,
) -> Result<(), Failed> {
    let issued = books.issued();
    let carried: BTreeMap<DocumentId, DocumentId> = books.carried.iter().copied().collect();
    same("what is carried once", &carried.len(), &books.carried.len())?;
    let own = |it: &&DocumentView| it.document.subscription == Some(view.agreement.subscription.id);
    let documents = books.of_kind(DocumentKind::OrderConfirmation).filter(own);
    let told = documents.map(|it| {
        let document = &it.document;
        let mut changes = view.changes.iter();
        let change = changes.find(|it| it.state.confirmation == Some(document.id));
        let lines: Vec<i64> = document.lines.iter().map(|line| line.total.minor).collect();
        let carrier = carried.get(&document.id).and_then(|by| issued.get(&by.0)).copied();
        (change.map(|it| it.change.id.0), document.created_at.as_microsecond(), lines, carrier)
    });
    let expected = model.confirmations.iter().map(|it| {
        let Confirmation { change, at, charge, credit, carried_at } = it;
        let credited = (*credit > 0).then_some(-credit);
        let lines = [*charge].into_iter().chain(credited).collect();
        (Some(*change), *at, lines, *carried_at)
    });
    let expected: Vec<(_, _, Vec<i64>, _)> = expected.collect();
    same("what changes charged and credited", &expected, &told.collect())
}

fn compare_invoices(account: &Account, books: &Books) -> Result<(), Failed> {
    let documents = books.of_kind(DocumentKind::Invoice);
    let told = documents.map(|view| {
        let document = &view.document;
        let is_billed = books.cycles.iter().any(|(_, cycle)| cycle.invoice == document.id);
        let own = document.lines.first().filter(|_| is_billed).map(|line| line.total.minor);
        let invoice = Invoice {
            at: document.created_at.as_microsecond(),
            subscription: document.subscription.map_or(Uuid::nil(), |id| id.0),
            own,
            total: document.total.minor,
            paid: view.state.paid.minor,
        };
        (invoice, view.state.status == DocumentStatus::Paid)
    });
    let expected = account.invoices.iter().map(|it| (it.clone(), it.paid == it.total));
    let expected: Vec<_> = expected.collect();
    same("its invoices", &expected, &told.collect())
}
