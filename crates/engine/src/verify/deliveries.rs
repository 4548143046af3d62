//! What travels to the billing system behind: each delivery has a state, a customer's are settled
//! in their order, nothing is terminated there that was not added, and what has ended here goes on
//! nowhere.

use super::Scope;
use super::books::Books;
use abono_domain::delivery::{DeliveryStatus, DeliveryView, Order};
use abono_domain::product_group::GroupStatus::Terminated;
use jiff::Timestamp;
use std::collections::BTreeSet;

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    let buyer = || {
        let code = books.customer.as_ref().map(|customer| customer.code.as_str());
        format!("deliveries of customer {}", code.unwrap_or_default())
    };
    let count = i64::try_from(books.deliveries.len()).unwrap_or(i64::MAX);
    scope.require(count == books.deliveries_queued, buyer, "one of them has no state");
    let first = books.deliveries.iter().find(|view| view.is_pending());
    let stuck = first.is_some_and(|view| view.state.next_at.is_none());
    scope.require(!stuck, buyer, "the next one to be sent waits for nothing and has no time");
    // When those that were queued later were delivered.
    let mut later: BTreeSet<Timestamp> = BTreeSet::new();
    for view in books.deliveries.iter().rev() {
        let place = || format!("delivery {}", view.delivery.id);
        let in_order = !was_overtaken(view, &later);
        scope.require(in_order, place, "a later one was delivered while it waited");
        scope.require(is_told(view), place, "its state does not say what came of its attempts");
        if let Order::Terminate { .. } = view.delivery.order {
            let holds = has_addition(books, view);
            scope.require(holds, place, "what it terminates was not added before it");
        }
        if view.state.status == DeliveryStatus::Delivered {
            later.insert(view.state.updated_at);
        }
    }
    for (group, state) in &books.recurring.groups {
        let id = group.subscription.id;
        let mut own = books.deliveries.iter().filter(|it| it.delivery.group == id);
        let is_ended_behind = own.any(|it| !it.delivery.order.is_addition());
        let place = || format!("product group {}", group.subscription.number);
        let holds = !group.billed_behind || is_ended_behind == (state.status == Terminated);
        scope.require(holds, place, "it has not ended here and behind alike");
    }
}

/// Whether one of the later ones was delivered while it was to be sent: since it was queued, or
/// since it was last sent again by hand, which can be after they were delivered.
fn was_overtaken(view: &DeliveryView, later: &BTreeSet<Timestamp>) -> bool {
    let from = view.state.replayed_at.unwrap_or(view.delivery.queued_at);
    if view.is_pending() {
        later.range(from..).next().is_some()
    } else {
        from < view.state.updated_at && later.range(from..view.state.updated_at).next().is_some()
    }
}

/// What has an attempt behind it and isn't delivered says what stood in its way; what is delivered
/// had one, and an answer.
fn is_told(view: &DeliveryView) -> bool {
    let state = &view.state;
    let in_time = view.delivery.queued_at <= state.updated_at
        && state
            .replayed_at
            .is_none_or(|at| view.delivery.queued_at < at && at <= state.updated_at);
    let told = match state.status {
        DeliveryStatus::Pending => state.attempts == 0 || state.trouble.is_some(),
        DeliveryStatus::Delivered => state.attempts > 0 && state.answer.is_some(),
        DeliveryStatus::Failed => state.trouble.is_some(),
    };
    in_time && told
}

/// What a termination is about was queued before it; and it is delivered only where that was, under
/// an id of the other side.
fn has_addition(books: &Books, view: &DeliveryView) -> bool {
    let mut own = books.deliveries.iter();
    let addition =
        own.find(|it| it.delivery.group == view.delivery.group && it.delivery.order.is_addition());
    let delivered = view.state.status == DeliveryStatus::Delivered;
    match addition {
        None => !delivered,
        Some(addition) => {
            let was_delivered = addition.state.external_id.is_some()
                && addition.state.updated_at < view.state.updated_at;
            addition.turn() < view.turn() && (!delivered || was_delivered)
        }
    }
}
