//! What a change credits of the licence that runs.

use super::QuoteRefusal;
use crate::ids::LegalEntityId;
use crate::licence::{self, Holding, Placement, Unused};
use crate::money::Money;
use jiff::Timestamp;

/// A part of a running licence that is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// What is unused of it.
    pub unused: Unused,
    /// How much of that is credited on the document: the charge is the cap.
    pub amount: Money,
}

/// Oldest first, up to `cap`: what is left over is settled when it is paid. All of it is to be in
/// the books of the company that would issue the document.
pub(super) fn credits(
    placement: Placement,
    issuer: LegalEntityId,
    holding: Holding<'_>,
    cap: Money,
    now: Timestamp,
) -> Result<Vec<Credit>, QuoteRefusal> {
    if placement == Placement::Behind {
        return Ok(Vec::new());
    }
    let mut open = cap;
    let mut credits = Vec::new();
    for unused in licence::unused(holding, now)? {
        if unused.value.minor == 0 {
            continue;
        }
        if unused.of.legal_entity != issuer {
            return Err(QuoteRefusal::OtherIssuer);
        }
        if unused.value.currency != cap.currency {
            return Err(QuoteRefusal::OtherCurrency);
        }
        let amount = unused.value.at_most(open);
        open = open.minus(amount)?;
        if amount.minor > 0 {
            credits.push(Credit { unused, amount });
        }
    }
    Ok(credits)
}
