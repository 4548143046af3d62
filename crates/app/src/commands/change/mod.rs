//! `abono change`: the log of changes, what one would come to, asking for one, taking one back.

pub(super) mod say;

use super::books;
use crate::cli::{Change, ChangeAsk, ChangeList, ChangeWithdraw};
use crate::output;
use abono_domain::change::ChangeStatus;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::decision::Outcome;
use abono_domain::seller::Tenant;
use abono_engine::{Actor, Call, Command, Engine, Env};
use anyhow::{Context, Result};
use say::Told;

pub(crate) async fn run(verb: Change) -> Result<()> {
    match verb {
        Change::List(args) => list(args).await,
        Change::Preview(args) => ask(args, Asked::Preview, Env::real()).await,
        Change::Request(args) => ask(args.ask, Asked::Request, args.ports.env()?).await,
        Change::Withdraw(args) => withdraw(args).await,
    }
}

/// How many changes are read at once.
const PAGE: i64 = 100;

async fn list(args: ChangeList) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let Some(number) = args.subscription else {
        return all(&engine, &tenant, args.status, Told::Brief.shown(args.json)).await;
    };
    let subscription = books::subscription(&engine, &tenant, number).await?;
    let seller = engine.seller(tenant.id).await?;
    let is_asked = |status| args.status.is_none_or(|wanted| wanted == status);
    for view in subscription.changes.iter().filter(|view| is_asked(view.state.status)) {
        say::show((view, number), &seller, Told::Brief.shown(args.json));
    }
    Ok(())
}

/// Shows the changes of a tenant, of one status where that is said, page by page.
pub(super) async fn all(
    engine: &Engine,
    tenant: &Tenant,
    status: Option<ChangeStatus>,
    shown: say::Shown,
) -> Result<()> {
    let seller = engine.seller(tenant.id).await?;
    let mut after = 0;
    loop {
        let page = engine.changes(tenant, status, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = last.change.number;
        for (view, subscription) in &page {
            say::show((view, subscription.agreement.subscription.number), &seller, shown);
        }
    }
}

/// Whether it is only looked at.
#[derive(Clone, Copy)]
enum Asked {
    Preview,
    Request,
}

async fn ask(args: ChangeAsk, asked: Asked, env: Env) -> Result<()> {
    let engine = books::open_in(env, &args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let found = books::subscription(&engine, &tenant, args.subscription).await?;
    let seller = engine.seller(tenant.id).await?;
    let subscription = &found.agreement.subscription;
    let product = seller.catalogue.product(subscription.product);
    let product = product.context("the subscription's product is not in the catalogue")?;
    let plan = product.plan_by_code(&args.plan);
    let plan = plan.with_context(|| format!("{} has no plan `{}`", product.code, args.plan))?;
    let command =
        ChangePlan { subscription: subscription.id, plan: plan.id, on: args.on, opinion: None };
    let (customer, call) = (subscription.customer, Call::new(tenant.id, Actor::Operator));
    let (view, quote) = match asked {
        Asked::Preview => engine.preview_change(&call, customer, command).await?,
        Asked::Request => engine.change_plan(&call, customer, command).await?,
    };
    let buyer = engine.customer(&tenant, customer).await?.context("the customer is gone")?;
    let language = &buyer.profile.language;
    let quoted = quote.map(|quote| say::Quoted::of(&quote, &seller, language)).transpose()?;
    let number = subscription.number;
    if args.json {
        let mut row = say::row((&view, number), &seller);
        row["quote"] = quoted.as_ref().map(say::Quoted::row).into();
        output::line(row);
        return Ok(());
    }
    say::show((&view, number), &seller, Told::Full.shown(false));
    match quoted {
        Some(quoted) => quoted.lines().into_iter().for_each(output::line),
        None => output::line("  nothing is charged or credited now"),
    }
    Ok(())
}

async fn withdraw(args: ChangeWithdraw) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let withdraw = |at: &At| {
        let At { customer, subscription, change, .. } = *at;
        let reason = args.reason.clone();
        Command::WithdrawChange(customer, WithdrawChange { subscription, change, reason })
    };
    decide((&engine, &tenant), args.number, args.json, withdraw).await
}

/// Where a change is found.
pub(super) struct At {
    pub(super) customer: abono_domain::ids::CustomerId,
    pub(super) subscription: abono_domain::ids::SubscriptionId,
    pub(super) change: abono_domain::ids::ChangeId,
}

/// Does something with the change of a number, and shows how it stands then.
pub(super) async fn decide(
    (engine, tenant): (&Engine, &Tenant),
    number: i64,
    as_json: bool,
    command: impl Fn(&At) -> Command,
) -> Result<()> {
    let found = engine.change(tenant, number).await?;
    let (view, of) = found.with_context(|| format!("there is no change {number}"))?;
    let subscription = &of.agreement.subscription;
    let at = At {
        customer: subscription.customer,
        subscription: subscription.id,
        change: view.change.id,
    };
    let call = Call::new(tenant.id, Actor::Operator);
    if let Outcome::Change { view, .. } = engine.carry_out(&call, &command(&at)).await? {
        let seller = engine.seller(tenant.id).await?;
        say::show((&view, subscription.number), &seller, Told::Brief.shown(as_json));
    }
    Ok(())
}
