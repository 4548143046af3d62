//! What a campaign played, in figures.

use crate::case::Case;
use crate::stage::Passed;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

/// The sum of many runs.
pub struct Report {
    began: Instant,
    seeds: u64,
    days: i64,
    sum: Passed,
    /// In how many seeds each mark was reached.
    marks: BTreeMap<&'static str, u64>,
}

impl Report {
    /// Nothing was played yet.
    #[expect(clippy::disallowed_methods, reason = "it measures how fast a campaign is played")]
    pub fn begin() -> Self {
        let (sum, marks) = (Passed::default(), BTreeMap::new());
        Self { began: Instant::now(), seeds: 0, days: 0, sum, marks }
    }

    /// One more was played.
    pub fn add(&mut self, case: &Case, passed: Passed) {
        self.seeds += 1;
        self.days += case.days;
        for name in passed.marks.keys() {
            *self.marks.entry(name).or_default() += 1;
        }
        let sum = &mut self.sum;
        sum.steps += passed.steps;
        sum.answered += passed.answered;
        sum.kills += passed.kills;
        sum.faults += passed.faults;
        sum.power_losses += passed.power_losses;
        sum.torn += passed.torn;
        sum.lost += passed.lost;
        sum.disk_ops += passed.disk_ops;
    }

    /// The marks that no seed reached.
    pub fn missed(&self, all: &[&'static str]) -> Vec<&'static str> {
        all.iter().copied().filter(|name| !self.marks.contains_key(name)).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seeds, days, sum, .. } = self;
        let millis = self.began.elapsed().as_millis().max(1);
        let each = |count: u128| count * 1_000 / millis;
        let days_each = each(u128::from(days.unsigned_abs()));
        let answered_each = each(u128::from(sum.answered));
        let faults_each = each(u128::from(sum.faults));
        writeln!(f, "{seeds} seeds, {days} simulated days in {} s", millis / 1_000)?;
        writeln!(f, "{days_each} days/s, {answered_each} answers/s, {faults_each} faults/s")?;
        writeln!(
            f,
            "{} answers, {} steps, {} disk operations",
            sum.answered, sum.steps, sum.disk_ops
        )?;
        writeln!(
            f,
            "{} faults, {} kills, {} power losses",
            sum.faults, sum.kills, sum.power_losses
        )?;
        writeln!(f, "{} sectors torn, {} lost", sum.torn, sum.lost)?;
        for (name, count) in &self.marks {
            writeln!(f, "{count:6}  {name}")?;
        }
        Ok(())
    }
}
