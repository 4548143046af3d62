//! `abono payment record`.

use super::books;
use crate::cli::{Payment, PaymentRecord};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::document::DocumentStatus;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::{PaymentSource, PaymentView};
use abono_engine::{Actor, Call, Command};
use anyhow::{Context, Result, bail};
use serde_json::json;

pub(crate) async fn run(Payment::Record(args): Payment) -> Result<()> {
    let currency: Currency = args.currency.parse()?;
    let amount = Money::parse(&args.amount, currency)?;
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let found = engine.find_payment_requests(&tenant, &args.invoice).await?;
    if found.len() > 1 {
        bail!("`{}` names several payment requests: give the guid", args.invoice);
    }
    let found = found.first().copied();
    let (customer, document) =
        found.with_context(|| format!("there is no payment request `{}`", args.invoice))?;
    let command = Command::RecordPayment(
        customer,
        RecordPayment {
            document,
            amount,
            source: PaymentSource::BankTransfer,
            reference: args.reference.clone(),
        },
    );
    let call = Call::new(tenant.id, Actor::Operator);
    if let Outcome::Payment(view) = engine.carry_out(&call, &command).await? {
        show(&view, &args);
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
        DocumentStatus::Canceled | DocumentStatus::Refunded => {
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
