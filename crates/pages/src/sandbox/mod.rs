//! A payment provider for trying things out, as its page knows it.

mod form;

pub(crate) use form::{Sent, read};

use abono_engine::payments::Checkout;
use std::time::Duration;
use uuid::Uuid;

/// The latest that a provider can be told to tell.
pub const LATE_MAX: Duration = Duration::from_secs(3_600);

/// The most answers that can be lost at once.
pub const LOST_MAX: u32 = 20;

/// A provider whose page this is: no money moves, and whoever opens it says how a payment goes.
pub trait TestProvider: Send + Sync {
    /// What the page shows of a checkout; `None` where there is none.
    fn shown(&self, key: Uuid) -> Option<Test>;

    /// Takes the buyer's choice, and sees to it that it is told where messages are heard. What is
    /// paid, declined or expired stays so.
    fn choose(&self, key: Uuid, choice: Choice);

    /// Has the provider behave so from now on.
    fn behave(&self, manners: Manners);
}

/// A checkout, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// What is to be paid.
    pub checkout: Checkout,
    /// How it stands.
    pub state: State,
}

/// How a checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be paid.
    Open,
    /// It is paid.
    Paid,
    /// The payment didn't come.
    Declined,
    /// Nobody paid in time.
    Expired,
}

/// What the buyer can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The payment comes.
    Approve,
    /// It doesn't.
    Decline,
    /// Nothing happens yet.
    Later,
}

/// How the provider behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manners {
    /// It tells everything twice.
    pub twice: bool,
    /// It tells everything so much later.
    pub late: Duration,
    /// It tells things out of order.
    pub reversed: bool,
    /// So many of its next answers are lost on the way.
    pub lost_answers: u32,
}
