//! `abono outbox`: what travels to the billing system behind, and sending again what has failed.

use super::books::{self, Codes};
use crate::cli::{Outbox, OutboxList, OutboxReplay};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::delivery::replay::ReplayDelivery;
use abono_domain::delivery::{DeliveryState, DeliveryStatus, DeliveryView, Order};
use abono_domain::ids::DeliveryId;
use abono_domain::proration::Behaviour;
use abono_engine::views::Place;
use abono_engine::{Actor, Call, Command};
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(crate) async fn run(verb: Outbox) -> Result<()> {
    match verb {
        Outbox::List(args) => list(args).await,
        Outbox::Replay(args) => replay(args).await,
    }
}

/// How many deliveries are read at once.
const PAGE: i64 = 100;

async fn list(args: OutboxList) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let mut codes = Codes::default();
    if let Some(name) = &args.customer {
        let customer = books::customer(&engine, &tenant, name).await?;
        let code = codes.code(&engine, &tenant, customer).await?;
        let is_asked = |status| args.status.is_none_or(|wanted| wanted == status);
        let own = engine.deliveries_of(&tenant, customer).await?;
        for view in own.iter().filter(|view| is_asked(view.state.status)) {
            show(view, code, args.json);
        }
        return Ok(());
    }
    let mut after = Place::START;
    loop {
        let page = engine.deliveries(&tenant, args.status, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Place(last.delivery.queued_at, last.delivery.id);
        for view in &page {
            let code = codes.code(&engine, &tenant, view.delivery.customer).await?;
            show(view, code, args.json);
        }
    }
}

async fn replay(args: OutboxReplay) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let id = DeliveryId(args.id);
    let found = engine.delivery(&tenant, id).await?;
    let customer = found.with_context(|| format!("there is no delivery {id}"))?.delivery.customer;
    let call = Call::new(tenant.id, Actor::Operator);
    let command = Command::ReplayDelivery(customer, ReplayDelivery { delivery: id });
    if let Outcome::Delivery { view, .. } = engine.carry_out(&call, &command).await? {
        let mut codes = Codes::default();
        show(&view, codes.code(&engine, &tenant, customer).await?, args.json);
    }
    Ok(())
}

fn show(view: &DeliveryView, customer: &str, as_json: bool) {
    if as_json {
        output::line(row(view, customer));
        return;
    }
    let (id, what, stands) = (view.delivery.id, what(&view.delivery.order), stands(&view.state));
    output::line(format!("{id}  {customer}  {what}  {stands}"));
}

fn what(order: &Order) -> String {
    match order {
        Order::Add { article_number, quantity } => format!("add {article_number} x {quantity}"),
        Order::Terminate { behaviour, internal, .. } => {
            let credit = match behaviour {
                Behaviour::None => return "terminate without a credit".to_owned(),
                Behaviour::Full => "a full credit",
                Behaviour::Prorate => "a credit of what is unused",
            };
            let place = if *internal { " on the next invoice" } else { "" };
            format!("terminate with {credit}{place}")
        }
    }
}

/// Where it stands, after how many attempts, and what comes next or stands in its way.
fn stands(state: &DeliveryState) -> String {
    let status = state.status.as_str();
    let attempts = match state.attempts {
        0 => String::new(),
        1 => ", 1 attempt".to_owned(),
        count => format!(", {count} attempts"),
    };
    let next = match state.status {
        DeliveryStatus::Pending => match state.next_at {
            Some(at) => format!(", next at {at}"),
            None => ", waits for one before it".to_owned(),
        },
        DeliveryStatus::Delivered | DeliveryStatus::Failed => String::new(),
    };
    let known_as = state.external_id.as_ref().map_or(String::new(), |id| format!(", as {id}"));
    let trouble = state.trouble.as_ref().map_or(String::new(), |why| format!(" ({why})"));
    format!("{status}{attempts}{next}{known_as}{trouble}")
}

/// A delivery as JSON.
fn row(view: &DeliveryView, customer: &str) -> Value {
    let (delivery, state) = (&view.delivery, &view.state);
    json!({
        "id": delivery.id.to_string(),
        "customer": customer,
        "customer_id": delivery.customer.to_string(),
        "product_group": delivery.group.to_string(),
        "order": order(&delivery.order),
        "status": state.status.as_str(),
        "attempts": state.attempts,
        "next_attempt_at": state.next_at.map(|at| at.to_string()),
        "trouble": state.trouble,
        "external_id": state.external_id,
        "answer": state.answer,
        "queued_at": delivery.queued_at.to_string(),
        "replayed_at": state.replayed_at.map(|at| at.to_string()),
        "updated_at": state.updated_at.to_string(),
    })
}

fn order(order: &Order) -> Value {
    let kind = order.word();
    match order {
        Order::Add { article_number, quantity } => {
            json!({"kind": kind, "article_number": article_number, "quantity": quantity})
        }
        Order::Terminate { behaviour, internal, comment, texts, ended_at } => json!({
            "kind": kind,
            "behaviour": behaviour.as_str(),
            "internal": internal,
            "comment": comment,
            "texts": texts,
            "ended_at": ended_at.to_string(),
        }),
    }
}
