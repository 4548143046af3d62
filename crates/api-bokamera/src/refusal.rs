//! Every refusal of the engine in the contract's words: status, code, member.

use crate::error::Refused;
use abono_domain::product_group::GroupRefusal;
use abono_domain::quote::QuoteRefusal;
use abono_domain::refusal::Refusal;
use abono_domain::termination::TerminationRefusal;
use abono_engine::Failure;

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        if failure.is_trouble() {
            return Self::in_trouble();
        }
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NothingPublished | Failure::UnknownTenant => {
                Self::not_found("Nothing is sold here yet")
            }
            Failure::KeyReused => {
                Self::conflict("The Idempotency-Key was used for another request")
            }
            Failure::Contended => Self::too_often(1),
            Failure::Unknown(_) => Self::unknown_outcome(),
            // What they say is about our inside, so none of it goes out.
            Failure::Store(_) | Failure::Broken(_) => Self::internal(),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Group(refusal) => group(&refusal),
            Refusal::Termination(refusal) => termination(&refusal),
            // No request of this contract is about these.
            Refusal::Document(_)
            | Refusal::Payment(_)
            | Refusal::Checkout(_)
            | Refusal::Licence(_)
            | Refusal::Subscription(_)
            | Refusal::Change(_)
            | Refusal::Delivery(_)
            | Refusal::Customer(_)
            | Refusal::Seller(_)
            | Refusal::Access(_)
            | Refusal::Clock(_) => Self::conflict(refusal.to_string()),
        }
    }
}

fn group(refusal: &GroupRefusal) -> Refused {
    match refusal {
        GroupRefusal::UnknownArticle | GroupRefusal::UnknownSubscription | GroupRefusal::Ended => {
            Refused::not_found(refusal.to_string())
        }
        // The worker bills the cycle that is due; whoever waits a moment finds it done.
        GroupRefusal::NotItsTurn => Refused::not_yet(refusal.to_string()),
        GroupRefusal::TooMany(_) | GroupRefusal::NotBillable(_) => {
            Refused::conflict(refusal.to_string())
        }
        GroupRefusal::Quote(refusal) => quote(refusal),
        GroupRefusal::Money(_) | GroupRefusal::Calendar(_) => Refused::bad(refusal.to_string()),
    }
}

fn quote(refusal: &QuoteRefusal) -> Refused {
    match refusal {
        QuoteRefusal::OutOfRange { .. } => Refused::field("Quantity", refusal.to_string()),
        QuoteRefusal::UnknownProduct | QuoteRefusal::UnknownPlan | QuoteRefusal::Archived => {
            Refused::not_found(refusal.to_string())
        }
        QuoteRefusal::PeriodNotSold
        | QuoteRefusal::OtherPeriod(_)
        | QuoteRefusal::OtherCurrency
        | QuoteRefusal::OtherIssuer
        | QuoteRefusal::Unused(_)
        | QuoteRefusal::Price(_)
        | QuoteRefusal::Discount(_)
        | QuoteRefusal::Tax(_)
        | QuoteRefusal::Money(_)
        | QuoteRefusal::Calendar(_) => Refused::conflict(refusal.to_string()),
    }
}

fn termination(refusal: &TerminationRefusal) -> Refused {
    match refusal {
        TerminationRefusal::UnknownGroup | TerminationRefusal::Unknown => {
            Refused::not_found(refusal.to_string())
        }
        TerminationRefusal::UnknownReason => {
            Refused::field("TerminationReasonId", refusal.to_string())
        }
        TerminationRefusal::CommentTooLong(_) => {
            Refused::field("TerminationReasonComment", refusal.to_string())
        }
        TerminationRefusal::TooManyTexts(_) | TerminationRefusal::TextTooLong(_) => {
            Refused::field("InvoiceLineTexts", refusal.to_string())
        }
        TerminationRefusal::Quote(refusal) => quote(refusal),
        TerminationRefusal::NotItsTurn => Refused::not_yet(refusal.to_string()),
        TerminationRefusal::Ended
        | TerminationRefusal::Included
        | TerminationRefusal::AlreadyTerminated
        | TerminationRefusal::Bound(_)
        | TerminationRefusal::NotOpen
        | TerminationRefusal::NotBillable(_) => Refused::conflict(refusal.to_string()),
        TerminationRefusal::AnchorWithoutProration
        | TerminationRefusal::Money(_)
        | TerminationRefusal::Calendar(_) => Refused::bad(refusal.to_string()),
    }
}
