//! What is sold: products, their plans, and the plans' prices.
//!
//! A catalogue belongs to one version of a seller and never changes; a new version is published.

mod article;
mod price;
mod termination;
mod terms;

pub use article::{Article, PlanKind};
pub use price::{Price, PricePoint, Wanted};
pub use termination::TerminationReason;
pub use terms::{Billing, ChangeMode, CommitmentTerms, CreditTerms, Effect, PlanRule, PlanTerms};

use crate::discount::{self, On};
use crate::ids::{BundleId, DiscountId, PlanId, ProductId};
use crate::language::Names;
use crate::tax::{Nature, TaxClass};
use jiff::civil::Date;

/// Everything a seller sells, in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The products.
    pub products: Vec<Product>,
    /// What customers can be given off the prices.
    pub discounts: Vec<Discount>,
    /// What several subscriptions are sold together as.
    pub bundles: Vec<Bundle>,
    /// Why subscriptions are terminated.
    pub termination_reasons: Vec<TerminationReason>,
}

/// What several subscriptions are sold together as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its identity.
    pub id: BundleId,
    /// Its number in the tenant; given when it is published first, and kept.
    pub number: i64,
    /// Its code, unique in the catalogue.
    pub code: String,
    /// Its names.
    pub names: Names,
}

/// What is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its identity.
    pub id: ProductId,
    /// Its code, unique in the catalogue.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// No longer sold; what runs goes on.
    pub archived: bool,
    /// Which of a country's tax rates the law has for it.
    pub tax_class: TaxClass,
    /// What it is, as far as the place of its supply depends on it.
    pub nature: Nature,
    /// Its plans, in the order in which they are shown.
    pub plans: Vec<Plan>,
}

/// A plan of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its identity.
    pub id: PlanId,
    /// Its number in the tenant; given when it is published first, and kept.
    pub number: i64,
    /// Its code, unique in the product.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// What it is to a subscription, and what other systems know it by.
    pub article: Article,
    /// The capabilities that it opens.
    pub features: Vec<String>,
    /// No longer sold; what runs goes on.
    pub archived: bool,
    /// How it is sold.
    pub terms: PlanTerms,
    /// Its prices.
    pub prices: Vec<Price>,
}

/// What customers can be given off the prices, in the order in which it stands on the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Its identity.
    pub id: DiscountId,
    /// Its code, unique in the catalogue.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// How much.
    pub off: discount::Discount,
    /// Off what.
    pub on: On,
    /// On how many documents of a customer it is given; on all where nothing is said. A purchase
    /// and a cycle have one each, and so has a product that is added inside a cycle: it takes one.
    pub periods: Option<i64>,
    /// Its first day.
    pub valid_from: Option<Date>,
    /// The day after its last.
    pub valid_until: Option<Date>,
}

impl Discount {
    /// Whether it is given on `day`.
    pub fn is_valid(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day)
            && self.valid_until.is_none_or(|until| day < until)
    }
}

impl Catalogue {
    /// The product of an id.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The discount of a code.
    pub fn discount(&self, code: &str) -> Option<&Discount> {
        self.discounts.iter().find(|discount| discount.code == code)
    }

    /// The bundle of an id.
    pub fn bundle(&self, id: BundleId) -> Option<&Bundle> {
        self.bundles.iter().find(|bundle| bundle.id == id)
    }

    /// The product of a code.
    pub fn product_by_code(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.code == code)
    }
}

impl Product {
    /// The plan of an id.
    pub fn plan(&self, id: PlanId) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The plan of a code.
    pub fn plan_by_code(&self, code: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.code == code)
    }

    /// The plan of a number.
    pub fn plan_by_number(&self, number: i64) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.number == number)
    }

    /// When a change from one of its plans to another takes effect by itself; `None` where there is
    /// no such change: only a main plan is changed, and only to another one.
    pub fn effect(&self, from: &Plan, to: &Plan) -> Option<Effect> {
        if from.id == to.id || !from.is_main() || !to.is_main() {
            return None;
        }
        match &from.terms.changes_to {
            None => Some(Effect::default()),
            Some(rules) => rules.iter().find(|rule| rule.to == to.code).map(|rule| rule.effect),
        }
    }

    /// What a plan may be changed to: those that are sold, in the order of the catalogue.
    pub fn changes_from(&self, plan: &Plan) -> Vec<&Plan> {
        let live = self.plans.iter().filter(|to| !self.archived && !to.archived);
        live.filter(|to| self.effect(plan, to).is_some()).collect()
    }
}
