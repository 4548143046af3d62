//! The port to the billing system behind: what is sent to it, and what it can answer.

pub use abono_domain::delivery::record::Answer;
use abono_domain::proration::Behaviour;
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// Sends one message to the billing system behind.
pub type BillingSystem =
    Box<dyn Fn(Message) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// What is sent. Sent again, it carries the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// By which the other side knows a repetition: the delivery's id.
    pub key: Uuid,
    /// The customer, as both sides know it.
    pub customer: Uuid,
    /// What is to be done there.
    pub order: Order,
}

/// What is to be done at the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// An article is added.
    Add {
        /// Its number.
        article_number: String,
        /// How many.
        quantity: i64,
    },
    /// What was added is terminated.
    Terminate {
        /// Its id at the other side.
        external_id: String,
        /// How much of what was charged for the running cycle comes back.
        behaviour: Behaviour,
        /// Whether the credit is netted on the next invoice.
        internal: bool,
        /// The reason, in words.
        comment: String,
        /// What is to stand on the invoice.
        texts: Vec<String>,
        /// At which instant it ended here.
        ended_at: Timestamp,
    },
}
