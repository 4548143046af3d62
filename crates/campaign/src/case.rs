//! A case: what everybody does and what goes wrong, as plain data, so that a case can be made
//! smaller, kept in a file, and played again.

use serde::{Deserialize, Serialize};

/// All that a run is a function of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Fixes the order in which tasks go on, ids, and what the disk does to unsynced sectors.
    pub seed: u64,
    /// How long it lasts, in days.
    pub days: i64,
    /// When it begins, in seconds since 1970.
    pub start: i64,
    /// How many processes share the books.
    pub nodes: usize,
    /// What clients and operators want, in the order of time.
    pub wishes: Vec<Wish>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

/// What somebody wants of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When, in seconds after the start.
    pub at: i64,
    /// Which customer of its seller.
    pub of: usize,
    /// What.
    pub what: What,
}

/// What can be wanted. What it is about is counted from the newest that is known by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// LIFE POS: a quote for a deal.
    Quote(usize),
    /// LIFE POS: a payment request for a deal.
    Request(usize),
    /// LIFE POS: all payment requests.
    List,
    /// LIFE POS: a payment request is canceled.
    Cancel(usize),
    /// LIFE POS: what belongs to another customer is read with the own token.
    Foreign(usize),
    /// A buyer opens the link of a request and pays by card, or doesn't.
    Card(usize, Buyer),
    /// The operator records a bank transfer for a request: all of it, or a part.
    Transfer(usize, usize),
    /// The operator gives a licence by hand.
    Grant(usize),
    /// The operator gives back all that was paid for a request.
    Refund(usize),
    /// The operator starts a subscription of a plan, so many, on a billing day.
    Start(usize, i64, Option<i64>),
    /// Masstack: another tariff for a line, on a day so many days from now.
    Change(usize, usize, Option<i64>),
    /// Masstack: the tariff of a line.
    Look(usize),
    /// The operator decides about the risk of a change.
    Decide(usize, bool),
    /// The operator withdraws a change.
    Withdraw(usize),
    /// The operator agrees the end of a line.
    End(usize),
    /// The operator records a bank transfer for an invoice: all of it, or a part.
    Settle(usize, usize),
}

/// What a buyer does on the provider's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Buyer {
    /// Pays at once.
    Pays,
    /// Pays hours later.
    PaysLate,
    /// Leaves it.
    Leaves,
}

/// One thing that goes wrong, once, at a place that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The power goes at a disk operation.
    Power(u64),
    /// A disk operation fails.
    Io(u64),
    /// A write finds no room.
    Full(u64),
    /// The process is killed that a step belongs to.
    Kill(u64),
    /// A commit's answer is lost inside of the program.
    LostCommit(u64),
    /// An answer of the program never reaches the client.
    LostAnswer(u64),
    /// The provider gets a call never, or nobody its answer.
    Provider(u64, Lost),
    /// The provider refuses a start.
    Refusal(u64),
    /// The provider tells something twice, late, or never.
    Letter(u64, Post),
    /// At a step, the machine's clock jumps by so many seconds.
    Clock(u64, i64),
    /// At a step, all processes are dead for so many hours.
    Stall(u64, i64),
}

/// What of a call is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lost {
    /// It never arrives.
    Request,
    /// It is done, and nobody hears so.
    Answer,
}

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Twice.
    Twice,
    /// Hours later, after others.
    Late,
    /// Not at all.
    Never,
}
