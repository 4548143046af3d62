//! Loads what recording a payment has to know.

use crate::commands::product_facts::ProductFacts;
use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::decision::Claim;
use abono_domain::document::DocumentView;
use abono_domain::ids::{CustomerId, DocumentId, ProductId};
use abono_domain::payment::PaymentRefusal;
use abono_domain::payment::record::{Facts, RecordPayment, decide};
use abono_store::nouns::document::recurring;
use abono_store::nouns::{ledger, unique};

pub(in crate::commands) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RecordPayment,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let product = product_of(attempt, id, command.document).await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let view =
        loading.add(|tenant, customer| recurring::payable(tenant, customer, command.document));
    let product = ProductFacts::ask(&mut loading, product);
    let reference = command.reference.as_ref().map(|reference| {
        let claim = Claim::payment_reference(command.source, reference);
        loading.add_immutable(|tenant| unique::is_taken(tenant, &claim))
    });

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unknown_document)?;
    let balances = loaded.take(balances)?;
    let product = product.take(&mut loaded)?;
    let taken = reference.map(|slot| loaded.take(slot)).transpose()?;
    let facts = Facts {
        seller: &seller,
        holding: product.holding(),
        view: &view,
        balances: &balances,
        reference_taken: taken.unwrap_or(false),
    };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}

/// Which product a document sells: an immutable fact, so it is read before the snapshot.
pub(super) async fn product_of(
    attempt: &Attempt<'_>,
    customer: CustomerId,
    id: DocumentId,
) -> Result<ProductId, Stop> {
    let engine = attempt.engine;
    let query = recurring::payable(attempt.call.tenant, customer, id);
    let view: Option<DocumentView> = engine.store.query(query).await.map_err(Failure::from)?;
    let line = view.as_ref().and_then(|view| view.document.lines.first());
    line.map(|line| line.licence.product).ok_or_else(unknown_document)
}

pub(super) fn unknown_document() -> Stop {
    Stop::Failed(PaymentRefusal::UnknownDocument.into())
}
