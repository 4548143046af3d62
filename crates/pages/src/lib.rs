//! The pages that people open, and what is told beside them.

mod callbacks;

pub use callbacks::callbacks;
