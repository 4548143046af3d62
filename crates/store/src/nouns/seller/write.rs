//! Writes of a seller's version: what changed, each thing whole.

use super::{
    BANK_ACCOUNT_WRITE, FEATURE_WRITE, LEGAL_ENTITY_WRITE, NAME_WRITE, PRODUCT_WRITE,
    SELLER_PUBLISH, SELLER_SET, bundle, discount, plan, price, risk, rule, termination,
};
use crate::db::{Bound, bind};
use abono_domain::catalogue::Product;
use abono_domain::decision::Publication;
use abono_domain::ids::TenantId;
use abono_domain::language::{Language, Names};
use abono_domain::seller::LegalEntity;
use uuid::Uuid;

pub(crate) fn publish(tenant: TenantId, publication: &Publication) -> Vec<Bound> {
    let version = publication.version;
    let mut rows = vec![bind!(SELLER_PUBLISH, tenant, version, publication.active_from)];
    if let Some(set) = &publication.settings {
        let (name, language) = (set.name.as_str(), set.language.as_str());
        let (zone, days) = (set.zone.as_str(), set.payment_request_days);
        let due_days = set.invoice_due_days;
        let rounding = set.tax_rounding.as_str();
        let (currency, external) = (set.currency, set.external_billing);
        rows.push(bind!(
            SELLER_SET, tenant, version, name, language, currency, zone, days, due_days, rounding,
            external
        ));
    }
    for (place, entity) in &publication.legal_entities {
        rows.extend(entity_rows(tenant, version, *place, entity));
    }
    for (place, product) in &publication.products {
        rows.extend(product_rows(tenant, version, *place, product));
    }
    for (place, discount) in &publication.discounts {
        rows.push(discount::row(tenant, version, *place, discount));
        rows.extend(name_rows(tenant, discount.id.0, version, &discount.names));
    }
    for (place, bundle) in &publication.bundles {
        rows.push(bundle::row(tenant, version, *place, bundle));
        rows.extend(name_rows(tenant, bundle.id.0, version, &bundle.names));
    }
    for (place, reason) in &publication.termination_reasons {
        rows.push(termination::row(tenant, version, *place, reason));
        rows.extend(name_rows(tenant, reason.id.0, version, &reason.names));
    }
    rows.extend(publication.risk.iter().flat_map(|it| risk::rows(tenant, version, it)));
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
        entity.credit_note_prefix.as_str(),
        entity.invoice_prefix.as_str(),
        entity.order_confirmation_prefix.as_str(),
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
    let mut rows = vec![bind!(
        PRODUCT_WRITE,
        tenant,
        product.id,
        since,
        place,
        product.code.as_str(),
        product.archived,
        product.tax_class.as_str(),
        product.nature.as_str(),
    )];
    rows.extend(name_rows(tenant, product.id.0, since, &product.names));
    for (place, plan) in (1_i64..).zip(&product.plans) {
        rows.extend(plan::rows(tenant, product.id, since, place, plan));
        rows.extend(name_rows(tenant, plan.id.0, since, &plan.names));
        rows.extend((1_i64..).zip(&plan.features).map(|(place, code)| {
            bind!(FEATURE_WRITE, tenant, plan.id, since, place, code.as_str())
        }));
        rows.extend(rule::rows(tenant, since, plan));
        rows.extend(plan.prices.iter().flat_map(|it| price::rows(tenant, plan.id, since, it)));
    }
    rows
}

fn name_rows(tenant: TenantId, owner: Uuid, since: i64, names: &Names) -> Vec<Bound> {
    let row = |(language, name): (&Language, &String)| {
        bind!(NAME_WRITE, tenant, owner, since, language.as_str(), name.as_str())
    };
    names.0.iter().map(row).collect()
}
