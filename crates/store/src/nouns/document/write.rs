//! Writes of documents.

use super::{
    DOCUMENT_ADD_CREDIT, DOCUMENT_ADD_LINE, DOCUMENT_ADD_TAX, DOCUMENT_ISSUE, DOCUMENT_OPEN_STATE,
    DOCUMENT_SET_STATE, DOCUMENT_STEP,
};
use crate::db::{Bound, bind};
use abono_domain::document::{Document, DocumentState, DocumentStatus, Step};
use abono_domain::ids::{CustomerId, DocumentId, TenantId};
use abono_domain::money::Money;

pub(crate) fn issue(tenant: TenantId, document: &Document) -> Vec<Bound> {
    let (customer, id) = (document.customer, document.id);
    let mut rows = vec![head(tenant, document)];
    rows.extend(document.lines.iter().map(|line| {
        let rate = line.rate.map(|rate| rate.0);
        bind!(
            DOCUMENT_ADD_LINE,
            tenant,
            customer,
            id,
            line.position,
            line.name.as_str(),
            line.quantity,
            line.unit_price.minor,
            line.total.minor,
            line.licence.product,
            line.licence.plan,
            line.licence.months,
            rate,
        )
    }));
    rows.extend(document.credits().map(|(line, credit)| {
        bind!(
            DOCUMENT_ADD_CREDIT,
            tenant,
            customer,
            id,
            line.position,
            credit.grant,
            credit.from,
            credit.to,
            credit.days,
            credit.of_days,
            credit.value.minor,
        )
    }));
    rows.extend((1_i64..).zip(&document.taxes).map(|(position, tax)| {
        let rate = tax.rate.map(|rate| rate.0);
        let (base, tax) = (tax.base.minor, tax.tax.minor);
        bind!(DOCUMENT_ADD_TAX, tenant, customer, id, position, rate, base, tax)
    }));
    rows
}

fn head(tenant: TenantId, document: &Document) -> Bound {
    bind!(
        DOCUMENT_ISSUE,
        tenant,
        document.customer,
        document.id,
        document.kind.as_str(),
        document.series.legal_entity,
        document.series.series.as_str(),
        document.series.year.as_str(),
        document.prefix.as_str(),
        document.issued.number,
        document.issued.on,
        document.valid_until,
        document.total.currency,
        document.total.minor,
        document.payer.id,
        document.payer.revision,
        document.payer.name.as_str(),
        document.payer.tax_id.as_str(),
        document.payer.tax_registration.clone(),
        document.profile_revision,
        document.created_at,
        document.seller_version,
        document.rules_version,
        document.placement.as_str(),
        document.content_hash(),
    )
}

pub(crate) fn open_state(
    tenant: TenantId,
    customer: CustomerId,
    id: DocumentId,
    total: Money,
    state: &DocumentState,
) -> Bound {
    let (status, paid) = (state.status.as_str(), state.paid.minor);
    let total = total.minor;
    bind!(
        DOCUMENT_OPEN_STATE,
        tenant,
        customer,
        id,
        total,
        status,
        paid,
        state.steps,
        state.updated_at
    )
}

pub(crate) fn set_state(
    tenant: TenantId,
    customer: CustomerId,
    id: DocumentId,
    state: &DocumentState,
) -> Bound {
    let (status, paid) = (state.status.as_str(), state.paid.minor);
    let (refunded, steps) = (state.refunded.minor, state.steps);
    let at = state.updated_at;
    bind!(DOCUMENT_SET_STATE, tenant, customer, id, status, paid, refunded, steps, at)
}

pub(crate) fn step(tenant: TenantId, customer: CustomerId, step: &Step) -> Bound {
    let before = step.from.map(|_| step.seq.saturating_sub(1));
    let from = step.from.map(DocumentStatus::as_str);
    let to = step.to.as_str();
    bind!(DOCUMENT_STEP, tenant, customer, step.document, step.seq, before, from, to, step.at)
}
