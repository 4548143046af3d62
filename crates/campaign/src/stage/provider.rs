//! A payment provider that outlives every process, and loses calls, answers and messages as the
//! case has it. What it knows is half of what the books are compared with.

use crate::case::{Buyer, Fault, Lost, Post};
use crate::sometimes;
use abono_domain::money::{Currency, Money};
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, Noticed, PaymentProvider, Returned, Standing, Started, Unread,
};
use abono_sim::executor::turn;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Its name in addresses.
pub(crate) const NAME: &str = "sim";
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = 3_600_000_000;

/// The provider.
pub(crate) struct Provider(Mutex<Inner>);

/// What it knows.
#[derive(Default)]
pub(crate) struct Inner {
    sessions: Vec<Session>,
    /// What was taken from buyers, by reference.
    pub(crate) captures: BTreeMap<String, Capture>,
    /// Every message that was ever told.
    told: Vec<Notice>,
    /// Messages on their way: when, which, how often it was heard.
    letters: Vec<(i64, usize)>,
    /// What nobody may ever ask of it, and was asked.
    pub(crate) wrong: Option<String>,
    now: i64,
    calls: u64,
    starts: u64,
    mailed: u64,
    faults: Vec<Fault>,
}

struct Session {
    id: String,
    contents: Checkout,
    began: i64,
    /// What its buyer does, and when.
    buyer: Option<(Buyer, i64)>,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Paid,
    Expired,
}

/// Money that was taken from a buyer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capture {
    /// Under which key.
    pub(crate) key: Uuid,
    pub(crate) minor: i64,
}

fn url(id: &str) -> String {
    format!("https://pay.example/{id}")
}

impl Provider {
    pub(crate) fn new(faults: &[Fault]) -> Self {
        Self(Mutex::new(Inner { faults: faults.to_vec(), ..Inner::default() }))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn calm(&self) {
        self.lock().faults.clear();
    }

    /// Does what is asked for between two turns, so that whoever asks can be killed before and
    /// after; nothing is answered where the case has it so.
    async fn call<T>(&self, work: impl FnOnce(&mut Inner) -> T + Send) -> Option<T> {
        turn().await;
        let lost = self.lock().next_call();
        sometimes!("the provider lost a call", lost == Some(Lost::Request));
        if lost == Some(Lost::Request) {
            return None;
        }
        let done = work(&mut self.lock());
        turn().await;
        sometimes!("the provider lost an answer", lost == Some(Lost::Answer));
        lost.is_none().then_some(done)
    }
}

impl Inner {
    fn next_call(&mut self) -> Option<Lost> {
        self.calls += 1;
        self.faults.iter().find_map(|fault| {
            let Fault::Provider(at, lost) = fault else { return None };
            (*at == self.calls).then_some(*lost)
        })
    }

    /// Time has passed; what buyers do by now is done, and what nobody paid for a day expires.
    pub(crate) fn pass(&mut self, now: i64) {
        self.now = now;
        for place in 0..self.sessions.len() {
            let Some(session) = self.sessions.get_mut(place) else { continue };
            let (is_open, is_old) = (session.end == End::Open, now - session.began >= DAY);
            match session.buyer {
                Some((Buyer::Pays | Buyer::PaysLate, at)) if is_open && !is_old && at <= now => {
                    self.capture(place);
                }
                _ if is_open && is_old => {
                    session.end = End::Expired;
                    let key = session.contents.key;
                    self.tell(key, Noticed::Expired);
                }
                _ => {}
            }
        }
    }

    /// When something happens here next.
    pub(crate) fn next_at(&self) -> Option<i64> {
        let open = self.sessions.iter().filter(|session| session.end == End::Open);
        let ends = open.map(|session| match session.buyer {
            Some((Buyer::Pays | Buyer::PaysLate, at)) if at < session.began + DAY => at,
            Some(_) | None => session.began + DAY,
        });
        ends.chain(self.letters.iter().map(|(at, _)| *at)).min()
    }

    /// A buyer was led to an address.
    pub(crate) fn show(&mut self, to: &str, buyer: Buyer) {
        let now = self.now;
        match self.sessions.iter_mut().find(|session| url(&session.id) == to) {
            Some(session) => {
                let at = if buyer == Buyer::PaysLate { now + 5 * HOUR } else { now };
                session.buyer = session.buyer.or(Some((buyer, at)));
            }
            None => self.wrong = Some(format!("a buyer was led to {to}, where nothing is")),
        }
    }

    fn capture(&mut self, place: usize) {
        let Some(session) = self.sessions.get_mut(place) else { return };
        session.end = End::Paid;
        let (key, minor) = (session.contents.key, session.contents.amount.minor);
        if self.captures.values().any(|capture| capture.key == key) {
            self.wrong = Some(format!("{key} was charged twice"));
        }
        sometimes!("card: captured", true);
        let reference = format!("pay-{}", self.captures.len());
        self.captures.insert(reference.clone(), Capture { key, minor });
        let amount = Money::new(minor, Currency::RUB);
        self.tell(key, Noticed::Paid { reference, amount });
    }

    /// Has something told, as the case has it.
    fn tell(&mut self, key: Uuid, what: Noticed) {
        self.mailed += 1;
        let post = self.faults.iter().find_map(|fault| {
            let Fault::Letter(at, post) = fault else { return None };
            (*at == self.mailed).then_some(*post)
        });
        let place = self.told.len();
        let event = format!("evt-{place}");
        self.told.push(Notice { event, attempt: Some(key), external_id: None, what });
        sometimes!("letter: never sent", post == Some(Post::Never));
        sometimes!("letter: late", post == Some(Post::Late));
        match post {
            Some(Post::Never) => {}
            Some(Post::Late) => self.letters.push((self.now + 7 * HOUR, place)),
            Some(Post::Twice) => self.letters.extend([(self.now, place), (self.now + HOUR, place)]),
            None => self.letters.push((self.now, place)),
        }
    }

    /// Takes a message that is to be told now.
    pub(crate) fn take_letter(&mut self) -> Option<usize> {
        let place = self.letters.iter().position(|(at, _)| *at <= self.now)?;
        Some(self.letters.swap_remove(place).1)
    }

    /// It wasn't heard: it is told again, in ten minutes.
    pub(crate) fn again(&mut self, letter: usize) {
        self.letters.push((self.now + HOUR / 6, letter));
    }

    fn begin(&mut self, checkout: Checkout) -> Started {
        self.starts += 1;
        let key = checkout.key;
        let known = self.sessions.iter().find(|session| session.contents.key == key);
        if let Some(session) = known {
            if session.contents != checkout {
                self.wrong = Some(format!("{key} was started again with other contents"));
            }
            let external_id = session.id.clone();
            return Started::Ready { url: url(&external_id), external_id };
        }
        let refused = Fault::Refusal(self.starts);
        if self.faults.contains(&refused) {
            return Started::Refused { trouble: "not today".to_owned() };
        }
        let id = format!("cs-{}", self.sessions.len());
        let (began, end) = (self.now, End::Open);
        self.sessions.push(Session { id: id.clone(), contents: checkout, began, buyer: None, end });
        Started::Ready { url: url(&id), external_id: id }
    }

    fn stand(&mut self, id: &str) -> Standing {
        sometimes!("asked the provider about an attempt", true);
        let Some(session) = self.sessions.iter().find(|session| session.id == id) else {
            self.wrong = Some(format!("{id} was asked about, and never started"));
            return Standing::Ended { why: "there is no such checkout".to_owned() };
        };
        let key = session.contents.key;
        match session.end {
            End::Open => Standing::Open { url: url(id) },
            End::Expired => Standing::Ended { why: "nobody paid".to_owned() },
            End::Paid => match self.captures.iter().find(|(_, capture)| capture.key == key) {
                Some((reference, capture)) => {
                    let amount = Money::new(capture.minor, Currency::RUB);
                    let is_told = self.letters.iter().any(|(_, letter)| {
                        self.told.get(*letter).is_some_and(|it| it.attempt == Some(key))
                    });
                    sometimes!("card: found out by asking", is_told);
                    Standing::Paid { reference: reference.clone(), amount }
                }
                None => Standing::Unknown { trouble: "it is being looked for".to_owned() },
            },
        }
    }
}

impl PaymentProvider for Provider {
    fn name(&self) -> &str {
        NAME
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        Box::pin(async move {
            let started = self.call(|inner| inner.begin(checkout)).await;
            started.unwrap_or_else(|| Started::Unknown { trouble: "no answer came".to_owned() })
        })
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        Box::pin(async move {
            let standing = self.call(|inner| inner.stand(&external_id)).await;
            standing.unwrap_or_else(|| Standing::Unknown { trouble: "no answer came".to_owned() })
        })
    }

    fn give_back(&self, _: String, _: Money, _: Uuid) -> Answer<'_, Returned> {
        let trouble = "the merchant gives back by himself".to_owned();
        Box::pin(async { Returned::Refused { trouble } })
    }

    fn read(&self, _: &[Header<'_>], body: &[u8], _: Timestamp) -> Result<Vec<Notice>, Unread> {
        let place: Option<usize> = std::str::from_utf8(body).ok().and_then(|it| it.parse().ok());
        let told = place.and_then(|place| self.lock().told.get(place).cloned());
        told.map(|notice| vec![notice]).ok_or(Unread::BadSignature)
    }
}
