//! The product groups that come with a plan: they begin and end with it, and cost nothing.

use super::{Group, GroupKind, GroupState, GroupStatus, ProductGroup};
use crate::catalogue::{Catalogue, Plan, Product};
use crate::decision::{Change, Draft, EventKind};
use crate::ids::SubscriptionId;
use crate::licence::Subscription;
use crate::seller::Seller;
use crate::subscription::Agreement;
use crate::termination::{TerminationSource, end_with_it};
use jiff::Timestamp;

/// Gives a subscription what comes with a plan from an instant on, and ends what came with the one
/// before and doesn't any more.
pub(crate) fn include(
    draft: &mut Draft,
    (seller, agreement): (&Seller, &Agreement),
    groups: &[Group],
    plan: &Plan,
    at: Timestamp,
) {
    let wanted = included(&seller.catalogue, plan);
    let runs = |it: &&Group| it.is_active() && it.group.kind == GroupKind::Included;
    let running: Vec<&Group> = groups.iter().filter(runs).collect();
    for group in &running {
        if !wanted.iter().any(|(_, plan)| plan.id == group.group.plan) {
            end_with_it(draft, group, TerminationSource::Update, at);
        }
    }
    // What isn't sold any more goes on where it runs, and doesn't begin anywhere.
    for (product, plan) in wanted.into_iter().filter(|(it, plan)| !it.archived && !plan.archived) {
        if !running.iter().any(|group| group.group.plan == plan.id) {
            begin(draft, agreement, (product, plan));
        }
    }
}

/// What comes with a plan, by the numbers of its articles.
fn included<'a>(catalogue: &'a Catalogue, plan: &Plan) -> Vec<(&'a Product, &'a Plan)> {
    let numbers = plan.terms.includes.iter();
    numbers.filter_map(|number| catalogue.plan_by_article(number)).collect()
}

fn begin(draft: &mut Draft, agreement: &Agreement, (product, plan): (&Product, &Plan)) {
    let id = SubscriptionId(draft.ids.fresh());
    let subscription = Subscription {
        id,
        number: 0,
        customer: agreement.subscription.customer,
        product: product.id,
        created_at: draft.moment.now,
        recurring: true,
    };
    let group = ProductGroup {
        subscription,
        parent: agreement.subscription.id,
        kind: GroupKind::Included,
        plan: plan.id,
        quantity: 1,
        added_by: String::new(),
        billed_behind: false,
    };
    let state = GroupState {
        status: GroupStatus::Active,
        billed_until: None,
        ended_at: None,
        updated_at: draft.moment.now,
    };
    open(draft, group, state);
}

/// Writes a product group that has just been added.
pub(super) fn open(draft: &mut Draft, group: ProductGroup, state: GroupState) {
    let (id, kind) = (group.subscription.id, group.kind);
    draft.push(Change::SubscriptionStarted(group.subscription.clone()));
    draft.push(Change::GroupAdded(group));
    draft.push(Change::GroupOpened(id, kind, state));
    draft.event(EventKind::ProductAdded, id.0);
}
