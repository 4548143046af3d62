//! Spanish numbers: taxpayers and bank accounts.

mod ccc;
mod nif;

pub use ccc::ccc;
pub use nif::nif;
