//! Checks what plans are to subscriptions, their article numbers, and what comes with them.

use super::{label, refuse, unique};
use crate::catalogue::{Billing, Catalogue, ChangeMode, Plan};
use crate::seller::SellerRefusal;
use std::collections::BTreeSet;

/// The longest period of notice, in days.
const NOTICE_MAX: i64 = 3_660;

/// Checks every plan of a catalogue.
pub(super) fn check(catalogue: &Catalogue) -> Result<(), SellerRefusal> {
    let mut numbers = BTreeSet::new();
    for (product, plan) in catalogue.plans() {
        let at = format!("product {} plan {}", product.code, plan.code);
        article(&at, plan)?;
        if plan.article.number.as_ref().is_some_and(|number| !numbers.insert(number)) {
            return Err(refuse(&at, "another plan has its article number"));
        }
        if !(0..=NOTICE_MAX).contains(&plan.terms.notice_days) {
            return Err(refuse(&at, "notice_days must be from 0 to 3660"));
        }
        if !plan.is_main() {
            comes_with_a_subscription(&at, plan)?;
        }
    }
    catalogue.plans().try_for_each(|(product, plan)| {
        includes(&format!("product {} plan {}", product.code, plan.code), plan, catalogue)
    })
}

fn article(at: &str, plan: &Plan) -> Result<(), SellerRefusal> {
    label(&format!("{at} article"), plan.article.number.as_ref())?;
    label(&format!("{at} external_id"), plan.article.external_id.as_ref())?;
    if plan.article.number.is_none() && !plan.is_main() {
        return Err(refuse(at, "a plan that isn't a main one has an article number"));
    }
    Ok(())
}

/// It is billed with the cycles of what it comes with, and has none of its own.
fn comes_with_a_subscription(at: &str, plan: &Plan) -> Result<(), SellerRefusal> {
    let terms = &plan.terms;
    let wrong = [
        (
            terms.billing != Billing::Anniversary,
            "only a main plan has a billing of its own: others are billed with its cycles",
        ),
        (terms.trial.is_some(), "only a main plan can be tried"),
        (terms.change != ChangeMode::NewPeriod, "only a main plan says what a change to it does"),
        (
            terms.changes_to.as_ref().is_some_and(|rules| !rules.is_empty()),
            "only a main plan is changed to other plans",
        ),
        (
            terms.commitment.is_some_and(|bound| bound.penalty.minor != 0),
            "only a main plan can be left for a penalty: what binds others has a penalty of 0",
        ),
        (!terms.includes.is_empty(), "only a main plan includes others"),
    ];
    match wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
        Some((_, reason)) => Err(refuse(at, reason)),
        None => Ok(()),
    }
}

fn includes(at: &str, plan: &Plan, catalogue: &Catalogue) -> Result<(), SellerRefusal> {
    let numbers = &plan.terms.includes;
    unique(&format!("{at} includes"), numbers.iter().map(String::as_str))?;
    let comes_along =
        |number: &String| catalogue.plan_by_article(number).is_some_and(|(_, it)| !it.is_main());
    if !numbers.iter().all(comes_along) {
        return Err(refuse(at, "includes names article numbers of plans that aren't main ones"));
    }
    Ok(())
}
