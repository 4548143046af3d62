//! A client: gives one command at a time, and repeats it with the same key until it is answered.

use crate::dice::Dice;
use crate::market::{Deal, Market};
use crate::model::Deed;
use abono_domain::decision::Outcome;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::quote::Order;
use abono_engine::{Actor, Call, Command, Engine, Executed, Failure, Key, Render, Reply};
use std::sync::Arc;
use uuid::Uuid;

/// What a client wants done.
#[derive(Clone, Debug)]
pub(super) struct Work {
    call: Call,
    command: Command,
    wish: Wish,
}

#[derive(Clone, Copy, Debug)]
enum Wish {
    Request(Deal),
    Cancel(Uuid),
    Refund(Uuid),
    Pay(Uuid, i64),
    Grant(Deal),
}

/// A client.
pub(super) struct Client {
    number: usize,
    left: usize,
    sent: usize,
    state: State,
    /// Requests it knows of, each with whose it is and what it costs.
    known: Vec<(CustomerId, Uuid, i64)>,
    /// What was answered: whose books, when, what.
    pub(super) deeds: Vec<(CustomerId, i64, Deed)>,
}

enum State {
    Idle,
    Waiting(Work),
    /// Nobody answers any more: the same again.
    LostTouch(Work),
}

/// What an answer means.
pub(super) enum Answer {
    Done(u64),
    Refused,
    Again,
}

impl Client {
    pub(super) const fn new(number: usize, left: usize) -> Self {
        let state = State::Idle;
        Self { number, left, sent: 0, state, known: Vec::new(), deeds: Vec::new() }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.left == 0 && matches!(self.state, State::Idle)
    }

    /// What to send now, if anything.
    pub(super) fn next(&mut self, dice: &Dice, market: &Market) -> Option<Work> {
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
                self.choose(dice, market)
            }
        };
        self.state = State::Waiting(work.clone());
        Some(work)
    }

    pub(super) fn lost_touch(&mut self) {
        if let State::Waiting(work) = std::mem::replace(&mut self.state, State::Idle) {
            self.state = State::LostTouch(work);
        }
    }

    pub(super) fn answer(&mut self, answer: Result<Executed, Failure>) -> Answer {
        match answer {
            Ok(executed) => {
                let reply = executed.into_reply();
                let State::Waiting(work) = std::mem::replace(&mut self.state, State::Idle) else {
                    return Answer::Again;
                };
                Answer::Done(self.learn(&work, &reply))
            }
            Err(Failure::Refused(_)) => {
                self.state = State::Idle;
                Answer::Refused
            }
            Err(_) => {
                self.lost_touch();
                Answer::Again
            }
        }
    }

    fn choose(&self, dice: &Dice, market: &Market) -> Work {
        let any = dice.below(market.customers.len());
        let customer = market.customers.get(any).copied().unwrap_or(CustomerId(Uuid::nil()));
        let deal = market.deals.get(dice.below(market.deals.len())).copied();
        let known = self.known.get(dice.below(self.known.len())).copied();
        let (customer, wish) = match (dice.below(11), known, deal) {
            (10, Some((customer, document, _)), _) => (customer, Wish::Refund(document)),
            (0, Some((customer, document, _)), _) => (customer, Wish::Cancel(document)),
            (1..=4, Some((customer, document, total)), _) => {
                let part = [total, total / 2, total / 3 + 1, total + 1_000];
                let minor = part.get(dice.below(4)).copied().unwrap_or(total).max(1);
                (customer, Wish::Pay(document, minor))
            }
            (5, _, Some(deal)) => (customer, Wish::Grant(deal)),
            (_, _, Some(deal)) => (customer, Wish::Request(deal)),
            (_, _, None) => (customer, Wish::Pay(Uuid::nil(), 1)),
        };
        self.work(market, customer, wish)
    }

    fn work(&self, market: &Market, customer: CustomerId, wish: Wish) -> Work {
        let name = format!("{}-{}", self.number, self.sent);
        let key = Key { route: "sim".to_owned(), key: name.clone(), input_hash: vec![1] };
        let call = Call { key: Some(key), ..Call::new(market.tenant, Actor::Operator) };
        let order = |deal: Deal| Order {
            product: market.product,
            plan: deal.plan,
            quantity: deal.quantity,
            months: deal.months,
        };
        let command = match wish {
            Wish::Request(deal) => {
                let command = RequestPayment { order: order(deal), payer: None };
                Command::RequestPayment(customer, command)
            }
            Wish::Cancel(document) => {
                let document = DocumentId(document);
                Command::CancelRequest(customer, CancelRequest { document })
            }
            Wish::Refund(document) => {
                let document = DocumentId(document);
                let (amount, quantity, months) = (None, None, None);
                let (reference, reason) = (Some(name), "by agreement".to_owned());
                let refund =
                    RefundPayment { document, amount, quantity, months, reference, reason };
                Command::RefundPayment(customer, refund)
            }
            Wish::Grant(deal) => {
                Command::GrantLicence(customer, GrantLicence { order: order(deal), reason: name })
            }
            Wish::Pay(document, minor) => Command::RecordPayment(
                customer,
                RecordPayment {
                    document: DocumentId(document),
                    amount: Money::new(minor, Currency::RUB),
                    source: PaymentSource::BankTransfer,
                    reference: Some(name),
                },
            ),
        };
        Work { call, command, wish }
    }

    /// Takes in what was answered: the instant and the id, as the stored bytes say.
    fn learn(&mut self, work: &Work, reply: &Reply) -> u64 {
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        let mut words = text.split(' ');
        let at: i64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let id: Uuid = words.next().and_then(|word| word.parse().ok()).unwrap_or(Uuid::nil());
        let customer = work.command.customer().unwrap_or(CustomerId(Uuid::nil()));
        let deed = match work.wish {
            Wish::Request(deal) => {
                self.known.push((customer, id, deal.total));
                Deed::Requested { document: id, deal }
            }
            Wish::Cancel(document) => Deed::Canceled { document },
            Wish::Refund(document) => Deed::Refunded { document },
            Wish::Pay(document, minor) => Deed::Paid { document, minor },
            Wish::Grant(deal) => Deed::Granted(deal),
        };
        self.deeds.push((customer, at, deed));
        text.bytes().fold(7, |hash: u64, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)))
    }
}

impl Work {
    pub(super) async fn carry_out(&self, engine: &Engine) -> Result<Executed, Failure> {
        engine.execute(&self.call, &self.command, printed()).await
    }
}

/// The answer as kept for the key: the instant, and the document's id where there is one.
fn printed() -> Render {
    Arc::new(|outcome: &Outcome| {
        let (at, id) = match outcome {
            Outcome::PaymentRequest { view, quote: Some(_) } => {
                (view.document.created_at, Some(view.document.id.0))
            }
            // A cancel or a refund: by this command, or by what came before it.
            Outcome::PaymentRequest { view, quote: None } => {
                (view.state.updated_at, Some(view.document.id.0))
            }
            Outcome::Payment(view) => (view.payment.received_at, None),
            Outcome::Licence { given_at, .. } | Outcome::Clock(given_at) => (*given_at, None),
            Outcome::Seller { active_from, .. } => (*active_from, None),
            Outcome::Subscription { state, .. } => (state.updated_at, None),
            Outcome::Change { view, .. } => (view.state.updated_at, None),
            Outcome::Cycle { .. } | Outcome::Customer { .. } | Outcome::Key(_) => {
                (jiff::Timestamp::UNIX_EPOCH, None)
            }
        };
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        let body = format!("{} {id}", at.as_microsecond()).into_bytes();
        Reply { status: 200, content_type: "text/plain".to_owned(), body }
    })
}
