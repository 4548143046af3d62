//! Money that goes back through the payment provider by which it came: asking for it, and where it
//! stands. A server makes the call, so no key of a provider's is needed here.

use super::REFUNDABLE;
use crate::cli::{PaymentRefund, PaymentRefunds};
use crate::commands::books::{self, Found};
use crate::output;
use abono_domain::checkout::CheckoutRefusal;
use abono_domain::checkout::ask_refund::AskRefund;
use abono_domain::checkout::refund::{ProviderRefundStatus, ProviderRefundView};
use abono_domain::decision::Outcome;
use abono_domain::document::DocumentView;
use abono_domain::money::Money;
use abono_domain::refusal::Refusal;
use abono_domain::seller::Tenant;
use abono_engine::views::RefundPlace;
use abono_engine::{Actor, Call, Command, Engine, Failure};
use anyhow::{Context, Error, Result, anyhow};
use serde_json::{Value, json};

pub(super) async fn ask(args: PaymentRefund) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let found = books::document(&engine, &args.tenant, REFUNDABLE, &args.invoice).await?;
    let Found { tenant, customer, document } = found;
    let view = engine.payment_request(&tenant, customer, document).await?;
    let view = view.context("the payment request is gone")?;
    let currency = view.document.total.currency;
    let amount = args.amount.as_deref().map(|text| Money::parse(text, currency)).transpose()?;
    let (payment, reference, reason) = (args.payment, args.reference, args.reason);
    let ask = AskRefund { document, payment, amount, reference, reason };
    let call = Call::new(tenant.id, Actor::Operator);
    let asked = engine.carry_out(&call, &Command::AskRefund(customer, ask)).await;
    if let Outcome::ProviderRefund { view: asked, .. } = asked.map_err(explained)? {
        let number = view.document.number();
        if args.json {
            output::line(row(&asked, &number));
            return Ok(());
        }
        let (amount, provider) = (asked.refund.amount, &asked.refund.provider);
        output::line(format!(
            "{number}: {amount} go back through {provider} as soon as a server has asked it; \
             `abono payment refunds --invoice {number}` tells where that stands"
        ));
    }
    Ok(())
}

/// The refusal, and the other way where that is the one to take.
fn explained(failure: Failure) -> Error {
    let by_bank = Failure::Refused(Refusal::Checkout(CheckoutRefusal::NotByProvider));
    if failure == by_bank {
        return anyhow!("{failure} (`abono payment refund` without --through-provider)");
    }
    failure.into()
}

/// How many are read at once.
const PAGE: i64 = 100;

pub(super) async fn list(args: PaymentRefunds) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    if let Some(name) = &args.invoice {
        let found = books::document(&engine, &args.tenant, REFUNDABLE, name).await?;
        let Found { tenant, customer, document } = found;
        let own = engine.provider_refunds_of(&tenant, customer).await?;
        for view in own.iter().filter(|view| view.refund.document == document) {
            show(&engine, &tenant, view, args.json).await?;
        }
        return Ok(());
    }
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let mut after = RefundPlace::START;
    loop {
        let page = engine.provider_refunds(&tenant, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = RefundPlace(last.refund.asked_at, last.refund.id);
        for view in &page {
            show(&engine, &tenant, view, args.json).await?;
        }
    }
}

async fn show(
    engine: &Engine,
    tenant: &Tenant,
    view: &ProviderRefundView,
    as_json: bool,
) -> Result<()> {
    let refund = &view.refund;
    let request = engine.payment_request(tenant, refund.customer, refund.document).await?;
    let number = request.map(|DocumentView { document, .. }| document.number());
    let number = number.context("the payment request is gone")?;
    if as_json {
        output::line(row(view, &number));
    } else {
        let (id, amount, provider) = (refund.id, refund.amount, &refund.provider);
        output::line(format!("{id}  {number}  {amount} through {provider}  {}", stands(view)));
    }
    Ok(())
}

/// Where it stands, and what comes next or stands in its way.
fn stands(view: &ProviderRefundView) -> String {
    let state = &view.state;
    let next = match (state.status, state.next_at) {
        (ProviderRefundStatus::Pending, Some(at)) => format!(", asked again from {at}"),
        (ProviderRefundStatus::Unknown, _) => ", look it up at the provider".to_owned(),
        (
            ProviderRefundStatus::Pending
            | ProviderRefundStatus::Done
            | ProviderRefundStatus::Refused,
            _,
        ) => String::new(),
    };
    let next = if state.calls == 0 && state.trouble.is_none() { String::new() } else { next };
    let known_as = state.known_as.as_ref().map_or(String::new(), |id| format!(", as {id}"));
    let trouble = state.trouble.as_ref().map_or(String::new(), |why| format!(" ({why})"));
    format!("{}{next}{known_as}{trouble}", state.status.as_str())
}

fn row(view: &ProviderRefundView, number: &str) -> Value {
    let (refund, state) = (&view.refund, &view.state);
    json!({
        "id": refund.id.to_string(),
        "invoice": refund.document.to_string(),
        "number": number,
        "provider": refund.provider,
        "payment": refund.paid_as,
        "amount": refund.amount.decimal(),
        "currency": refund.amount.currency.code(),
        "reference": refund.reference,
        "reason": refund.reason,
        "status": state.status.as_str(),
        "calls": state.calls,
        "next_call_at": state.next_at.map(|at| at.to_string()),
        "provider_reference": state.known_as,
        "trouble": state.trouble,
        "asked_at": refund.asked_at.to_string(),
        "updated_at": state.updated_at.to_string(),
    })
}
