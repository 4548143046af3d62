//! Loads what giving money back has to know.

use super::record::{product_of, unknown_document};
use crate::commands::product_facts::{Asked, ProductFacts};
use crate::execute::Stop;
use crate::loading::{Attempt, Loaded, Loading, Planned};
use abono_domain::decision::Claim;
use abono_domain::document::DocumentView;
use abono_domain::ids::{CommandId, CustomerId, DocumentId, GrantId, ProductId};
use abono_domain::ledger::{Balance, Transfer};
use abono_domain::licence::{Cut, Grant};
use abono_domain::money::Currency;
use abono_domain::payment::Refund;
use abono_domain::payment::refund::{Facts, RefundPayment, decide};
use abono_domain::seller::Seller;
use abono_store::nouns::checkout::refund as provider_refund;
use abono_store::nouns::{document, ledger, licence, payment, unique};
use abono_store::{OfCustomer, Slot};

pub(in crate::commands) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RefundPayment,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let product = product_of(attempt, id, command.document).await?;
    let mut loading = attempt.of_customer(id);
    let facts = RefundFacts::ask(&mut loading, command.document, product);
    let asked = loading.add(provider_refund::of_customer);
    let reference = command.reference.as_ref().map(|reference| {
        let claim = Claim::refund_reference(reference);
        loading.add_immutable(|tenant| unique::is_taken(tenant, &claim))
    });

    let mut loaded = loading.read().await?;
    let facts = facts.take(&mut loaded)?;
    let taken = reference.map(|slot| loaded.take(slot)).transpose()?;
    let asked = loaded.take(asked)?;
    let is_under_way =
        asked.iter().any(|it| it.is_pending() && it.refund.document == command.document);
    let reference_taken = taken.unwrap_or(false);
    let facts = Facts { reference_taken, is_under_way, ..facts.of(&seller) };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}

/// What was found about a document and what was paid for it.
pub(super) struct RefundFacts {
    product: ProductFacts,
    view: DocumentView,
    balances: Vec<Balance>,
    posted: Vec<Transfer>,
    grants: Vec<Grant>,
    cuts: Vec<Cut>,
    refunds: Vec<Refund>,
    credited: Vec<GrantId>,
    left_over: Vec<DocumentView>,
}

/// What is asked for.
pub(super) struct RefundAsked {
    document: DocumentId,
    product: Asked,
    view: Slot<Option<DocumentView>>,
    balances: Slot<Vec<Balance>>,
    posted: Slot<Vec<Transfer>>,
    grants: Slot<Vec<(Grant, CommandId)>>,
    cuts: Slot<Vec<Cut>>,
    refunds: Slot<Vec<Refund>>,
    credited: Slot<Vec<GrantId>>,
    left_over: Slot<Vec<DocumentView>>,
}

impl RefundFacts {
    pub(super) fn ask(
        loading: &mut Loading<'_, OfCustomer>,
        id: DocumentId,
        product: ProductId,
    ) -> RefundAsked {
        RefundAsked {
            document: id,
            balances: loading.add(ledger::balances),
            view: loading.add(|tenant, customer| document::request(tenant, customer, id)),
            posted: loading.add(|tenant, customer| ledger::posted(tenant, customer, id)),
            grants: loading.add(licence::grants),
            cuts: loading.add(licence::cuts),
            refunds: loading.add(payment::refunds),
            credited: loading.add(licence::credited),
            left_over: loading.add(|tenant, customer| document::left_over_of(tenant, customer, id)),
            product: ProductFacts::ask(loading, product),
        }
    }

    /// The currency of the document.
    pub(super) const fn currency(&self) -> Currency {
        self.view.document.total.currency
    }

    /// The facts, where no reference is given and nothing else is under way.
    pub(super) fn of<'a>(&'a self, seller: &'a Seller) -> Facts<'a> {
        Facts {
            seller,
            holding: self.product.holding(),
            grants: &self.grants,
            cuts: &self.cuts,
            view: &self.view,
            credited: &self.credited,
            refunds: &self.refunds,
            left_over: &self.left_over,
            posted: &self.posted,
            balances: &self.balances,
            reference_taken: false,
            is_under_way: false,
        }
    }
}

impl RefundAsked {
    pub(super) fn take(self, loaded: &mut Loaded<'_, OfCustomer>) -> Result<RefundFacts, Stop> {
        let view = loaded.take(self.view)?.ok_or_else(unknown_document)?;
        let product = self.product.take(loaded)?;
        let own = product.subscription().map(|subscription| subscription.id);
        let grants = loaded.take(self.grants)?.into_iter().map(|(grant, _)| grant);
        let mut refunds = loaded.take(self.refunds)?;
        refunds.retain(|refund| refund.document == self.document);
        Ok(RefundFacts {
            view,
            balances: loaded.take(self.balances)?,
            posted: loaded.take(self.posted)?,
            grants: grants.filter(|grant| Some(grant.subscription) == own).collect(),
            cuts: loaded.take(self.cuts)?,
            refunds,
            credited: loaded.take(self.credited)?,
            left_over: loaded.take(self.left_over)?,
            product,
        })
    }
}
