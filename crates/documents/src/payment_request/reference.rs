//! The references by which a bank transfer is told: made of the series and the running number, so
//! that they read back, whatever the printed prefix is.

use abono_domain::document::{Document, DocumentKind};
use abono_domain::reference::rf_of;
use abono_domain::reference::se::{OcrLevel, ocr_of};

/// The Swedish payment reference: a digit for the kind of document, the year of the series where
/// it has one, the running number, the length digit and the check digit (Bankgirot's level
/// "variable length"). `None` for a number of too many digits.
pub fn ocr(document: &Document) -> Option<String> {
    let kind = match document.kind {
        DocumentKind::PaymentRequest => '1',
        DocumentKind::Invoice => '2',
        DocumentKind::CreditNote => '3',
        DocumentKind::OrderConfirmation => '4',
    };
    ocr_of(&base(kind, document), OcrLevel::Variable).ok()
}

/// The creditor reference (ISO 11649): as [`ocr`], with a letter for the kind of document.
pub fn rf(document: &Document) -> Option<String> {
    let kind = match document.kind {
        DocumentKind::PaymentRequest => 'P',
        DocumentKind::Invoice => 'F',
        DocumentKind::CreditNote => 'K',
        DocumentKind::OrderConfirmation => 'O',
    };
    rf_of(&base(kind, document)).ok()
}

fn base(kind: char, document: &Document) -> String {
    format!("{kind}{}{}", document.series.year, document.issued.number)
}
