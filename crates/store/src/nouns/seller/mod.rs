//! Sellers: the rows of each version, of which only what changed is written.
//!
//! A thing as of a version is its row with the highest `since` that is not above it.

pub(crate) mod bundle;
mod discount;
mod price;
pub(crate) mod risk;
pub(crate) mod rule;
mod write;

pub(crate) use write::publish;

use crate::db::{Row, StoreError, bind, statements};
use crate::query::{Immutable, OfTenant, Query};
use abono_domain::calendar::Trial;
use abono_domain::catalogue::{
    Billing, Bundle, Catalogue, ChangeMode, CommitmentTerms, CreditTerms, Discount, Plan, PlanRule,
    PlanTerms, Price, Product,
};
use abono_domain::ids::{LegalEntityId, PlanId, ProductId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::money::Money;
use abono_domain::pricing::Tier;
use abono_domain::proration::{Behaviour, DayCount};
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::{Nature, TaxClass, TaxRegime, TaxRounding};
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    SELLER_VERSIONS = "select version, active_from from seller_version where tenant_id = $1
        order by version desc limit 64", [Uuid] => [Int, Int];
    SELLER_SETTINGS = "select name, language, currency, zone, payment_request_days,
          invoice_due_days, tax_rounding
        from seller_settings where tenant_id = $1 and since <= $2 order by since desc limit 1",
        [Uuid, Int] => [Text, Text, Text, Text, Int, Int, Text];
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
    SELLER_PLANS = "select product_id, id, since, place, code, archived, billing, trial_unit,
          trial_length, change_mode, credit, day_count, number, changes_limited, commitment_months,
          commitment_penalty, commitment_currency
        from plan where tenant_id = $1 and since <= $2 order by product_id, since, place",
        [Uuid, Int]
        => [Uuid, Uuid, Int, Int, Text, Bool, Text, Text, Int, Text, Text, Text, Int, Bool, Int,
            Int, Text];
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
          tax_rounding)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Int, Text, Text, Text, Text, Int, Int, Text] => [];
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
    PLAN_WRITE = "insert into plan (tenant_id, product_id, id, since, place, code, archived,
          billing, trial_unit, trial_length, change_mode, credit, day_count, number,
          changes_limited, commitment_months, commitment_penalty, commitment_currency)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Bool, Text, Text, Int, Text, Text, Text, Int, Bool, Int,
         Int, Text] => [];
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
    let plans = Query::rows(bind!(SELLER_PLANS, tenant, version), plan);
    let names = Query::rows(bind!(SELLER_NAMES, tenant, version), name);
    let features = Query::rows(bind!(SELLER_FEATURES, tenant, version), feature);
    let prices = Query::rows(bind!(SELLER_PRICES, tenant, version), price::read);
    let tiers = Query::rows(bind!(SELLER_TIERS, tenant, version), price::read_tier);
    let discounts = Query::rows(bind!(SELLER_DISCOUNTS, tenant, version), discount::read);
    let rules = rule::of_plans(tenant, version);
    let bundles = bundle::all(tenant, version);
    let parts = plans.and(names).and(features.and(rules)).and(prices.and(tiers));
    let parts = parts.and(discounts.and(bundles));
    let head = settings.and(entities.and(accounts)).and(risk::policy(tenant, version));
    head.and(products.and(parts)).map(move |(head, catalogue)| {
        let ((Some(settings), (entities, accounts)), risk) = head else { return Ok(None) };
        let (products, parts) = catalogue;
        let ((((plans, names), (features, rules)), (prices, tiers)), lists) = parts;
        let (discounts, bundles) = lists;
        Ok(Some(Seller {
            tenant,
            version,
            settings,
            legal_entities: with_accounts(newest(entities), accounts),
            catalogue: Rows { plans, names, features, rules, prices, tiers }.catalogue(
                newest(products),
                newest(discounts),
                newest(bundles),
            ),
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

struct Rows {
    plans: Vec<Row4<Plan>>,
    names: Vec<Row4<(Language, String)>>,
    features: Vec<Row4<String>>,
    rules: Vec<Row4<PlanRule>>,
    prices: Vec<Row4<Price>>,
    tiers: Vec<Row4<Tier>>,
}

impl Rows {
    fn catalogue(
        &self,
        products: Vec<Row4<Product>>,
        discounts: Vec<Row4<Discount>>,
        bundles: Vec<Row4<Bundle>>,
    ) -> Catalogue {
        let named =
            |row: Row4<Discount>| Discount { names: self.names(row.owner, row.since), ..row.thing };
        let complete = |row: Row4<Product>| Product {
            names: self.names(row.owner, row.since),
            plans: parts(&self.plans, row.owner, row.since)
                .map(|plan| self.plan(plan, row.since))
                .collect(),
            ..row.thing
        };
        Catalogue {
            products: products.into_iter().map(complete).collect(),
            discounts: discounts.into_iter().map(named).collect(),
            bundles: bundles
                .into_iter()
                .map(|row| Bundle { names: self.names(row.owner, row.since), ..row.thing })
                .collect(),
        }
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

fn plan(mut row: Row) -> Result<Row4<Plan>, StoreError> {
    let owner = row.uuid()?;
    let id = PlanId(row.uuid()?);
    let (since, place, code, archived) = (row.int()?, row.int()?, row.text()?, row.bool()?);
    let terms = terms(&mut row)?;
    let number = row.int()?;
    let terms = bound(&mut row, terms)?;
    let (features, prices) = (Vec::new(), Vec::new());
    let names = Names::default();
    let thing = Plan { id, number, code, archived, names, features, terms, prices };
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

fn terms(row: &mut Row) -> Result<PlanTerms, StoreError> {
    let billing = row.read(Billing::parse)?;
    let (unit, length) = (row.maybe_text()?, row.maybe_int()?);
    let length = length.map(|it| u32::try_from(it).map_err(|_| row.wrong())).transpose()?;
    let trial = match (unit.as_deref(), length) {
        (None, None) => None,
        (Some("days"), Some(days)) => Some(Trial::Days(days)),
        (Some("months"), Some(months)) => Some(Trial::Months(months)),
        _ => return Err(row.wrong()),
    };
    let change = row.read(ChangeMode::parse)?;
    let (behaviour, day_count) = (row.read(Behaviour::parse)?, row.read(DayCount::parse)?);
    let credit = CreditTerms { behaviour, day_count };
    Ok(PlanTerms { billing, trial, change, credit, ..PlanTerms::default() })
}

/// The terms, with whether their changes are limited and what they bind to.
fn bound(row: &mut Row, terms: PlanTerms) -> Result<PlanTerms, StoreError> {
    let changes_to = row.bool()?.then(Vec::new);
    let (months, minor, currency) = (row.maybe_int()?, row.maybe_int()?, row.maybe_text()?);
    let commitment = match (months, minor, currency) {
        (None, None, None) => None,
        (Some(months), Some(minor), Some(currency)) => {
            let currency = currency.parse().map_err(|_| row.wrong())?;
            Some(CommitmentTerms { months, penalty: Money::new(minor, currency) })
        }
        _ => return Err(row.wrong()),
    };
    Ok(PlanTerms { changes_to, commitment, ..terms })
}
