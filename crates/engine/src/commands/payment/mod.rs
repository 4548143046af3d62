//! Money that comes and goes: recorded by hand, given back, and what payment providers tell.

pub(super) mod checkout;
pub(super) mod give_back;
pub(super) mod record;
pub(super) mod refund;
