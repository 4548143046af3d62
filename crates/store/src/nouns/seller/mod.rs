//! Sellers: the rows of each version, of which only what changed is written.
//!
//! A thing as of a version is its row with the highest `since` that is not above it.

pub(crate) mod bundle;
mod discount;
pub(crate) mod plan;
mod price;
pub(crate) mod risk;
pub(crate) mod rule;
pub(crate) mod termination;
mod write;

pub(crate) use write::publish;

use crate::db::{Row, StoreError, bind, statements};
use crate::query::{Immutable, OfTenant, Query};
use abono_domain::catalogue::{
    Bundle, Catalogue, Discount, Plan, PlanRule, PlanTerms, Price, Product, TerminationReason,
};
use abono_domain::ids::{LegalEntityId, ProductId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::pricing::Tier;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::{Nature, TaxClass, TaxRegime, TaxRounding};
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    SELLER_VERSIONS = "select version, active_from from seller_version where tenant_id = $1
        order by version desc limit 64", [Uuid] => [Int, Int];
    SELLER_SETTINGS = "select name, language, currency, zone, payment_request_days,
          invoice_due_days, tax_rounding, external_billing
        from seller_settings where tenant_id = $1 and since <= $2 order by since desc limit 1",
        [Uuid, Int] => [Text, Text, Text, Text, Int, Int, Text, Bool];
    SELLER_LEGAL_ENTITIES = "select id, since, place, code, name, country, tax_id,
          tax_registration, registration_number, address, zone, tax_regime, payment_request_prefix,
          credit_note_prefix, invoice_prefix, order_confirmation_prefix
        from legal_entity where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text,
            Text];
    SELLER_BANK_ACCOUNTS = "select legal_entity_id, since, bank_name, bank_code, account,
          correspondent_account
        from bank_account where tenant_id = $1 and since <= $2
        order by legal_entity_id, since, place", [Uuid, Int] => [Uuid, Int, Text, Text, Text, Text];
    SELLER_PRODUCTS = "select id, since, place, code, archived, tax_class, nature from product
        where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Text, Bool, Text, Text];
    SELLER_NAMES = "select owner_id, since, language, name from catalogue_name
        where tenant_id = $1 and since <= $2 order by owner_id, since, language", [Uuid, Int]
        => [Uuid, Int, Text, Text];
    SELLER_FEATURES = "select plan_id, since, code from plan_feature
        where tenant_id = $1 and since <= $2 order by plan_id, since, place", [Uuid, Int]
        => [Uuid, Int, Text];
    SELLER_PRICES = "select plan_id, id, since, currency, months, from_quantity, valid_from,
          valid_until, list_price, final_price, tax, reaches_existing, model, amount, minimum,
          package_size, package_free, package_partial
        from price where tenant_id = $1 and since <= $2
        order by plan_id, since, currency, months, from_quantity, id", [Uuid, Int]
        => [Uuid, Uuid, Int, Text, Int, Int, Text, Text, Int, Int, Text, Text, Text, Text, Text,
            Text, Text, Text];
    SELLER_TIERS = "select price_id, since, up_to, unit, flat, flat_at_zero from price_tier
        where tenant_id = $1 and since <= $2 order by price_id, since, place", [Uuid, Int]
        => [Uuid, Int, Text, Text, Text, Bool];
    SELLER_DISCOUNTS = "select id, since, place, code, percent, amount, currency, off, periods,
          valid_from, valid_until
        from discount where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Text, Text, Int, Text, Text, Int, Text, Text];
    SELLER_PUBLISH = "insert into seller_version (tenant_id, version, active_from)
        values ($1, $2, $3)", [Uuid, Int, Int] => [];
    SELLER_SET = "insert into seller_settings
          (tenant_id, since, name, language, currency, zone, payment_request_days, invoice_due_days,
          tax_rounding, external_billing)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [Uuid, Int, Text, Text, Text, Text, Int, Int, Text, Bool] => [];
    LEGAL_ENTITY_WRITE = "insert into legal_entity (tenant_id, id, since, place, code, name,
          country, tax_id, tax_registration, registration_number, address, zone, tax_regime,
          payment_request_prefix, credit_note_prefix, invoice_prefix, order_confirmation_prefix)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        [Uuid, Uuid, Int, Int, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text,
         Text, Text] => [];
    BANK_ACCOUNT_WRITE = "insert into bank_account (tenant_id, legal_entity_id, since, place,
          bank_name, bank_code, account, correspondent_account)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Int, Int, Text, Text, Text, Text] => [];
    PRODUCT_WRITE = "insert into product
          (tenant_id, id, since, place, code, archived, tax_class, nature)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Uuid, Int, Int, Text, Bool, Text, Text] => [];
    NAME_WRITE = "insert into catalogue_name (tenant_id, owner_id, since, language, name)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Text, Text] => [];
    FEATURE_WRITE = "insert into plan_feature (tenant_id, plan_id, since, place, code)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Int, Text] => [];
    PRICE_WRITE = "insert into price (tenant_id, plan_id, id, since, currency, months,
          from_quantity, valid_from, valid_until, list_price, final_price, tax, reaches_existing,
          model, amount, minimum, package_size, package_free, package_partial)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
          $19)",
        [Uuid, Uuid, Uuid, Int, Text, Int, Int, Text, Text, Int, Int, Text, Text, Text, Text, Text,
         Text, Text, Text] => [];
    TIER_WRITE = "insert into price_tier (tenant_id, plan_id, price_id, since, place, up_to, unit,
          flat, flat_at_zero)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Text, Text, Bool] => [];
    DISCOUNT_WRITE = "insert into discount (tenant_id, id, since, place, code, percent, amount,
          currency, off, periods, valid_from, valid_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        [Uuid, Uuid, Int, Int, Text, Text, Int, Text, Text, Int, Text, Text] => [];
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
    let plans = plan::of_products(tenant, version);
    let names = Query::rows(bind!(SELLER_NAMES, tenant, version), name);
    let features = Query::rows(bind!(SELLER_FEATURES, tenant, version), feature);
    let prices = Query::rows(bind!(SELLER_PRICES, tenant, version), price::read);
    let tiers = Query::rows(bind!(SELLER_TIERS, tenant, version), price::read_tier);
    let discounts = Query::rows(bind!(SELLER_DISCOUNTS, tenant, version), discount::read);
    let rules = rule::of_plans(tenant, version);
    let includes = plan::includes(tenant, version);
    let bundles = bundle::all(tenant, version);
    let reasons = termination::all(tenant, version);
    let parts = plans.and(names).and(features.and(rules.and(includes))).and(prices.and(tiers));
    let parts = parts.and(discounts.and(bundles.and(reasons)));
    let head = settings.and(entities.and(accounts)).and(risk::policy(tenant, version));
    head.and(products.and(parts)).map(move |(head, catalogue)| {
        let ((Some(settings), (entities, accounts)), risk) = head else { return Ok(None) };
        let (products, parts) = catalogue;
        let ((((plans, names), (features, rules)), (prices, tiers)), lists) = parts;
        let (rules, includes) = rules;
        Ok(Some(Seller {
            tenant,
            version,
            settings,
            legal_entities: with_accounts(newest(entities), accounts),
            catalogue: Rows { plans, names, features, rules, includes, prices, tiers }
                .catalogue(products, lists),
            risk,
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

/// What has names and nothing else below it: discounts, bundles, termination reasons.
type Lists = (Vec<Row4<Discount>>, (Vec<Row4<Bundle>>, Vec<Row4<TerminationReason>>));

struct Rows {
    plans: Vec<Row4<Plan>>,
    names: Vec<Row4<(Language, String)>>,
    features: Vec<Row4<String>>,
    rules: Vec<Row4<PlanRule>>,
    includes: Vec<Row4<String>>,
    prices: Vec<Row4<Price>>,
    tiers: Vec<Row4<Tier>>,
}

impl Rows {
    fn catalogue(&self, products: Vec<Row4<Product>>, (discounts, lists): Lists) -> Catalogue {
        let (bundles, reasons) = lists;
        let complete = |row: Row4<Product>| Product {
            names: self.names(row.owner, row.since),
            plans: parts(&self.plans, row.owner, row.since)
                .map(|plan| self.plan(plan, row.since))
                .collect(),
            ..row.thing
        };
        Catalogue {
            products: newest(products).into_iter().map(complete).collect(),
            discounts: self.named(discounts, |it, names| Discount { names, ..it }),
            bundles: self.named(bundles, |it, names| Bundle { names, ..it }),
            termination_reasons: self.named(reasons, |it, names| TerminationReason { names, ..it }),
        }
    }

    /// The newest of each thing of a list, with its names.
    fn named<T>(&self, rows: Vec<Row4<T>>, with: impl Fn(T, Names) -> T) -> Vec<T> {
        let complete = |row: Row4<T>| with(row.thing, self.names(row.owner, row.since));
        newest(rows).into_iter().map(complete).collect()
    }

    fn plan(&self, plan: &Plan, since: i64) -> Plan {
        let mut prices: Vec<Price> =
            parts(&self.prices, plan.id.0, since).map(|it| self.price(it, since)).collect();
        prices.sort_by(|a, b| a.point.cmp(&b.point));
        Plan {
            names: self.names(plan.id.0, since),
            features: parts(&self.features, plan.id.0, since).cloned().collect(),
            prices,
            terms: PlanTerms {
                changes_to: plan
                    .terms
                    .changes_to
                    .as_ref()
                    .map(|_| parts(&self.rules, plan.id.0, since).cloned().collect()),
                includes: parts(&self.includes, plan.id.0, since).cloned().collect(),
                ..plan.terms.clone()
            },
            ..plan.clone()
        }
    }

    fn price(&self, price: &Price, since: i64) -> Price {
        let tiers = parts(&self.tiers, price.id.0, since).copied().collect();
        price::with_tiers(price.clone(), tiers)
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
        invoice_due_days: row.int()?,
        tax_rounding: row.read(TaxRounding::parse)?,
        external_billing: row.bool()?,
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
        credit_note_prefix: row.text()?,
        invoice_prefix: row.text()?,
        order_confirmation_prefix: row.text()?,
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
    let (tax_class, nature) = (row.read(TaxClass::parse)?, row.read(Nature::parse)?);
    let (names, plans) = (Names::default(), Vec::new());
    let thing = Product { id, code, names, archived, tax_class, nature, plans };
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
