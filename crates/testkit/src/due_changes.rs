//! Many changes that fall due at once, and whether each was done once.

use crate::telecom::{self, GB10, GB20, GB50};
use crate::{World, seller};
use abono_domain::change::ChangeStatus;
use abono_domain::change::request::ChangePlan;
use abono_domain::ids::{CustomerId, SubscriptionId};
use abono_engine::Command;
use abono_engine::views::After;
use futures_util::future::join_all;

/// When they are asked for.
pub const START: &str = "2026-03-20T09:00:00Z";
/// A second after the midnight of 29 March in Madrid: all of them are due.
pub const DUE: &str = "2026-03-28T23:00:01Z";

/// How many are written, or looked at, at once.
const TOGETHER: usize = 250;

/// Many customers, each with one subscription and two changes on it: one a day before the other.
pub struct Lines(Vec<(CustomerId, SubscriptionId)>);

/// Makes them.
///
/// # Panics
/// Where they can't be made.
pub async fn subscribe(world: &World, customers: u128) -> Lines {
    Lines(run_all((0..customers).map(|number| subscribe_one(world, number))).await)
}

async fn subscribe_one(world: &World, number: u128) -> (CustomerId, SubscriptionId) {
    let id = CustomerId(seller::id(2, 100 + number));
    let put = telecom::customer(id, &format!("c{number}"));
    world.run(Command::PutCustomer(put)).await.expect("a customer");
    world.run(telecom::start(id, GB10, None)).await.expect("a subscription");
    let tenant = world.books().await;
    let own = world.engine.subscriptions_of(&tenant, id).await.expect("its subscriptions");
    let subscription = own[0].agreement.subscription.id;
    for (plan, on) in [(GB20, "2026-03-28"), (GB50, "2026-03-29")] {
        let on = Some(on.parse().expect("a day"));
        let change = ChangePlan { subscription, plan, on, opinion: None };
        world.run(Command::ChangePlan(id, change)).await.expect("a change");
    }
    (id, subscription)
}

impl Lines {
    /// Whether on each of them both changes are done, each once, the earlier first, and the plan is
    /// the last one.
    ///
    /// # Panics
    /// Where they can't be read.
    pub async fn are_done_in_order(&self, world: &World) -> bool {
        let looks = self.0.iter().map(|(customer, id)| is_done(world, *customer, *id));
        run_all(looks).await.into_iter().all(|is_done| is_done)
    }
}

async fn is_done(world: &World, customer: CustomerId, id: SubscriptionId) -> bool {
    let tenant = world.books().await;
    let view = world.engine.subscription_of(&tenant, customer, id).await.expect("a read");
    let view = view.expect("the subscription");
    let documents = world.engine.cycle_documents(&tenant, customer).await.expect("documents");
    let plans: Vec<_> = view.history().iter().map(|it| it.plan).collect();
    view.changes.len() == 2
        && view.changes.iter().all(|change| change.state.status == ChangeStatus::Done)
        && plans == [GB50, GB20, GB10]
        // The first invoice, and an order confirmation for each change.
        && documents.len() == 3
}

/// How many changes are due and not done.
///
/// # Panics
/// Where they can't be counted.
pub async fn left(world: &World) -> usize {
    let tenant = world.books().await;
    let due = world.engine.due_work(&tenant, After::NOTHING, i64::MAX).await.expect("due work");
    due.commands.len()
}

/// Runs them, a bounded number at once.
async fn run_all<T, F: Future<Output = T>>(work: impl Iterator<Item = F>) -> Vec<T> {
    let mut done = Vec::new();
    let mut work = work.peekable();
    while work.peek().is_some() {
        let some: Vec<F> = work.by_ref().take(TOGETHER).collect();
        done.extend(join_all(some).await);
    }
    done
}
