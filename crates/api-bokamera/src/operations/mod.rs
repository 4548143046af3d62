//! What can be done: one file each. A request becomes a command, an outcome one of the contract's
//! shapes.

mod add;
mod list_articles;
mod shown;
mod terminate_usage;

pub(crate) use add::{add_article, add_usage};
pub(crate) use list_articles::list_articles;
pub(crate) use terminate_usage::terminate_usage;
