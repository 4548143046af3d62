//! Customers, their profiles and payers. A revision is a new row.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, OfTenant, Query};
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::ids::{CommandId, CustomerId, KeyId, PayerId, TenantId};
use abono_domain::tax::CustomerKind;

/// A customer's name is that of its newest profile.
macro_rules! head_columns {
    ($rest:literal) => {
        concat!(
            "select c.id, c.number, c.code, p.name from customer c
            join customer_profile p on p.tenant_id = c.tenant_id and p.customer_id = c.id
              and p.revision = (select max(n.revision) from customer_profile n
                where n.tenant_id = c.tenant_id and n.customer_id = c.id) ",
            $rest
        )
    };
}

statements! {
    CUSTOMER_HEADS = head_columns!("where c.tenant_id = $1 and c.number > $2
        order by c.number limit $3"), [Uuid, Int, Int] => [Uuid, Int, Text, Text];
    CUSTOMER_HEADS_OF_KEY = head_columns!("join access_key_customer k on k.tenant_id = c.tenant_id
          and k.customer_id = c.id
        where c.tenant_id = $1 and k.key_id = $2 and c.number > $3 order by c.number limit $4"),
        [Uuid, Uuid, Int, Int] => [Uuid, Int, Text, Text];
    CUSTOMER_COUNT = "select cast(count(*) as bigint) from customer where tenant_id = $1",
        [Uuid] => [Int];
    CUSTOMER_BY_ID = "select number, code from customer where tenant_id = $1 and id = $2",
        [Uuid, Uuid] => [Int, Text];
    CUSTOMER_BY_CODE = "select id from customer where tenant_id = $1 and code = $2",
        [Uuid, Text] => [Uuid];
    CUSTOMER_LIST = "select id from customer where tenant_id = $1 and id > $2
        order by id limit $3", [Uuid, Uuid, Int] => [Uuid];
    CUSTOMER_PROFILE = "select revision, name, language, zone, currency, default_payer_id
        from customer_profile where tenant_id = $1 and customer_id = $2
        order by revision desc limit 1", [Uuid, Uuid] => [Int, Text, Text, Text, Text, Uuid];
    CUSTOMER_PROFILES = "select revision, name, language, zone, currency, default_payer_id
        from customer_profile where tenant_id = $1 and customer_id = $2 order by revision",
        [Uuid, Uuid] => [Int, Text, Text, Text, Text, Uuid];
    CUSTOMER_DISCOUNTS = "select d.code from customer_discount d
        where d.tenant_id = $1 and d.customer_id = $2 and d.revision =
          (select max(n.revision) from customer_profile n
           where n.tenant_id = d.tenant_id and n.customer_id = d.customer_id)
        order by d.place", [Uuid, Uuid] => [Text];
    CUSTOMER_DISCOUNTS_EVER = "select revision, code from customer_discount
        where tenant_id = $1 and customer_id = $2 order by revision, place", [Uuid, Uuid]
        => [Int, Text];
    CUSTOMER_DISCOUNT_ADD = "insert into customer_discount
          (tenant_id, customer_id, revision, place, code)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Int, Text] => [];
    PAYER_LIST = "select p.id, p.revision, p.code, p.name, p.country, p.tax_id,
          p.tax_registration, p.registration_number, p.address, p.kind
        from payer p where p.tenant_id = $1 and p.customer_id = $2 and p.revision =
          (select max(n.revision) from payer n
           where n.tenant_id = p.tenant_id and n.customer_id = p.customer_id and n.id = p.id)
        order by p.code", [Uuid, Uuid]
        => [Uuid, Int, Text, Text, Text, Text, Text, Text, Text, Text];
    CUSTOMER_ORPHANS = "select 'document', d.customer_id from document d where d.tenant_id = $1
          and not exists (select 1 from customer c where c.tenant_id = d.tenant_id
            and c.id = d.customer_id)
        union select 'payment', p.customer_id from payment p where p.tenant_id = $1
          and not exists (select 1 from customer c where c.tenant_id = p.tenant_id
            and c.id = p.customer_id)
        union select 'transfer', t.customer_id from transfer t where t.tenant_id = $1
          and not exists (select 1 from customer c where c.tenant_id = t.tenant_id
            and c.id = t.customer_id)
        union select 'balance', b.customer_id from balance b where b.tenant_id = $1
          and not exists (select 1 from customer c where c.tenant_id = b.tenant_id
            and c.id = b.customer_id)
        union select 'subscription', s.customer_id from subscription s where s.tenant_id = $1
          and not exists (select 1 from customer c where c.tenant_id = s.tenant_id
            and c.id = s.customer_id)", [Uuid] => [Text, Uuid];
    CUSTOMER_CREATE = "insert into customer (tenant_id, id, number, code) values ($1, $2, $3, $4)",
        [Uuid, Uuid, Int, Text] => [];
    CUSTOMER_REVISE = "insert into customer_profile (tenant_id, customer_id, revision, name,
          language, zone, currency, default_payer_id, recorded_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Int, Text, Text, Text, Text, Uuid, Uuid] => [];
    PAYER_REVISE = "insert into payer (tenant_id, customer_id, id, revision, code, name, country,
          tax_id, tax_registration, registration_number, address, kind, recorded_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        [Uuid, Uuid, Uuid, Int, Text, Text, Text, Text, Text, Text, Text, Text, Uuid] => [];
}

/// A customer with its newest profile and payers.
pub fn by_id(tenant: TenantId, id: CustomerId) -> Query<Option<Customer>, OfCustomer> {
    let identity =
        Query::maybe(bind!(CUSTOMER_BY_ID, tenant, id), |mut row| Ok((row.int()?, row.text()?)));
    let profile = Query::maybe(bind!(CUSTOMER_PROFILE, tenant, id), profile);
    let discounts = Query::rows(bind!(CUSTOMER_DISCOUNTS, tenant, id), |mut row| row.text());
    let payers = Query::rows(bind!(PAYER_LIST, tenant, id), payer);
    let profile = profile.and(discounts);
    identity.and(profile).and(payers).map(move |((identity, (profile, discounts)), payers)| {
        let both = identity.zip(profile);
        Ok(both.map(|((number, code), profile)| {
            let profile = Profile { discounts, ..profile };
            Customer { id, number, code, profile, payers }
        }))
    })
}

/// Every revision of a customer's profile, oldest first.
pub fn profiles(tenant: TenantId, id: CustomerId) -> Query<Vec<Profile>, OfCustomer> {
    let profiles = Query::rows(bind!(CUSTOMER_PROFILES, tenant, id), profile);
    let discounts = Query::rows(bind!(CUSTOMER_DISCOUNTS_EVER, tenant, id), |mut row| {
        Ok((row.int()?, row.text()?))
    });
    profiles.and(discounts).map(|(profiles, discounts)| {
        let complete = |profile: Profile| {
            let own = discounts.iter().filter(|(revision, _)| *revision == profile.revision);
            Profile { discounts: own.map(|(_, code)| code.clone()).collect(), ..profile }
        };
        Ok(profiles.into_iter().map(complete).collect())
    })
}

/// The customer of a code; once given, it stays.
pub fn by_code(tenant: TenantId, code: &str) -> Query<Option<CustomerId>, Immutable> {
    Query::maybe(bind!(CUSTOMER_BY_CODE, tenant, code), id)
}

/// Whether a customer exists; once made, it never goes away.
pub fn exists(tenant: TenantId, id: CustomerId) -> Query<bool, Immutable> {
    Query::maybe(bind!(CUSTOMER_BY_ID, tenant, id), |mut row| row.int())
        .map(|found| Ok(found.is_some()))
}

/// Kinds of rows that belong to customers who don't exist: for proofs.
pub fn orphans(tenant: TenantId) -> Query<Vec<(String, CustomerId)>, Immutable> {
    Query::rows(bind!(CUSTOMER_ORPHANS, tenant), |mut row| {
        Ok((row.text()?, CustomerId(row.uuid()?)))
    })
}

/// Up to `limit` customers after one, by id.
pub fn list(tenant: TenantId, after: CustomerId, limit: i64) -> Query<Vec<CustomerId>, Immutable> {
    Query::rows(bind!(CUSTOMER_LIST, tenant, after, limit), id)
}

/// A customer as it stands in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its identity.
    pub id: CustomerId,
    /// Its number in the tenant.
    pub number: i64,
    /// The seller's own code for it.
    pub code: String,
    /// Its display name now.
    pub name: String,
}

/// Up to `limit` customers after a number, by number: all, or those that a token is limited to.
pub fn heads(
    tenant: TenantId,
    among: Option<KeyId>,
    after: i64,
    limit: i64,
) -> Query<Vec<Head>, OfTenant> {
    let bound = match among {
        None => bind!(CUSTOMER_HEADS, tenant, after, limit),
        Some(key) => bind!(CUSTOMER_HEADS_OF_KEY, tenant, key, after, limit),
    };
    Query::rows(bound, |mut row| {
        let id = CustomerId(row.uuid()?);
        Ok(Head { id, number: row.int()?, code: row.text()?, name: row.text()? })
    })
}

/// How many customers there are.
pub fn count(tenant: TenantId) -> Query<i64, OfTenant> {
    Query::rows(bind!(CUSTOMER_COUNT, tenant), |mut row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(0)))
}

fn id(mut row: Row) -> Result<CustomerId, StoreError> {
    row.uuid().map(CustomerId)
}

fn profile(mut row: Row) -> Result<Profile, StoreError> {
    Ok(Profile {
        revision: row.int()?,
        name: row.text()?,
        language: row.language()?,
        zone: row.text()?,
        currency: row.currency()?,
        default_payer: row.maybe_uuid()?.map(PayerId),
        discounts: Vec::new(),
    })
}

fn payer(mut row: Row) -> Result<Payer, StoreError> {
    Ok(Payer {
        id: PayerId(row.uuid()?),
        revision: row.int()?,
        code: row.text()?,
        identity: row.legal_identity()?,
        kind: row.read(CustomerKind::parse)?,
    })
}

pub(crate) fn create(tenant: TenantId, customer: &Customer) -> Bound {
    bind!(CUSTOMER_CREATE, tenant, customer.id, customer.number, customer.code.as_str())
}

pub(crate) fn revise(
    tenant: TenantId,
    customer: CustomerId,
    by: CommandId,
    profile: &Profile,
) -> Vec<Bound> {
    let revision = profile.revision;
    let mut rows = vec![bind!(
        CUSTOMER_REVISE,
        tenant,
        customer,
        revision,
        profile.name.as_str(),
        profile.language.as_str(),
        profile.zone.as_str(),
        profile.currency,
        profile.default_payer,
        by,
    )];
    rows.extend((1_i64..).zip(&profile.discounts).map(|(place, code)| {
        bind!(CUSTOMER_DISCOUNT_ADD, tenant, customer, revision, place, code.as_str())
    }));
    rows
}

pub(crate) fn revise_payer(
    tenant: TenantId,
    customer: CustomerId,
    by: CommandId,
    payer: &Payer,
) -> Bound {
    let identity = &payer.identity;
    bind!(
        PAYER_REVISE,
        tenant,
        customer,
        payer.id,
        payer.revision,
        payer.code.as_str(),
        identity.name.as_str(),
        identity.country.as_str(),
        identity.tax_id.as_str(),
        identity.tax_registration.clone(),
        identity.registration_number.clone(),
        identity.address.as_str(),
        payer.kind.as_str(),
        by,
    )
}
