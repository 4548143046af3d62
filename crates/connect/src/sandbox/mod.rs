//! A payment provider inside the program, for trying things out: no money moves, and whoever opens
//! its page says how the payment goes.
//!
//! It signs and tells like a real one, and can be told to behave as badly as one: to tell twice,
//! late or out of order, and to lose its answers. What it knows is gone when the program ends; the
//! same key started again is the same checkout again, with the same ids.

mod book;
mod message;
mod messenger;

pub use book::{Choice, Shown, State};
pub use messenger::{Messenger, Untold};

use crate::secret::Secret;
use crate::signature;
use abono_domain::money::Money;
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, PaymentProvider, Returned, Standing, Started, Unread,
};
use book::{Book, NotDone};
use jiff::Timestamp;
use std::future::ready;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// The header with the signature of a message.
pub const SIGNATURE: &str = "Abono-Signature";

/// How it behaves; well by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manners {
    /// It tells everything twice.
    pub twice: bool,
    /// It tells everything so much later.
    pub late: Duration,
    /// What it tells waits for the next thing that happens, and comes after that.
    pub reversed: bool,
    /// So many of its next answers are lost on the way. What was asked is done.
    pub lost_answers: u32,
}

/// A message that is to be posted as it stands to where the provider's messages are heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// So long from now. It is signed when it is sent.
    pub after: Duration,
    /// JSON.
    pub body: Vec<u8>,
}

/// The provider.
pub struct Sandbox {
    base: String,
    secret: Secret,
    inside: Mutex<(Book, Manners)>,
}

impl Sandbox {
    /// One whose page is at `/sandbox/{key}` under this address, and that signs with this secret.
    pub fn new(base: &str, secret: Secret) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { base, secret, inside: Mutex::default() }
    }

    /// Has it behave so from now on.
    pub fn behave(&self, manners: Manners) {
        self.with(|_, old| *old = manners);
    }

    /// What its page shows of a checkout; `None` where there is none.
    pub fn shown(&self, key: Uuid) -> Option<Shown> {
        self.with(|book, _| book.shown(key))
    }

    /// Takes the buyer's choice; gives how the checkout stands then, or `None` where there is none.
    /// What is paid, declined or expired stays so.
    pub fn choose(&self, key: Uuid, choice: Choice) -> Option<State> {
        self.with(|book, _| book.choose(key, choice))
    }

    /// Lets the time to pay run out; gives how the checkout stands then.
    pub fn expire(&self, key: Uuid) -> Option<State> {
        self.with(|book, _| book.expire(key))
    }

    /// Has the buyer's bank dispute what was paid; says whether it could.
    pub fn dispute(&self, key: Uuid) -> bool {
        self.with(|book, _| book.dispute(key))
    }

    /// Ends a dispute in the seller's favour; says whether there is one.
    pub fn win_dispute(&self, key: Uuid) -> bool {
        self.with(|book, _| book.win_dispute(key))
    }

    /// What it has to tell since this was last asked.
    pub fn messages(&self) -> Vec<Message> {
        self.with(|book, manners| {
            let mut bodies = book.tell(if manners.reversed { 2 } else { 1 });
            if manners.reversed {
                bodies.reverse();
            }
            if manners.twice {
                bodies.extend_from_within(..);
            }
            let after = manners.late;
            bodies.into_iter().map(|body| Message { after, body }).collect()
        })
    }

    /// The value of the [`SIGNATURE`] header for a body that is sent at this machine time.
    pub fn sign(&self, body: &[u8], now: Timestamp) -> String {
        signature::sign(&self.secret, body, now)
    }

    fn url(&self, key: Uuid) -> String {
        format!("{}/sandbox/{key}", self.base)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Book, &mut Manners) -> T) -> T {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let (book, manners) = &mut *inside;
        act(book, manners)
    }

    /// Does what is asked, and answers it unless the answer is lost.
    fn answer<T>(&self, act: impl FnOnce(&mut Book) -> T, lost: impl FnOnce(String) -> T) -> T {
        self.with(|book, manners| {
            let answer = act(book);
            match manners.lost_answers.checked_sub(1) {
                None => answer,
                Some(left) => {
                    manners.lost_answers = left;
                    lost("the answer was lost".to_owned())
                }
            }
        })
    }
}

impl PaymentProvider for Sandbox {
    fn name(&self) -> &str {
        "sandbox"
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        let (key, url) = (checkout.key, self.url(checkout.key));
        let start = |book: &mut Book| match book.start(checkout) {
            Ok(()) => Started::Ready { external_id: key.to_string(), url },
            Err(NotDone(trouble)) => Started::Refused { trouble: trouble.to_owned() },
        };
        Box::pin(ready(self.answer(start, |trouble| Started::Unknown { trouble })))
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        let look_up = |book: &mut Book| {
            let shown = external_id.parse().ok().and_then(|key| Some((key, book.shown(key)?)));
            let Some((key, Shown { checkout, state })) = shown else {
                return Standing::Unknown { trouble: "there is no such checkout".to_owned() };
            };
            let ended = |why: &str| Standing::Ended { why: why.to_owned() };
            match state {
                State::Open => Standing::Open { url: self.url(key) },
                State::Paid => {
                    Standing::Paid { reference: book::payment(key), amount: checkout.amount }
                }
                State::Declined => ended(book::DECLINED),
                State::Expired => ended("nobody paid in time"),
            }
        };
        Box::pin(ready(self.answer(look_up, |trouble| Standing::Unknown { trouble })))
    }

    fn give_back(&self, payment: String, amount: Money, key: Uuid) -> Answer<'_, Returned> {
        let refund = |book: &mut Book| match book.give_back(&payment, amount, key) {
            Ok(reference) => Returned::Done { reference },
            Err(NotDone(trouble)) => Returned::Refused { trouble: trouble.to_owned() },
        };
        Box::pin(ready(self.answer(refund, |trouble| Returned::Unknown { trouble })))
    }

    fn read(
        &self,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Notice>, Unread> {
        signature::verify(&self.secret, SIGNATURE, headers, body, now)?;
        message::read(body).map(|notice| vec![notice])
    }
}
