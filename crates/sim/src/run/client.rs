//! A client: gives one command at a time, and repeats it with the same key until it is answered.

use super::trade::Answered;
use abono_domain::decision::Outcome;
use abono_domain::ids::TenantId;
use abono_engine::{Actor, Call, Executed, Failure, Key, Render, Reply};
use std::sync::Arc;
use uuid::Uuid;

/// What a client wants done.
#[derive(Clone, Debug)]
pub(crate) struct Work<W> {
    pub(crate) name: String,
    pub(crate) wish: W,
}

/// A client.
pub(super) struct Client<W> {
    number: usize,
    left: usize,
    sent: usize,
    /// The machine's time when it sent last.
    sent_at: i64,
    state: State<W>,
}

enum State<W> {
    Idle,
    Waiting(Work<W>),
    /// Nobody answers any more: the same again.
    LostTouch(Work<W>),
}

/// What an answer means.
pub(super) enum Answer<W> {
    /// It was done; with a hash of what was answered.
    Done(Work<W>, Answered, u64),
    /// It was declined, some time since it was sent; with the reason.
    Declined(Work<W>, i64, String),
    /// There was nothing to do.
    Nothing,
    Again,
}

impl<W: Clone> Client<W> {
    pub(super) const fn new(number: usize, left: usize) -> Self {
        Self { number, left, sent: 0, sent_at: 0, state: State::Idle }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.left == 0 && matches!(self.state, State::Idle)
    }

    /// What it waits for.
    pub(super) const fn waits_for(&self) -> Option<&W> {
        match &self.state {
            State::Waiting(work) | State::LostTouch(work) => Some(&work.wish),
            State::Idle => None,
        }
    }

    /// What to send now, if anything.
    pub(super) fn next(&mut self, now: i64, choose: impl FnOnce() -> W) -> Option<Work<W>> {
        let work = match std::mem::replace(&mut self.state, State::Idle) {
            State::Waiting(work) => {
                self.state = State::Waiting(work);
                return None;
            }
            State::LostTouch(work) => work,
            State::Idle if self.left == 0 => return None,
            State::Idle => {
                self.left -= 1;
                self.sent += 1;
                Work { name: format!("{}-{}", self.number, self.sent), wish: choose() }
            }
        };
        self.sent_at = now;
        self.state = State::Waiting(work.clone());
        Some(work)
    }

    pub(super) fn lost_touch(&mut self) {
        if let State::Waiting(work) = std::mem::replace(&mut self.state, State::Idle) {
            self.state = State::LostTouch(work);
        }
    }

    pub(super) fn answer(&mut self, answer: Result<Option<Executed>, Failure>) -> Answer<W> {
        let work = match std::mem::replace(&mut self.state, State::Idle) {
            State::Waiting(work) | State::LostTouch(work) => work,
            State::Idle => return Answer::Again,
        };
        match answer {
            Ok(Some(executed)) => {
                let text = String::from_utf8_lossy(&executed.into_reply().body).into_owned();
                Answer::Done(work, answered(&text), hash(&text))
            }
            Ok(None) => Answer::Nothing,
            Err(Failure::Refused(why)) => Answer::Declined(work, self.sent_at, why.to_string()),
            Err(_) => {
                self.state = State::LostTouch(work);
                Answer::Again
            }
        }
    }
}

impl<W> Work<W> {
    /// The call that carries it: with the same key whenever it is repeated.
    pub(super) fn call(&self, tenant: TenantId) -> Call {
        let key = Key { route: "sim".to_owned(), key: self.name.clone(), input_hash: vec![1] };
        Call { key: Some(key), ..Call::new(tenant, Actor::Operator) }
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)))
}

/// The answer as kept for the key.
pub(crate) fn printed() -> Render {
    Arc::new(|outcome: &Outcome| {
        let nil = Uuid::nil();
        let (at, id, figure, word) = match outcome {
            Outcome::PaymentRequest { view, quote: Some(_) } => {
                (view.document.created_at, view.document.id.0, 0, "")
            }
            // A cancel or a refund: by this command, or by what came before it.
            Outcome::PaymentRequest { view, quote: None } => {
                (view.state.updated_at, view.document.id.0, 0, "")
            }
            Outcome::Payment(view) => {
                let (payment, document) = (&view.payment, &view.document.document);
                (payment.received_at, document.id.0, payment.amount.minor, "")
            }
            Outcome::Licence { given_at, .. } | Outcome::Clock(given_at) => (*given_at, nil, 0, ""),
            Outcome::Seller { active_from, .. } => (*active_from, nil, 0, ""),
            Outcome::Subscription { agreement, state } => {
                (state.updated_at, agreement.subscription.id.0, 0, state.status.as_str())
            }
            Outcome::Change { view, .. } => {
                let (change, state) = (&view.change, &view.state);
                let asked_at = change.requested_at.as_microsecond();
                (state.updated_at, change.id.0, asked_at, state.status.as_str())
            }
            Outcome::Group(view) => {
                let (group, state) = (&view.group, &view.state);
                (state.updated_at, group.subscription.id.0, 0, state.status.as_str())
            }
            Outcome::Termination { view, .. } => {
                let (termination, state) = (&view.termination, &view.state);
                (state.updated_at, termination.id.0, 0, state.status.as_str())
            }
            Outcome::Cycle { .. }
            | Outcome::Delivery { .. }
            | Outcome::Checkout(_)
            | Outcome::ProviderRefund { .. }
            | Outcome::Heard { .. }
            | Outcome::Customer { .. }
            | Outcome::Key(_) => (jiff::Timestamp::UNIX_EPOCH, nil, 0, ""),
        };
        let body = format!("{} {id} {figure} {word}", at.as_microsecond()).into_bytes();
        Reply { status: 200, content_type: "text/plain".to_owned(), body }
    })
}

fn answered(text: &str) -> Answered {
    let mut words = text.split(' ');
    let mut next = || words.next().unwrap_or_default();
    Answered {
        at: next().parse().unwrap_or(0),
        id: next().parse().unwrap_or(Uuid::nil()),
        figure: next().parse().unwrap_or(0),
        word: next().to_owned(),
    }
}
