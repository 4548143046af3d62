//! What became of what is added to a subscription, as lines for people.

use super::file::{AddFile, TerminateFile};
use super::say;
use super::say_changes::plan_code;
use super::state::Facts;
use abono_domain::product_group::{BalanceChange, BalanceItem, Group, GroupStatus};
use abono_domain::seller::Seller;
use abono_domain::termination::TerminationView;
use abono_engine::views::Added;
use jiff::tz::TimeZone;

/// What changes for the customer, without tax.
pub(super) fn changed(change: &BalanceChange, seller: &Seller) -> Vec<String> {
    let item = |it: &BalanceItem| {
        let (plan, quantity) = (plan_code(seller, it.plan), it.quantity);
        let (amount, discount) = (it.amount.decimal(), it.discount.decimal());
        format!("  {plan} x {quantity}: {amount} - {discount} = {}", it.total)
    };
    let mut lines = vec![format!("balance change without tax: {}", change.total)];
    lines.extend(change.items.iter().map(item));
    lines
}

/// A termination: by which rule, when, what comes back, where it stands.
pub(super) fn termination(view: &TerminationView, seller: &Seller, zone: &TimeZone) -> String {
    let ends = &view.termination;
    let (kind, at) = (ends.kind.as_str(), say::instant(ends.scheduled_at, zone));
    let (behaviour, credit) = (ends.credit.behaviour.as_str(), ends.credit.kind.as_str());
    let anchor = ends.credit.anchor.map(|at| format!(" from {}", say::instant(at, zone)));
    let anchor = anchor.unwrap_or_default();
    let reason = ends.reason.and_then(|id| seller.catalogue.termination_reason(id));
    let reason = reason.map_or(String::new(), |it| format!(", for {}", it.code));
    let comment = match ends.comment.as_str() {
        "" => String::new(),
        comment => format!(" ({comment})"),
    };
    let (source, status) = (ends.source.as_str(), view.state.status.as_str());
    format!(
        "{kind} at {at}, {source}{reason}{comment}, credit {behaviour} {credit}{anchor}: {status}"
    )
}

/// How what is added to a subscription stands.
pub(super) fn facts(
    facts: &mut Facts,
    number: i64,
    added: &Added,
    (seller, zone): (&Seller, &TimeZone),
) {
    for group in &added.groups {
        let name =
            format!("product group {} of subscription {number}", group.group.subscription.number);
        let own = added.terminations.iter().filter(|it| it.termination.group == group.id());
        for (place, view) in (1..).zip(own) {
            facts.insert(format!("{name} termination {place}"), termination(view, seller, zone));
        }
        for (place, bound) in (1..).zip(&group.commitments) {
            let value = format!("until {}, penalty {}", bound.ends_on, bound.penalty);
            facts.insert(format!("{name} commitment {place}"), value);
        }
        facts.insert(name, stands(group, seller, zone));
    }
}

fn stands(group: &Group, seller: &Seller, zone: &TimeZone) -> String {
    let (plan, quantity) = (plan_code(seller, group.group.plan), group.group.quantity);
    let (kind, status) = (group.group.kind.as_str(), group.state.status.as_str());
    let billed =
        group.state.billed_until.map_or(String::new(), |day| format!(", billed until {day}"));
    let ended = group.state.ended_at.filter(|_| group.state.status == GroupStatus::Terminated);
    let ended = ended.map_or(String::new(), |at| format!(" from {}", say::instant(at, zone)));
    format!("{plan} x {quantity}, {kind}, {status}{ended}{billed}")
}

pub(super) fn add(file: &AddFile) -> String {
    let AddFile { name, subscription, product, plan, quantity } = file;
    format!("add \"{name}\" to \"{subscription}\": {product} {plan} x {quantity}")
}

pub(super) fn asked(verb: &str, file: &TerminateFile) -> String {
    let TerminateFile { product, when, credit, kind, anchor, reason, comment, texts } = file;
    let part = |name: &str, it: &Option<String>| {
        it.as_ref().map_or(String::new(), |word| format!(", {name} {word}"))
    };
    let anchor = anchor.as_ref().map_or(String::new(), |at| format!(", from {at}"));
    let when = when.as_ref().map_or(String::new(), |word| format!(" {word}"));
    let (credit, kind) = (part("credit", credit), part("as", kind));
    let (reason, comment) = (part("for", reason), part("because", comment));
    let texts = texts.iter().map(|text| format!(", \"{text}\"")).collect::<String>();
    format!("{verb} \"{product}\"{when}{credit}{kind}{anchor}{reason}{comment}{texts}")
}
