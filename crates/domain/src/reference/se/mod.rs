//! Swedish numbers: companies, persons, giro accounts and payment references.

mod giro;
mod ocr;
mod orgnr;
mod personnummer;
mod vat;

pub use giro::{bankgiro, plusgiro};
pub use ocr::{OcrLevel, ocr, ocr_of};
pub use orgnr::orgnr;
pub use personnummer::personnummer;
pub use vat::vat;
