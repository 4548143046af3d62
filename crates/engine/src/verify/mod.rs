//! Proofs over the whole books: money is conserved, documents add up and re-derive, numbers have no
//! gap, each licence is the fold of its grants, the journal's chain holds.
//!
//! It goes customer by customer, each in one snapshot, so its memory is bounded by the largest
//! customer; it may run while others write.

mod books;
mod checkouts;
mod deliveries;
mod documents;
mod journal;
mod ledger;
mod licences;
mod product_groups;
mod provider_refunds;
mod subscriptions;
mod told;

use crate::commands::{
    ASK_REFUND, GRANT_LICENCE, HEAR_NOTICE, RECORD_PAYMENT, REQUEST_PAYMENT, START_SUBSCRIPTION,
    START_TRIAL,
};
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::{DocumentKind, DocumentView, Series};
use abono_domain::ids::CustomerId;
use abono_domain::licence::Origin;
use abono_domain::payment::{Payment, PaymentSource};
use abono_domain::seller::Tenant;
use abono_store::StoreError;
use abono_store::nouns::{counter, customer, journal as entries};
use books::Books;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What doesn't hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In whose books.
    pub tenant: String,
    /// Where, with the ids of the rows.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

/// What was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many tenants were read.
    pub tenants: u64,
    /// How many customers.
    pub customers: u64,
    /// How many documents.
    pub documents: u64,
    /// How many of them are payment requests.
    pub requests: u64,
    /// How many transfers.
    pub transfers: u64,
    /// How many payments.
    pub payments: u64,
    /// How many grants were given by hand.
    pub gifts: u64,
    /// How many trials were started.
    pub trials: u64,
    /// How many subscriptions that live in cycles.
    pub subscriptions: u64,
    /// How many changes of them were asked for.
    pub changes: u64,
    /// How many products were added to them.
    pub product_groups: u64,
    /// How many terminations of those there were.
    pub terminations: u64,
    /// How many deliveries to the billing system behind.
    pub deliveries: u64,
    /// How many attempts to pay at a payment provider.
    pub checkouts: u64,
    /// How many payments came through them.
    pub payments_by_checkout: u64,
    /// How many things payment providers told.
    pub notices: u64,
    /// How often money was asked to go back through them.
    pub provider_refunds: u64,
    /// What doesn't hold; empty where everything does.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many rows each of [`DEEDS`] left.
    const fn deeds(&self) -> [u64; 7] {
        [
            self.requests,
            self.payments - self.payments_by_checkout,
            self.gifts,
            self.trials,
            self.subscriptions,
            self.notices,
            self.provider_refunds,
        ]
    }
}

/// How far a proof is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Customers that are read.
    pub customers_done: u64,
}

/// The findings about one tenant or customer.
struct Scope<'a> {
    tenant: &'a str,
    findings: &'a mut Vec<Finding>,
}

impl Scope<'_> {
    /// Notes a problem unless `holds`.
    fn require(&mut self, holds: bool, place: impl FnOnce() -> String, problem: &str) {
        if !holds {
            let (tenant, problem) = (self.tenant.to_owned(), problem.to_owned());
            self.findings.push(Finding { tenant, place: place(), problem });
        }
    }
}

/// What is known of a series: the last number that was drawn when the proof began, how many
/// documents bear a number up to that, and the highest number of all.
#[derive(Default)]
struct Numbers {
    drawn: i64,
    count: i64,
    highest: i64,
}

/// The commands of which each leaves one row that must be there: a document, a payment, a grant,
/// a subscription, something that was heard, something that is to go back.
const DEEDS: [&str; 7] = [
    REQUEST_PAYMENT,
    RECORD_PAYMENT,
    GRANT_LICENCE,
    START_TRIAL,
    START_SUBSCRIPTION,
    HEAR_NOTICE,
    ASK_REFUND,
];

/// How many customers are listed at once.
const PAGE: i64 = 500;

impl Engine {
    /// Proves the whole books.
    ///
    /// # Errors
    /// [`Failure::Store`]; what doesn't hold is in the report.
    pub async fn verify(
        &self,
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Report, Failure> {
        let mut report = Report::default();
        for tenant in self.tenants().await? {
            self.verify_tenant(&tenant, &mut report, progress).await?;
        }
        Ok(report)
    }

    /// Proves the books of one tenant, and adds what it finds to a report.
    ///
    /// # Errors
    /// As [`Engine::verify`].
    pub async fn verify_tenant(
        &self,
        tenant: &Tenant,
        report: &mut Report,
        progress: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<(), Failure> {
        report.tenants += 1;
        let mut numbers: BTreeMap<Series, Numbers> = BTreeMap::new();
        for (series, drawn) in self.store.query(counter::list(tenant.id)).await? {
            if !series.legal_entity.0.is_nil() {
                numbers.insert(series, Numbers { drawn, ..Numbers::default() });
            }
        }
        let before = self.deeds(tenant).await?;
        let read_before = report.deeds();
        let mut after = CustomerId(Uuid::nil());
        loop {
            let page = self.store.query(customer::list(tenant.id, after, PAGE)).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for id in page {
                match self.verify_customer(tenant, id, report, &mut numbers).await {
                    Err(Failure::Store(StoreError::Inconsistent(what))) => {
                        let problem = format!("a row can't be read: {what}");
                        let (tenant, place) = (tenant.slug.clone(), format!("customer {id}"));
                        report.findings.push(Finding { tenant, place, problem });
                    }
                    read => read?,
                }
                progress(&Progress { customers_done: report.customers });
            }
        }
        let drawn = self.store.query(counter::list(tenant.id)).await?;
        let now = self.deeds(tenant).await?;
        let read = report.deeds();
        let mut scope = Scope { tenant: &tenant.slug, findings: &mut report.findings };
        check_numbers(&mut scope, &drawn, &numbers);
        for (place, command) in DEEDS.iter().enumerate() {
            let rows = read[place] - read_before[place];
            let problem = format!("it carried {} of them out, the books hold {rows}", now[place]);
            let holds = before[place] <= rows && rows <= now[place];
            scope.require(holds, || format!("journal, {command}"), &problem);
        }
        for (kind, customer) in self.store.query(customer::orphans(tenant.id)).await? {
            let place = || format!("{kind} of customer {customer}");
            scope.require(false, place, "there is no such customer");
        }
        self.verify_journal(tenant, &mut scope).await
    }

    /// How often each of [`DEEDS`] was carried out.
    async fn deeds(&self, tenant: &Tenant) -> Result<[u64; 7], Failure> {
        let mut counts = [0; 7];
        for (count, command) in counts.iter_mut().zip(DEEDS) {
            let found = self.store.query(entries::count_of(tenant.id, command)).await?;
            *count = u64::try_from(found).unwrap_or(0);
        }
        Ok(counts)
    }

    async fn verify_customer(
        &self,
        tenant: &Tenant,
        id: CustomerId,
        report: &mut Report,
        numbers: &mut BTreeMap<Series, Numbers>,
    ) -> Result<(), Failure> {
        let books = Books::read(self, tenant, id).await?;
        report.customers += 1;
        report.documents += books.documents.len() as u64;
        report.transfers += books.transfers.len() as u64;
        report.payments += books.payments.len() as u64;
        let is_request = |it: &&DocumentView| it.document.kind == DocumentKind::PaymentRequest;
        report.requests += books.documents.iter().filter(is_request).count() as u64;
        report.subscriptions += books.recurring.agreements.len() as u64;
        report.changes += books.recurring.changes.len() as u64;
        report.product_groups += books.recurring.groups.len() as u64;
        report.terminations += books.recurring.terminations.len() as u64;
        report.deliveries += books.deliveries.len() as u64;
        report.checkouts += books.told.checkouts.len() as u64;
        report.notices += books.told.notices.len() as u64;
        report.provider_refunds += books.told.refunds.len() as u64;
        let came = |payment: &&Payment| payment.source == PaymentSource::Checkout;
        report.payments_by_checkout += books.payments.iter().filter(came).count() as u64;
        for (grant, _) in &books.grants {
            report.gifts += u64::from(matches!(grant.origin, Origin::ByHand(_)));
            report.trials += u64::from(grant.origin == Origin::Trial);
        }
        for view in &books.documents {
            let number = view.document.issued.number;
            let known = numbers.entry(view.document.series.clone()).or_default();
            known.count += i64::from(number <= known.drawn);
            known.highest = known.highest.max(number);
        }
        let mut scope = Scope { tenant: &tenant.slug, findings: &mut report.findings };
        documents::check(self, &mut scope, &books).await?;
        ledger::check(&mut scope, &books);
        subscriptions::check(&mut scope, &books);
        product_groups::check(&mut scope, &books);
        deliveries::check(&mut scope, &books);
        checkouts::check(&mut scope, &books);
        provider_refunds::check(&mut scope, &books);
        licences::check(self, &mut scope, &books).await
    }
}

/// Numbers have no gap: up to the last one that was drawn when the proof began, each is borne by a
/// document, and none is above what is drawn by now. What is drawn in between is left to the next
/// proof.
fn check_numbers(
    scope: &mut Scope<'_>,
    drawn_now: &[(Series, i64)],
    numbers: &BTreeMap<Series, Numbers>,
) {
    for (series, Numbers { drawn, count, highest }) in numbers {
        let place = || format!("series {} of legal entity {}", series.series, series.legal_entity);
        let now = drawn_now.iter().find(|(known, _)| known == series).map_or(0, |(_, now)| *now);
        let problem = format!(
            "{drawn} numbers were drawn, {count} documents bear one of them; \
             the highest number is {highest}, drawn by now are {now}"
        );
        scope.require(count == drawn && *highest <= now, place, &problem);
    }
}
