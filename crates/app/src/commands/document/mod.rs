//! A document: why it says what it says, and on paper.

pub(super) mod explain;
pub(super) mod print;
