//! What a run did.

use std::collections::BTreeMap;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Steps of tasks.
    pub steps: u64,
    /// Wishes that were answered.
    pub answered: u64,
    /// Processes killed.
    pub kills: u64,
    /// Faults that struck, kills and power losses among them.
    pub faults: u64,
    /// Times the power went.
    pub power_losses: u64,
    /// Sectors that were garbage after it.
    pub torn: u64,
    /// Sectors that were lost.
    pub lost: u64,
    /// Disk operations.
    pub disk_ops: u64,
    /// A hash of every disk operation and answer.
    pub trace: u64,
    /// The hard places that were reached.
    pub marks: BTreeMap<&'static str, u64>,
}
