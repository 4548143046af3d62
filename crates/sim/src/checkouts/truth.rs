//! The truth about the money: what a payment provider itself knows of its checkouts, and what it
//! captured, gave back and lost.

use abono_engine::payments::Checkout;
use std::collections::BTreeMap;
use uuid::Uuid;

/// For so long a provider knows a key, and a buyer can pay, in microseconds.
const DAY: i64 = 86_400_000_000;

/// A checkout.
#[derive(Debug)]
pub(super) struct Session {
    /// Its id at the provider.
    pub(super) id: String,
    /// What it was started with first.
    pub(super) contents: Checkout,
    began: i64,
    /// Whether a buyer was led to it.
    pub(super) shown: bool,
    pub(super) end: End,
}

/// How a checkout ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Open,
    /// The money is on its way.
    UnderWay,
    Expired,
    Declined,
    Paid,
}

impl End {
    /// Whether nothing can be paid any more, or was paid already.
    pub(super) const fn is_over(self) -> bool {
        matches!(self, Self::Expired | Self::Declined | Self::Paid)
    }
}

/// Money that was taken from a buyer.
#[derive(Debug)]
pub(super) struct Capture {
    /// Under which key.
    pub(super) key: Uuid,
    pub(super) reference: String,
    pub(super) minor: i64,
    pub(super) refunds: Vec<Back>,
    pub(super) dispute: Option<Back>,
}

/// Money that went back: by a refund, or by a dispute.
#[derive(Debug)]
pub(super) struct Back {
    pub(super) reference: String,
    pub(super) minor: i64,
    /// Whether it is the seller's again: the refund failed, the dispute was won.
    pub(super) undone: bool,
}

impl Capture {
    /// What the merchant can still give back.
    pub(super) fn refundable(&self) -> i64 {
        let live = self.refunds.iter().filter(|back| !back.undone);
        let is_lost = self.dispute.as_ref().is_some_and(|dispute| !dispute.undone);
        if is_lost { 0 } else { self.minor - live.map(|back| back.minor).sum::<i64>() }
    }

    /// What the seller has of it in the end.
    pub(super) fn kept(&self) -> i64 {
        let backs = self.refunds.iter().chain(&self.dispute).filter(|back| !back.undone);
        self.minor - backs.map(|back| back.minor).sum::<i64>()
    }
}

/// What a key stands for: a checkout, or nothing where it was refused.
#[derive(Clone, Copy, Debug)]
struct Known {
    since: i64,
    session: Option<usize>,
}

/// All that the provider knows.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) sessions: Vec<Session>,
    pub(super) captures: Vec<Capture>,
    keys: BTreeMap<Uuid, Known>,
    /// What nobody may ever ask of a provider, and was asked.
    pub(super) wrong: Vec<String>,
    /// The keys of attempts that were begun while a buyer could still pay by another one.
    pub(super) doubles: Vec<(Uuid, Uuid)>,
}

/// What came of wanting a checkout.
pub(super) enum Begun {
    New(usize),
    Again(usize),
    Refused,
}

impl Truth {
    /// Begins a checkout, unless it `refuses` one that it doesn't know: a key that it knows is the
    /// same again, whatever that is.
    pub(super) fn begin(&mut self, contents: Checkout, now: i64, refuses: bool) -> Begun {
        let key = contents.key;
        if let Some(known) = self.keys.get(&key).filter(|known| now - known.since < DAY) {
            let Some(place) = known.session else { return Begun::Refused };
            if self.sessions.get(place).is_some_and(|session| session.contents != contents) {
                self.wrong.push(format!("{key} was started again with other contents"));
            }
            return Begun::Again(place);
        }
        self.check_new(&contents);
        let place = self.sessions.len();
        let session = (!refuses).then_some(place);
        self.keys.insert(key, Known { since: now, session });
        if refuses {
            return Begun::Refused;
        }
        let id = format!("cs-{place}-{key}");
        let end = End::Open;
        self.sessions.push(Session { id, contents, began: now, shown: false, end });
        Begun::New(place)
    }

    /// A key is never used again when it may be forgotten: it would stand for two checkouts. And
    /// where a buyer was led to one that isn't over, there is no need of another over the same.
    fn check_new(&mut self, new: &Checkout) {
        if self.keys.contains_key(&new.key) {
            self.wrong.push(format!("{} was started again after a day", new.key));
        }
        let is_double = |it: &&Session| {
            let of = (&it.contents.description, it.contents.amount);
            let is_over = matches!(it.end, End::Declined | End::Expired);
            it.shown && !is_over && of == (&new.description, new.amount)
        };
        let doubles = self.sessions.iter().filter(is_double);
        self.doubles.extend(doubles.map(|it| (it.contents.key, new.key)));
    }

    /// Takes the money of a checkout.
    pub(super) fn capture(&mut self, place: usize) -> Option<&Capture> {
        let session = self.sessions.get_mut(place)?;
        let (key, minor) = (session.contents.key, session.contents.amount.minor);
        session.end = End::Paid;
        if self.captures.iter().any(|capture| capture.key == key) {
            self.wrong.push(format!("{key} was charged twice"));
        }
        let reference = format!("pay-{}", self.captures.len());
        let (refunds, dispute) = (Vec::new(), None);
        self.captures.push(Capture { key, reference, minor, refunds, dispute });
        self.captures.last()
    }

    /// The open checkouts whose time is over.
    pub(super) fn lapsed(&self, now: i64) -> Vec<usize> {
        let is_lapsed = |it: &Session| it.end == End::Open && now - it.began >= DAY;
        self.places(is_lapsed)
    }

    /// Where those checkouts are that are so.
    pub(super) fn places(&self, is_so: impl Fn(&Session) -> bool) -> Vec<usize> {
        let all = self.sessions.iter().enumerate();
        all.filter(|(_, session)| is_so(session)).map(|(place, _)| place).collect()
    }

    /// How an attempt ended: of all checkouts that it ever had, the furthest.
    pub(super) fn end_of(&self, key: Uuid) -> Option<End> {
        let own = self.sessions.iter().filter(|session| session.contents.key == key);
        own.map(|session| session.end).max()
    }
}
