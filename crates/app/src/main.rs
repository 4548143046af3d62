//! The binary `abono`.
fn main() {}
