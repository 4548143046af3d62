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
    let more = i64::from(crate::planted::is("decided-for-a-day-more"));
    policy
        .valid_days
        .map(|days| days.saturating_add(more))
        .and_then(|days| today.checked_add(days.days()).ok())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 3, 31);

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn inputs() -> Inputs {
        Inputs {
            price_before: eur(1_000),
            price_after: eur(1_500),
            overdue: eur(0),
            credit: eur(700),
            tenure_days: 40,
            commitment_days: 10,
            requests: 3,
        }
    }

    fn rule(measure: Measure, review: Option<i64>, rejected: Option<i64>) -> Rule {
        let days = if measure == Measure::RecentChanges { 30 } else { 0 };
        let limit = |it: Option<i64>| it.map(Exact::whole);
        let (review, rejected) = (limit(review), limit(rejected));
        Rule { code: measure.as_str().to_owned(), measure, days, review, rejected }
    }

    fn found(rule: Rule, inputs: &Inputs) -> (Verdict, String) {
        let policy = RiskPolicy { rules: vec![rule], ..RiskPolicy::default() };
        // The first was more than 30 days ago.
        let requested = [date(2026, 3, 1), date(2026, 3, 2), TODAY];
        let found = assess(&policy, (inputs, &requested), None, TODAY).expect("in range");
        (found.verdict, found.findings[0].reason.clone())
    }

    #[test]
    fn each_measure_has_its_own_figure_and_says_it() {
        use Measure::{Commitment, Credit, Overdue, PriceRise, RecentChanges, Tenure};
        for (measure, review, rejected, verdict, reason) in [
            (PriceRise, Some(50), None, Verdict::Accepted, "price_rise: 50 %"),
            (PriceRise, Some(49), None, Verdict::Review, "price_rise: 50 %, above 49 %"),
            (PriceRise, Some(10), Some(49), Verdict::Rejected, "price_rise: 50 %, above 49 %"),
            (Overdue, Some(0), None, Verdict::Accepted, "overdue: 0"),
            (Tenure, Some(41), None, Verdict::Review, "tenure: 40 days, below 41 days"),
            (Tenure, Some(40), None, Verdict::Accepted, "tenure: 40 days"),
            (RecentChanges, Some(1), None, Verdict::Review, "recent_changes: 2, above 1"),
            (RecentChanges, Some(2), None, Verdict::Accepted, "recent_changes: 2"),
            (Commitment, None, Some(9), Verdict::Rejected, "commitment: 10 days, above 9 days"),
            (Credit, Some(6), None, Verdict::Review, "credit: 7, above 6"),
        ] {
            let expected = (verdict, reason.to_owned());
            assert_eq!(found(rule(measure, review, rejected), &inputs()), expected);
        }
    }

    #[test]
    fn a_rise_from_nothing_is_above_every_percentage() {
        let free = Inputs { price_before: eur(0), ..inputs() };
        let (verdict, reason) = found(rule(Measure::PriceRise, Some(1_000_000), None), &free);
        assert_eq!(verdict, Verdict::Review);
        assert_eq!(reason, "price_rise: from nothing, above 1000000 %");
        let both = Inputs { price_after: eur(0), ..free };
        let accepted = found(rule(Measure::PriceRise, Some(0), None), &both);
        assert_eq!(accepted.0, Verdict::Accepted);
    }

    #[test]
    fn the_worst_finding_counts_and_without_rules_everything_is_accepted() {
        let assess = |policy: &RiskPolicy, opinion: Option<&Opinion>| {
            assess(policy, (&inputs(), &[]), opinion, TODAY).expect("in range")
        };
        let none = assess(&RiskPolicy::default(), None);
        assert_eq!((none.verdict, none.findings.len()), (Verdict::Accepted, 0));
        let rules = vec![
            rule(Measure::Credit, None, Some(1)),
            rule(Measure::PriceRise, Some(1), None),
            rule(Measure::Overdue, Some(1), None),
        ];
        let policy = RiskPolicy { rules, ..RiskPolicy::default() };
        assert_eq!(assess(&policy, None).verdict, Verdict::Rejected);
    }

    #[test]
    fn a_service_is_heard_where_the_seller_wants_it_and_its_silence_is_what_was_said() {
        let policy = |service_fallback| RiskPolicy { service_fallback, ..RiskPolicy::default() };
        let verdict = |policy: &RiskPolicy, opinion: Option<&Opinion>| {
            assess(policy, (&inputs(), &[]), opinion, TODAY).expect("in range").verdict
        };
        let given = Opinion::Given(Verdict::Rejected, "on a list".to_owned());
        let silent = Opinion::Silent("no answer in 2 s".to_owned());
        assert_eq!(verdict(&policy(None), Some(&given)), Verdict::Accepted);
        assert_eq!(verdict(&policy(Some(Verdict::Review)), Some(&given)), Verdict::Rejected);
        assert_eq!(verdict(&policy(Some(Verdict::Review)), Some(&silent)), Verdict::Review);
        assert_eq!(verdict(&policy(Some(Verdict::Accepted)), Some(&silent)), Verdict::Accepted);
        assert_eq!(verdict(&policy(Some(Verdict::Review)), None), Verdict::Accepted);
    }

    #[test]
    fn a_decision_holds_for_so_many_days() {
        let policy = |valid_days| RiskPolicy { valid_days, ..RiskPolicy::default() };
        assert_eq!(lapses_on(&policy(None), TODAY), None);
        assert_eq!(lapses_on(&policy(Some(1)), TODAY), Some(date(2026, 4, 1)));
    }
}
