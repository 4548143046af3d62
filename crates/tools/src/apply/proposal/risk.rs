//! What changes are measured by.

use super::FileError;
use super::read::{exact, word};
use crate::apply::file;
use abono_domain::exact::Exact;
use abono_domain::risk::{Measure, RiskPolicy, Rule, Verdict};

pub(super) fn policy(risk: &file::Risk) -> Result<RiskPolicy, FileError> {
    let fallback = risk.service_fallback.as_ref();
    let fallback = fallback.map(|it| word!("risk service_fallback", it, Verdict)).transpose()?;
    Ok(RiskPolicy {
        rules: risk.rule.iter().map(rule).collect::<Result<_, _>>()?,
        valid_days: risk.valid_days,
        service_fallback: fallback,
    })
}

fn rule(rule: &file::Rule) -> Result<Rule, FileError> {
    let at = format!("risk rule {}", rule.code);
    let limit = |name: &str, text: &Option<String>| -> Result<Option<Exact>, FileError> {
        text.as_ref().map(|text| exact(&format!("{at} {name}"), text)).transpose()
    };
    Ok(Rule {
        code: rule.code.clone(),
        measure: word!(&format!("{at} measure"), &rule.measure, Measure)?,
        days: rule.in_days,
        review: limit("review", &rule.review)?,
        rejected: limit("rejected", &rule.rejected)?,
    })
}
