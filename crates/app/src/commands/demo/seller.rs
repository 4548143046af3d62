//! A seller of the demo, made of its file, in the same form as everybody's.

use abono_domain::customer::Customer;
use abono_domain::ids::ClockId;
use abono_domain::seller::{Seller, Tenant};
use abono_engine::Engine;
use abono_tools::apply::{self, Proposal, SellerFile};
use anyhow::{Context, Result};
use jiff::Timestamp;

/// The seller that is there, or the one that is made of its file, on a clock moved by hand where
/// one is given.
pub(super) async fn open(
    engine: &Engine,
    file: &str,
    clock: Option<(ClockId, Timestamp)>,
) -> Result<Tenant> {
    make(engine, SellerFile::parse(file)?, clock).await
}

/// The same in its place in a chain of instances.
pub(super) async fn open_as(
    engine: &Engine,
    file: &str,
    clock: Option<(ClockId, Timestamp)>,
    side: Side,
) -> Result<Tenant> {
    let mut proposal = SellerFile::parse(file)?;
    side.adapt(&mut proposal.seller);
    make(engine, proposal, clock).await
}

/// Where in a chain an instance stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// It is the only one.
    Alone,
    /// Another one behind it is told what is added and what is terminated.
    Front,
    /// It is that other one.
    Behind,
}

impl Side {
    /// What a seller is like there.
    fn adapt(self, seller: &mut Seller) {
        match self {
            Self::Alone | Self::Behind => {}
            Self::Front => seller.settings.external_billing = true,
        }
    }
}

async fn make(
    engine: &Engine,
    proposal: Proposal,
    clock: Option<(ClockId, Timestamp)>,
) -> Result<Tenant> {
    if let Some(tenant) = engine.tenant_by_slug(&proposal.slug).await?
        && is_complete(engine, &tenant, &proposal).await?
    {
        return Ok(tenant);
    }
    apply::run(engine, &proposal, clock, false).await?;
    engine.tenant_by_slug(&proposal.slug).await?.context("the seller was made")
}

/// Whether all of its customers are there: they are made last. What somebody changed since then
/// stays as it is.
async fn is_complete(engine: &Engine, tenant: &Tenant, proposal: &Proposal) -> Result<bool> {
    for put in &proposal.customers {
        if engine.customer_by_code(tenant, &put.proposal.code).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A customer of the file.
pub(super) async fn customer(engine: &Engine, tenant: &Tenant, code: &str) -> Result<Customer> {
    let id = engine.customer_by_code(tenant, code).await?.context("the customer was made")?;
    engine.customer(tenant, id).await?.context("the customer was made")
}
