//! The lines and taxes of documents, read for some of them at once.

use super::{DOCUMENT_LINES, DOCUMENT_TAXES};
use crate::db::{Row, StoreError, bind};
use crate::query::Query;
use abono_domain::document::{DocumentView, Line, LineCredit, LineLicence};
use abono_domain::ids::{CustomerId, DocumentId, GrantId, PlanId, ProductId, TenantId};
use abono_domain::money::{Currency, Money};
use abono_domain::tax::{TaxRate, TaxSubtotal};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Lines and taxes by document.
pub(super) struct Parts {
    lines: BTreeMap<DocumentId, Vec<RawLine>>,
    taxes: BTreeMap<DocumentId, Vec<RawTax>>,
}

/// A line before the currency of its document is known.
struct RawLine {
    position: i64,
    name: String,
    quantity: i64,
    unit_price: i64,
    total: i64,
    licence: LineLicence,
    rate: Option<i64>,
    credit: Option<RawCredit>,
}

struct RawCredit {
    grant: GrantId,
    from: Date,
    to: Date,
    days: i64,
    of_days: i64,
    value: i64,
}

type RawTax = (Option<i64>, i64, i64);

/// How many documents one statement reads the parts of; a shorter list repeats its last.
const CHUNK: usize = 10;

pub(super) fn parts<O: 'static>(
    tenant: TenantId,
    customer: CustomerId,
    ids: &[DocumentId],
) -> Query<Parts, O> {
    let mut bounds = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let at = |place: usize| chunk.get(place).or(chunk.last()).copied();
        let [a, b, c, d, e, f, g, h, i, j] =
            std::array::from_fn(|place| at(place).unwrap_or(DocumentId(uuid::Uuid::nil())));
        bounds.push(bind!(DOCUMENT_LINES, tenant, customer, a, b, c, d, e, f, g, h, i, j));
        bounds.push(bind!(DOCUMENT_TAXES, tenant, customer, a, b, c, d, e, f, g, h, i, j));
    }
    Query::new(bounds, |sets| {
        let mut parts = Parts { lines: BTreeMap::new(), taxes: BTreeMap::new() };
        let mut sets = sets.into_iter();
        while let (Some(lines), Some(taxes)) = (sets.next(), sets.next()) {
            for row in lines {
                let (id, line) = line(row)?;
                parts.lines.entry(id).or_default().push(line);
            }
            for row in taxes {
                let (id, tax) = tax(row)?;
                parts.taxes.entry(id).or_default().push(tax);
            }
        }
        Ok(parts)
    })
}

fn line(mut row: Row) -> Result<(DocumentId, RawLine), StoreError> {
    let id = DocumentId(row.uuid()?);
    let (position, name, quantity) = (row.int()?, row.text()?, row.int()?);
    let (unit_price, total) = (row.int()?, row.int()?);
    let licence = LineLicence {
        product: ProductId(row.uuid()?),
        plan: PlanId(row.uuid()?),
        months: row.int()?,
    };
    let (rate, credit) = (row.maybe_int()?, credit(&mut row)?);
    let line = RawLine { position, name, quantity, unit_price, total, licence, rate, credit };
    Ok((id, line))
}

/// The part of a line that only a credit has.
fn credit(row: &mut Row) -> Result<Option<RawCredit>, StoreError> {
    let Some(grant) = row.maybe_uuid()? else { return Ok(None) };
    Ok(Some(RawCredit {
        grant: GrantId(grant),
        from: row.date()?,
        to: row.date()?,
        days: row.int()?,
        of_days: row.int()?,
        value: row.int()?,
    }))
}

impl RawLine {
    fn of(self, currency: Currency) -> Line {
        let money = |minor| Money::new(minor, currency);
        Line {
            position: self.position,
            name: self.name,
            quantity: self.quantity,
            unit_price: money(self.unit_price),
            total: money(self.total),
            licence: self.licence,
            rate: self.rate.map(TaxRate),
            credit: self.credit.map(|credit| LineCredit {
                grant: credit.grant,
                from: credit.from,
                to: credit.to,
                days: credit.days,
                of_days: credit.of_days,
                value: money(credit.value),
            }),
        }
    }
}

fn tax(mut row: Row) -> Result<(DocumentId, RawTax), StoreError> {
    Ok((DocumentId(row.uuid()?), (row.maybe_int()?, row.int()?, row.int()?)))
}

impl Parts {
    pub(super) fn complete(mut self, head: DocumentView) -> DocumentView {
        self.take(head)
    }

    pub(super) fn take(&mut self, mut head: DocumentView) -> DocumentView {
        let document = &mut head.document;
        let money = |minor| Money::new(minor, document.total.currency);
        let lines = self.lines.remove(&document.id).unwrap_or_default();
        let taxes = self.taxes.remove(&document.id).unwrap_or_default();
        document.lines = lines.into_iter().map(|line| line.of(document.total.currency)).collect();
        document.taxes = taxes
            .into_iter()
            .map(|(rate, base, tax)| TaxSubtotal {
                rate: rate.map(TaxRate),
                base: money(base),
                tax: money(tax),
            })
            .collect();
        head
    }
}
