//! What the books say of a customer, read after a run.

use crate::executor::alone;
use crate::run::{Failed, failed};
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId, SubscriptionId};
use abono_domain::ledger::Account;
use abono_domain::seller::Tenant;
use abono_domain::subscription::BilledCycle;
use abono_engine::Engine;
use abono_engine::views::SubscriptionView;
use abono_store::nouns::document::recurring;
use abono_store::nouns::{journal, ledger, subscription};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The books of a customer.
pub(super) struct Books {
    pub(super) subscriptions: Vec<SubscriptionView>,
    pub(super) cycles: Vec<(SubscriptionId, BilledCycle)>,
    /// Oldest first.
    pub(super) documents: Vec<DocumentView>,
    /// Order confirmations, and the invoices that carry them.
    pub(super) carried: Vec<(DocumentId, DocumentId)>,
    pub(super) credit: i64,
    pub(super) receivable: i64,
}

/// A command that was carried out.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) at: i64,
    pub(super) machine_at: i64,
    pub(super) version: i64,
    pub(super) command: String,
}

impl Books {
    pub(super) fn read(
        engine: &Engine,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Self, Failed> {
        let (store, books) = (engine.store(), tenant.id);
        let balances = alone(store.query(ledger::balances(books, customer))).map_err(failed)?;
        let sum = |account| {
            let own = balances.iter().filter(|balance| balance.account == account);
            own.map(|balance| balance.amount.minor).sum()
        };
        Ok(Self {
            subscriptions: alone(engine.subscriptions_of(tenant, customer)).map_err(failed)?,
            cycles: alone(store.query(subscription::cycles(books, customer))).map_err(failed)?,
            documents: alone(engine.cycle_documents(tenant, customer)).map_err(failed)?,
            carried: alone(store.query(recurring::carried(books, customer))).map_err(failed)?,
            credit: sum(Account::CustomerCredit),
            receivable: sum(Account::Receivable),
        })
    }

    /// When each invoice and order confirmation was issued.
    pub(super) fn issued(&self) -> BTreeMap<Uuid, i64> {
        let issued =
            |view: &DocumentView| (view.document.id.0, view.document.created_at.as_microsecond());
        self.documents.iter().map(issued).collect()
    }

    /// Its documents of a kind.
    pub(super) fn of_kind(&self, kind: DocumentKind) -> impl Iterator<Item = &DocumentView> {
        self.documents.iter().filter(move |view| view.document.kind == kind)
    }
}

/// Every command about each customer, in the order of its books.
pub(super) fn journal(
    engine: &Engine,
    tenant: &Tenant,
) -> Result<BTreeMap<CustomerId, Vec<Entry>>, Failed> {
    let (mut all, mut after) = (BTreeMap::<CustomerId, Vec<Entry>>::new(), 0);
    loop {
        let page = alone(engine.store().query(journal::sealed(tenant.id, after)));
        let page = page.map_err(failed)?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for sealed in page {
            let entry = sealed.entry;
            let Some(customer) = entry.customer else { continue };
            all.entry(customer).or_default().push(Entry {
                at: entry.business_at.as_microsecond(),
                machine_at: entry.machine_at.as_microsecond(),
                version: entry.seller_version,
                command: entry.command,
            });
        }
    }
    for entries in all.values_mut() {
        entries.sort_by_key(|entry| entry.at);
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].at == pair[1].at) {
            return Err(Failed(format!("two commands at one moment: {pair:?}")));
        }
    }
    Ok(all)
}
