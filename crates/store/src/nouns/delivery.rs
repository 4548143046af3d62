//! What travels to the billing system behind, and where each of it stands.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::delivery::{Delivery, DeliveryState, DeliveryStatus, DeliveryView, Order};
use abono_domain::ids::{CommandId, CustomerId, DeliveryId, SubscriptionId, TenantId, slot};
use abono_domain::proration::Behaviour;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The columns of a delivery and its state, in the order in which [`view`] reads them.
macro_rules! delivery_columns {
    ($rest:expr) => {
        concat!(
            "select d.id, d.customer_id, d.subscription_id, d.kind, d.article_number, d.quantity,
              d.behaviour, d.ended_at, d.internal, d.comment, d.queued_at, s.status, s.attempts,
              s.next_at, s.trouble, s.external_id, s.answer, s.replayed_at, s.updated_at
            from delivery d
            join delivery_state s on s.tenant_id = d.tenant_id
              and s.customer_id = d.customer_id and s.delivery_id = d.id
            where d.tenant_id = $1 ",
            $rest
        )
    };
}

/// The texts of some deliveries, in the order in which [`text`] reads them.
macro_rules! delivery_texts {
    ($rest:expr) => {
        concat!(
            "select t.delivery_id, t.text from delivery_text t
            join delivery d on d.tenant_id = t.tenant_id and d.customer_id = t.customer_id
              and d.id = t.delivery_id
            join delivery_state s on s.tenant_id = d.tenant_id
              and s.customer_id = d.customer_id and s.delivery_id = d.id
            where d.tenant_id = $1 ",
            $rest,
            " order by t.delivery_id, t.place"
        )
    };
}

/// What comes after a place in the list of all of a tenant's deliveries.
macro_rules! after {
    () => {
        "and (d.queued_at > $2 or (d.queued_at = $2 and d.id > $3)) "
    };
}

statements! {
    DELIVERY_BY_ID = delivery_columns!("and d.customer_id = $2 and d.id = $3"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_BY_ID_TEXTS = delivery_texts!("and d.customer_id = $2 and d.id = $3"),
        [Uuid, Uuid, Uuid] => [Uuid, Text];
    DELIVERY_ADDITION = delivery_columns!("and d.customer_id = $2 and d.kind = 'add'
        and d.subscription_id = (select o.subscription_id from delivery o
          where o.tenant_id = $1 and o.customer_id = $2 and o.id = $3)"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_HEAD = "select delivery_id from delivery_state
        where tenant_id = $1 and customer_id = $2 and status = 'pending'
        order by queued_at, delivery_id limit 1", [Uuid, Uuid] => [Uuid];
    DELIVERY_FOLLOWING = delivery_columns!("and d.customer_id = $2 and s.status = 'pending'
        order by s.queued_at, s.delivery_id limit 1 offset 1"), [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_OF_CUSTOMER = delivery_columns!("and d.customer_id = $2 order by d.queued_at, d.id"),
        [Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_OF_CUSTOMER_TEXTS = delivery_texts!("and d.customer_id = $2"), [Uuid, Uuid]
        => [Uuid, Text];
    DELIVERY_PAGE = delivery_columns!(concat!(after!(), "order by d.queued_at, d.id limit $4")),
        [Uuid, Int, Uuid, Int]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_PAGE_TEXTS = delivery_texts!(concat!(
        "and d.id in (select d.id from delivery d where d.tenant_id = $1 ", after!(),
        "order by d.queued_at, d.id limit $4)")), [Uuid, Int, Uuid, Int] => [Uuid, Text];
    DELIVERY_PAGE_AT = delivery_columns!(concat!(after!(),
        "and s.status = $4 order by d.queued_at, d.id limit $5")), [Uuid, Int, Uuid, Text, Int]
        => [Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Text, Int, Int, Text,
            Text, Text, Int, Int];
    DELIVERY_PAGE_AT_TEXTS = delivery_texts!(concat!(
        "and d.id in (select d.id from delivery d
          join delivery_state s on s.tenant_id = d.tenant_id and s.customer_id = d.customer_id
            and s.delivery_id = d.id
          where d.tenant_id = $1 and s.status = $4 ", after!(),
        "order by d.queued_at, d.id limit $5)")), [Uuid, Int, Uuid, Text, Int] => [Uuid, Text];
    DELIVERY_OWNER = "select d.customer_id from delivery d where d.tenant_id = $1 and d.id = $2",
        [Uuid, Uuid] => [Uuid];
    DELIVERY_DUE = "select customer_id, delivery_id from delivery_state
        where tenant_id = $1 and status = 'pending' and next_at <= $2
        order by next_at, delivery_id limit $3", [Uuid, Int, Int] => [Uuid, Uuid];
    DELIVERY_NEXT = "select next_at from delivery_state
        where tenant_id = $1 and status = 'pending' and next_at is not null
        order by next_at limit 1", [Uuid] => [Int];
    DELIVERY_COUNT = "select count(*) from delivery where tenant_id = $1 and customer_id = $2",
        [Uuid, Uuid] => [Int];
    DELIVERY_QUEUE = "insert into delivery (tenant_id, customer_id, id, subscription_id, kind,
          article_number, quantity, behaviour, ended_at, internal, comment, queued_at, command_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [Uuid, Uuid, Uuid, Uuid, Text, Text, Int, Text, Int, Bool, Text, Int, Uuid] => [];
    DELIVERY_ADD_TEXT = "insert into delivery_text
          (tenant_id, customer_id, delivery_id, place, text)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Uuid, Int, Text] => [];
    DELIVERY_OPEN_STATE = "insert into delivery_state (tenant_id, customer_id, delivery_id, slot,
          queued_at, status, attempts, next_at, trouble, external_id, answer, replayed_at, version,
          updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Int, Int, Text, Text, Text, Int, Int] => [];
    DELIVERY_SET_STATE = "update delivery_state
        set status = $4, attempts = $5, next_at = $6, trouble = $7, external_id = $8, answer = $9,
          replayed_at = $10, updated_at = $11, version = version + 1
        where tenant_id = $1 and customer_id = $2 and delivery_id = $3",
        [Uuid, Uuid, Uuid, Text, Int, Int, Text, Text, Text, Int, Int] => [];
}

/// Where a list of deliveries goes on: when its last one was queued, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(pub Timestamp, pub DeliveryId);

impl Place {
    /// The beginning.
    pub const START: Self = Self(Timestamp::MIN, DeliveryId(uuid::Uuid::nil()));
}

/// A delivery of a customer and where it stands.
pub fn by_id(
    tenant: TenantId,
    customer: CustomerId,
    id: DeliveryId,
) -> Query<Option<DeliveryView>, OfCustomer> {
    let own = Query::rows(bind!(DELIVERY_BY_ID, tenant, customer, id), view);
    with_texts(own, bind!(DELIVERY_BY_ID_TEXTS, tenant, customer, id))
        .map(|found| Ok(found.into_iter().next()))
}

/// What added the product group that a delivery is about.
pub fn addition(
    tenant: TenantId,
    customer: CustomerId,
    of: DeliveryId,
) -> Query<Option<DeliveryView>, OfCustomer> {
    Query::maybe(bind!(DELIVERY_ADDITION, tenant, customer, of), view)
}

/// The oldest delivery of a customer that is still to be sent.
pub fn head(tenant: TenantId, customer: CustomerId) -> Query<Option<DeliveryId>, OfCustomer> {
    Query::maybe(bind!(DELIVERY_HEAD, tenant, customer), |mut row| row.uuid().map(DeliveryId))
}

/// The one after that, without its texts.
pub fn following(
    tenant: TenantId,
    customer: CustomerId,
) -> Query<Option<DeliveryView>, OfCustomer> {
    Query::maybe(bind!(DELIVERY_FOLLOWING, tenant, customer), view)
}

/// The deliveries of a customer, in their order.
pub fn of_customer(tenant: TenantId, customer: CustomerId) -> Query<Vec<DeliveryView>, OfCustomer> {
    let own = Query::rows(bind!(DELIVERY_OF_CUSTOMER, tenant, customer), view);
    with_texts(own, bind!(DELIVERY_OF_CUSTOMER_TEXTS, tenant, customer))
}

/// How many deliveries of a customer there are, whether or not they have a state.
pub fn count(tenant: TenantId, customer: CustomerId) -> Query<i64, Immutable> {
    Query::maybe(bind!(DELIVERY_COUNT, tenant, customer), |mut row| row.int())
        .map(|count| Ok(count.unwrap_or(0)))
}

/// Up to `limit` deliveries of a tenant after a place, oldest first; of one status where that is
/// said.
pub fn page(
    tenant: TenantId,
    status: Option<DeliveryStatus>,
    Place(at, id): Place,
    limit: i64,
) -> Query<Vec<DeliveryView>, Immutable> {
    let (heads, texts) = match status.map(DeliveryStatus::as_str) {
        None => (
            bind!(DELIVERY_PAGE, tenant, at, id, limit),
            bind!(DELIVERY_PAGE_TEXTS, tenant, at, id, limit),
        ),
        Some(status) => (
            bind!(DELIVERY_PAGE_AT, tenant, at, id, status, limit),
            bind!(DELIVERY_PAGE_AT_TEXTS, tenant, at, id, status, limit),
        ),
    };
    with_texts(Query::rows(heads, view), texts)
}

/// Whose a delivery is; that never changes.
pub fn owner(tenant: TenantId, id: DeliveryId) -> Query<Option<CustomerId>, Immutable> {
    Query::maybe(bind!(DELIVERY_OWNER, tenant, id), |mut row| row.uuid().map(CustomerId))
}

/// Up to `limit` deliveries whose time has come, by machine time. It is read as a hint: the claim
/// decides, and puts aside what waits for one before it, so that it isn't found again.
pub fn due(
    tenant: TenantId,
    machine: Timestamp,
    limit: i64,
) -> Query<Vec<(CustomerId, DeliveryId)>, Immutable> {
    Query::rows(bind!(DELIVERY_DUE, tenant, machine, limit), |mut row| {
        Ok((CustomerId(row.uuid()?), DeliveryId(row.uuid()?)))
    })
}

/// The machine time at which the next delivery may be sent; nothing where none is to be sent.
pub fn next(tenant: TenantId) -> Query<Option<Timestamp>, Immutable> {
    Query::maybe(bind!(DELIVERY_NEXT, tenant), |mut row| row.instant())
}

fn with_texts<O>(views: Query<Vec<DeliveryView>, O>, texts: Bound) -> Query<Vec<DeliveryView>, O> {
    views.and(Query::rows(texts, text)).map(|(mut views, found)| {
        let mut of: BTreeMap<DeliveryId, Vec<String>> = BTreeMap::new();
        for (id, text) in found {
            of.entry(id).or_default().push(text);
        }
        for view in &mut views {
            if let Order::Terminate { texts, .. } = &mut view.delivery.order {
                *texts = of.remove(&view.delivery.id).unwrap_or_default();
            }
        }
        Ok(views)
    })
}

fn text(mut row: Row) -> Result<(DeliveryId, String), StoreError> {
    Ok((DeliveryId(row.uuid()?), row.text()?))
}

/// A delivery and its state, without its texts.
fn view(mut row: Row) -> Result<DeliveryView, StoreError> {
    let (id, customer) = (DeliveryId(row.uuid()?), CustomerId(row.uuid()?));
    let group = SubscriptionId(row.uuid()?);
    let order = order(&mut row)?;
    let delivery = Delivery { id, customer, group, order, queued_at: row.instant()? };
    let state = DeliveryState {
        status: row.read(DeliveryStatus::parse)?,
        attempts: row.int()?,
        next_at: row.maybe_instant()?,
        trouble: row.maybe_text()?,
        external_id: row.maybe_text()?,
        answer: row.maybe_text()?,
        replayed_at: row.maybe_instant()?,
        updated_at: row.instant()?,
    };
    Ok(DeliveryView { delivery, state })
}

/// Six columns: kind, article and quantity, both marks of the credit, comment.
fn order(row: &mut Row) -> Result<Order, StoreError> {
    let word = row.text()?;
    let (article_number, quantity) = (row.maybe_text()?, row.maybe_int()?);
    let behaviour = row.maybe_text()?.map(|word| Behaviour::parse(&word));
    let behaviour = behaviour.map(|known| known.ok_or_else(|| row.wrong())).transpose()?;
    let (ended_at, internal) = (row.maybe_instant()?, row.maybe_bool()?);
    let comment = row.maybe_text()?.unwrap_or_default();
    let addition = article_number.zip(quantity).filter(|_| word == "add");
    let termination = behaviour.zip(internal).zip(ended_at).filter(|_| word == "terminate");
    match (addition, termination) {
        (Some((article_number, quantity)), None) => Ok(Order::Add { article_number, quantity }),
        (None, Some(((behaviour, internal), ended_at))) => {
            Ok(Order::Terminate { behaviour, internal, comment, texts: Vec::new(), ended_at })
        }
        (None, None) | (Some(_), Some(_)) => Err(row.wrong()),
    }
}

pub(crate) fn queue(
    tenant: TenantId,
    command: CommandId,
    delivery: &Delivery,
    state: &DeliveryState,
) -> Vec<Bound> {
    let Delivery { id, customer, group, order, queued_at } = delivery;
    let (id, customer, at) = (*id, *customer, *queued_at);
    let word = order.word();
    let mut rows = Vec::new();
    match order {
        Order::Add { article_number, quantity } => {
            let (article, internal) = (article_number.as_str(), None::<bool>);
            let behaviour = None::<String>;
            let (quantity, comment) = (*quantity, None::<String>);
            rows.push(bind!(
                DELIVERY_QUEUE,
                tenant,
                customer,
                id,
                *group,
                word,
                article,
                quantity,
                behaviour,
                None::<Timestamp>,
                internal,
                comment,
                at,
                command
            ));
        }
        Order::Terminate { behaviour, internal, comment, texts, ended_at } => {
            let (article, quantity) = (None::<String>, None::<i64>);
            let (back, internal, comment) = (behaviour.as_str(), *internal, comment.clone());
            rows.push(bind!(
                DELIVERY_QUEUE,
                tenant,
                customer,
                id,
                *group,
                word,
                article,
                quantity,
                back,
                *ended_at,
                internal,
                comment,
                at,
                command
            ));
            rows.extend((1_i64..).zip(texts).map(|(place, text)| {
                bind!(DELIVERY_ADD_TEXT, tenant, customer, id, place, text.as_str())
            }));
        }
    }
    rows.push(open(tenant, (customer, id), at, state));
    rows
}

fn open(
    tenant: TenantId,
    (customer, id): (CustomerId, DeliveryId),
    queued_at: Timestamp,
    state: &DeliveryState,
) -> Bound {
    bind!(
        DELIVERY_OPEN_STATE,
        tenant,
        customer,
        id,
        slot(customer),
        queued_at,
        state.status.as_str(),
        state.attempts,
        state.next_at,
        state.trouble.clone(),
        state.external_id.clone(),
        state.answer.clone(),
        state.replayed_at,
        state.updated_at,
    )
}

pub(crate) fn set(
    tenant: TenantId,
    customer: CustomerId,
    id: DeliveryId,
    state: &DeliveryState,
) -> Bound {
    bind!(
        DELIVERY_SET_STATE,
        tenant,
        customer,
        id,
        state.status.as_str(),
        state.attempts,
        state.next_at,
        state.trouble.clone(),
        state.external_id.clone(),
        state.answer.clone(),
        state.replayed_at,
        state.updated_at,
    )
}
