//! A payment provider that answers twice, late or never. All nodes share it, and it survives them.

use super::mail::Mail;
use super::truth::{Begun, End, Truth};
use crate::dice::Dice;
use crate::executor::turn;
use crate::run::Marks;
use abono_domain::money::Money;
use abono_engine::Engine;
use abono_engine::checkout::{Deaf, Heard};
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, Noticed, PaymentProvider, Returned, Standing, Started, Unread,
};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Its name.
pub(super) const NAME: &str = "sim";

/// The provider.
pub(super) struct Provider {
    pub(super) dice: Dice,
    inner: Mutex<Inner>,
}

/// What it knows and tells.
#[derive(Default)]
pub(super) struct Inner {
    pub(super) truth: Truth,
    pub(super) mail: Mail,
    pub(super) marks: Marks,
    /// The machine's time.
    pub(super) now: i64,
    /// Payments that are known elsewhere: they were told and heard, or asked for.
    pub(super) known: BTreeSet<String>,
    /// How often in a thousand calls no answer comes.
    lost_per_mille: usize,
}

/// A call on its way; where the caller is killed, it says how far that was.
struct Way<'a> {
    provider: &'a Provider,
    gone: Option<&'static str>,
}

impl Drop for Way<'_> {
    fn drop(&mut self) {
        if let Some(gone) = self.gone {
            self.provider.lock().marks.hit(gone);
        }
    }
}

impl Provider {
    pub(super) fn new(seed: u64, lost_per_mille: usize) -> Self {
        let inner = Inner { lost_per_mille, ..Inner::default() };
        Self { dice: Dice::new(!seed), inner: Mutex::new(inner) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is asked for between two waits, so that who asks can be killed before and after;
    /// `None` where no answer comes: then it may be done or not.
    async fn call<T>(
        &self,
        [before, after]: [&'static str; 2],
        work: impl FnOnce(&mut Inner) -> T + Send,
    ) -> Option<T> {
        let mut way = Way { provider: self, gone: Some(before) };
        turn().await;
        let lost = self.lock().lost_per_mille;
        if self.dice.per_mille(lost) {
            way.gone = None;
            self.lock().marks.hit("a call that never arrived");
            return None;
        }
        let done = work(&mut self.lock());
        way.gone = Some(after);
        turn().await;
        way.gone = None;
        if self.dice.per_mille(lost) {
            self.lock().marks.hit("an answer that never arrived");
            return None;
        }
        Some(done)
    }

    fn begin(&self, inner: &mut Inner, checkout: Checkout) -> Started {
        let refuses = self.dice.per_mille(40);
        let place = match inner.truth.begin(checkout, inner.now, refuses) {
            Begun::Refused => {
                inner.marks.hit("a start that was refused");
                return Started::Refused { trouble: "not today".to_owned() };
            }
            Begun::Again(place) => {
                inner.marks.hit("started again with its key");
                place
            }
            Begun::New(place) => place,
        };
        let external_id = inner.truth.sessions.get(place).map(|it| it.id.clone());
        let external_id = external_id.unwrap_or_default();
        Started::Ready { url: url(&external_id), external_id }
    }

    /// Somebody tells one of the messages at a node, and learns whether it was heard.
    pub(super) async fn deliver(self: Arc<Self>, engine: Arc<Engine>, place: usize) {
        turn().await;
        let heard = engine.hear(NAME, &[], place.to_string().as_bytes()).await;
        turn().await;
        self.lock().answered(place, heard);
    }
}

/// Where a buyer pays.
fn url(external_id: &str) -> String {
    format!("https://pay.example/{external_id}")
}

/// The money of a capture.
pub(super) fn rub(minor: i64) -> Money {
    Money::new(minor, abono_domain::money::Currency::RUB)
}

impl Inner {
    /// A buyer is led to an address.
    pub(super) fn show(&mut self, to: &str) {
        let mut all = self.truth.sessions.iter_mut();
        match all.find(|session| url(&session.id) == to) {
            Some(session) => session.shown = true,
            None => self.truth.wrong.push(format!("a buyer was led to {to}, where nothing is")),
        }
    }

    fn stand(&mut self, id: &str) -> Standing {
        let Some(session) = self.truth.sessions.iter().find(|session| session.id == id) else {
            self.truth.wrong.push(format!("{id} was asked about, and never started"));
            return Standing::Ended { why: "there is no such checkout".to_owned() };
        };
        let key = session.contents.key;
        match session.end {
            End::Open => Standing::Open { url: url(id) },
            End::UnderWay => Standing::Unknown { trouble: "the money is on its way".to_owned() },
            End::Declined => Standing::Ended { why: "the card was declined".to_owned() },
            End::Expired => Standing::Ended { why: "nobody paid".to_owned() },
            End::Paid => {
                let paid = self.truth.captures.iter().find(|capture| capture.key == key);
                let (reference, minor) =
                    paid.map(|it| (it.reference.clone(), it.minor)).unwrap_or_default();
                if self.known.insert(reference.clone()) {
                    self.marks.hit("a payment that was found out by asking");
                }
                Standing::Paid { reference, amount: rub(minor) }
            }
        }
    }

    /// A message was told, and this came of it.
    fn answered(&mut self, place: usize, heard: Result<Heard, Deaf>) {
        let later = self.now + 10_000;
        match heard {
            Ok(Heard::Done) => {
                self.mail.heard(place);
                if let Some(notice) = self.mail.read(place).cloned() {
                    self.remember(&notice);
                }
            }
            Ok(Heard::NotYet) => {
                self.marks.hit("told before its payment, and to be told again");
                self.mail.unheard(place, later);
            }
            Ok(Heard::Foreign) => {
                self.truth.wrong.push(format!("{:?} is called foreign", self.mail.read(place)));
                self.mail.heard(place);
            }
            Err(Deaf::Failed(_)) => {
                self.marks.hit("not heard, and to be told again");
                self.mail.unheard(place, later);
            }
            Err(Deaf::UnknownProvider | Deaf::Unread(_)) => {
                self.truth.wrong.push(format!("{:?} isn't read", self.mail.read(place)));
                self.mail.heard(place);
            }
        }
    }

    fn remember(&mut self, notice: &Notice) {
        let what = &notice.what;
        if what.payment().is_some_and(|payment| !self.known.contains(payment)) {
            self.marks.hit(format!("{} was told before its payment", what.kind().as_str()));
        }
        let Some(reference) = what.reference() else { return };
        let answered = format!("{}/{reference}", what.kind().as_str());
        let of = format!("disputed/{reference}");
        if matches!(what, Noticed::DisputeWon { .. }) && !self.known.contains(&of) {
            self.marks.hit("a dispute that was won before it was told");
        }
        if matches!(what, Noticed::Paid { .. }) {
            self.known.insert(reference.to_owned());
        }
        if !self.known.insert(answered) {
            self.marks.hit("told again");
        }
    }

    /// From now on every call is answered.
    pub(super) const fn calm_down(&mut self) {
        self.lost_per_mille = 0;
    }
}

impl PaymentProvider for Provider {
    fn name(&self) -> &str {
        NAME
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        let marks = ["killed on the way to a start", "killed when a start was done"];
        Box::pin(async move {
            let started = self.call(marks, |inner| self.begin(inner, checkout)).await;
            started.unwrap_or_else(|| Started::Unknown { trouble: "no answer came".to_owned() })
        })
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        let marks = ["killed on the way to a question", "killed when a question was answered"];
        Box::pin(async move {
            let standing = self.call(marks, |inner| inner.stand(&external_id)).await;
            standing.unwrap_or_else(|| Standing::Unknown { trouble: "no answer came".to_owned() })
        })
    }

    fn give_back(&self, _: String, _: Money, _: Uuid) -> Answer<'_, Returned> {
        let trouble = "the merchant gives back by himself".to_owned();
        Box::pin(async { Returned::Refused { trouble } })
    }

    fn read(&self, _: &[Header<'_>], body: &[u8], _: Timestamp) -> Result<Vec<Notice>, Unread> {
        let place = std::str::from_utf8(body).ok().and_then(|text| text.parse().ok());
        let told = place.and_then(|place| self.lock().mail.read(place).cloned());
        told.map(|notice| vec![notice]).ok_or(Unread::BadSignature)
    }
}
