//! Shows a subscription: what is agreed, where it stands, what it is bound by, the log of its
//! changes, what is added to it, its documents.

use super::list::{product, row};
use crate::cli::SubscriptionShow;
use crate::commands::books::{self, Codes};
use crate::commands::change::say;
use crate::commands::group;
use crate::output;
use abono_domain::document::DocumentView;
use abono_domain::seller::Seller;
use abono_domain::subscription::{Agreement, Commitment};
use abono_engine::Actor;
use abono_engine::views::{Added, InForce, StatusRecord, SubscriptionView};
use anyhow::Result;
use jiff::civil::Date;
use serde_json::{Value, json};

/// A subscription, and what it is shown with.
struct Sight<'a> {
    view: &'a SubscriptionView,
    customer: &'a str,
    seller: &'a Seller,
    /// Today, on its wall.
    today: Date,
    added: &'a Added,
    documents: &'a [DocumentView],
}

pub(super) async fn run(args: SubscriptionShow) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let view = &books::subscription(&engine, &tenant, args.number).await?;
    let subscription = &view.agreement.subscription;
    let owner = (subscription.customer, subscription.id);
    let mut codes = Codes::default();
    let sight = Sight {
        view,
        customer: codes.code(&engine, &tenant, owner.0).await?,
        seller: &*engine.seller(tenant.id).await?,
        today: view.agreement.day(engine.business_time(&tenant).await?)?,
        added: &engine.product_groups(&tenant, owner.0, owner.1).await?,
        documents: &super::documents(&engine, &tenant, owner).await?,
    };
    if args.json {
        output::line(sight.tree());
    } else {
        sight.lines().into_iter().for_each(output::line);
    }
    Ok(())
}

impl Sight<'_> {
    fn lines(&self) -> Vec<String> {
        let Self { view, customer, seller, .. } = self;
        let (agreement, state) = (&view.agreement, &view.state);
        let (number, product) = (agreement.subscription.number, product(seller, agreement));
        let (plan, quantity) = (say::plan(seller, state.plan), state.quantity);
        let status = state.status.as_str();
        let mut all = vec![
            format!("subscription {number} of {customer}: {product} {plan} x {quantity}, {status}"),
            format!("  agreed: {}", self.agreed()),
        ];
        all.extend(numbers(agreement).map(|(what, number)| format!("  {what}: {number}")));
        all.push(format!("  billed until: {} (cycle {})", state.billed_until, state.cycle));
        if let Some(day) = state.ends_on {
            let why = state.end_reason.as_ref().map_or(String::new(), |why| format!(" ({why})"));
            all.push(format!("  ends on: {day}{why}"));
        }
        let in_force = view.history().into_iter().map(|it| self.in_force(&it));
        part(&mut all, "plans in force, newest first", in_force);
        part(&mut all, "status", view.steps.iter().map(step));
        part(&mut all, "bound by", view.commitments.iter().map(|it| self.bound(it)));
        let waiting = view.timeline().into_iter().map(|it| {
            let (on, to) = (it.change.effective_on, say::plan(seller, it.change.to));
            format!("{on}: to {to} (change {})", it.change.number)
        });
        part(&mut all, "waiting for their day", waiting);
        let log = view.changes.iter().map(|it| say::headline((it, number), seller));
        part(&mut all, "asked for", log);
        let added = group::all(self.added);
        let added = added.flat_map(|(it, ends)| group::say::lines(it, &ends, seller));
        part(&mut all, "added to it", added);
        part(&mut all, "documents", self.documents.iter().map(super::document));
        all
    }

    fn agreed(&self) -> String {
        let agreement = &self.view.agreement;
        let Agreement { started_on, sold_on, months, billing_day, zone, .. } = agreement;
        let bundle = agreement.bundle.and_then(|id| self.seller.catalogue.bundle(id));
        let bundle = bundle.map_or(String::new(), |bundle| format!(", in {}", bundle.code));
        let (origin, plan) = (agreement.origin.as_str(), say::plan(self.seller, agreement.plan));
        let every = if *months == 1 { "month".to_owned() } else { format!("{months} months") };
        format!(
            "{plan} from {started_on} on, sold on {sold_on}, {origin}{bundle}; \
             billed every {every} on day {billing_day}, {zone}"
        )
    }

    fn in_force(&self, it: &InForce) -> String {
        let until = it.until.map_or(String::new(), |day| format!(" until {day}"));
        format!("{} from {}{until}", say::plan(self.seller, it.plan), it.from)
    }

    fn bound(&self, it: &Commitment) -> String {
        let Commitment { starts_on, ends_on, penalty, .. } = it;
        let (plan, left) = (say::plan(self.seller, it.plan), it.days_left(self.today));
        format!(
            "{plan} from {starts_on} until {ends_on}: {left} days are left; leaving on the first \
             day costs {penalty}"
        )
    }

    fn tree(&self) -> Value {
        let Self { view, customer, seller, .. } = self;
        let (agreement, state) = (&view.agreement, &view.state);
        let number = agreement.subscription.number;
        let mut tree = row((agreement, state), customer, seller);
        let history = view.history().into_iter().map(|it| {
            let (from, until) = (it.from.to_string(), it.until.map(|day| day.to_string()));
            json!({"plan": say::plan(seller, it.plan), "from": from, "until": until})
        });
        let steps = view.steps.iter().map(|record| {
            let (status, at) = (record.step.to.as_str(), record.step.at.to_string());
            let (reason, by) = (&record.step.reason, actor(record.actor));
            json!({"status": status, "reason": reason, "at": at, "by": by})
        });
        let bound = view.commitments.iter().map(|it| {
            json!({
                "plan": say::plan(seller, it.plan),
                "starts_on": it.starts_on.to_string(),
                "ends_on": it.ends_on.to_string(),
                "days_left": it.days_left(self.today),
                "penalty": it.penalty.decimal(),
                "currency": it.penalty.currency.code(),
            })
        });
        let waiting = view.timeline().into_iter().map(|it| it.change.number);
        let changes = view.changes.iter().map(|it| say::row((it, number), seller));
        for (name, value) in [
            ("origin", json!(agreement.origin.as_str())),
            ("sold_on", json!(agreement.sold_on.to_string())),
            ("months", json!(agreement.months)),
            ("billing_day", json!(agreement.billing_day)),
            ("zone", json!(agreement.zone)),
            (
                "line",
                numbers(agreement).map(|(what, it)| (what.to_owned(), Value::from(it))).collect(),
            ),
            ("cycle", json!(state.cycle)),
            ("end_reason", json!(state.end_reason)),
            ("history", history.collect()),
            ("steps", steps.collect()),
            ("commitments", bound.collect()),
            ("waiting", waiting.collect()),
            ("changes", changes.collect()),
            (
                "product_groups",
                group::all(self.added)
                    .map(|(it, ends)| group::say::row(it, &ends, seller))
                    .collect(),
            ),
            ("documents", self.documents.iter().map(document).collect()),
        ] {
            tree[name] = value;
        }
        tree
    }
}

/// Adds a part under its heading, where there is any of it.
fn part(all: &mut Vec<String>, heading: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        all.push(format!("  {heading}:"));
        all.extend(lines.map(|line| format!("    {line}")));
    }
}

/// The numbers by which it is reached, those that it has.
fn numbers(agreement: &Agreement) -> impl Iterator<Item = (&'static str, &str)> {
    let line = &agreement.line;
    let all = [("msisdn", &line.msisdn), ("imsi", &line.imsi), ("iccid", &line.iccid)];
    all.into_iter().filter_map(|(what, number)| Some((what, number.as_deref()?)))
}

fn step(record: &StatusRecord) -> String {
    let step = &record.step;
    let why = step.reason.as_ref().map_or(String::new(), |why| format!(" ({why})"));
    format!("{}: {}{why}, by {}", step.at, step.to.as_str(), actor(record.actor))
}

fn actor(actor: Actor) -> String {
    match actor {
        Actor::Operator => "operator".to_owned(),
        Actor::Key(id) => format!("key {id}"),
        Actor::Worker => "worker".to_owned(),
        Actor::Buyer => "buyer".to_owned(),
        Actor::Provider => "payment provider".to_owned(),
    }
}

fn document(view: &DocumentView) -> Value {
    let document = &view.document;
    json!({
        "number": document.number(),
        "kind": document.kind.as_str(),
        "issued_on": document.issued.on.to_string(),
        "due_on": document.due_on.map(|day| day.to_string()),
        "status": view.state.status.as_str(),
        "total": document.total.decimal(),
        "paid": view.state.paid.decimal(),
        "currency": document.total.currency.code(),
    })
}
