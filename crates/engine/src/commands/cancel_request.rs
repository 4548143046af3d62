//! Loads what voiding a payment request has to know.

use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::document::DocumentRefusal;
use abono_domain::document::cancel::{CancelRequest, Facts, decide};
use abono_domain::ids::CustomerId;
use abono_store::nouns::document;

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &CancelRequest,
) -> Result<Planned, Stop> {
    let mut loading = attempt.of_customer(id);
    let view =
        loading.add(|tenant, customer| document::request(tenant, customer, command.document));

    let mut loaded = loading.read().await?;
    let unknown = || Stop::Failed(DocumentRefusal::Unknown.into());
    let view = loaded.take(view)?.ok_or_else(unknown)?;
    let version = view.document.seller_version;
    loaded.decide(version, |moment| decide(command, &Facts { view: &view }, moment))
}
