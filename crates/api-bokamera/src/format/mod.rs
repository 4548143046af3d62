//! How ServiceStack speaks: one tree of values, six formats, and lenient names.
//!
//! An operation turns what it answers into a [`Node`], picks a [`Format`] with [`choose()`], and
//! [`write()`]s it. A request comes the other way: [`read()`] makes a tree of its bytes, whatever
//! their type, and a [`Fields`] takes the members out of it by name. What was sent wrong comes back
//! as a [`ResponseStatus`], a tree like any other, so it is written in the format that was asked
//! for.
//!
//! No number is ever a float: a [`Decimal`] is exact from one end to the other.

mod bind;
mod choose;
mod decimal;
mod node;
mod read;
mod rows;
mod status;
mod write;

pub use bind::{Choice, Fields, FromNode, bind};
pub use choose::{Asked, Format, choose};
pub use decimal::Decimal;
pub use node::{List, Node, Object, Shape, ToNode, namespace};
pub use read::{MAX_DEPTH, MAX_MEMBERS, ReadError, ReadErrorKind, query, read};
pub use status::{FieldError, ResponseStatus};
pub use write::{HTML_SECURITY_POLICY, write};
