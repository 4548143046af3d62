//! `abono group`: what is added to a subscription, adding to it, ending that, taking an end back.

pub(super) mod say;

use super::books;
use crate::cli::{Group, GroupAdd, GroupList, GroupTerminate, GroupWithdraw};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, SubscriptionId, TerminationReasonId};
use abono_domain::product_group::Group as ProductGroup;
use abono_domain::product_group::add::AddProduct;
use abono_domain::seller::{Seller, Tenant};
use abono_domain::termination::TerminationView;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::withdraw::WithdrawTermination;
use abono_engine::views::Added;
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use jiff::SignedDuration;
use std::sync::Arc;

pub(crate) async fn run(verb: Group) -> Result<()> {
    match verb {
        Group::List(args) => list(args).await,
        Group::Add(args) => add(args).await,
        Group::Terminate(args) => terminate(args).await,
        Group::Withdraw(args) => withdraw(args).await,
    }
}

/// A subscription in open books, with what is added to it.
struct At {
    engine: Arc<Engine>,
    tenant: Tenant,
    seller: Arc<Seller>,
    customer: CustomerId,
    subscription: SubscriptionId,
}

impl At {
    async fn open(args: &GroupList) -> Result<Self> {
        let engine = books::open(&args.database.database).await?;
        let tenant = books::tenant(&engine, &args.tenant).await?;
        let found = books::subscription(&engine, &tenant, args.subscription).await?;
        let seller = engine.seller(tenant.id).await?;
        let of = found.agreement.subscription;
        Ok(Self { engine, tenant, seller, customer: of.customer, subscription: of.id })
    }

    async fn added(&self) -> Result<Added> {
        let Self { tenant, customer, subscription, .. } = self;
        Ok(self.engine.product_groups(tenant, *customer, *subscription).await?)
    }

    /// The product group of a number.
    async fn group(&self, number: i64) -> Result<ProductGroup> {
        let mut groups = self.added().await?.groups.into_iter();
        let found = groups.find(|it| it.group.subscription.number == number);
        found.with_context(|| format!("the subscription has no product group {number}"))
    }

    async fn carry_out(&self, command: Command, dry_run: bool) -> Result<Outcome> {
        let call = Call { dry_run, ..Call::new(self.tenant.id, Actor::Operator) };
        Ok(self.engine.carry_out(&call, &command).await?)
    }
}

async fn list(args: GroupList) -> Result<()> {
    let at = At::open(&args).await?;
    let added = at.added().await?;
    for (group, ends) in all(&added) {
        if args.json {
            output::line(say::row(group, &ends, &at.seller));
        } else {
            say::lines(group, &ends, &at.seller).into_iter().for_each(output::line);
        }
    }
    Ok(())
}

/// What was added, each with how it ends, oldest request first.
pub(super) fn all(added: &Added) -> impl Iterator<Item = (&ProductGroup, Vec<&TerminationView>)> {
    added.groups.iter().map(|group| {
        let own = added.terminations.iter().filter(|it| it.termination.group == group.id());
        (group, own.collect())
    })
}

async fn add(args: GroupAdd) -> Result<()> {
    let at = At::open(&args.to).await?;
    let product = at.seller.catalogue.product_by_code(&args.product);
    let product = product.with_context(|| format!("there is no product `{}`", args.product))?;
    let plan = product.plan_by_code(&args.plan);
    let plan = plan.with_context(|| format!("{} has no plan `{}`", args.product, args.plan))?;
    let command = AddProduct {
        subscription: at.subscription,
        product: product.id,
        plan: plan.id,
        quantity: args.quantity,
        by: "operator".to_owned(),
        repeat: SignedDuration::ZERO,
    };
    let outcome = at.carry_out(Command::AddProduct(at.customer, command), false).await?;
    let Outcome::Group(view) = outcome else { return Ok(()) };
    let added = at.added().await?;
    let group = added.groups.iter().find(|it| it.id() == view.group.subscription.id);
    let group = group.context("a product was added and isn't there")?;
    if args.to.json {
        let mut row = say::row(group, &[], &at.seller);
        row["balance_change"] = say::change_row(&view.change, &at.seller);
        output::line(row);
    } else {
        say::lines(group, &[], &at.seller).into_iter().for_each(output::line);
        say::change(&view.change, &at.seller).into_iter().for_each(output::line);
    }
    Ok(())
}

async fn terminate(args: GroupTerminate) -> Result<()> {
    let at = At::open(&args.of).await?;
    let group = at.group(args.number).await?;
    let reason = args.reason.as_deref().map(|code| reason(&at.seller, code)).transpose()?;
    let command = TerminateProduct {
        subscription: at.subscription,
        group: group.id(),
        kind: args.when,
        ended_at: None,
        reason,
        comment: args.comment,
        behaviour: args.credit,
        credit: args.kind,
        anchor: args.anchor,
        texts: args.text,
    };
    let command = Command::TerminateProduct(at.customer, Box::new(command));
    let outcome = at.carry_out(command, args.preview).await?;
    ended(&at, &group, &outcome, (args.preview, args.of.json));
    Ok(())
}

async fn withdraw(args: GroupWithdraw) -> Result<()> {
    let at = At::open(&args.of).await?;
    let group = at.group(args.number).await?;
    let ends = at.added().await?.terminations;
    let last = ends.iter().rev().find(|it| it.termination.group == group.id());
    let last = last.with_context(|| format!("product group {} has no termination", args.number))?;
    let command =
        WithdrawTermination { subscription: at.subscription, termination: last.termination.id };
    let command = Command::WithdrawTermination(at.customer, command);
    let outcome = at.carry_out(command, false).await?;
    ended(&at, &group, &outcome, (false, args.of.json));
    Ok(())
}

/// Shows a termination, and what it changes.
fn ended(at: &At, group: &ProductGroup, outcome: &Outcome, (preview, json): (bool, bool)) {
    let Outcome::Termination { view, change } = outcome else { return };
    let number = group.group.subscription.number;
    if json {
        let mut row = say::termination_row(view, &at.seller);
        row["group"] = number.into();
        row["preview"] = preview.into();
        row["balance_change"] = say::change_row(change, &at.seller);
        output::line(row);
        return;
    }
    let only = if preview { "preview, nothing is written: " } else { "" };
    let termination = say::termination(view, &at.seller);
    output::line(format!("{only}product group {number} {termination}"));
    say::change(change, &at.seller).into_iter().for_each(output::line);
}

fn reason(seller: &Seller, code: &str) -> Result<TerminationReasonId> {
    let mut reasons = seller.catalogue.termination_reasons.iter();
    let found = reasons.find(|reason| reason.code == code);
    let known = found.map(|reason| reason.id);
    known.with_context(|| format!("there is no termination reason `{code}`"))
}
