//! A payment provider for tests: it tells what it is told to tell, and answers what it is told to
//! answer.

use abono_domain::money::Money;
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, PaymentProvider, Returned, Standing, Started, Unread,
};
use jiff::Timestamp;
use std::future::ready;
use std::sync::{Mutex, PoisonError};

/// The provider. Its messages are the places of notices in a list; nothing is signed.
#[derive(Default)]
pub struct TestProvider {
    notices: Mutex<Vec<Notice>>,
}

impl TestProvider {
    /// The message that tells of this.
    pub fn message(&self, notice: Notice) -> Vec<u8> {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push(notice);
        (notices.len() - 1).to_string().into_bytes()
    }
}

impl PaymentProvider for TestProvider {
    fn name(&self) -> &str {
        "test"
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        let external_id = checkout.key.to_string();
        let url = format!("https://pay.example/{external_id}");
        Box::pin(ready(Started::Ready { external_id, url }))
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        let url = format!("https://pay.example/{external_id}");
        Box::pin(ready(Standing::Open { url }))
    }

    fn give_back(&self, _: String, _: Money, _: uuid::Uuid) -> Answer<'_, Returned> {
        let trouble = "nothing is given back here".to_owned();
        Box::pin(ready(Returned::Refused { trouble }))
    }

    fn read(&self, _: &[Header<'_>], body: &[u8], _: Timestamp) -> Result<Vec<Notice>, Unread> {
        let notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        let place = std::str::from_utf8(body).ok().and_then(|text| text.parse::<usize>().ok());
        let found = place.and_then(|place| notices.get(place)).cloned();
        found.map(|notice| vec![notice]).ok_or(Unread::BadSignature)
    }
}
