//! The content of a document as one hash, kept beside it: whatever is changed later shows.

use super::{Document, Line, LineCredit, LineDiscount, LineLicence, LinePart};
use crate::catalogue::CreditTerms;
use crate::proration::Share;
use crate::tax::{LineTax, TaxSubtotal};
use sha2::{Digest, Sha256};

impl Document {
    /// SHA-256 over everything that was issued, each field as text with a line feed behind it. What
    /// is hashed never changes its form; a new field comes with a new rules version.
    pub fn content_hash(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for field in self.head().into_iter().chain(self.rows()) {
            hash.update(field);
            hash.update("\n");
        }
        hash.finalize().to_vec()
    }

    fn head(&self) -> Vec<String> {
        let payer = &self.payer;
        vec![
            self.id.to_string(),
            self.customer.to_string(),
            self.kind.as_str().to_owned(),
            self.series.legal_entity.to_string(),
            self.series.series.clone(),
            self.series.year.clone(),
            self.number(),
            self.issued.on.to_string(),
            self.subscription.map_or("-".to_owned(), |id| id.to_string()),
            self.valid_until.map_or("-".to_owned(), |day| day.to_string()),
            self.due_on.map_or("-".to_owned(), |day| day.to_string()),
            self.follows.map_or("-".to_owned(), |id| id.to_string()),
            self.refund.map_or("-".to_owned(), |id| id.to_string()),
            self.total.to_string(),
            payer.id.to_string(),
            payer.revision.to_string(),
            payer.name.clone(),
            payer.tax_id.clone(),
            payer.tax_registration.clone().unwrap_or_default(),
            payer.country.clone(),
            payer.kind.as_str().to_owned(),
            self.profile_revision.to_string(),
            self.created_at.as_microsecond().to_string(),
            self.seller_version.to_string(),
            self.rules_version.to_string(),
            self.placement.as_str().to_owned(),
        ]
    }

    fn rows(&self) -> impl Iterator<Item = String> {
        let taxes = self.taxes.iter().map(|tax| {
            let TaxSubtotal { of, base, tax } = tax;
            format!("tax {} {base} {tax}", taxed(*of))
        });
        self.lines.iter().flat_map(line).chain(taxes)
    }
}

/// A line, and a row of its own for each thing that only some lines have.
fn line(line: &Line) -> Vec<String> {
    let Line { position, name, quantity, unit_price, subtotal, tax_added, total, .. } = line;
    let tax = taxed(line.tax);
    let mut rows = vec![format!(
        "line {position} {name} {quantity} {unit_price} {subtotal} {tax} {tax_added} {total}"
    )];
    let LineLicence { product, plan, term, credit } = &line.licence;
    let (word, length, ends_at, follows) = term.parts();
    let [ends_at, follows] = [ends_at, follows]
        .map(|at| at.map_or("-".to_owned(), |at| at.as_microsecond().to_string()));
    let CreditTerms { behaviour, day_count } = credit;
    let (behaviour, counted) = (behaviour.as_str(), day_count.as_str());
    rows.push(format!(
        "gives {product} {plan} {word} {length} {ends_at} {follows} {behaviour} {counted}"
    ));
    rows.extend(line.price.map(|price| format!("price {price}")));
    rows.extend(line.part.map(|part| {
        let LinePart { from, to, share: Share { days, of }, day_count } = part;
        format!("part {from} {to} {days} {of} {}", day_count.as_str())
    }));
    let discount = |it: &LineDiscount| format!("discount {} {}", it.code, it.amount);
    rows.extend(line.discounts.iter().map(discount));
    rows.extend(
        line.credit
            .map(|LineCredit { grant, paid, value, .. }| format!("credit {grant} {paid} {value}")),
    );
    rows.extend(line.credit.filter(|credit| credit.internal).map(|_| "internal".to_owned()));
    rows
}

fn taxed(tax: LineTax) -> String {
    let rate = tax.rate.map_or("none".to_owned(), |rate| rate.0.to_string());
    format!("{} {rate}", tax.category.as_str())
}
