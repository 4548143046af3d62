//! `abono payment`: money that came in, and money that goes back.

mod through_provider;

use super::books::{self, Found};
use crate::cli::{Payment, PaymentRecord, PaymentRefund};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::document::{DocumentKind, DocumentStatus};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, PaymentView, RefundTo};
use abono_engine::{Actor, Call, Command};
use anyhow::{Context, Result};
use serde_json::json;

/// What money comes in for.
const PAYABLE: (&[DocumentKind], &str) =
    (&[DocumentKind::PaymentRequest, DocumentKind::Invoice], "payment request or invoice");
/// What is taken back: the invoice of a cycle is credited by changes, and refunded by nobody.
const REFUNDABLE: (&[DocumentKind], &str) = (&[DocumentKind::PaymentRequest], "payment request");

pub(crate) async fn run(payment: Payment) -> Result<()> {
    match payment {
        Payment::Record(args) => record(args).await,
        Payment::Refund(args) if args.through_provider => through_provider::ask(args).await,
        Payment::Refund(args) => refund(args).await,
        Payment::Refunds(args) => through_provider::list(args).await,
    }
}

async fn record(args: PaymentRecord) -> Result<()> {
    let currency: Currency = args.currency.parse()?;
    let amount = Money::parse(&args.amount, currency)?;
    let engine = books::open(&args.database.database).await?;
    let found = books::document(&engine, &args.tenant, PAYABLE, &args.invoice).await?;
    let Found { tenant, customer, document } = found;
    let (source, reference) = (PaymentSource::BankTransfer, args.reference.clone());
    let record = RecordPayment { document, amount, source, reference };
    let call = Call::new(tenant.id, Actor::Operator);
    let command = Command::RecordPayment(customer, record);
    if let Outcome::Payment(view) = engine.carry_out(&call, &command).await? {
        show(&view, &args);
    }
    Ok(())
}

async fn refund(args: PaymentRefund) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let found = books::document(&engine, &args.tenant, REFUNDABLE, &args.invoice).await?;
    let Found { tenant, customer, document } = found;
    let view = engine.payment_request(&tenant, customer, document).await?;
    let currency = view.context("the payment request is gone")?.document.total.currency;
    let amount = args.amount.as_deref().map(|text| Money::parse(text, currency)).transpose()?;
    let (quantity, months) = (args.quantity, args.months);
    let to = if args.to_credit { RefundTo::Credit } else { RefundTo::Bank };
    let (reference, reason) = (args.reference, args.reason);
    let refund = RefundPayment { document, amount, quantity, months, to, reference, reason };
    let call = Call::new(tenant.id, Actor::Operator);
    let command = Command::RefundPayment(customer, refund);
    if let Outcome::PaymentRequest { view, .. } = engine.carry_out(&call, &command).await? {
        let (number, state) = (view.document.number(), &view.state);
        let (status, back) = (state.status.as_str(), state.refunded);
        if args.json {
            output::line(json!({
                "invoice": view.document.id.to_string(),
                "number": number,
                "status": status,
                "refunded": back.decimal(),
                "currency": currency.code(),
            }));
        } else {
            output::line(format!("{number} is {status}; {back} went back in all"));
        }
    }
    Ok(())
}

fn show(view: &PaymentView, args: &PaymentRecord) {
    let document = &view.document;
    let outstanding = document.outstanding();
    if args.json {
        output::line(json!({
            "payment": view.payment.id.to_string(),
            "reference": view.payment.reference,
            "invoice": document.document.id.to_string(),
            "number": document.document.number(),
            "status": document.state.status.as_str(),
            "allocated": view.allocated.decimal(),
            "outstanding": outstanding.decimal(),
            "balance": view.credit.decimal(),
            "currency": args.currency,
        }));
        return;
    }
    let number = document.document.number();
    output::line(match document.state.status {
        DocumentStatus::Paid => format!("{number} is paid"),
        DocumentStatus::Pending => format!("{number}: {outstanding} are still to be paid"),
        DocumentStatus::Canceled | DocumentStatus::Refunded | DocumentStatus::Issued => {
            format!("{number} is {}: the money went to the balance", document.state.status.as_str())
        }
    });
    if view.payment.amount.currency != document.document.total.currency {
        output::line(format!("it is in {}: the money went to the balance", outstanding.currency));
    }
    if view.credit.minor > 0 {
        output::line(format!("the customer's balance is {}", view.credit));
    }
}
