//! The Spanish telecom: lines in cycles, one in a bundle, one with a change that waits for its day,
//! one with a change that somebody has to look at.

use super::facts::Tokens;
use super::seller::customer;
use abono_domain::access::Role;
use abono_domain::catalogue::{Plan, Product};
use abono_domain::change::request::ChangePlan;
use abono_domain::seller::{Seller, Tenant};
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::views::SubscriptionView;
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(super) const SELLER: &str = include_str!("../../../demo/telecom.toml");
/// Its token in the facts.
pub(super) const TOKENS: &[&str] = &["token"];

/// A line of the demo. It is known again by its telephone number.
struct Phone {
    customer: &'static str,
    product: &'static str,
    plan: &'static str,
    bundle: Option<&'static str>,
    billing_day: Option<i64>,
    origin: Origin,
    msisdn: &'static str,
    /// The plan that is asked for when it has been started.
    change: Option<&'static str>,
}

const PLAIN: Phone = Phone {
    customer: "familia-soto",
    product: "tarifas",
    plan: "movil-10",
    bundle: None,
    billing_day: None,
    origin: Origin::New,
    msisdn: "34600000001",
    change: None,
};
const BUNDLED: Phone = Phone {
    plan: "movil-25",
    bundle: Some("casa"),
    origin: Origin::Ported,
    msisdn: "34600000002",
    ..PLAIN
};
const FIBRE: Phone = Phone {
    product: "fibra",
    plan: "fibra-600",
    bundle: Some("casa"),
    msisdn: "34942000001",
    ..PLAIN
};
/// It has a change that waits for the next cycle.
const WAITING: Phone = Phone {
    customer: "taller-otero",
    plan: "movil-75",
    msisdn: "34600000003",
    change: Some("movil-25"),
    ..PLAIN
};
/// It has a change that somebody has to look at.
const REVIEWED: Phone = Phone {
    customer: "taller-otero",
    plan: "movil-50",
    billing_day: Some(1),
    origin: Origin::Migrated,
    msisdn: "34600000004",
    change: Some(REVIEW),
    ..PLAIN
};

/// Each of them may be changed to each other, and that is accepted.
const PLANS: [&str; 4] = ["movil-10", "movil-25", "movil-50", "movil-75"];
/// A change to it is looked at.
const REVIEW: &str = "ilimitada";
/// A change to it is rejected.
const REJECTED: &str = "premium";
/// Nothing is changed to it.
const INCOMPATIBLE: &str = "prepago";

/// Starts the lines and asks for the changes that aren't there yet.
pub(super) async fn populate(engine: &Engine, tenant: &Tenant) -> Result<()> {
    let seller = engine.seller(tenant.id).await?;
    let call = Call::new(tenant.id, Actor::Operator);
    for phone in [&PLAIN, &BUNDLED, &FIBRE, &WAITING, &REVIEWED] {
        if find(engine, tenant, phone).await?.is_none() {
            let owner = customer(engine, tenant, phone.customer).await?.id;
            let start = Command::StartSubscription(owner, Box::new(phone.start(&seller)?));
            engine.carry_out(&call, &start).await?;
        }
        let view = find(engine, tenant, phone).await?.context("the line was started")?;
        if let Some(to) = phone.change
            && view.changes.is_empty()
        {
            let plan = plan(phone.sold(&seller)?, to)?.id;
            let subscription = &view.agreement.subscription;
            let change =
                ChangePlan { subscription: subscription.id, plan, on: None, opinion: None };
            engine.change_plan(&call, subscription.customer, change).await?;
        }
    }
    Ok(())
}

/// What a client of the Masstack contract has to know.
pub(super) async fn facts(engine: &Engine, tenant: &Tenant) -> Result<Value> {
    let seller = engine.seller(tenant.id).await?;
    let tokens = Tokens { engine, tenant };
    let product = PLAIN.sold(&seller)?;
    let number = |code: &str| plan(product, code).map(|plan| plan.number);
    let plans: Vec<i64> = PLANS.iter().map(|code| number(code)).collect::<Result<_>>()?;
    let line = async |phone: &Phone| {
        let found = find(engine, tenant, phone).await?.context("the line was started")?;
        Ok::<_, anyhow::Error>(found.agreement.subscription.number)
    };
    Ok(json!({
        "org": tenant.slug,
        "token": tokens.make(Role::Admin, vec![], "demo: admin").await?,
        "account_id": customer(engine, tenant, PLAIN.customer).await?.number,
        "subscription_id": line(&PLAIN).await?,
        "bundled_subscription_id": line(&BUNDLED).await?,
        "product_ids": plans,
        "incompatible_product_id": number(INCOMPATIBLE)?,
        "review_product_id": number(REVIEW)?,
        "rejected_product_id": number(REJECTED)?,
    }))
}

async fn find(engine: &Engine, tenant: &Tenant, phone: &Phone) -> Result<Option<SubscriptionView>> {
    let owner = customer(engine, tenant, phone.customer).await?.id;
    let mut all = engine.subscriptions_of(tenant, owner).await?.into_iter();
    Ok(all.find(|view| view.agreement.line.msisdn.as_deref() == Some(phone.msisdn)))
}

impl Phone {
    fn sold<'s>(&self, seller: &'s Seller) -> Result<&'s Product> {
        seller.catalogue.product_by_code(self.product).context("the product was published")
    }

    fn start(&self, seller: &Seller) -> Result<StartSubscription> {
        let product = self.sold(seller)?;
        let mut bundles = seller.catalogue.bundles.iter();
        let bundle = bundles.find(|bundle| self.bundle == Some(bundle.code.as_str()));
        Ok(StartSubscription {
            product: product.id,
            plan: plan(product, self.plan)?.id,
            quantity: 1,
            months: 1,
            billing_day: self.billing_day,
            sold_on: None,
            origin: self.origin,
            bundle: bundle.map(|bundle| bundle.id),
            line: LineIdentity { msisdn: Some(self.msisdn.to_owned()), ..LineIdentity::default() },
        })
    }
}

fn plan<'p>(product: &'p Product, code: &str) -> Result<&'p Plan> {
    product.plan_by_code(code).with_context(|| format!("there is no plan `{code}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_tools::apply::SellerFile;

    #[test]
    fn the_plans_change_to_each_other_and_to_nothing_that_they_should_not() {
        let seller = SellerFile::parse(SELLER).expect("the file").seller;
        let product = PLAIN.sold(&seller).expect("the product");
        // Before it is published no plan has an id: they are told apart by their codes.
        let changes = |from: &Plan, to: &str| {
            let rules = from.terms.changes_to.as_deref().expect("rules");
            rules.iter().any(|rule| rule.to == to)
        };
        for from in PLANS {
            let plan = plan(product, from).expect("a plan");
            let others = PLANS.into_iter().filter(|to| *to != from);
            for to in others.chain([REVIEW, REJECTED]) {
                assert!(changes(plan, to), "{from} to {to}");
            }
        }
        for from in &product.plans {
            assert!(!changes(from, INCOMPATIBLE), "{}", from.code);
        }
        for phone in [PLAIN, BUNDLED, WAITING, REVIEWED] {
            assert!(PLANS.contains(&phone.plan), "{}", phone.msisdn);
        }
    }
}
