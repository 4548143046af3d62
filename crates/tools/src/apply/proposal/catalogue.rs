//! What is sold: products, plans with their terms, discounts.

use super::FileError;
use super::price::price;
use super::read::{amount, choice, currency, exact, maybe_date, names, read, word};
use crate::apply::file::{self, SellerFile};
use abono_domain::calendar::Trial;
use abono_domain::catalogue::{
    Article, Billing, Bundle, Catalogue, ChangeMode, CommitmentTerms, CreditTerms, Discount,
    Effect, Plan, PlanKind, PlanRule, PlanTerms, Product, TerminationReason,
};
use abono_domain::discount::{Discount as Off, On};
use abono_domain::ids::{BundleId, DiscountId, PlanId, ProductId, TerminationReasonId};
use abono_domain::proration::{Behaviour, DayCount};
use abono_domain::seller::Settings;
use abono_domain::tax::{Nature, TaxClass};

pub(super) fn catalogue(file: &SellerFile, settings: &Settings) -> Result<Catalogue, FileError> {
    let products = file.product.iter().map(|it| product(it, settings));
    let reasons = file.termination_reason.iter().map(termination_reason);
    let discounts = file.discount.iter().map(|it| discount(it, settings));
    Ok(Catalogue {
        products: products.collect::<Result<_, _>>()?,
        discounts: discounts.collect::<Result<_, _>>()?,
        bundles: file.bundle.iter().map(bundle).collect::<Result<_, _>>()?,
        termination_reasons: reasons.collect::<Result<_, _>>()?,
    })
}

fn product(product: &file::Product, settings: &Settings) -> Result<Product, FileError> {
    let at = format!("product {}", product.code);
    let plans = product.plan.iter().map(|p| plan((&at, product), p, settings));
    Ok(Product {
        id: ProductId(product.id.unwrap_or_default()),
        code: product.code.clone(),
        names: names(&at, &product.names)?,
        archived: product.archived,
        tax_class: choice!(&format!("{at} tax_class"), &product.tax_class, TaxClass)?,
        nature: choice!(&format!("{at} nature"), &product.nature, Nature)?,
        plans: plans.collect::<Result<_, _>>()?,
    })
}

fn plan(
    (at, product): (&str, &file::Product),
    plan: &file::Plan,
    settings: &Settings,
) -> Result<Plan, FileError> {
    let at = format!("{at} plan {}", plan.code);
    let prices = plan.price.iter().map(|one| price(&at, one, settings));
    let article = article(&at, plan)?;
    Ok(Plan {
        id: PlanId(plan.id.unwrap_or_default()),
        number: plan.number.unwrap_or(0),
        code: plan.code.clone(),
        names: names(&at, &plan.names)?,
        features: plan.features.clone(),
        archived: plan.archived,
        terms: PlanTerms {
            notice_days: plan.notice_days,
            includes: plan.includes.clone(),
            changes_to: changes_to(&at, plan)?,
            commitment: commitment(&at, plan, settings)?,
            ..terms(&at, (plan, article.kind), product)?
        },
        article,
        prices: prices.collect::<Result<_, _>>()?,
    })
}

fn article(at: &str, plan: &file::Plan) -> Result<Article, FileError> {
    Ok(Article {
        kind: choice!(&format!("{at} kind"), &plan.kind, PlanKind)?,
        number: plan.article.clone(),
        external_id: plan.external_id.clone(),
    })
}

/// What a plan doesn't say, its product says for all of its plans; how it is bought alone, for the
/// main ones.
fn terms(
    at: &str,
    (plan, kind): (&file::Plan, PlanKind),
    product: &file::Product,
) -> Result<PlanTerms, FileError> {
    let main = Some(product).filter(|_| kind == PlanKind::Main);
    let billing = plan.billing.as_ref().or(main.and_then(|it| it.billing.as_ref()));
    let change = plan.change.as_ref().or(main.and_then(|it| it.change.as_ref()));
    let credit = plan.credit.as_ref().or(product.credit.as_ref());
    let day_count = plan.day_count.as_ref().or(product.day_count.as_ref());
    let trial = plan.trial.or(main.and_then(|it| it.trial));
    let trial = match trial.map(|trial| (trial.days, trial.months)) {
        None => None,
        Some((Some(days), None)) => Some(Trial::Days(days)),
        Some((None, Some(months))) => Some(Trial::Months(months)),
        Some(_) => {
            let expected = "a length: it has `days` or `months`, one of them";
            Some(read(at, "trial", expected, |_| None)?)
        }
    };
    Ok(PlanTerms {
        billing: choice!(&format!("{at} billing"), billing, Billing)?,
        trial,
        change: choice!(&format!("{at} change"), change, ChangeMode)?,
        credit: CreditTerms {
            behaviour: choice!(&format!("{at} credit"), credit, Behaviour)?,
            day_count: choice!(&format!("{at} day_count"), day_count, DayCount)?,
        },
        ..PlanTerms::default()
    })
}

/// What a plan may be changed to, in the order of the codes.
fn changes_to(at: &str, plan: &file::Plan) -> Result<Option<Vec<PlanRule>>, FileError> {
    let Some(rules) = &plan.changes_to else { return Ok(None) };
    let rule = |(to, effect): (&String, &String)| {
        let effect = word!(&format!("{at} changes_to {to}"), effect, Effect)?;
        Ok(PlanRule { to: to.clone(), effect })
    };
    rules.iter().map(rule).collect::<Result<_, _>>().map(Some)
}

fn commitment(
    at: &str,
    plan: &file::Plan,
    settings: &Settings,
) -> Result<Option<CommitmentTerms>, FileError> {
    let Some(commitment) = &plan.commitment else { return Ok(None) };
    let at = format!("{at} commitment");
    let currency = match &commitment.currency {
        Some(code) => currency(&at, code)?,
        None => settings.currency,
    };
    let penalty = amount(&format!("{at} penalty"), &commitment.penalty, currency)?;
    Ok(Some(CommitmentTerms { months: commitment.months, penalty }))
}

fn bundle(bundle: &file::Bundle) -> Result<Bundle, FileError> {
    Ok(Bundle {
        id: BundleId(bundle.id.unwrap_or_default()),
        number: bundle.number.unwrap_or(0),
        code: bundle.code.clone(),
        names: names(&format!("bundle {}", bundle.code), &bundle.names)?,
    })
}

fn termination_reason(reason: &file::TerminationReason) -> Result<TerminationReason, FileError> {
    Ok(TerminationReason {
        id: TerminationReasonId(reason.id.unwrap_or_default()),
        code: reason.code.clone(),
        external_id: reason.external_id.clone(),
        parent: reason.parent.clone(),
        names: names(&format!("termination_reason {}", reason.code), &reason.names)?,
    })
}

fn discount(discount: &file::Discount, settings: &Settings) -> Result<Discount, FileError> {
    let at = format!("discount {}", discount.code);
    let of = match &discount.currency {
        Some(code) => currency(&at, code)?,
        None => settings.currency,
    };
    let off = match (&discount.percent, &discount.amount) {
        (Some(percent), None) => Off::Percent(exact(&format!("{at} percent"), percent)?),
        (None, Some(text)) => Off::Amount(amount(&format!("{at} amount"), text, of)?),
        (Some(_), Some(_)) | (None, None) => {
            read(&at, "percent and amount", "a discount: it has one of them", |_| None)?
        }
    };
    Ok(Discount {
        id: DiscountId(discount.id.unwrap_or_default()),
        code: discount.code.clone(),
        names: names(&at, &discount.names)?,
        off,
        on: choice!(&format!("{at} on"), &discount.on, On)?,
        periods: discount.periods,
        valid_from: maybe_date(&at, discount.valid_from.as_ref())?,
        valid_until: maybe_date(&at, discount.valid_until.as_ref())?,
    })
}
