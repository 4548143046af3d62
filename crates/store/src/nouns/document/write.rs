//! Writes of documents.

use super::{
    DOCUMENT_ADD_CREDIT, DOCUMENT_ADD_DISCOUNT, DOCUMENT_ADD_LINE, DOCUMENT_ADD_TAX,
    DOCUMENT_ISSUE, DOCUMENT_OPEN_STATE, DOCUMENT_SET_STATE, DOCUMENT_STEP,
};
use crate::db::{Bound, bind};
use abono_domain::document::{
    Document, DocumentKind, DocumentState, DocumentStatus, Line, LineCredit, Step,
};
use abono_domain::ids::{CustomerId, DocumentId, TenantId};
use abono_domain::licence::{Placement, Term};
use abono_domain::money::Money;

pub(crate) fn issue(tenant: TenantId, document: &Document) -> Vec<Bound> {
    let (customer, id) = (document.customer, document.id);
    let mut rows = vec![head(tenant, document)];
    for line in &document.lines {
        rows.extend(line_rows(tenant, document, line));
    }
    rows.extend((1_i64..).zip(&document.taxes).map(|(position, tax)| {
        let (category, rate) = (tax.of.category.as_str(), tax.of.rate.map(|rate| rate.0));
        let (base, tax) = (tax.base.minor, tax.tax.minor);
        bind!(DOCUMENT_ADD_TAX, tenant, customer, id, position, category, rate, base, tax)
    }));
    rows
}

/// The row of a line, and those of what only some lines have.
fn line_rows(tenant: TenantId, document: &Document, line: &Line) -> Vec<Bound> {
    let (customer, id, position) = (document.customer, document.id, line.position);
    let taken: i64 = line.discounts.iter().map(|taken| taken.amount.minor).sum();
    let (term, length, ends_at, follows) = line.licence.term.parts();
    let part = line.part.as_ref();
    let mut rows = vec![bind!(
        DOCUMENT_ADD_LINE,
        tenant,
        customer,
        id,
        position,
        line.name.as_str(),
        line.quantity,
        line.unit_price.minor,
        line.price,
        line.subtotal.minor,
        taken,
        line.tax.category.as_str(),
        line.tax.rate.map(|rate| rate.0),
        line.tax_added.minor,
        line.total.minor,
        line.licence.product,
        line.licence.plan,
        term,
        length,
        ends_at,
        follows,
        line.licence.credit.behaviour.as_str(),
        line.licence.credit.day_count.as_str(),
        part.map(|part| part.from),
        part.map(|part| part.to),
        part.map(|part| part.share.days),
        part.map(|part| part.share.of),
        part.map(|part| part.day_count.as_str().to_owned()),
        document.placement != Placement::Behind || matches!(line.licence.term, Term::Until { .. }),
    )];
    rows.extend((1_i64..).zip(&line.discounts).map(|(place, taken)| {
        let (code, amount) = (taken.code.as_str(), taken.amount.minor);
        bind!(DOCUMENT_ADD_DISCOUNT, tenant, customer, id, position, place, code, amount)
    }));
    rows.extend(line.credit.map(|LineCredit { grant, paid, value, internal }| {
        let (paid, value) = (paid.minor, value.minor);
        bind!(DOCUMENT_ADD_CREDIT, tenant, customer, id, position, grant, paid, value, internal)
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
        document.follows,
        document.refund,
        document.total.currency,
        document.total.minor,
        document.payer.id,
        document.payer.revision,
        document.payer.name.as_str(),
        document.payer.tax_id.as_str(),
        document.payer.tax_registration.clone(),
        document.payer.country.as_str(),
        document.payer.kind.as_str(),
        document.profile_revision,
        document.created_at,
        document.seller_version,
        document.rules_version,
        document.placement.as_str(),
        document.content_hash(),
        document.subscription,
        document.due_on,
    )
}

pub(crate) fn open_state(
    tenant: TenantId,
    customer: CustomerId,
    (id, kind): (DocumentId, DocumentKind),
    total: Money,
    state: &DocumentState,
) -> Bound {
    let kind = kind.as_str();
    let (status, paid) = (state.status.as_str(), state.paid.minor);
    let total = total.minor;
    bind!(
        DOCUMENT_OPEN_STATE,
        tenant,
        customer,
        id,
        kind,
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
    let (kind, to) = (step.kind.as_str(), step.to.as_str());
    let (id, seq, at) = (step.document, step.seq, step.at);
    bind!(DOCUMENT_STEP, tenant, customer, id, kind, seq, before, from, to, at)
}
