//! What a step does with a subscription that lives in cycles.

use super::act::{NoAnswer, named, trouble};
use super::file::{ChangeFile, DecideFile, EndFile, StartFile};
use super::run::Teller;
use super::say_changes as say;
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::decision::Outcome;
use abono_domain::ids::{ChangeId, CustomerId, SubscriptionId};
use abono_domain::quote::Order;
use abono_domain::subscription::LineIdentity;
use abono_domain::subscription::Origin;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_engine::views::SubscriptionView;
use abono_engine::{Actor, Call, Command};
use jiff::civil::Date;
use toml::value::Datetime;

impl Teller<'_> {
    pub(super) async fn start(&mut self, start: &StartFile) -> Result<Vec<String>, NoAnswer> {
        let shelf = self.shelf(&start.customer).await?;
        let StartFile { product, plan, quantity, months, .. } = start;
        let Order { product, plan, quantity, months } =
            named(&shelf, product, plan, *quantity, *months)?;
        let bundles = &shelf.seller.catalogue.bundles;
        let bundle = match &start.bundle {
            None => None,
            Some(code) => match bundles.iter().find(|bundle| bundle.code == *code) {
                Some(bundle) => Some(bundle.id),
                None => return trouble(format!("there is no bundle `{code}`")),
            },
        };
        let command = StartSubscription {
            product,
            plan,
            quantity,
            months,
            billing_day: start.billing_day,
            sold_on: None,
            origin: Origin::New,
            bundle,
            line: LineIdentity::default(),
        };
        let customer = shelf.customer.id;
        let command = Command::StartSubscription(customer, Box::new(command));
        let outcome = self.carry_out(&command, false).await?;
        let Outcome::Subscription { agreement, .. } = &outcome else {
            return trouble("a subscription was started and isn't there".to_owned());
        };
        let known = (customer, agreement.subscription.id);
        if self.subscriptions.insert(start.name.clone(), known).is_some() {
            return trouble(format!("two subscriptions are called `{}`", start.name));
        }
        Ok(vec![format!("it is subscription {}", agreement.subscription.number)])
    }

    pub(super) async fn change(
        &mut self,
        wanted: &ChangeFile,
        dry_run: bool,
    ) -> Result<Vec<String>, NoAnswer> {
        let (customer, view) = self.subscription(&wanted.subscription).await?;
        let seller = self.engine.seller(self.tenant.id).await?;
        let product = seller.catalogue.product(view.agreement.subscription.product);
        let Some(plan) = product.and_then(|it| it.plan_by_code(&wanted.plan)) else {
            return trouble(format!("the product has no plan `{}`", wanted.plan));
        };
        let subscription = view.agreement.subscription.id;
        let on = wanted.on.as_ref().map(day).transpose()?;
        let command = ChangePlan { subscription, plan: plan.id, on, opinion: None };
        let call = Call::new(self.tenant.id, Actor::Operator);
        let (view, quote) = if dry_run {
            self.engine.preview_change(&call, customer, command).await?
        } else {
            self.engine.change_plan(&call, customer, command).await?
        };
        if let (false, Some(name)) = (dry_run, &wanted.name) {
            let known = (customer, subscription, view.change.id);
            self.plan_changes.insert(name.clone(), known);
        }
        Ok(say::change(&view, quote.as_ref(), &seller))
    }

    pub(super) async fn withdraw(&self, which: &DecideFile) -> Result<Vec<String>, NoAnswer> {
        let (customer, subscription, change) = self.plan_change(&which.change)?;
        let reason = which.note.clone();
        let command = WithdrawChange { subscription, change, reason };
        self.decided(&Command::WithdrawChange(customer, command)).await
    }

    pub(super) async fn decide(
        &self,
        which: &DecideFile,
        approve: bool,
    ) -> Result<Vec<String>, NoAnswer> {
        let (customer, subscription, change) = self.plan_change(&which.change)?;
        let by = which.by.clone().unwrap_or_else(|| "operator".to_owned());
        let note = which.note.clone();
        let command = DecideRisk { subscription, change, approve, by, note };
        self.decided(&Command::DecideRisk(customer, command)).await
    }

    async fn decided(&self, command: &Command) -> Result<Vec<String>, NoAnswer> {
        let outcome = self.carry_out(command, false).await?;
        let seller = self.engine.seller(self.tenant.id).await?;
        match outcome.into_change() {
            Some((view, quote)) => Ok(say::change(&view, quote.as_ref(), &seller)),
            None => trouble("a change has another outcome".to_owned()),
        }
    }

    pub(super) async fn end_subscription(&self, end: &EndFile) -> Result<Vec<String>, NoAnswer> {
        let (customer, view) = self.subscription(&end.subscription).await?;
        let subscription = view.agreement.subscription.id;
        let command = EndSubscription { subscription, reason: end.reason.clone() };
        self.carry_out(&Command::EndSubscription(customer, command), false).await?;
        Ok(vec!["its end is agreed".to_owned()])
    }

    pub(super) async fn subscription(
        &self,
        name: &str,
    ) -> Result<(CustomerId, SubscriptionView), NoAnswer> {
        let Some((customer, id)) = self.subscriptions.get(name).copied() else {
            return trouble(format!("no subscription is called `{name}`"));
        };
        match self.engine.subscription_of(&self.tenant, customer, id).await? {
            Some(view) => Ok((customer, view)),
            None => trouble(format!("the subscription `{name}` is not in the books")),
        }
    }

    fn plan_change(&self, name: &str) -> Result<(CustomerId, SubscriptionId, ChangeId), NoAnswer> {
        match self.plan_changes.get(name) {
            Some(known) => Ok(*known),
            None => trouble(format!("no change is called `{name}`")),
        }
    }
}

fn day(written: &Datetime) -> Result<Date, NoAnswer> {
    let is_day = written.date.is_some() && written.time.is_none();
    match written.to_string().parse() {
        Ok(day) if is_day => Ok(day),
        Ok(_) | Err(_) => trouble(format!("on: `{written}` is not a day such as 2026-01-31")),
    }
}
