//! The end of a run: whether the books are what the model says.

use super::Licences;
use super::model::{Account, Deed, Status};
use crate::executor::alone;
use crate::run::{Failed, Marks, failed};
use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::CustomerId;
use abono_domain::ledger;
use abono_domain::licence::Period;
use abono_domain::money::Currency;
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_engine::views::{Filter, PageRequest};
use abono_store::nouns;

pub(super) fn compare(
    trade: &Licences<'_>,
    engine: &Engine,
    tenant: &Tenant,
    marks: &mut Marks,
) -> Result<(), Failed> {
    for customer in &trade.market.customers {
        let own = trade.deeds.iter().filter(|(whose, ..)| whose == customer);
        let deeds = own.map(|(_, at, deed)| (*at, deed.clone())).collect();
        check((engine, tenant, *customer), deeds, trade.market.valid_days, marks)?;
    }
    Ok(())
}

/// Whether a customer's books are what the model says after `deeds`, each with when it was done.
///
/// # Errors
/// What differs.
pub fn check(
    (engine, tenant, customer): (&Engine, &Tenant, CustomerId),
    mut deeds: Vec<(i64, Deed)>,
    valid_days: i64,
    marks: &mut Marks,
) -> Result<(), Failed> {
    let page = PageRequest { filter: Filter::ALL, after: None, limit: i64::MAX / 2, count: false };
    let requests = alone(engine.payment_requests(tenant, customer, page)).map_err(failed)?.items;
    let canceled = requests.iter().filter(|r| r.state.status == DocumentStatus::Canceled);
    // Those that no client was told of have expired.
    let unasked: Vec<(i64, Deed)> = canceled
        .map(|r| {
            let document = r.document.id.0;
            (r.state.updated_at.as_microsecond(), Deed::Canceled { document })
        })
        .filter(|deed| !deeds.contains(deed))
        .collect();
    unasked.iter().for_each(|_| marks.hit("expired"));
    deeds.extend(unasked);
    deeds.sort_by_key(|(at, _)| *at);
    // A cancel that finds a canceled one is answered like the first.
    deeds.dedup();
    let deeds = without_consequences(deeds);
    if let Some(pair) = deeds.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(Failed(format!("two deeds at one moment: {pair:?}")));
    }
    let mut account = Account::default();
    for (at, deed) in &deeds {
        account.apply(*at, deed, valid_days).map_err(Failed)?;
        if matches!(deed, Deed::Refunded { .. }) {
            marks.hit("refunded");
        }
    }
    compare_requests(&account, &requests)?;
    compare_money(&account, engine, tenant, customer)?;
    compare_licence(&account, engine, tenant, customer)
}

/// Without what another deed did at that very moment: money that came after a request's last day
/// canceled it, and a change that was paid canceled the other changes.
fn without_consequences(deeds: Vec<(i64, Deed)>) -> Vec<(i64, Deed)> {
    let is_cancel = |deed: &Deed| match deed {
        Deed::Canceled { .. } => true,
        Deed::Requested { .. } | Deed::Paid { .. } | Deed::Granted(_) | Deed::Refunded { .. } => {
            false
        }
    };
    let causes: Vec<i64> =
        deeds.iter().filter(|(_, deed)| !is_cancel(deed)).map(|(at, _)| *at).collect();
    deeds.into_iter().filter(|(at, deed)| !(is_cancel(deed) && causes.contains(at))).collect()
}

fn compare_requests(account: &Account, requests: &[DocumentView]) -> Result<(), Failed> {
    if account.requests.len() != requests.len() {
        let (model, books) = (account.requests.len(), requests.len());
        return Err(Failed(format!("{model} requests were answered, the books hold {books}")));
    }
    for view in requests {
        let id = view.document.id;
        let model = account.requests.get(&id.0);
        let model = model.ok_or_else(|| Failed(format!("nobody was answered {id}")))?;
        let status = match view.state.status {
            DocumentStatus::Pending => Some(Status::Pending),
            DocumentStatus::Paid => Some(Status::Paid),
            DocumentStatus::Canceled => Some(Status::Canceled),
            DocumentStatus::Refunded => Some(Status::Refunded),
            DocumentStatus::Issued => None,
        };
        let books = (view.document.total.minor, view.state.paid.minor, status);
        if books != (model.total, model.paid, Some(model.status)) {
            return Err(Failed(format!("{id} is {books:?}, the model says {model:?}")));
        }
    }
    Ok(())
}

fn compare_money(
    account: &Account,
    engine: &Engine,
    tenant: &Tenant,
    customer: CustomerId,
) -> Result<(), Failed> {
    let balances = alone(engine.store().query(nouns::ledger::balances(tenant.id, customer)))
        .map_err(failed)?;
    let credit: i64 = balances
        .iter()
        .filter(|b| b.account == ledger::Account::CustomerCredit)
        .filter(|b| b.amount.currency == Currency::RUB)
        .map(|b| b.amount.minor)
        .sum();
    if credit == account.credit {
        return Ok(());
    }
    Err(Failed(format!("{customer} has {credit}, the model says {}", account.credit)))
}

fn compare_licence(
    account: &Account,
    engine: &Engine,
    tenant: &Tenant,
    customer: CustomerId,
) -> Result<(), Failed> {
    let query = nouns::licence::periods(tenant.id, customer);
    let periods: Vec<Period> = alone(engine.store().query(query)).map_err(failed)?;
    let books: Vec<_> = periods
        .iter()
        .map(|p| (p.starts_at.as_microsecond(), p.ends_at.as_microsecond(), p.plan, p.quantity))
        .collect();
    let model: Vec<_> = account
        .licence
        .iter()
        .map(|p| (p.starts_at, p.ends_at, p.deal.plan, p.deal.quantity))
        .collect();
    if books == model {
        return Ok(());
    }
    Err(Failed(format!("{customer}'s licence is {books:?}, the model says {model:?}")))
}
