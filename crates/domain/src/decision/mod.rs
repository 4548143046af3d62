//! What was decided: every value to write. Whoever carries it out makes no choice.

mod change;
mod check;
mod draft;
mod outcome;

pub use change::{Change, Event, EventKind, Job, JobKind, Publication};
pub use check::{Broken, check_document};
pub use draft::Draft;
pub use outcome::Outcome;

use crate::document::{Issued, Series};
use crate::ids::LegalEntityId;
use crate::payment::PaymentSource;
use jiff::civil::Date;

/// The effects of one command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is written, in order.
    pub changes: Vec<Change>,
    /// What must not be there yet.
    pub claims: Vec<Claim>,
    /// What is answered.
    pub outcome: Outcome,
}

/// A value that only one may ever take; the commit fails when it is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Among which values.
    pub scope: String,
    /// The value.
    pub value: String,
}

impl Claim {
    /// A payment's name at its source.
    pub fn payment_reference(source: PaymentSource, reference: &str) -> Self {
        Self { scope: format!("payment:{}", source.as_str()), value: reference.to_owned() }
    }

    /// A refund's name at the bank.
    pub fn refund_reference(reference: &str) -> Self {
        Self { scope: "refund".to_owned(), value: reference.to_owned() }
    }

    /// Where the scopes of what providers told begin.
    pub const NOTICE: &str = "notice:";

    /// What a provider told: its name for a message, or for what happened.
    pub fn notice(what: &str, name: &str) -> Self {
        Self { scope: format!("{}{what}", Self::NOTICE), value: name.to_owned() }
    }

    /// A customer's code.
    pub fn customer_code(code: &str) -> Self {
        Self { scope: "customer".to_owned(), value: code.to_owned() }
    }
}

/// A counter that a commit draws a number from, and the date from which it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Which counter.
    pub series: Series,
    /// The date of issue that the decision found.
    pub on: Date,
}

/// The counter of a noun's numbers in a tenant.
fn noun_series(noun: &str) -> Series {
    Series {
        legal_entity: LegalEntityId(uuid::Uuid::nil()),
        series: noun.to_owned(),
        year: String::new(),
    }
}

impl Decision {
    /// The numbers that the changes need, in their order. Amounts, choices and ids never depend
    /// on them: they are given by the commit itself, so that they have no gap.
    pub fn draws(&self) -> Vec<Draw> {
        self.changes.iter().filter_map(draw).collect()
    }

    /// The decision with its numbers, one for each of [`Decision::draws`].
    pub fn numbered(mut self, numbers: &[Issued]) -> Self {
        let mut numbers = numbers.iter().copied();
        for change in &mut self.changes {
            if draw(change).is_some()
                && let Some(issued) = numbers.next()
            {
                fill(change, issued, &mut self.outcome);
            }
        }
        self
    }
}

fn draw(change: &Change) -> Option<Draw> {
    let noun = |noun| Draw { series: noun_series(noun), on: Date::MIN };
    if let Change::DocumentIssued(document) = change {
        Some(Draw { series: document.series.clone(), on: document.issued.on })
    } else if let Change::SubscriptionStarted(_) = change {
        Some(noun("subscription"))
    } else if let Change::CustomerCreated(_) = change {
        Some(noun("customer"))
    } else if let Change::ChangeRequested(_) = change {
        Some(noun("change"))
    } else {
        None
    }
}

fn fill(change: &mut Change, issued: Issued, outcome: &mut Outcome) {
    if let Change::DocumentIssued(document) = change {
        document.issued = issued;
        if let Outcome::PaymentRequest { view, .. } = outcome
            && view.document.id == document.id
        {
            view.document.issued = issued;
        }
    } else if let Change::SubscriptionStarted(subscription) = change {
        subscription.number = issued.number;
        if let Outcome::Subscription { agreement, .. } = outcome {
            agreement.subscription.number = issued.number;
        }
        if let Outcome::Group(view) = outcome
            && view.group.subscription.id == subscription.id
        {
            view.group.subscription.number = issued.number;
        }
    } else if let Change::ChangeRequested(requested) = change {
        requested.number = issued.number;
        if let Outcome::Change { view, .. } = outcome
            && view.change.id == requested.id
        {
            view.change.number = issued.number;
        }
    } else if let Change::CustomerCreated(customer) = change {
        customer.number = issued.number;
    }
}
