//! Publishes a new version of a seller: what somebody proposes, checked, with its identities.
//!
//! Things are told apart by their codes. An id that is not said stays what it was, or is made.

mod check;
mod identify;

use super::{Seller, SellerRefusal, Tenant, differences};
use crate::calendar::CalendarError;
use crate::catalogue::Catalogue;
use crate::decision::{Change, Claim, Decision, Draft, Outcome, Publication};
use crate::ids::ClockId;
use crate::moment::Moment;
use jiff::Timestamp;
use std::time::Duration;

/// How long a new version waits until every node has seen it. A decision made on the old version
/// commits well within it.
pub const LEASE: Duration = Duration::from_secs(5);

/// How many rows one publication may write (an online transaction's bound).
const ROWS_MAX: usize = 1_000;

/// Publish `proposal` for `tenant`; nil ids in it mean "not said".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishSeller {
    /// Whose books; opened when they aren't there yet.
    pub tenant: Tenant,
    /// Where a clock that is made by this, moved by hand, stands at first.
    pub manual_clock: Option<Timestamp>,
    /// What the seller shall be.
    pub proposal: Seller,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The tenant as it is; `None` opens it.
    pub tenant: Option<&'a Tenant>,
    /// The newest version, active or not.
    pub newest: Option<&'a Seller>,
    /// Whether another tenant has the slug.
    pub slug_taken: bool,
}

/// Publishes what changed. Where nothing did, nothing is written.
///
/// # Errors
/// [`SellerRefusal`], which says where the proposal is wrong.
pub fn decide(
    command: &PublishSeller,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, SellerRefusal> {
    check_tenant(command, facts)?;
    let mut draft = Draft::new(moment);
    let newest = facts.newest;
    let mut seller = command.proposal.clone();
    seller.tenant = command.tenant.id;
    seller.version = newest.map_or(1, |newest| newest.version.saturating_add(1));
    check::check(&seller)?;
    identify::identify(&mut seller, newest, &mut draft.ids)?;
    let differences = differences(newest, &seller);
    let seen = moment.machine.checked_add(LEASE).map_err(|_| CalendarError::OutOfRange)?;
    let active_from = newest.map_or(moment.machine, |_| seen);
    if facts.tenant.is_none() {
        open_tenant(&mut draft, command);
    }
    let mut version = seller.version;
    if differences.is_empty() {
        version = newest.map_or(version, |newest| newest.version);
    } else {
        let publication = publication(&seller, newest, active_from);
        let rows = publication.rows();
        if rows > ROWS_MAX {
            return Err(SellerRefusal::TooLarge(rows, ROWS_MAX));
        }
        draft.push(Change::SellerPublished(Box::new(publication)));
    }
    Ok(draft.done(Outcome::Seller { version, active_from, differences }))
}

fn check_tenant(command: &PublishSeller, facts: &Facts<'_>) -> Result<(), SellerRefusal> {
    let slug = &command.tenant.slug;
    let usable = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(2..=40).contains(&slug.len()) || !slug.bytes().all(usable) {
        return Err(SellerRefusal::BadSlug(slug.chars().take(64).collect()));
    }
    if facts.slug_taken {
        return Err(SellerRefusal::SlugTaken(slug.clone()));
    }
    match facts.tenant {
        Some(tenant) if tenant.clock != command.tenant.clock => {
            Err(SellerRefusal::Fixed("the clock".to_owned()))
        }
        Some(tenant) if tenant.slug != *slug => Err(SellerRefusal::Fixed("the slug".to_owned())),
        Some(_) | None => Ok(()),
    }
}

fn open_tenant(draft: &mut Draft, command: &PublishSeller) {
    draft.claim(Claim { scope: "tenant".to_owned(), value: command.tenant.slug.clone() });
    draft.push(Change::TenantOpened(command.tenant.clone()));
    if let Some(start) = command.manual_clock
        && command.tenant.clock != ClockId::REAL
    {
        draft.push(Change::ClockSet(command.tenant.clock, start));
    }
}

fn publication(seller: &Seller, newest: Option<&Seller>, active_from: Timestamp) -> Publication {
    let entities = newest.map_or(&[] as &[_], |newest| &newest.legal_entities);
    let nothing = Catalogue::default();
    let before = newest.map_or(&nothing, |newest| &newest.catalogue);
    Publication {
        version: seller.version,
        active_from,
        settings: (newest.map(|n| &n.settings) != Some(&seller.settings))
            .then(|| seller.settings.clone()),
        legal_entities: changed(entities, &seller.legal_entities),
        products: changed(&before.products, &seller.catalogue.products),
        discounts: changed(&before.discounts, &seller.catalogue.discounts),
        bundles: changed(&before.bundles, &seller.catalogue.bundles),
        termination_reasons: changed(
            &before.termination_reasons,
            &seller.catalogue.termination_reasons,
        ),
        risk: (newest.map(|n| &n.risk) != Some(&seller.risk)).then(|| seller.risk.clone()),
    }
}

/// Those that differ from what stood at their place, each with its place from 1.
fn changed<T: PartialEq + Clone>(before: &[T], after: &[T]) -> Vec<(i64, T)> {
    (1..)
        .zip(after)
        .enumerate()
        .filter(|(index, (_, thing))| before.get(*index) != Some(*thing))
        .map(|(_, (place, thing))| (place, thing.clone()))
        .collect()
}
