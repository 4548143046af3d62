//! What is traded in a run: in whose books, what clients want there, and what must hold in the end.

use super::{Failed, Marks};
use crate::dice::Dice;
use crate::nodes::Machine;
use abono_domain::ids::TenantId;
use abono_domain::seller::Tenant;
use abono_engine::payments::PaymentProvider;
use abono_engine::{Call, Command, Engine, Executed, Failure};
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

/// A wish on its way; `None` where there was nothing to do.
pub(crate) type Sent = Pin<Box<dyn Future<Output = Result<Option<Executed>, Failure>>>>;

/// What somebody who is no client does at a node.
pub(crate) type Errand = Pin<Box<dyn Future<Output = ()>>>;

/// What was answered, as the stored bytes say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// When it was done.
    pub(crate) at: i64,
    /// What it is about.
    pub(crate) id: Uuid,
    /// A change: when it was asked for. A payment: how much.
    pub(crate) figure: i64,
    /// Where it stands then, where the answer says that.
    pub(crate) word: String,
}

/// A market, what its clients know of it, and the plain model of its books.
pub(crate) trait Trade {
    /// What a client wants done.
    type Wish: Clone;

    /// Whose books.
    fn tenant(&self) -> TenantId;

    /// What opens them, in order.
    fn opening(&self) -> &[Command];

    /// What the seller publishes in the course of a run, in order.
    fn publications(&self) -> &[Command] {
        &[]
    }

    /// What a client wants next.
    fn choose(&self, client: usize, clock: Timestamp, dice: &Dice) -> Self::Wish;

    /// Its name in the marks.
    fn name(&self, wish: &Self::Wish) -> &'static str;

    /// Sends it, under a name that no other has.
    fn send(&self, engine: Arc<Engine>, call: Call, wish: Self::Wish, name: String) -> Sent;

    /// Takes in what was answered.
    fn learn(&mut self, client: usize, wish: &Self::Wish, answered: &Answered);

    /// Takes in that it was declined, between two instants of the machine, and why.
    fn declined(&mut self, _: &Self::Wish, _: (i64, i64), _: String) {}

    /// Takes in that the next publication counts from an instant of the machine on.
    fn published(&mut self, _: i64) {}

    /// Takes in where the clock is sent to; whether it gets there, nobody knows.
    fn clock_sent(&mut self, _: Timestamp) {}

    /// Where buyers pay by card, where they do.
    fn provider(&self) -> Option<Arc<dyn PaymentProvider>> {
        None
    }

    /// What somebody who is no client does at a node now, if anything, at an instant of the
    /// machine.
    fn errand(&mut self, _: &Arc<Engine>, _: i64) -> Option<Errand> {
        None
    }

    /// Whether it is hard to bear when a node is killed behind a named point.
    fn is_hard(&self, _: &str) -> bool {
        false
    }

    /// How long nothing happens now, in microseconds of the machine.
    fn lull(&self, _: &Dice) -> i64 {
        0
    }

    /// Ends what others than the worker have to end, when nothing is killed or lost any more.
    fn settle(&mut self, _: &Arc<Engine>, _: &Machine) -> Result<(), Failed> {
        Ok(())
    }

    /// How many hours the clock moves on at once.
    fn jump(&self, dice: &Dice) -> i64;

    /// How many hours it moves on when everything else is over.
    fn last_jump(&self, dice: &Dice) -> i64;

    /// Whether the books are what the model says.
    fn compare(&self, engine: &Engine, tenant: &Tenant, marks: &mut Marks) -> Result<(), Failed>;
}
