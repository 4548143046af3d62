//! What a step does with what is added to a subscription.

use super::act::{NoAnswer, trouble};
use super::file::{AddFile, TerminateFile, WithdrawTerminationFile};
use super::read::instant;
use super::run::Teller;
use super::say_groups as say;
use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, SubscriptionId, TerminationReasonId};
use abono_domain::product_group::add::AddProduct;
use abono_domain::proration::Behaviour;
use abono_domain::seller::Seller;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::withdraw::WithdrawTermination;
use abono_domain::termination::{CreditKind, TerminationType};
use abono_engine::Command;
use jiff::{SignedDuration, Timestamp};
use toml::value::Datetime;

/// Whose a product group is, of which subscription, and which.
type Known = (CustomerId, SubscriptionId, SubscriptionId);

impl Teller<'_> {
    pub(super) async fn add(&mut self, wanted: &AddFile) -> Result<Vec<String>, NoAnswer> {
        let (customer, view) = self.subscription(&wanted.subscription).await?;
        let subscription = view.agreement.subscription.id;
        let seller = self.engine.seller(self.tenant.id).await?;
        let product = seller.catalogue.product_by_code(&wanted.product);
        let found = product.and_then(|it| Some((it.id, it.plan_by_code(&wanted.plan)?.id)));
        let Some((product, plan)) = found else {
            return trouble(format!("there is no `{}` of `{}`", wanted.plan, wanted.product));
        };
        let (quantity, by, repeat) = (wanted.quantity, String::new(), SignedDuration::ZERO);
        let command = AddProduct { subscription, product, plan, quantity, by, repeat };
        let outcome = self.carry_out(&Command::AddProduct(customer, command), false).await?;
        let Outcome::Group(view) = outcome else {
            return trouble("a product was added and isn't there".to_owned());
        };
        let known = (customer, subscription, view.group.subscription.id);
        if self.groups.insert(wanted.name.clone(), known).is_some() {
            return trouble(format!("two products are called `{}`", wanted.name));
        }
        Ok(say::changed(&view.change, &seller))
    }

    pub(super) async fn terminate(
        &self,
        wanted: &TerminateFile,
        dry_run: bool,
    ) -> Result<Vec<String>, NoAnswer> {
        let (customer, subscription, group) = self.group(&wanted.product)?;
        let seller = self.engine.seller(self.tenant.id).await?;
        let command = TerminateProduct {
            subscription,
            group,
            kind: wanted.when.as_deref().map(kind).transpose()?,
            ended_at: None,
            reason: wanted.reason.as_deref().map(|code| reason(&seller, code)).transpose()?,
            comment: wanted.comment.clone().unwrap_or_default(),
            behaviour: wanted.credit.as_deref().map(behaviour).transpose()?,
            credit: wanted.kind.as_deref().map_or(Ok(CreditKind::Normal), credit)?,
            anchor: wanted.anchor.as_ref().map(|at| self.anchor(at)).transpose()?,
            texts: wanted.texts.clone(),
        };
        let command = Command::TerminateProduct(customer, Box::new(command));
        self.ended(&command, dry_run, &seller).await
    }

    pub(super) async fn withdraw_termination(
        &self,
        which: &WithdrawTerminationFile,
    ) -> Result<Vec<String>, NoAnswer> {
        let (customer, subscription, group) = self.group(&which.product)?;
        let added = self.engine.product_groups(&self.tenant, customer, subscription).await?;
        let last = added.terminations.iter().rev().find(|it| it.termination.group == group);
        let Some(last) = last else {
            return trouble(format!("`{}` has no termination", which.product));
        };
        let command = WithdrawTermination { subscription, termination: last.termination.id };
        let seller = self.engine.seller(self.tenant.id).await?;
        self.ended(&Command::WithdrawTermination(customer, command), false, &seller).await
    }

    async fn ended(
        &self,
        command: &Command,
        dry_run: bool,
        seller: &Seller,
    ) -> Result<Vec<String>, NoAnswer> {
        let Outcome::Termination { view, change } = self.carry_out(command, dry_run).await? else {
            return trouble("a termination has another outcome".to_owned());
        };
        let mut lines = vec![say::termination(&view, seller, &self.zone)];
        lines.extend(say::changed(&change, seller));
        Ok(lines)
    }

    fn group(&self, name: &str) -> Result<Known, NoAnswer> {
        match self.groups.get(name) {
            Some(known) => Ok(*known),
            None => trouble(format!("no product is called `{name}`")),
        }
    }

    fn anchor(&self, written: &Datetime) -> Result<Timestamp, NoAnswer> {
        match instant(written, &self.zone) {
            Some(at) => Ok(at),
            None => trouble(format!("anchor: `{written}` is not an instant")),
        }
    }
}

fn kind(word: &str) -> Result<TerminationType, NoAnswer> {
    match word {
        "now" => Ok(TerminationType::Immediately),
        "period_end" => Ok(TerminationType::AtSubscriptionBillingPeriodEnd),
        "binding_end" => Ok(TerminationType::AtBindingPeriodEnd),
        other => trouble(format!("when: `{other}` is not now, period_end or binding_end")),
    }
}

fn behaviour(word: &str) -> Result<Behaviour, NoAnswer> {
    match Behaviour::parse(word) {
        Some(behaviour) => Ok(behaviour),
        None => trouble(format!("credit: `{word}` is not prorate, full or none")),
    }
}

fn credit(word: &str) -> Result<CreditKind, NoAnswer> {
    match CreditKind::parse(word) {
        Some(kind) => Ok(kind),
        None => trouble(format!("as: `{word}` is not normal or internal")),
    }
}

fn reason(seller: &Seller, code: &str) -> Result<TerminationReasonId, NoAnswer> {
    let reasons = &seller.catalogue.termination_reasons;
    match reasons.iter().find(|reason| reason.code == code) {
        Some(reason) => Ok(reason.id),
        None => trouble(format!("there is no termination reason `{code}`")),
    }
}
