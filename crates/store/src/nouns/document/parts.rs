//! The lines and taxes of documents, read for some of them at once.

use super::{DOCUMENT_DISCOUNTS, DOCUMENT_LINES, DOCUMENT_TAXES};
use crate::db::{Row, StoreError, bind};
use crate::query::Query;
use abono_domain::document::{DocumentView, Line, LineCredit, LineDiscount, LineLicence, LinePart};
use abono_domain::ids::{CustomerId, DocumentId, GrantId, PriceId, TenantId};
use abono_domain::money::{Currency, Money};
use abono_domain::proration::{DayCount, Share};
use abono_domain::tax::{LineTax, TaxSubtotal};
use std::collections::BTreeMap;

/// Lines, discounts and taxes by document.
#[derive(Default)]
pub(super) struct Parts {
    lines: BTreeMap<DocumentId, Vec<RawLine>>,
    discounts: BTreeMap<DocumentId, Vec<RawDiscount>>,
    taxes: BTreeMap<DocumentId, Vec<RawTax>>,
}

/// A line before the currency of its document is known.
struct RawLine {
    position: i64,
    name: String,
    quantity: i64,
    unit_price: i64,
    price: Option<PriceId>,
    subtotal: i64,
    tax: LineTax,
    tax_added: i64,
    total: i64,
    licence: LineLicence,
    part: Option<LinePart>,
    credit: Option<RawCredit>,
}

/// What only a line that credits has.
struct RawCredit {
    grant: GrantId,
    paid: i64,
    value: i64,
    internal: bool,
}

/// A discount, and the position that it is taken off.
struct RawDiscount {
    position: i64,
    code: String,
    amount: i64,
}

type RawTax = (LineTax, i64, i64);

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
        bounds.push(bind!(DOCUMENT_DISCOUNTS, tenant, customer, a, b, c, d, e, f, g, h, i, j));
        bounds.push(bind!(DOCUMENT_TAXES, tenant, customer, a, b, c, d, e, f, g, h, i, j));
    }
    Query::new(bounds, read)
}

/// Lines, discounts and taxes, as often as they were asked for, in this order.
pub(super) fn read(sets: Vec<Vec<Row>>) -> Result<Parts, StoreError> {
    let mut parts = Parts::default();
    let mut sets = sets.into_iter();
    while let (Some(lines), Some(discounts), Some(taxes)) = (sets.next(), sets.next(), sets.next())
    {
        for row in lines {
            let (id, line) = line(row)?;
            parts.lines.entry(id).or_default().push(line);
        }
        for row in discounts {
            let (id, discount) = discount(row)?;
            parts.discounts.entry(id).or_default().push(discount);
        }
        for row in taxes {
            let (id, tax) = tax(row)?;
            parts.taxes.entry(id).or_default().push(tax);
        }
    }
    Ok(parts)
}

fn line(mut row: Row) -> Result<(DocumentId, RawLine), StoreError> {
    let id = DocumentId(row.uuid()?);
    let line = RawLine {
        position: row.int()?,
        name: row.text()?,
        quantity: row.int()?,
        unit_price: row.int()?,
        price: row.maybe_uuid()?.map(PriceId),
        subtotal: row.int()?,
        tax: row.line_tax()?,
        tax_added: row.int()?,
        total: row.int()?,
        licence: row.line_licence()?,
        part: part(&mut row)?,
        credit: credit(&mut row)?,
    };
    Ok((id, line))
}

/// The part of a line that only a credit has.
fn credit(row: &mut Row) -> Result<Option<RawCredit>, StoreError> {
    let Some(grant) = row.maybe_uuid()?.map(GrantId) else { return Ok(None) };
    let (paid, value) = (row.int()?, row.int()?);
    Ok(Some(RawCredit { grant, paid, value, internal: row.bool()? }))
}

fn part(row: &mut Row) -> Result<Option<LinePart>, StoreError> {
    let (from, to) = (row.maybe_date()?, row.maybe_date()?);
    let (days, of) = (row.maybe_int()?, row.maybe_int()?);
    let day_count = row.maybe_text()?;
    match (from, to, days, of, day_count.as_deref().and_then(DayCount::parse)) {
        (None, None, None, None, None) => Ok(None),
        (Some(from), Some(to), Some(days), Some(of), Some(day_count)) => {
            Ok(Some(LinePart { from, to, share: Share { days, of }, day_count }))
        }
        _ => Err(row.wrong()),
    }
}

fn discount(mut row: Row) -> Result<(DocumentId, RawDiscount), StoreError> {
    let id = DocumentId(row.uuid()?);
    Ok((id, RawDiscount { position: row.int()?, code: row.text()?, amount: row.int()? }))
}

impl RawLine {
    fn of(self, currency: Currency, discounts: &[RawDiscount]) -> Line {
        let money = |minor| Money::new(minor, currency);
        let own = discounts.iter().filter(|discount| discount.position == self.position);
        let taken =
            |it: &RawDiscount| LineDiscount { code: it.code.clone(), amount: money(it.amount) };
        Line {
            position: self.position,
            name: self.name,
            quantity: self.quantity,
            unit_price: money(self.unit_price),
            price: self.price,
            part: self.part,
            subtotal: money(self.subtotal),
            discounts: own.map(taken).collect(),
            tax: self.tax,
            tax_added: money(self.tax_added),
            total: money(self.total),
            licence: self.licence,
            credit: self.credit.map(|RawCredit { grant, paid, value, internal }| {
                let (paid, value) = (money(paid), money(value));
                LineCredit { grant, paid, value, internal }
            }),
        }
    }
}

fn tax(mut row: Row) -> Result<(DocumentId, RawTax), StoreError> {
    Ok((DocumentId(row.uuid()?), (row.line_tax()?, row.int()?, row.int()?)))
}

impl Parts {
    pub(super) fn complete(mut self, head: DocumentView) -> DocumentView {
        self.take(head)
    }

    pub(super) fn take(&mut self, mut head: DocumentView) -> DocumentView {
        let document = &mut head.document;
        let money = |minor| Money::new(minor, document.total.currency);
        let lines = self.lines.remove(&document.id).unwrap_or_default();
        let discounts = self.discounts.remove(&document.id).unwrap_or_default();
        let taxes = self.taxes.remove(&document.id).unwrap_or_default();
        let currency = document.total.currency;
        document.lines = lines.into_iter().map(|line| line.of(currency, &discounts)).collect();
        document.taxes = taxes
            .into_iter()
            .map(|(of, base, tax)| TaxSubtotal { of, base: money(base), tax: money(tax) })
            .collect();
        head
    }
}
