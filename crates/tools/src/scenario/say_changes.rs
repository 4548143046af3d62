//! What became of a change, as lines for people.

use super::file::{ChangeFile, DecideFile, EndFile, StartFile};
use super::say;
use abono_domain::change::ChangeView;
use abono_domain::document::lines;
use abono_domain::ids::PlanId;
use abono_domain::language::Language;
use abono_domain::quote::Quote;
use abono_domain::risk::Decider;
use abono_domain::seller::Seller;

/// The code of a plan.
pub(super) fn plan_code(seller: &Seller, id: PlanId) -> &str {
    let mut products = seller.catalogue.products.iter();
    products.find_map(|product| product.plan(id)).map_or("?", |plan| plan.code.as_str())
}

/// A change: what is asked for, what was decided about it, what it charges and credits.
pub(super) fn change(view: &ChangeView, quote: Option<&Quote>, seller: &Seller) -> Vec<String> {
    let change = &view.change;
    let (from, to) = (plan_code(seller, change.from), plan_code(seller, change.to));
    let status = view.state.status.as_str();
    let mut told = vec![format!("{from} to {to} on {}: {status}", change.effective_on)];
    let risk = &view.risk;
    let by = match &risk.by {
        Decider::Rules => "the rules".to_owned(),
        Decider::Operator(name) => name.clone(),
    };
    told.push(format!("risk: {} by {by}", risk.verdict.as_str()));
    let finding = |it: &abono_domain::risk::Finding| {
        format!("  {}: {} ({})", it.rule, it.verdict.as_str(), it.reason)
    };
    told.extend(risk.findings.iter().map(finding));
    if let Some(quote) = quote {
        let lines = lines(quote, seller, &Language::ENGLISH).unwrap_or_default();
        told.extend(lines.iter().map(say::line));
        told.push(format!("total {}", quote.total));
    }
    told
}

pub(super) fn start(file: &StartFile) -> String {
    let StartFile { name, customer, product, plan, quantity, months, billing_day, bundle } = file;
    let day = billing_day.map_or(String::new(), |day| format!(", billed on day {day}"));
    let bundle = bundle.as_ref().map_or(String::new(), |code| format!(", in {code}"));
    let months = say::months(*months);
    format!("start \"{name}\" for {customer}: {product} {plan} x {quantity}, {months}{day}{bundle}")
}

pub(super) fn asked(verb: &str, file: &ChangeFile) -> String {
    let ChangeFile { name, subscription, plan, on } = file;
    let called = name.as_ref().map_or(String::new(), |name| format!(" \"{name}\""));
    let on = on.as_ref().map_or(String::new(), |day| format!(" on {day}"));
    format!("{verb}{called} of \"{subscription}\" to {plan}{on}")
}

pub(super) fn decided(verb: &str, file: &DecideFile) -> String {
    let DecideFile { change, by, note } = file;
    let by = by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
    let note = note.as_ref().map_or(String::new(), |note| format!(": {note}"));
    format!("{verb} \"{change}\"{by}{note}")
}

pub(super) fn ended(file: &EndFile) -> String {
    format!("end \"{}\": {}", file.subscription, file.reason)
}
