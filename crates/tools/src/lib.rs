//! Tools that a person or a program runs beside the billing: functions, no process of their own.

pub mod apply;
pub mod bench;
pub mod calc;
pub mod scenario;
