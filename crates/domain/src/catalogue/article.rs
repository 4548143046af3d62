//! What a plan is to a subscription, and what other systems know it by.

use super::{Catalogue, Plan, Product};
use crate::words::words;

/// What a plan is, and what other systems know it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// What it is to a subscription.
    pub kind: PlanKind,
    /// Its article number, unique over all plans, archived ones too; every plan that isn't a main
    /// one has it.
    pub number: Option<String>,
    /// What an outside billing system knows it by.
    pub external_id: Option<String>,
}

/// What a plan is to a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanKind {
    /// What a subscription is to: one at a time.
    #[default]
    Main,
    /// Comes with a subscription, and is billed with each of its cycles.
    Addon,
    /// A quantity that comes with a subscription and goes on with its next cycle.
    License,
    /// A quantity of what is used, which comes with a subscription. It is billed with each cycle as
    /// it was added, like a licence, until it is terminated: nobody counts what is used.
    Usage,
}

words!(PlanKind {
    Main => "main",
    Addon => "addon",
    License => "license",
    Usage => "usage",
});

impl Plan {
    /// Whether a subscription can be to it; what else there is comes with one.
    pub fn is_main(&self) -> bool {
        self.article.kind == PlanKind::Main
    }
}

impl Product {
    /// Whether it is shown to those who look for something to subscribe to: it isn't made only of
    /// what comes with a subscription.
    pub fn is_subscribed_to(&self) -> bool {
        self.plans.is_empty() || self.plans.iter().any(Plan::is_main)
    }
}

impl Catalogue {
    /// Every plan with its product, archived ones too, in the order of the catalogue.
    pub fn plans(&self) -> impl Iterator<Item = (&Product, &Plan)> {
        self.products.iter().flat_map(|it| it.plans.iter().map(move |plan| (it, plan)))
    }

    /// The plan of an article number, archived or not.
    pub fn plan_by_article(&self, number: &str) -> Option<(&Product, &Plan)> {
        self.plans().find(|(_, plan)| plan.article.number.as_deref() == Some(number))
    }

    /// The plan of a number, archived or not.
    pub fn plan_of_number(&self, number: i64) -> Option<(&Product, &Plan)> {
        self.plans().find(|(_, plan)| plan.number == number)
    }

    /// What is sold to come with a subscription, in the order of the catalogue.
    pub fn articles(&self) -> impl Iterator<Item = (&Product, &Plan)> {
        self.plans().filter(|(it, plan)| !it.archived && !plan.archived && !plan.is_main())
    }
}
