//! What is added to a subscription and terminated, as tests ask for it.

use crate::World;
use abono_domain::decision::Outcome;
use abono_domain::ids::{PlanId, ProductId, SubscriptionId};
use abono_domain::product_group::add::AddProduct;
use abono_domain::product_group::{BalanceChange, GroupView};
use abono_domain::proration::Behaviour;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::{CreditKind, TerminationType, TerminationView};
use abono_engine::Command;
use abono_engine::views::{Added, After};
use jiff::SignedDuration;

/// The request for a product, which is never taken as a repetition.
pub fn add(subscription: SubscriptionId, (product, plan): (ProductId, PlanId)) -> AddProduct {
    AddProduct {
        subscription,
        product,
        plan,
        quantity: 1,
        by: "somebody".to_owned(),
        repeat: SignedDuration::ZERO,
    }
}

/// The request for the end of a product group, as it is usual.
pub const fn terminate(
    subscription: SubscriptionId,
    group: SubscriptionId,
    kind: Option<TerminationType>,
) -> TerminateProduct {
    TerminateProduct {
        subscription,
        group,
        kind,
        ended_at: None,
        reason: None,
        comment: String::new(),
        behaviour: None,
        credit: CreditKind::Normal,
        anchor: None,
        texts: Vec::new(),
    }
}

/// The same with what comes back, and how that is said.
pub fn crediting(
    asked: TerminateProduct,
    behaviour: Behaviour,
    credit: CreditKind,
) -> TerminateProduct {
    TerminateProduct { behaviour: Some(behaviour), credit, ..asked }
}

impl World {
    /// The customer's first subscription that lives in cycles.
    ///
    /// # Panics
    /// Where it has none.
    pub async fn subscribed(&self) -> SubscriptionId {
        let tenant = self.books().await;
        let own = self.engine.subscriptions_of(&tenant, self.customer).await.expect("its own");
        own.first().expect("a subscription").agreement.subscription.id
    }

    /// Adds a product to it.
    ///
    /// # Errors
    /// The refusal, in words.
    ///
    /// # Panics
    /// Where it is answered by something else.
    pub async fn add(&self, asked: AddProduct) -> Result<GroupView, String> {
        match self.run(Command::AddProduct(self.customer, asked)).await {
            Ok(Outcome::Group(view)) => Ok(*view),
            Ok(other) => panic!("{other:?}"),
            Err(failure) => Err(failure.to_string()),
        }
    }

    /// Terminates a product group.
    ///
    /// # Errors
    /// The refusal, in words.
    pub async fn terminate(
        &self,
        asked: TerminateProduct,
    ) -> Result<(TerminationView, BalanceChange), String> {
        self.terminated(asked, false).await
    }

    /// What terminating a product group would do.
    ///
    /// # Errors
    /// The refusal, in words.
    pub async fn foresee(
        &self,
        asked: TerminateProduct,
    ) -> Result<(TerminationView, BalanceChange), String> {
        self.terminated(asked, true).await
    }

    async fn terminated(
        &self,
        asked: TerminateProduct,
        dry_run: bool,
    ) -> Result<(TerminationView, BalanceChange), String> {
        let call = abono_engine::Call { dry_run, ..self.call() };
        let command = Command::TerminateProduct(self.customer, Box::new(asked));
        match self.engine.carry_out(&call, &command).await {
            Ok(Outcome::Termination { view, change }) => Ok((*view, change)),
            Ok(other) => panic!("{other:?}"),
            Err(failure) => Err(failure.to_string()),
        }
    }

    /// What was added to the customer's first subscription.
    ///
    /// # Panics
    /// Where it can't be read.
    pub async fn added(&self) -> Added {
        let (tenant, subscription) = (self.books().await, self.subscribed().await);
        let found = self.engine.product_groups(&tenant, self.customer, subscription).await;
        found.expect("product groups")
    }

    /// Moves the clock, stopping wherever work falls due, and does it.
    ///
    /// # Panics
    /// Where the clock can't be moved.
    pub async fn live_until(&self, to: &str) {
        let (tenant, to) = (self.books().await, to.parse().expect("an instant"));
        loop {
            let now = self.engine.business_time(&tenant).await.expect("the clock");
            let next = self.engine.due_after(&tenant, now).await.expect("what is due");
            let stop = next.map_or(to, |at| at.min(to));
            self.run(self.set_clock(&stop.to_string())).await.expect("the clock");
            self.work().await;
            if stop == to {
                return;
            }
        }
    }

    /// Does all that is due; what isn't its turn yet is tried again.
    ///
    /// # Panics
    /// Where the work can't be read, or doesn't end.
    pub async fn work(&self) {
        let tenant = self.books().await;
        for _ in 0..1_000 {
            let due = self.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due work");
            if due.commands.is_empty() {
                return;
            }
            for command in due.commands {
                let _outcome = self.run(command).await;
            }
        }
        panic!("what is due is never done");
    }
}
