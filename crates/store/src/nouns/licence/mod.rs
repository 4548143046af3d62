//! Subscriptions, grants, and the periods in which grants are laid.

pub mod value;

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::calendar::{self, Anchor};
use abono_domain::ids::{
    CommandId, CustomerId, DocumentId, GrantId, PlanId, ProductId, RefundId, SubscriptionId,
    TenantId,
};
use abono_domain::licence::{Cut, DiscountUse, Grant, Origin, Period, Placement, Subscription};
use std::collections::BTreeMap;

/// The columns of a period, in the order in which [`period`] reads them.
macro_rules! period_columns {
    ($rest:literal) => {
        concat!(
            "select p.subscription_id, p.laying, p.run, p.seq, p.anchor_local, p.anchor_zone,
              p.months_to, p.starts_at, p.ends_at, p.plan_id, p.quantity, p.grant_id, p.paid
            from licence_period p ",
            $rest
        )
    };
}

statements! {
    SUBSCRIPTION_LIST = "select id, number, product_id, created_at, recurring from subscription
        where tenant_id = $1 and customer_id = $2 order by created_at, id", [Uuid, Uuid]
        => [Uuid, Int, Uuid, Int, Bool];
    SUBSCRIPTION_START = "insert into subscription
          (tenant_id, customer_id, id, number, product_id, created_at, recurring)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Int, Uuid, Int, Bool] => [];
    GRANT_LIST = "select id, subscription_id, plan_id, quantity, term, length, term_ends_at,
          term_follows_at, given_at, zone, placement, origin, document_id, position, reason,
          command_id
        from licence_grant where tenant_id = $1 and customer_id = $2 order by given_at, id",
        [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Int, Text, Int, Int, Int, Int, Text, Text, Text, Uuid, Int, Text,
            Uuid];
    GRANT_GIVE = "insert into licence_grant (tenant_id, customer_id, id, subscription_id, plan_id,
          quantity, term, length, term_ends_at, term_follows_at, given_at, zone, placement, origin,
          document_id, position, reason, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        [Uuid, Uuid, Uuid, Uuid, Uuid, Int, Text, Int, Int, Int, Int, Text, Text, Text, Uuid, Int,
         Text, Uuid]
        => [];
    PERIOD_OF_PRODUCT = period_columns!("where p.tenant_id = $1 and p.customer_id = $2
        and p.subscription_id = (select s.id from subscription s where s.tenant_id = $1
          and s.customer_id = $2 and s.product_id = $3 and not s.recurring
          order by s.created_at, s.id limit 1)
        and p.laying = (select cast(coalesce(max(n.laying), 1) as bigint) from licence_laying n
          where n.tenant_id = $1 and n.customer_id = $2
            and n.subscription_id = p.subscription_id)
        order by p.run, p.seq"), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Int, Int, Text, Text, Int, Int, Int, Uuid, Int, Uuid, Bool];
    PERIOD_OF_SUBSCRIPTION = period_columns!("where p.tenant_id = $1 and p.customer_id = $2
        and p.subscription_id = $3
        and p.laying = (select cast(coalesce(max(n.laying), 1) as bigint) from licence_laying n
          where n.tenant_id = $1 and n.customer_id = $2 and n.subscription_id = $3)
        order by p.run, p.seq"), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Int, Int, Text, Text, Int, Int, Int, Uuid, Int, Uuid, Bool];
    PERIOD_OF_GROUPS = period_columns!("join product_group b on b.tenant_id = p.tenant_id
          and b.customer_id = p.customer_id and b.subscription_id = p.subscription_id
        where p.tenant_id = $1 and p.customer_id = $2 and b.parent_id = $3 and p.laying = 1
        order by p.subscription_id, p.run, p.seq"), [Uuid, Uuid, Uuid]
        => [Uuid, Int, Int, Int, Text, Text, Int, Int, Int, Uuid, Int, Uuid, Bool];
    LAYING_OF_SUBSCRIPTION = "select cast(coalesce(max(n.laying), 1) as bigint)
        from licence_laying n
        where n.tenant_id = $1 and n.customer_id = $2 and n.subscription_id = $3",
        [Uuid, Uuid, Uuid] => [Int];
    LAYING_OF_PRODUCT = "select cast(coalesce(max(n.laying), 1) as bigint) from licence_laying n
        join subscription s on s.tenant_id = n.tenant_id and s.customer_id = n.customer_id
          and s.id = n.subscription_id
        where n.tenant_id = $1 and n.customer_id = $2 and s.product_id = $3
          and not s.recurring", [Uuid, Uuid, Uuid]
        => [Int];
    LAYING_OPEN = "insert into licence_laying (tenant_id, customer_id, subscription_id, laying,
          command_id)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Uuid, Int, Uuid] => [];
    CUT_LIST = "select grant_id, refund_id, quantity, months, at from licence_cut
        where tenant_id = $1 and customer_id = $2 order by at, grant_id", [Uuid, Uuid]
        => [Uuid, Uuid, Int, Int, Int];
    CUT_WRITE = "insert into licence_cut (tenant_id, customer_id, grant_id, refund_id, quantity,
          months, at)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Uuid, Int, Int, Int] => [];
    CREDITED_GRANTS = "select c.grant_id from document_credit c
        join document_state s on s.tenant_id = c.tenant_id and s.customer_id = c.customer_id
          and s.document_id = c.document_id
        where c.tenant_id = $1 and c.customer_id = $2 and s.status = 'paid'", [Uuid, Uuid]
        => [Uuid];
    GRANT_NUMBERS = "select g.id, d.prefix, d.number from licence_grant g
        join document d on d.tenant_id = g.tenant_id and d.customer_id = g.customer_id
          and d.id = g.document_id
        where g.tenant_id = $1 and g.customer_id = $2 order by g.id", [Uuid, Uuid]
        => [Uuid, Text, Int];
    DISCOUNT_USES = "select u.code, u.document_id from document_discount u
        join document_state s on s.tenant_id = u.tenant_id and s.customer_id = u.customer_id
          and s.document_id = u.document_id
        where u.tenant_id = $1 and u.customer_id = $2
          and (s.status in ('pending', 'paid') or (s.kind = 'order_confirmation'
            and not exists (select 1 from document_carried k where k.tenant_id = u.tenant_id
              and k.customer_id = u.customer_id and k.document_id = u.document_id)))
        order by u.document_id, u.position, u.place", [Uuid, Uuid] => [Text, Uuid];
    PERIOD_LIST = period_columns!("where p.tenant_id = $1 and p.customer_id = $2
        and p.laying = (select cast(coalesce(max(n.laying), 1) as bigint) from licence_laying n
          where n.tenant_id = $1 and n.customer_id = $2
            and n.subscription_id = p.subscription_id)
        order by p.subscription_id, p.run, p.seq"), [Uuid, Uuid]
        => [Uuid, Int, Int, Int, Text, Text, Int, Int, Int, Uuid, Int, Uuid, Bool];
    PERIOD_LAY = "insert into licence_period (tenant_id, customer_id, subscription_id, laying, run,
          seq, prev_seq, anchor_local, anchor_zone, months_to, starts_at, ends_at, plan_id,
          quantity, grant_id, paid, chained_start)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        [Uuid, Uuid, Uuid, Int, Int, Int, Int, Text, Text, Int, Int, Int, Uuid, Int, Uuid, Bool,
         Int]
        => [];
}

/// The agreements of a customer, oldest first.
pub fn subscriptions(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<Subscription>, OfCustomer> {
    let bound = bind!(SUBSCRIPTION_LIST, tenant, customer);
    Query::new(vec![bound], move |sets| {
        let read = |mut row: Row| {
            Ok(Subscription {
                id: SubscriptionId(row.uuid()?),
                number: row.int()?,
                customer,
                product: ProductId(row.uuid()?),
                created_at: row.instant()?,
                recurring: row.bool()?,
            })
        };
        sets.into_iter().flatten().map(read).collect()
    })
}

/// The periods of a customer's licence of a product, oldest first.
pub fn of_product(
    tenant: TenantId,
    customer: CustomerId,
    product: ProductId,
) -> Query<Vec<Period>, OfCustomer> {
    Query::rows(bind!(PERIOD_OF_PRODUCT, tenant, customer, product), period)
}

/// The periods of what was added to a subscription, by product group, oldest first. Nothing moves
/// them, so there is one laying.
pub fn of_groups(
    tenant: TenantId,
    customer: CustomerId,
    parent: SubscriptionId,
) -> Query<Vec<Period>, OfCustomer> {
    Query::rows(bind!(PERIOD_OF_GROUPS, tenant, customer, parent), period)
}

/// The laying that counts of a customer's licence of a product.
pub fn laying(
    tenant: TenantId,
    customer: CustomerId,
    product: ProductId,
) -> Query<i64, OfCustomer> {
    Query::rows(bind!(LAYING_OF_PRODUCT, tenant, customer, product), |mut row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(1)))
}

/// What refunds took from the grants of a customer, oldest first.
pub fn cuts(tenant: TenantId, customer: CustomerId) -> Query<Vec<Cut>, OfCustomer> {
    Query::rows(bind!(CUT_LIST, tenant, customer), |mut row| {
        Ok(Cut {
            grant: GrantId(row.uuid()?),
            refund: RefundId(row.uuid()?),
            quantity: row.int()?,
            months: row.int()?,
            at: row.instant()?,
        })
    })
}

/// The grants of a customer that paid changes credit.
pub fn credited(tenant: TenantId, customer: CustomerId) -> Query<Vec<GrantId>, OfCustomer> {
    Query::rows(bind!(CREDITED_GRANTS, tenant, customer), |mut row| Ok(GrantId(row.uuid()?)))
}

/// The periods of a subscription, oldest first.
pub fn of_subscription(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<Vec<Period>, OfCustomer> {
    Query::rows(bind!(PERIOD_OF_SUBSCRIPTION, tenant, customer, id), period)
}

/// The laying that counts of a subscription.
pub fn laying_of(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<i64, OfCustomer> {
    Query::rows(bind!(LAYING_OF_SUBSCRIPTION, tenant, customer, id), |mut row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(1)))
}

/// The numbers, as printed, of the documents that gave the grants of a customer.
pub fn numbers_of_grants(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<BTreeMap<GrantId, String>, Immutable> {
    Query::rows(bind!(GRANT_NUMBERS, tenant, customer), |mut row| {
        Ok((GrantId(row.uuid()?), format!("{}{}", row.text()?, row.int()?)))
    })
    .map(|rows| Ok(rows.into_iter().collect()))
}

/// The discounts that a customer was given on documents that weren't voided or refunded.
pub fn discount_uses(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<DiscountUse>, OfCustomer> {
    Query::rows(bind!(DISCOUNT_USES, tenant, customer), |mut row| {
        Ok(DiscountUse { code: row.text()?, document: DocumentId(row.uuid()?) })
    })
}

/// The periods of a customer, by agreement, oldest first.
pub fn periods(tenant: TenantId, customer: CustomerId) -> Query<Vec<Period>, OfCustomer> {
    Query::rows(bind!(PERIOD_LIST, tenant, customer), period)
}

/// The grants of a customer, in the order in which they were given, each with the command that
/// gave it.
pub fn grants(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Vec<(Grant, CommandId)>, OfCustomer> {
    Query::rows(bind!(GRANT_LIST, tenant, customer), grant)
}

fn grant(mut row: Row) -> Result<(Grant, CommandId), StoreError> {
    let id = GrantId(row.uuid()?);
    let subscription = SubscriptionId(row.uuid()?);
    let plan = PlanId(row.uuid()?);
    let (quantity, term) = (row.int()?, row.term()?);
    let (given_at, zone) = (row.instant()?, row.text()?);
    let placement = row.read(Placement::parse)?;
    let (word, document) = (row.text()?, row.maybe_uuid()?.map(DocumentId));
    let (position, reason) = (row.maybe_int()?, row.maybe_text()?);
    let origin = match (word.as_str(), document, position, reason) {
        ("paid", Some(document), None, None) => Origin::Paid(document),
        ("billed", Some(document), Some(position), None) => Origin::Billed { document, position },
        ("by_hand", None, None, Some(reason)) => Origin::ByHand(reason),
        ("trial", None, None, None) => Origin::Trial,
        _ => return Err(row.wrong()),
    };
    let command = CommandId(row.uuid()?);
    let grant = Grant { id, subscription, plan, quantity, term, given_at, zone, placement, origin };
    Ok((grant, command))
}

fn period(mut row: Row) -> Result<Period, StoreError> {
    let subscription = SubscriptionId(row.uuid()?);
    let laying = row.int()?;
    let (run, seq) = (row.int()?, row.int()?);
    let local = row.read(|text| text.parse().ok())?;
    let zone = row.read(|name| calendar::zone(name).ok())?;
    Ok(Period {
        subscription,
        laying,
        run,
        seq,
        anchor: Anchor { local, zone },
        months_to: row.int()?,
        starts_at: row.instant()?,
        ends_at: row.instant()?,
        plan: PlanId(row.uuid()?),
        quantity: row.int()?,
        grant: GrantId(row.uuid()?),
        paid: row.bool()?,
    })
}

pub(crate) fn start(tenant: TenantId, subscription: &Subscription) -> Bound {
    bind!(
        SUBSCRIPTION_START,
        tenant,
        subscription.customer,
        subscription.id,
        subscription.number,
        subscription.product,
        subscription.created_at,
        subscription.recurring,
    )
}

pub(crate) fn give(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    grant: &Grant,
) -> Bound {
    let (origin, document, position, reason) = match &grant.origin {
        Origin::Paid(document) => ("paid", Some(*document), None, None),
        Origin::Billed { document, position } => ("billed", Some(*document), Some(*position), None),
        Origin::ByHand(reason) => ("by_hand", None, None, Some(reason.clone())),
        Origin::Trial => ("trial", None, None, None),
    };
    let (term, length, ends_at, follows) = grant.term.parts();
    bind!(
        GRANT_GIVE,
        tenant,
        customer,
        grant.id,
        grant.subscription,
        grant.plan,
        grant.quantity,
        term,
        length,
        ends_at,
        follows,
        grant.given_at,
        grant.zone.as_str(),
        grant.placement.as_str(),
        origin,
        document,
        position,
        reason,
        command,
    )
}

pub(crate) fn relay(
    tenant: TenantId,
    customer: CustomerId,
    command: CommandId,
    id: SubscriptionId,
    laying: i64,
) -> Bound {
    bind!(LAYING_OPEN, tenant, customer, id, laying, command)
}

pub(crate) fn cut(tenant: TenantId, customer: CustomerId, cut: &Cut) -> Bound {
    let Cut { grant, refund, quantity, months, at } = cut;
    bind!(CUT_WRITE, tenant, customer, *grant, *refund, *quantity, *months, *at)
}

pub(crate) fn lay(tenant: TenantId, customer: CustomerId, period: &Period) -> Bound {
    let follows = period.seq > 1;
    bind!(
        PERIOD_LAY,
        tenant,
        customer,
        period.subscription,
        period.laying,
        period.run,
        period.seq,
        follows.then(|| period.seq.saturating_sub(1)),
        period.anchor.local.to_string(),
        period.anchor.zone.iana_name().unwrap_or("UTC"),
        period.months_to,
        period.starts_at,
        period.ends_at,
        period.plan,
        period.quantity,
        period.grant,
        period.paid,
        follows.then_some(period.starts_at),
    )
}
