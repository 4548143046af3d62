//! Where an answer leads: what can be asked with the ids in it.

use crate::routes::Operation;
use serde_json::{Value, json};

/// The links of an operation's success, each with its name.
pub(super) fn links(operation: Operation) -> Option<Value> {
    let (made, same) = ("$response.body#/guid", "$request.path.invoice_guid");
    match operation {
        Operation::SubscriptionCreateInvoice => Some(json!({
            "read": invoice(Operation::ReadInvoice, made),
            "cancel": invoice(Operation::CancelInvoice, made),
        })),
        Operation::ReadInvoice => Some(json!({"cancel": invoice(Operation::CancelInvoice, same)})),
        Operation::CancelInvoice => Some(json!({"read": invoice(Operation::ReadInvoice, same)})),
        Operation::ListOrganizations
        | Operation::ListLegalEntities
        | Operation::ListSubscriptionProducts
        | Operation::SubscriptionCalculateLicense
        | Operation::ListInvoices => None,
    }
}

fn invoice(operation: Operation, invoice: &str) -> Value {
    json!({
        "operationId": format!("{operation:?}"),
        "parameters": {"org_guid": "$request.path.org_guid", "invoice_guid": invoice},
    })
}
