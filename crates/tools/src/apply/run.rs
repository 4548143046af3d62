//! Makes a proposal true: first everything as a dry run, then for real.

use super::proposal::Proposal;
use abono_domain::customer::put::PutCustomer;
use abono_domain::decision::Outcome;
use abono_domain::ids::{ClockId, CustomerId, TenantId};
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{Difference, Tenant};
use abono_engine::{Actor, Call, Command, Engine, Failure};
use jiff::Timestamp;

/// Why a proposal was not made true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// A part was refused, or the store failed. Refused while it was tried: nothing was changed.
    #[error("{what}: {failure}")]
    Part {
        /// Which part.
        what: String,
        /// Why.
        failure: Failure,
    },
}

/// What a proposal changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The tenant, as it is or would be.
    pub tenant: TenantId,
    /// What changes, part by part.
    pub differences: Vec<Difference>,
    /// The machine time from which every node uses the new version of the seller.
    pub active_from: Option<Timestamp>,
}

/// Shows what a proposal changes, or changes it. `clock` is for a tenant that is opened by this:
/// a clock of its own, moved by hand, and where it stands at first.
///
/// # Errors
/// [`ApplyError`]; in a dry run nothing is written in any case.
pub async fn run(
    engine: &Engine,
    proposal: &Proposal,
    clock: Option<(ClockId, Timestamp)>,
    dry_run: bool,
) -> Result<Report, ApplyError> {
    let tenant = tenant(engine, proposal, clock).await?;
    let customers = customers(engine, &tenant, proposal).await?;
    let publish = PublishSeller {
        tenant: tenant.clone(),
        manual_clock: clock.map(|(_, start)| start),
        proposal: proposal.seller.clone(),
    };
    let call = Call { dry_run, ..Call::new(tenant.id, Actor::Operator) };
    let mut report = Report { tenant: tenant.id, differences: Vec::new(), active_from: None };
    carry_out(engine, &call, "seller", Command::PublishSeller(Box::new(publish)), &mut report)
        .await?;
    for put in customers {
        let what = format!("customer {}", put.proposal.code);
        carry_out(engine, &call, &what, Command::PutCustomer(put), &mut report).await?;
    }
    Ok(report)
}

async fn tenant(
    engine: &Engine,
    proposal: &Proposal,
    clock: Option<(ClockId, Timestamp)>,
) -> Result<Tenant, ApplyError> {
    let known = engine.tenant_by_slug(&proposal.slug).await.map_err(part("tenant"))?;
    let new = || Tenant {
        id: proposal.tenant.unwrap_or_else(|| TenantId(engine.env().uuid())),
        slug: proposal.slug.clone(),
        clock: clock.map_or(ClockId::REAL, |(id, _)| id),
    };
    Ok(known.unwrap_or_else(new))
}

/// Fills the ids of customers in: those that are said, those they have, or new ones.
async fn customers(
    engine: &Engine,
    tenant: &Tenant,
    proposal: &Proposal,
) -> Result<Vec<PutCustomer>, ApplyError> {
    let mut filled = Vec::with_capacity(proposal.customers.len());
    for put in &proposal.customers {
        let mut put = put.clone();
        if put.proposal.id.0.is_nil() {
            let known = engine.customer_by_code(tenant, &put.proposal.code).await;
            let known = known.map_err(part(&put.proposal.code))?;
            put.proposal.id = known.unwrap_or_else(|| CustomerId(engine.env().uuid()));
        }
        filled.push(put);
    }
    Ok(filled)
}

async fn carry_out(
    engine: &Engine,
    call: &Call,
    what: &str,
    command: Command,
    report: &mut Report,
) -> Result<(), ApplyError> {
    match engine.carry_out(call, &command).await.map_err(part(what))? {
        Outcome::Seller { differences, active_from, .. } => {
            report.active_from = (!differences.is_empty()).then_some(active_from);
            report.differences.extend(differences);
        }
        Outcome::Customer { differences, .. } => report.differences.extend(differences),
        Outcome::PaymentRequest { .. }
        | Outcome::Payment(_)
        | Outcome::Licence { .. }
        | Outcome::Key(_)
        | Outcome::Clock(_) => {}
    }
    Ok(())
}

fn part(what: &str) -> impl FnOnce(Failure) -> ApplyError {
    move |failure| ApplyError::Part { what: what.to_owned(), failure }
}
