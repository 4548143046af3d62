//! Loads what giving money back has to know.

use super::product_facts::ProductFacts;
use super::record_payment::{product_of, unknown_document};
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::decision::Claim;
use abono_domain::ids::CustomerId;
use abono_domain::licence::Grant;
use abono_domain::payment::refund::{Facts, RefundPayment, decide};
use abono_store::nouns::{document, ledger, licence, payment, unique};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RefundPayment,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let product = product_of(attempt, id, command.document).await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let view =
        loading.add(|tenant, customer| document::request(tenant, customer, command.document));
    let posted = loading.add(|tenant, customer| ledger::posted(tenant, customer, command.document));
    let grants = loading.add(licence::grants);
    let cuts = loading.add(licence::cuts);
    let refunds = loading.add(payment::refunds);
    let credited = loading.add(licence::credited);
    let notes =
        loading.add(|tenant, customer| document::left_over_of(tenant, customer, command.document));
    let product = ProductFacts::ask(&mut loading, product);
    let reference = command.reference.as_ref().map(|reference| {
        let claim = Claim::refund_reference(reference);
        loading.add_immutable(|tenant| unique::is_taken(tenant, &claim))
    });

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unknown_document)?;
    let (balances, posted) = (loaded.take(balances)?, loaded.take(posted)?);
    let (grants, cuts) = (loaded.take(grants)?, loaded.take(cuts)?);
    let (notes, credited) = (loaded.take(notes)?, loaded.take(credited)?);
    let mut refunds = loaded.take(refunds)?;
    refunds.retain(|refund| refund.document == command.document);
    let product = product.take(&mut loaded)?;
    let taken = reference.map(|slot| loaded.take(slot)).transpose()?;
    let own = product.subscription().map(|subscription| subscription.id);
    let own = grants.into_iter().map(|(grant, _)| grant).filter(|g| Some(g.subscription) == own);
    let grants: Vec<Grant> = own.collect();
    let facts = Facts {
        seller: &seller,
        holding: product.holding(),
        grants: &grants,
        cuts: &cuts,
        view: &view,
        credited: &credited,
        refunds: &refunds,
        left_over: &notes,
        posted: &posted,
        balances: &balances,
        reference_taken: taken.unwrap_or(false),
    };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}
