//! Checks what changes are measured by.

use super::{refuse, unique};
use crate::exact::Exact;
use crate::risk::{Measure, RiskPolicy, Rule};
use crate::seller::SellerRefusal;

/// How many rules a seller may have.
const RULES_MAX: usize = 50;
/// The most days that a rule looks back, or a decision holds.
const DAYS_MAX: i64 = 3_660;

/// Checks every rule.
pub(super) fn check(policy: &RiskPolicy) -> Result<(), SellerRefusal> {
    unique("risk_rule", policy.rules.iter().map(|rule| rule.code.as_str()))?;
    if policy.rules.len() > RULES_MAX {
        return Err(refuse("risk_rule", "there are at most 50 rules"));
    }
    if policy.valid_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        return Err(refuse("risk valid_days", "must be from 1 to 3660"));
    }
    policy.rules.iter().try_for_each(rule)
}

fn rule(rule: &Rule) -> Result<(), SellerRefusal> {
    let at = format!("risk_rule {}", rule.code);
    let limits = [rule.review, rule.rejected];
    if limits.iter().all(Option::is_none) {
        return Err(refuse(&at, "a rule has a limit for review, for rejected, or for both"));
    }
    if limits.iter().flatten().any(|limit| *limit < Exact::ZERO) {
        return Err(refuse(&at, "a limit is 0 or more"));
    }
    let is_recent = rule.measure == Measure::RecentChanges;
    if is_recent && !(1..=DAYS_MAX).contains(&rule.days) {
        return Err(refuse(&at, "recent_changes needs in_days, from 1 to 3660"));
    }
    if !is_recent && rule.days != 0 {
        return Err(refuse(&at, "in_days goes with recent_changes alone"));
    }
    Ok(())
}
