//! Measures a change by the seller's rules: pure, so that the same inputs give the same decision.

use super::{Finding, Inputs, Measure, Opinion, RiskPolicy, Rule, Verdict};
use crate::exact::Exact;
use crate::money::{MoneyError, round_half_away};
use jiff::ToSpan;
use jiff::civil::Date;

/// What the rules make of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The worst of the findings; accepted where there is none.
    pub verdict: Verdict,
    /// What each rule found, in the order of the policy; then the outside service.
    pub findings: Vec<Finding>,
}

/// The name under which the outside service is kept among the rules.
const SERVICE: &str = "service";

/// Measures `inputs` on `today`; `requested_on` are the days on which changes were asked for
/// before, `opinion` is what the outside service says, where one was asked.
///
/// # Errors
/// [`MoneyError::OutOfRange`], for a figure that doesn't fit.
pub fn assess(
    policy: &RiskPolicy,
    (inputs, requested_on): (&Inputs, &[Date]),
    opinion: Option<&Opinion>,
    today: Date,
) -> Result<Assessment, MoneyError> {
    let found = policy.rules.iter().map(|rule| rule.find((inputs, requested_on), today));
    let mut findings = found.collect::<Result<Vec<_>, _>>()?;
    findings.extend(service(policy, opinion));
    let verdict = findings.iter().map(|finding| finding.verdict).max();
    Ok(Assessment { verdict: verdict.unwrap_or(Verdict::Accepted), findings })
}

/// The first day on which a decision of `today` doesn't hold any more.
pub fn lapses_on(policy: &RiskPolicy, today: Date) -> Option<Date> {
    // A decision beyond the calendar's end holds for ever.
    policy.valid_days.and_then(|days| today.checked_add(days.days()).ok())
}

fn service(policy: &RiskPolicy, opinion: Option<&Opinion>) -> Option<Finding> {
    let fallback = policy.service_fallback?;
    let (verdict, reason) = match opinion? {
        Opinion::Given(verdict, reason) => (*verdict, reason.clone()),
        Opinion::Silent(why) => (fallback, format!("no answer, so {}: {why}", fallback.as_str())),
    };
    Some(Finding { rule: SERVICE.to_owned(), verdict, reason })
}

impl Rule {
    fn find(&self, inputs: (&Inputs, &[Date]), today: Date) -> Result<Finding, MoneyError> {
        let measured = self.measured(inputs, today)?;
        let is_beyond = |limit: &Exact| match (&measured, self.measure) {
            // From nothing to something is above every percentage.
            (None, _) => true,
            (Some(measured), Measure::Tenure) => measured < limit,
            (Some(measured), _) => measured > limit,
        };
        let (verdict, limit) = if let Some(limit) = self.rejected.filter(is_beyond) {
            (Verdict::Rejected, Some(limit))
        } else if let Some(limit) = self.review.filter(is_beyond) {
            (Verdict::Review, Some(limit))
        } else {
            (Verdict::Accepted, None)
        };
        let reason = self.reason(measured, limit);
        Ok(Finding { rule: self.code.clone(), verdict, reason })
    }

    fn measured(
        &self,
        (inputs, requested_on): (&Inputs, &[Date]),
        today: Date,
    ) -> Result<Option<Exact>, MoneyError> {
        let measured = match self.measure {
            Measure::PriceRise => return price_rise(inputs),
            Measure::Overdue => Exact::of(inputs.overdue),
            Measure::Tenure => Exact::whole(inputs.tenure_days),
            Measure::Commitment => Exact::whole(inputs.commitment_days),
            Measure::Credit => Exact::of(inputs.credit),
            Measure::RecentChanges => {
                let since = today.checked_sub(self.days.days()).unwrap_or(Date::MIN);
                let recent = requested_on.iter().filter(|day| **day > since).count();
                Exact::whole(i64::try_from(recent).unwrap_or(i64::MAX))
            }
        };
        Ok(Some(measured))
    }

    fn reason(&self, measured: Option<Exact>, limit: Option<Exact>) -> String {
        let unit = match self.measure {
            Measure::PriceRise => " %",
            Measure::Tenure | Measure::Commitment => " days",
            Measure::Overdue | Measure::RecentChanges | Measure::Credit => "",
        };
        let measured = measured.map_or("from nothing".to_owned(), |it| {
            format!("{}{unit}", hundredths(it).unwrap_or(it))
        });
        let what = self.measure.as_str();
        let word = if self.measure == Measure::Tenure { "below" } else { "above" };
        limit.map_or(format!("{what}: {measured}"), |limit| {
            format!("{what}: {measured}, {word} {limit}{unit}")
        })
    }
}

/// As people read it: two decimals are enough.
fn hundredths(figure: Exact) -> Option<Exact> {
    let scaled = figure.times(Exact::whole(100)).ok()?;
    let rounded = round_half_away(scaled.numerator(), scaled.denominator())?;
    Exact::ratio(rounded, 100).ok()
}

/// `None` where something is asked for what cost nothing.
fn price_rise(inputs: &Inputs) -> Result<Option<Exact>, MoneyError> {
    let (before, after) = (Exact::of(inputs.price_before), Exact::of(inputs.price_after));
    if after <= before {
        return Ok(Some(Exact::ZERO));
    }
    if before <= Exact::ZERO {
        return Ok(None);
    }
    let rise = after.minus(before)?.times(Exact::whole(100))?;
    rise.over(before).map(Some)
}
