//! Queues what is to be delivered, as a part of the decision that makes it necessary.

use super::{Delivery, DeliveryState, DeliveryStatus, Order};
use crate::decision::{Change, Draft};
use crate::ids::{CustomerId, DeliveryId, SubscriptionId};

/// Queues an order about a product group of a customer, behind all that is queued already. It is
/// committed with the change itself, or not at all; it may be sent at once.
pub fn queue(
    draft: &mut Draft,
    customer: CustomerId,
    group: SubscriptionId,
    order: Order,
) -> DeliveryId {
    let id = DeliveryId(draft.ids.fresh());
    let now = draft.moment.now;
    let delivery = Delivery { id, customer, group, order, queued_at: now };
    let state = DeliveryState {
        status: DeliveryStatus::Pending,
        attempts: 0,
        next_at: Some(draft.moment.machine),
        trouble: None,
        external_id: None,
        answer: None,
        replayed_at: None,
        updated_at: now,
    };
    draft.push(Change::DeliveryQueued(Box::new(delivery), Box::new(state)));
    id
}
