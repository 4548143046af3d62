//! What a refund takes from a grant: some of its units or months, or all of it.

use super::Grant;
use crate::ids::{GrantId, RefundId};
use jiff::Timestamp;

/// A grant as it is after a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which grant.
    pub grant: GrantId,
    /// By which refund.
    pub refund: RefundId,
    /// How many units are left; with none it drops out.
    pub quantity: i64,
    /// How many months are left, of what is counted in months.
    pub months: i64,
    /// When.
    pub at: Timestamp,
}

/// The grants as they are after all cuts, in the order in which they were given. The last cut of a
/// grant says what is left of it.
pub fn after_cuts(grants: &[Grant], cuts: &[Cut]) -> Vec<Grant> {
    let left = |grant: &Grant| {
        let own = cuts.iter().filter(|cut| cut.grant == grant.id);
        match own.max_by_key(|cut| cut.at) {
            None => Some(grant.clone()),
            Some(cut) if cut.quantity == 0 => None,
            Some(cut) => {
                let term = grant.term.with_months(cut.months);
                Some(Grant { quantity: cut.quantity, term, ..grant.clone() })
            }
        }
    };
    grants.iter().filter_map(left).collect()
}
