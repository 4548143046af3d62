//! What is added to a subscription, as lines for people and as JSON for programs.

use crate::commands::change::say::plan;
use abono_domain::product_group::{BalanceChange, BalanceItem, Group};
use abono_domain::seller::Seller;
use abono_domain::termination::TerminationView;
use serde_json::{Value, json};

/// The code of a group's product.
fn product<'s>(group: &Group, seller: &'s Seller) -> &'s str {
    let found = seller.catalogue.product(group.group.subscription.product);
    found.map_or("?", |product| product.code.as_str())
}

/// A product group in a line, and a line for each of its terminations.
pub(in crate::commands) fn lines(
    group: &Group,
    ends: &[&TerminationView],
    seller: &Seller,
) -> Vec<String> {
    let (number, quantity) = (group.group.subscription.number, group.group.quantity);
    let (product, plan) = (product(group, seller), plan(seller, group.group.plan));
    let (kind, status) = (group.group.kind.as_str(), group.state.status.as_str());
    let until = match (group.state.ended_at, group.state.billed_until) {
        (Some(at), _) => format!(" since {at}"),
        (None, Some(day)) => format!(", billed until {day}"),
        (None, None) => String::new(),
    };
    let mut all = vec![format!("{number}  {product} {plan} x {quantity}  {kind}, {status}{until}")];
    let bound = group.commitments.iter();
    all.extend(bound.map(|it| format!("  bound until {}", it.ends_on)));
    all.extend(ends.iter().map(|it| format!("  termination {}", termination(it, seller))));
    all
}

/// A termination in a line.
pub(super) fn termination(view: &TerminationView, seller: &Seller) -> String {
    let ends = &view.termination;
    let (status, at) = (view.state.status.as_str(), ends.scheduled_at);
    let (kind, behaviour) = (ends.kind.as_str(), ends.credit.behaviour.as_str());
    let said = ends.credit.kind.as_str();
    let reason = ends.reason.and_then(|id| seller.catalogue.termination_reason(id));
    let reason = reason.map_or(String::new(), |it| format!(", for {}", it.code));
    format!("{status}: {kind} at {at}, credit {behaviour}, {said}{reason}")
}

/// What changes for the customer.
pub(super) fn change(change: &BalanceChange, seller: &Seller) -> Vec<String> {
    let item = |it: &BalanceItem| {
        let (plan, quantity) = (plan(seller, it.plan), it.quantity);
        let (amount, discount) = (it.amount.decimal(), it.discount.decimal());
        format!("    {plan} x {quantity}: {amount} - {discount} = {}", it.total)
    };
    let mut all = vec![format!("  balance change, without tax: {}", change.total)];
    all.extend(change.items.iter().map(item));
    all
}

/// A product group as JSON.
pub(in crate::commands) fn row(group: &Group, ends: &[&TerminationView], seller: &Seller) -> Value {
    let ends = ends.iter().map(|it| termination_row(it, seller));
    let bound = group.commitments.iter().map(|it| it.ends_on.to_string());
    json!({
        "group": group.group.subscription.number,
        "id": group.id().to_string(),
        "product": product(group, seller),
        "plan": plan(seller, group.group.plan),
        "quantity": group.group.quantity,
        "kind": group.group.kind.as_str(),
        "status": group.state.status.as_str(),
        "billed_until": group.state.billed_until.map(|day| day.to_string()),
        "ended_at": group.state.ended_at.map(|at| at.to_string()),
        "bound_until": bound.collect::<Vec<_>>(),
        "terminations": ends.collect::<Vec<_>>(),
    })
}

/// A termination as JSON.
pub(super) fn termination_row(view: &TerminationView, seller: &Seller) -> Value {
    let ends = &view.termination;
    let reason = ends.reason.and_then(|id| seller.catalogue.termination_reason(id));
    json!({
        "status": view.state.status.as_str(),
        "type": ends.kind.as_str(),
        "source": ends.source.as_str(),
        "at": ends.scheduled_at.to_string(),
        "reason": reason.map(|it| &it.code),
        "comment": ends.comment,
        "credit": ends.credit.behaviour.as_str(),
        "as": ends.credit.kind.as_str(),
        "anchor": ends.credit.anchor.map(|at| at.to_string()),
        "texts": ends.texts,
    })
}

/// What changes for the customer as JSON.
pub(super) fn change_row(change: &BalanceChange, seller: &Seller) -> Value {
    let item = |it: &BalanceItem| {
        json!({
            "plan": plan(seller, it.plan),
            "quantity": it.quantity,
            "amount": it.amount.decimal(),
            "discount": it.discount.decimal(),
            "total": it.total.decimal(),
        })
    };
    json!({
        "items": change.items.iter().map(item).collect::<Vec<_>>(),
        "discount": change.discount.decimal(),
        "total": change.total.decimal(),
        "currency": change.total.currency.code(),
    })
}
