//! What was charged for grants: read off the documents that gave them.

use crate::db::{Row, StoreError, bind, statements};
use crate::query::{OfCustomer, Query};
use abono_domain::ids::{
    CustomerId, DocumentId, GrantId, LegalEntityId, PriceId, ProductId, SubscriptionId, TenantId,
};
use abono_domain::licence::Value;
use abono_domain::money::Money;

/// The columns of what was charged for grants, in the order in which [`value`] reads them.
macro_rules! value_columns {
    ($rest:literal) => {
        concat!(
            "select g.id, d.legal_entity_id, l.product_id, l.plan_id, l.term, l.length,
              l.term_ends_at, l.term_follows_at, l.credit, l.day_count, l.quantity,
              d.id, l.total - s.credited, d.currency, l.discount, l.price_id, l.tax_category,
              l.tax_rate,
              case when d.placement = 'behind' then coalesce(l.term_follows_at, d.created_at)
                else d.created_at end,
              d.payer_id, d.payer_revision, d.payer_name, d.payer_tax_id,
              d.payer_tax_registration, d.payer_country, d.payer_kind, g.subscription_id
            from licence_grant g
            join document_state s on s.tenant_id = g.tenant_id and s.customer_id = g.customer_id
              and s.document_id = g.document_id
            join document d on d.tenant_id = g.tenant_id and d.customer_id = g.customer_id
              and d.id = g.document_id
            join document_line l on l.tenant_id = g.tenant_id and l.customer_id = g.customer_id
              and l.document_id = g.document_id and l.position = coalesce(g.position, 1)
            where g.tenant_id = $1 and g.customer_id = $2 ",
            $rest
        )
    };
}

statements! {
    GRANT_VALUES = value_columns!("and l.product_id = $3 and g.origin = 'paid'
        order by g.given_at, g.id"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Uuid, Text, Int, Int, Int, Text, Text, Int, Uuid, Int, Text, Int,
            Uuid, Text, Int, Int, Uuid, Int, Text, Text, Text, Text, Text, Uuid];
    GRANT_VALUES_OF = value_columns!("and g.subscription_id = $3
        order by g.given_at, g.id"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Uuid, Text, Int, Int, Int, Text, Text, Int, Uuid, Int, Text, Int,
            Uuid, Text, Int, Int, Uuid, Int, Text, Text, Text, Text, Text, Uuid];
    GRANT_VALUES_OF_GROUPS = value_columns!("and exists (select 1 from product_group b
          where b.tenant_id = g.tenant_id and b.customer_id = g.customer_id
            and b.subscription_id = g.subscription_id and b.parent_id = $3)
        order by g.given_at, g.id"), [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Uuid, Uuid, Text, Int, Int, Int, Text, Text, Int, Uuid, Int, Text, Int,
            Uuid, Text, Int, Int, Uuid, Int, Text, Text, Text, Text, Text, Uuid];
}

/// What was paid for the grants on a customer's licence of a product.
pub fn of_product(
    tenant: TenantId,
    customer: CustomerId,
    product: ProductId,
) -> Query<Vec<Value>, OfCustomer> {
    Query::rows(bind!(GRANT_VALUES, tenant, customer, product), value)
}

/// What was charged for the grants on a subscription.
pub fn of_subscription(
    tenant: TenantId,
    customer: CustomerId,
    id: SubscriptionId,
) -> Query<Vec<Value>, OfCustomer> {
    Query::rows(bind!(GRANT_VALUES_OF, tenant, customer, id), value)
}

/// What was charged for what was added to a subscription, each with its product group.
pub fn of_groups(
    tenant: TenantId,
    customer: CustomerId,
    parent: SubscriptionId,
) -> Query<Vec<(SubscriptionId, Value)>, OfCustomer> {
    Query::rows(bind!(GRANT_VALUES_OF_GROUPS, tenant, customer, parent), owned)
}

fn value(row: Row) -> Result<Value, StoreError> {
    owned(row).map(|(_, value)| value)
}

/// What was charged for a grant, and on what that hangs.
fn owned(mut row: Row) -> Result<(SubscriptionId, Value), StoreError> {
    let (grant, legal_entity) = (GrantId(row.uuid()?), LegalEntityId(row.uuid()?));
    let licence = row.line_licence()?;
    let (quantity, document) = (row.int()?, DocumentId(row.uuid()?));
    let (minor, currency) = (row.int()?, row.currency()?);
    let (paid, discount) = (Money::new(minor, currency), Money::new(row.int()?, currency));
    let value = Value {
        grant,
        legal_entity,
        licence,
        quantity,
        document,
        paid,
        discount,
        price: row.maybe_uuid()?.map(PriceId),
        tax: row.line_tax()?,
        charged_from: row.instant()?,
        payer: row.payer()?,
    };
    Ok((SubscriptionId(row.uuid()?), value))
}
