//! A payment provider for tests: it tells what it is told to tell, and answers what it is told to
//! answer.

use abono_domain::money::Money;
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, PaymentProvider, Returned, Standing, Started, Unread,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The provider. Its messages are the places of notices in a list; nothing is signed.
#[derive(Default)]
pub struct TestProvider {
    notices: Mutex<Vec<Notice>>,
    keys: Mutex<BTreeSet<Uuid>>,
    starts: Mutex<Vec<Started>>,
    look_ups: Mutex<Vec<Standing>>,
    look_ups_of: Mutex<BTreeMap<Uuid, Standing>>,
    returns: Mutex<Vec<Returned>>,
    given_back: Mutex<BTreeMap<Uuid, (String, Money)>>,
    calls: AtomicUsize,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TestProvider {
    /// How many checkouts were started, by their keys.
    pub fn started(&self) -> usize {
        lock(&self.keys).len()
    }

    /// Has it answer the next start so; else it is ready.
    pub fn answer_start(&self, answer: Started) {
        lock(&self.starts).push(answer);
    }

    /// Has it answer the next question so; else the checkout is open.
    pub fn answer_look_up(&self, answer: Standing) {
        lock(&self.look_ups).push(answer);
    }

    /// Has it answer so whenever it is asked about the checkout of this key.
    pub fn answer_look_up_of(&self, key: Uuid, answer: Standing) {
        lock(&self.look_ups_of).insert(key, answer);
    }

    /// Has it answer the next request to give money back so; else it does, and says so. A later
    /// answer is given first.
    pub fn answer_give_back(&self, answer: Returned) {
        lock(&self.returns).push(answer);
    }

    /// What it gave back, by key: of which payment, and how much.
    pub fn given_back(&self) -> BTreeMap<Uuid, (String, Money)> {
        lock(&self.given_back).clone()
    }

    /// How often it was asked to give money back.
    pub fn asked_back(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// The message that tells of this.
    pub fn message(&self, notice: Notice) -> Vec<u8> {
        let mut notices = lock(&self.notices);
        notices.push(notice);
        (notices.len() - 1).to_string().into_bytes()
    }
}

impl PaymentProvider for TestProvider {
    fn name(&self) -> &str {
        "test"
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        lock(&self.keys).insert(checkout.key);
        let external_id = checkout.key.to_string();
        let url = format!("https://pay.example/{external_id}");
        let told = lock(&self.starts).pop();
        Box::pin(ready(told.unwrap_or(Started::Ready { external_id, url })))
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        let url = format!("https://pay.example/{external_id}");
        let own =
            external_id.parse().ok().and_then(|key| lock(&self.look_ups_of).get(&key).cloned());
        let told = own.or_else(|| lock(&self.look_ups).pop());
        Box::pin(ready(told.unwrap_or(Standing::Open { url })))
    }

    fn give_back(&self, payment: String, amount: Money, key: Uuid) -> Answer<'_, Returned> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let told = lock(&self.returns).pop();
        if !matches!(told, Some(Returned::Refused { .. })) {
            // Also where nobody hears of it: the same key is the same refund.
            lock(&self.given_back).insert(key, (payment, amount));
        }
        let reference = format!("ref-{key}");
        Box::pin(ready(told.unwrap_or(Returned::Done { reference })))
    }

    fn read(&self, _: &[Header<'_>], body: &[u8], _: Timestamp) -> Result<Vec<Notice>, Unread> {
        let notices = lock(&self.notices);
        let place = std::str::from_utf8(body).ok().and_then(|text| text.parse::<usize>().ok());
        let found = place.and_then(|place| notices.get(place)).cloned();
        found.map(|notice| vec![notice]).ok_or(Unread::BadSignature)
    }
}
