//! Makes a proposal true: first everything as a dry run, then for real.

use super::proposal::Proposal;
use abono_domain::customer::put::PutCustomer;
use abono_domain::decision::Outcome;
use abono_domain::ids::{ClockId, CustomerId, TenantId};
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{Difference, Tenant};
use abono_engine::{Actor, Call, Command, Engine, Failure};
use jiff::Timestamp;
use uuid::Uuid;

/// The id of a customer that isn't said.
const UNSAID: CustomerId = CustomerId(Uuid::nil());

/// Why a proposal was not made true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// The file says another id for something than it has.
    #[error("{what}: its id is {is}, the file says {said}")]
    OtherId {
        /// Which part.
        what: String,
        /// What it is.
        is: Uuid,
        /// What the file says.
        said: Uuid,
    },
    /// Two customers of the file share a code or an id.
    #[error("{what}: its code or id is used twice in the file")]
    Twice {
        /// Which part.
        what: String,
    },
    /// A part was refused, or the store failed. Refused while it was tried: nothing was changed.
    #[error("{what}: {failure}")]
    Part {
        /// Which part.
        what: String,
        /// Why.
        failure: Box<Failure>,
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
    let mut parts = vec![("seller".to_owned(), Command::PublishSeller(Box::new(publish)))];
    for put in customers {
        let what = format!("customer {}", put.proposal.code);
        parts.push((what, Command::PutCustomer(put)));
    }
    let tried = carry_out(engine, tenant.id, &parts, true).await?;
    if dry_run { Ok(tried) } else { carry_out(engine, tenant.id, &parts, false).await }
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
    if let (Some(known), Some(said)) = (&known, proposal.tenant) {
        agree(&format!("tenant {}", known.slug), known.id.0, said.0)?;
    }
    Ok(known.unwrap_or_else(new))
}

/// Fills the ids of customers in: those that are said, those they have, or new ones.
async fn customers(
    engine: &Engine,
    tenant: &Tenant,
    proposal: &Proposal,
) -> Result<Vec<PutCustomer>, ApplyError> {
    let mut filled: Vec<PutCustomer> = Vec::with_capacity(proposal.customers.len());
    for put in &proposal.customers {
        let mut put = put.clone();
        let what = format!("customer {}", put.proposal.code);
        let known = engine.customer_by_code(tenant, &put.proposal.code).await;
        match (known.map_err(part(&what))?, put.proposal.id) {
            (Some(known), UNSAID) => put.proposal.id = known,
            (Some(known), said) => agree(&what, known.0, said.0)?,
            (None, UNSAID) => put.proposal.id = CustomerId(engine.env().uuid()),
            (None, _) => {}
        }
        let (id, code) = (put.proposal.id, &put.proposal.code);
        // Each is compared with the books, so two of one identity would not see each other.
        if filled.iter().any(|it| it.proposal.id == id || it.proposal.code == *code) {
            return Err(ApplyError::Twice { what });
        }
        filled.push(put);
    }
    Ok(filled)
}

/// A row that claims what another one has would lose every race for it: better said at once.
fn agree(what: &str, is: Uuid, said: Uuid) -> Result<(), ApplyError> {
    if is == said {
        return Ok(());
    }
    Err(ApplyError::OtherId { what: what.to_owned(), is, said })
}

async fn carry_out(
    engine: &Engine,
    tenant: TenantId,
    parts: &[(String, Command)],
    dry_run: bool,
) -> Result<Report, ApplyError> {
    let call = Call { dry_run, ..Call::new(tenant, Actor::Operator) };
    let mut report = Report { tenant, differences: Vec::new(), active_from: None };
    for (what, command) in parts {
        report.add(engine.carry_out(&call, command).await.map_err(part(what))?);
    }
    Ok(report)
}

impl Report {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Seller { differences, active_from, .. } => {
                self.active_from = (!differences.is_empty()).then_some(active_from);
                self.differences.extend(differences);
            }
            Outcome::Customer { differences, .. } => self.differences.extend(differences),
            Outcome::PaymentRequest { .. }
            | Outcome::Payment(_)
            | Outcome::Licence { .. }
            | Outcome::Subscription { .. }
            | Outcome::Cycle { .. }
            | Outcome::Change { .. }
            | Outcome::Group(_)
            | Outcome::Termination { .. }
            | Outcome::Delivery { .. }
            | Outcome::Checkout(_)
            | Outcome::ProviderRefund { .. }
            | Outcome::Heard { .. }
            | Outcome::Key(_)
            | Outcome::Clock(_) => {}
        }
    }
}

fn part(what: &str) -> impl FnOnce(Failure) -> ApplyError {
    move |failure| ApplyError::Part { what: what.to_owned(), failure: Box::new(failure) }
}
