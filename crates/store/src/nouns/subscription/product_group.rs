//! What was added to subscriptions, and where it stands.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::nouns::licence::{self, value};
use crate::nouns::subscription;
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::ids::{CustomerId, PlanId, ProductId, SubscriptionId, TenantId};
use abono_domain::licence::{Period, Subscription, Value};
use abono_domain::product_group::{Group, GroupKind, GroupState, GroupStatus, ProductGroup};
use abono_domain::subscription::Commitment;

/// The columns of a product group and its state, in the order in which [`group`] reads them.
macro_rules! group_columns {
    ($rest:literal) => {
        concat!(
            "select s.id, s.number, s.customer_id, s.product_id, s.created_at, g.parent_id, g.kind,
              g.plan_id, g.quantity, g.added_by,
              (select count(*) from delivery d where d.tenant_id = g.tenant_id
                and d.customer_id = g.customer_id and d.subscription_id = g.subscription_id
                and d.kind = 'add'),
              t.status, t.billed_until, t.ended_at, t.updated_at
            from product_group g
            join subscription s on s.tenant_id = g.tenant_id and s.customer_id = g.customer_id
              and s.id = g.subscription_id
            join product_group_state t on t.tenant_id = g.tenant_id
              and t.customer_id = g.customer_id and t.subscription_id = g.subscription_id
            where g.tenant_id = $1 and g.customer_id = $2 ",
            $rest
        )
    };
}

statements! {
    GROUP_LIST = group_columns!("and g.parent_id = $3 order by s.created_at, s.id"),
        [Uuid, Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Int, Uuid, Text, Uuid, Int, Text, Int, Text,
            Text, Int, Int];
    GROUP_LIST_ALL = group_columns!("order by s.created_at, s.id"), [Uuid, Uuid]
        => [Uuid, Int, Uuid, Uuid, Int, Uuid, Text, Uuid, Int, Text, Int, Text,
            Text, Int, Int];
    GROUP_PARENT = "select customer_id, parent_id from product_group
        where tenant_id = $1 and subscription_id = $2", [Uuid, Uuid] => [Uuid, Uuid];
    GROUP_ADD = "insert into product_group (tenant_id, customer_id, subscription_id, parent_id,
          kind, plan_id, quantity, added_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Uuid, Uuid, Text, Uuid, Int, Text] => [];
    GROUP_OPEN_STATE = "insert into product_group_state (tenant_id, customer_id, subscription_id,
          kind, status, billed_until, ended_at, version, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        [Uuid, Uuid, Uuid, Text, Text, Text, Int, Int] => [];
    GROUP_SET_STATE = "update product_group_state
        set status = $4, billed_until = $5, ended_at = $6, updated_at = $7, version = version + 1
        where tenant_id = $1 and customer_id = $2 and subscription_id = $3",
        [Uuid, Uuid, Uuid, Text, Text, Int, Int] => [];
}

/// What was added to a subscription, oldest first, with what it gave and cost.
pub fn of_subscription(
    tenant: TenantId,
    customer: CustomerId,
    parent: SubscriptionId,
) -> Query<Vec<Group>, OfCustomer> {
    let groups = Query::rows(bind!(GROUP_LIST, tenant, customer, parent), group);
    groups
        .and(licence::of_groups(tenant, customer, parent))
        .and(value::of_groups(tenant, customer, parent))
        .and(subscription::commitments_of_groups(tenant, customer, parent))
        .map(|(((groups, periods), values), bound)| {
            let all = groups.into_iter().map(|found| gathered(found, &periods, &values, &bound));
            Ok(all.collect())
        })
}

/// A product group with its own part of what all of them have.
fn gathered(
    (group, state): (ProductGroup, GroupState),
    periods: &[Period],
    values: &[(SubscriptionId, Value)],
    bound: &[(SubscriptionId, Commitment)],
) -> Group {
    let id = group.subscription.id;
    let periods = periods.iter().filter(|period| period.subscription == id).cloned().collect();
    let values = values.iter().filter(|(of, _)| *of == id).map(|(_, value)| value.clone());
    let commitments = bound.iter().filter(|(of, _)| *of == id).map(|(_, bound)| bound.clone());
    Group { group, state, periods, values: values.collect(), commitments: commitments.collect() }
}

/// All that was added to a customer's subscriptions, oldest first.
pub fn of_customer(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(ProductGroup, GroupState)>, OfCustomer> {
    Query::rows(bind!(GROUP_LIST_ALL, tenant, customer), group)
}

/// Whose a product group is, and on which subscription; that never changes.
pub fn parent(
    tenant: TenantId,
    id: SubscriptionId,
) -> Query<Option<(CustomerId, SubscriptionId)>, Immutable> {
    Query::maybe(bind!(GROUP_PARENT, tenant, id), |mut row| {
        Ok((CustomerId(row.uuid()?), SubscriptionId(row.uuid()?)))
    })
}

fn group(mut row: Row) -> Result<(ProductGroup, GroupState), StoreError> {
    let subscription = Subscription {
        id: SubscriptionId(row.uuid()?),
        number: row.int()?,
        customer: CustomerId(row.uuid()?),
        product: ProductId(row.uuid()?),
        created_at: row.instant()?,
        recurring: true,
    };
    let group = ProductGroup {
        subscription,
        parent: SubscriptionId(row.uuid()?),
        kind: row.read(GroupKind::parse)?,
        plan: PlanId(row.uuid()?),
        quantity: row.int()?,
        added_by: row.text()?,
        billed_behind: row.int()? > 0,
    };
    let state = GroupState {
        status: row.read(GroupStatus::parse)?,
        billed_until: row.maybe_date()?,
        ended_at: row.maybe_instant()?,
        updated_at: row.instant()?,
    };
    Ok((group, state))
}

pub(crate) fn add(tenant: TenantId, customer: CustomerId, group: &ProductGroup) -> Bound {
    // That it is billed behind is said by its delivery.
    let ProductGroup { subscription, parent, kind, plan, quantity, added_by, .. } = group;
    let (id, kind, by) = (subscription.id, kind.as_str(), added_by.as_str());
    bind!(GROUP_ADD, tenant, customer, id, *parent, kind, *plan, *quantity, by)
}

pub(crate) fn open(
    tenant: TenantId,
    customer: CustomerId,
    (id, kind): (SubscriptionId, GroupKind),
    first: &GroupState,
) -> Bound {
    let GroupState { status, billed_until, ended_at, updated_at } = first;
    let (kind, status) = (kind.as_str(), status.as_str());
    let (until, ended) = (*billed_until, *ended_at);
    bind!(GROUP_OPEN_STATE, tenant, customer, id, kind, status, until, ended, *updated_at)
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
    later: &GroupState,
) -> Bound {
    let GroupState { status, billed_until, ended_at, updated_at } = later;
    let (status, until, ended) = (status.as_str(), *billed_until, *ended_at);
    bind!(GROUP_SET_STATE, tenant, customer, id, status, until, ended, *updated_at)
}
