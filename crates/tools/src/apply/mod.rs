//! `apply`: a seller as a file, made true in the books.
//!
//! The file says what shall be; what it changes is shown first. Everything is decided before
//! anything is written, so a file with a mistake changes nothing.

mod file;
mod proposal;
mod run;

pub use file::SellerFile;
pub use proposal::{FileError, Proposal};
pub use run::{ApplyError, Report, run};
