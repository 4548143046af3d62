//! The content of a document as one hash, kept beside it: whatever is changed later shows.

use super::{Document, LineCredit};
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
            self.valid_until.to_string(),
            self.total.to_string(),
            payer.id.to_string(),
            payer.revision.to_string(),
            payer.name.clone(),
            payer.tax_id.clone(),
            payer.tax_registration.clone().unwrap_or_default(),
            self.profile_revision.to_string(),
            self.created_at.as_microsecond().to_string(),
            self.seller_version.to_string(),
            self.rules_version.to_string(),
            self.placement.as_str().to_owned(),
        ]
    }

    fn rows(&self) -> impl Iterator<Item = String> {
        let lines = self.lines.iter().map(|line| {
            let licence = &line.licence;
            let amounts = format!("{} {} {}", line.quantity, line.unit_price, line.total);
            let gives = format!("{} {} {}", licence.product, licence.plan, licence.months);
            let rate = line.rate.map_or("none".to_owned(), |rate| rate.0.to_string());
            let credit = line.credit.as_ref().map_or(String::new(), |credit| {
                let LineCredit { grant, from, to, days, of_days, value } = credit;
                format!(" credit {grant} {from} {to} {days} {of_days} {value}")
            });
            format!("line {} {} {amounts} {gives} {rate}{credit}", line.position, line.name)
        });
        let taxes = self.taxes.iter().map(|tax| {
            let rate = tax.rate.map_or("none".to_owned(), |rate| rate.0.to_string());
            format!("tax {rate} {} {}", tax.base, tax.tax)
        });
        lines.chain(taxes)
    }
}
