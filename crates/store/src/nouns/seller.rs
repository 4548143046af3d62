//! Sellers: the rows of each version, of which only what changed is written.
//!
//! A thing as of a version is its row with the highest `since` that is not above it.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfTenant, Query};
use abono_domain::catalogue::{Catalogue, Plan, Price, PricePoint, Product};
use abono_domain::decision::Publication;
use abono_domain::ids::{LegalEntityId, PlanId, PriceId, ProductId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::money::Money;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::TaxRegime;
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    SELLER_VERSIONS = "select version, active_from from seller_version where tenant_id = $1
        order by version desc limit 64", [Uuid] => [Int, Int];
    SELLER_SETTINGS = "select name, language, currency, zone, payment_request_days
        from seller_settings where tenant_id = $1 and since <= $2 order by since desc limit 1",
        [Uuid, Int] => [Text, Text, Text, Text, Int];
    SELLER_LEGAL_ENTITIES = "select id, since, place, code, name, country, tax_id,
          tax_registration, registration_number, address, zone, tax_regime, payment_request_prefix
        from legal_entity where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text];
    SELLER_BANK_ACCOUNTS = "select legal_entity_id, since, bank_name, bank_code, account,
          correspondent_account
        from bank_account where tenant_id = $1 and since <= $2
        order by legal_entity_id, since, place", [Uuid, Int] => [Uuid, Int, Text, Text, Text, Text];
    SELLER_PRODUCTS = "select id, since, place, code, archived from product
        where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Text, Bool];
    SELLER_PLANS = "select product_id, id, since, place, code, archived from plan
        where tenant_id = $1 and since <= $2 order by product_id, since, place", [Uuid, Int]
        => [Uuid, Uuid, Int, Int, Text, Bool];
    SELLER_NAMES = "select owner_id, since, language, name from catalogue_name
        where tenant_id = $1 and since <= $2 order by owner_id, since, language", [Uuid, Int]
        => [Uuid, Int, Text, Text];
    SELLER_FEATURES = "select plan_id, since, code from plan_feature
        where tenant_id = $1 and since <= $2 order by plan_id, since, place", [Uuid, Int]
        => [Uuid, Int, Text];
    SELLER_PRICES = "select plan_id, id, since, currency, months, from_quantity, valid_from,
          valid_until, list_price, final_price
        from price where tenant_id = $1 and since <= $2
        order by plan_id, since, currency, months, from_quantity, id", [Uuid, Int]
        => [Uuid, Uuid, Int, Text, Int, Int, Text, Text, Int, Int];
    SELLER_PUBLISH = "insert into seller_version (tenant_id, version, active_from)
        values ($1, $2, $3)", [Uuid, Int, Int] => [];
    SELLER_SET = "insert into seller_settings
          (tenant_id, since, name, language, currency, zone, payment_request_days)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Int, Text, Text, Text, Text, Int] => [];
    LEGAL_ENTITY_WRITE = "insert into legal_entity (tenant_id, id, since, place, code, name,
          country, tax_id, tax_registration, registration_number, address, zone, tax_regime,
          payment_request_prefix)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        [Uuid, Uuid, Int, Int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text] => [];
    BANK_ACCOUNT_WRITE = "insert into bank_account (tenant_id, legal_entity_id, since, place,
          bank_name, bank_code, account, correspondent_account)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Int, Int, Text, Text, Text, Text] => [];
    PRODUCT_WRITE = "insert into product (tenant_id, id, since, place, code, archived)
        values ($1, $2, $3, $4, $5, $6)", [Uuid, Uuid, Int, Int, Text, Bool] => [];
    PLAN_WRITE = "insert into plan (tenant_id, product_id, id, since, place, code, archived)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Int, Int, Text, Bool] => [];
    NAME_WRITE = "insert into catalogue_name (tenant_id, owner_id, since, language, name)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Text, Text] => [];
    FEATURE_WRITE = "insert into plan_feature (tenant_id, plan_id, since, place, code)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Int, Text] => [];
    PRICE_WRITE = "insert into price (tenant_id, plan_id, id, since, currency, months,
          from_quantity, valid_from, valid_until, list_price, final_price)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        [Uuid, Uuid, Uuid, Int, Text, Int, Int, Text, Text, Int, Int] => [];
}

/// The newest versions of a tenant, newest first, each with the machine time from which it is used.
pub fn versions(tenant: TenantId) -> Query<Vec<(i64, Timestamp)>, OfTenant> {
    Query::rows(bind!(SELLER_VERSIONS, tenant), |mut row| Ok((row.int()?, row.instant()?)))
}

/// A seller as of a version, which never changes.
pub fn as_of(tenant: TenantId, version: i64) -> Query<Option<Seller>, Immutable> {
    let settings = Query::maybe(bind!(SELLER_SETTINGS, tenant, version), settings);
    let entities = Query::rows(bind!(SELLER_LEGAL_ENTITIES, tenant, version), legal_entity);
    let accounts = Query::rows(bind!(SELLER_BANK_ACCOUNTS, tenant, version), bank_account);
    let products = Query::rows(bind!(SELLER_PRODUCTS, tenant, version), product);
    let plans = Query::rows(bind!(SELLER_PLANS, tenant, version), plan);
    let names = Query::rows(bind!(SELLER_NAMES, tenant, version), name);
    let features = Query::rows(bind!(SELLER_FEATURES, tenant, version), feature);
    let prices = Query::rows(bind!(SELLER_PRICES, tenant, version), price);
    let parts = plans.and(names).and(features).and(prices);
    settings.and(entities.and(accounts)).and(products.and(parts)).map(move |(head, catalogue)| {
        let (Some(settings), (entities, accounts)) = head else { return Ok(None) };
        let (products, (((plans, names), features), prices)) = catalogue;
        Ok(Some(Seller {
            tenant,
            version,
            settings,
            legal_entities: with_accounts(newest(entities), accounts),
            catalogue: Rows { plans, names, features, prices }.catalogue(newest(products)),
        }))
    })
}

/// A row of a thing: whose it is, since which version, at which place, and what it says.
struct Row4<T> {
    owner: Uuid,
    since: i64,
    place: i64,
    thing: T,
}

/// The newest row of each thing, by place. Rows come sorted by thing and version.
fn newest<T>(rows: Vec<Row4<T>>) -> Vec<Row4<T>> {
    let mut kept: Vec<Row4<T>> = Vec::new();
    for row in rows {
        if kept.last().is_some_and(|last| last.owner == row.owner) {
            kept.pop();
        }
        kept.push(row);
    }
    kept.sort_by_key(|row| row.place);
    kept
}

/// The parts of a thing: those written with the version of its row.
fn parts<T>(rows: &[Row4<T>], owner: Uuid, since: i64) -> impl Iterator<Item = &T> {
    let own = move |row: &&Row4<T>| row.owner == owner && row.since == since;
    rows.iter().filter(own).map(|row| &row.thing)
}

fn with_accounts(
    entities: Vec<Row4<LegalEntity>>,
    accounts: Vec<Row4<BankAccount>>,
) -> Vec<LegalEntity> {
    let complete = |row: Row4<LegalEntity>| LegalEntity {
        bank_accounts: parts(&accounts, row.owner, row.since).cloned().collect(),
        ..row.thing
    };
    entities.into_iter().map(complete).collect()
}

struct Rows {
    plans: Vec<Row4<Plan>>,
    names: Vec<Row4<(Language, String)>>,
    features: Vec<Row4<String>>,
    prices: Vec<Row4<Price>>,
}

impl Rows {
    fn catalogue(&self, products: Vec<Row4<Product>>) -> Catalogue {
        let complete = |row: Row4<Product>| Product {
            names: self.names(row.owner, row.since),
            plans: parts(&self.plans, row.owner, row.since)
                .map(|plan| self.plan(plan, row.since))
                .collect(),
            ..row.thing
        };
        Catalogue { products: products.into_iter().map(complete).collect() }
    }

    fn plan(&self, plan: &Plan, since: i64) -> Plan {
        let mut prices: Vec<Price> = parts(&self.prices, plan.id.0, since).cloned().collect();
        prices.sort_by(|a, b| a.point.cmp(&b.point));
        Plan {
            names: self.names(plan.id.0, since),
            features: parts(&self.features, plan.id.0, since).cloned().collect(),
            prices,
            ..plan.clone()
        }
    }

    fn names(&self, owner: Uuid, since: i64) -> Names {
        Names(parts(&self.names, owner, since).cloned().collect())
    }
}

fn settings(mut row: Row) -> Result<Settings, StoreError> {
    Ok(Settings {
        name: row.text()?,
        language: row.language()?,
        currency: row.currency()?,
        zone: row.text()?,
        payment_request_days: row.int()?,
    })
}

fn legal_entity(mut row: Row) -> Result<Row4<LegalEntity>, StoreError> {
    let (owner, since, place) = (row.uuid()?, row.int()?, row.int()?);
    let thing = LegalEntity {
        id: LegalEntityId(owner),
        code: row.text()?,
        identity: row.legal_identity()?,
        zone: row.text()?,
        tax_regime: row.read(TaxRegime::parse)?,
        payment_request_prefix: row.text()?,
        bank_accounts: Vec::new(),
    };
    Ok(Row4 { owner, since, place, thing })
}

fn bank_account(mut row: Row) -> Result<Row4<BankAccount>, StoreError> {
    let (owner, since) = (row.uuid()?, row.int()?);
    let thing = BankAccount {
        bank_name: row.text()?,
        bank_code: row.text()?,
        account: row.text()?,
        correspondent_account: row.maybe_text()?,
    };
    Ok(Row4 { owner, since, place: 0, thing })
}

fn product(mut row: Row) -> Result<Row4<Product>, StoreError> {
    let (owner, since, place) = (row.uuid()?, row.int()?, row.int()?);
    let (id, code, archived) = (ProductId(owner), row.text()?, row.bool()?);
    let thing = Product { id, code, archived, names: Names::default(), plans: Vec::new() };
    Ok(Row4 { owner, since, place, thing })
}

fn plan(mut row: Row) -> Result<Row4<Plan>, StoreError> {
    let owner = row.uuid()?;
    let id = PlanId(row.uuid()?);
    let (since, place, code, archived) = (row.int()?, row.int()?, row.text()?, row.bool()?);
    let (features, prices) = (Vec::new(), Vec::new());
    let thing = Plan { id, code, archived, names: Names::default(), features, prices };
    Ok(Row4 { owner, since, place, thing })
}

fn name(mut row: Row) -> Result<Row4<(Language, String)>, StoreError> {
    let (owner, since) = (row.uuid()?, row.int()?);
    Ok(Row4 { owner, since, place: 0, thing: (row.language()?, row.text()?) })
}

fn feature(mut row: Row) -> Result<Row4<String>, StoreError> {
    let (owner, since) = (row.uuid()?, row.int()?);
    Ok(Row4 { owner, since, place: 0, thing: row.text()? })
}

fn price(mut row: Row) -> Result<Row4<Price>, StoreError> {
    let owner = row.uuid()?;
    let id = PriceId(row.uuid()?);
    let since = row.int()?;
    let currency = row.currency()?;
    let (months, from_quantity) = (row.int()?, row.int()?);
    let (valid_from, valid_until) = (row.maybe_date()?, row.maybe_date()?);
    let (list, final_price) = (row.int()?, row.int()?);
    let thing = Price {
        id,
        point: PricePoint { currency, months, from_quantity, valid_from },
        list: Money::new(list, currency),
        final_price: Money::new(final_price, currency),
        valid_until,
    };
    Ok(Row4 { owner, since, place: 0, thing })
}

pub(crate) fn publish(tenant: TenantId, publication: &Publication) -> Vec<Bound> {
    let version = publication.version;
    let mut rows = vec![bind!(SELLER_PUBLISH, tenant, version, publication.active_from)];
    if let Some(set) = &publication.settings {
        let (name, language) = (set.name.as_str(), set.language.as_str());
        let (zone, days) = (set.zone.as_str(), set.payment_request_days);
        rows.push(bind!(SELLER_SET, tenant, version, name, language, set.currency, zone, days));
    }
    for (place, entity) in &publication.legal_entities {
        rows.extend(entity_rows(tenant, version, *place, entity));
    }
    for (place, product) in &publication.products {
        rows.extend(product_rows(tenant, version, *place, product));
    }
    rows
}

fn entity_rows(tenant: TenantId, since: i64, place: i64, entity: &LegalEntity) -> Vec<Bound> {
    let identity = &entity.identity;
    let mut rows = vec![bind!(
        LEGAL_ENTITY_WRITE,
        tenant,
        entity.id,
        since,
        place,
        entity.code.as_str(),
        identity.name.as_str(),
        identity.country.as_str(),
        identity.tax_id.as_str(),
        identity.tax_registration.clone(),
        identity.registration_number.clone(),
        identity.address.as_str(),
        entity.zone.as_str(),
        entity.tax_regime.as_str(),
        entity.payment_request_prefix.as_str(),
    )];
    rows.extend((1_i64..).zip(&entity.bank_accounts).map(|(place, account)| {
        bind!(
            BANK_ACCOUNT_WRITE,
            tenant,
            entity.id,
            since,
            place,
            account.bank_name.as_str(),
            account.bank_code.as_str(),
            account.account.as_str(),
            account.correspondent_account.clone(),
        )
    }));
    rows
}

fn product_rows(tenant: TenantId, since: i64, place: i64, product: &Product) -> Vec<Bound> {
    let code = product.code.as_str();
    let mut rows =
        vec![bind!(PRODUCT_WRITE, tenant, product.id, since, place, code, product.archived)];
    rows.extend(name_rows(tenant, product.id.0, since, &product.names));
    for (place, plan) in (1_i64..).zip(&product.plans) {
        let code = plan.code.as_str();
        rows.push(bind!(
            PLAN_WRITE,
            tenant,
            product.id,
            plan.id,
            since,
            place,
            code,
            plan.archived
        ));
        rows.extend(name_rows(tenant, plan.id.0, since, &plan.names));
        rows.extend((1_i64..).zip(&plan.features).map(|(place, code)| {
            bind!(FEATURE_WRITE, tenant, plan.id, since, place, code.as_str())
        }));
        rows.extend(plan.prices.iter().map(|price| price_row(tenant, plan.id, since, price)));
    }
    rows
}

fn name_rows(tenant: TenantId, owner: Uuid, since: i64, names: &Names) -> Vec<Bound> {
    let row = |(language, name): (&Language, &String)| {
        bind!(NAME_WRITE, tenant, owner, since, language.as_str(), name.as_str())
    };
    names.0.iter().map(row).collect()
}

fn price_row(tenant: TenantId, plan: PlanId, since: i64, price: &Price) -> Bound {
    bind!(
        PRICE_WRITE,
        tenant,
        plan,
        price.id,
        since,
        price.point.currency,
        price.point.months,
        price.point.from_quantity,
        price.point.valid_from,
        price.valid_until,
        price.list.minor,
        price.final_price.minor,
    )
}
