//! Says every failure of the engine in the contract's codes.
//!
//! There is no arm for "the rest": a new reason doesn't compile until somebody has said what this
//! contract calls it.

use crate::error::{Code, Refused};
use abono_domain::change::ChangeRefusal;
use abono_domain::quote::QuoteRefusal;
use abono_domain::refusal::Refusal;
use abono_domain::subscription::SubscriptionRefusal;
use abono_engine::Failure;

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        if matches!(failure, Failure::Unknown(_) | Failure::Store(_) | Failure::Broken(_)) {
            tracing::error!(%failure, "a request failed");
        }
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NothingPublished | Failure::UnknownTenant => Self::new(Code::NotFound),
            Failure::KeyReused => Self::new(Code::Impossible),
            Failure::Unknown(_) => Self::new(Code::UnknownOutcome),
            Failure::Contended => Self::new(Code::TooManyRequests),
            // What they say is about our inside, so none of it goes out.
            Failure::Store(_) | Failure::Broken(_) => Self::new(Code::Internal),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let code = match &refusal {
            Refusal::Change(refusal) => change(refusal),
            Refusal::Subscription(refusal) => subscription(refusal),
            // No request of this contract is about these.
            Refusal::Document(_)
            | Refusal::Payment(_)
            | Refusal::Checkout(_)
            | Refusal::Licence(_)
            | Refusal::Group(_)
            | Refusal::Termination(_)
            | Refusal::Delivery(_)
            | Refusal::Customer(_)
            | Refusal::Seller(_)
            | Refusal::Access(_)
            | Refusal::Clock(_) => Code::Impossible,
        };
        Self::new(code).because(refusal)
    }
}

const fn change(refusal: &ChangeRefusal) -> Code {
    match refusal {
        ChangeRefusal::UnknownSubscription => Code::UnknownSubscription,
        ChangeRefusal::UnknownPlan => Code::UnknownProduct,
        ChangeRefusal::Ended => Code::Ended,
        ChangeRefusal::Incompatible | ChangeRefusal::SamePlan => Code::Incompatible,
        ChangeRefusal::Withdrawn => Code::Withdrawn,
        ChangeRefusal::Past(_) => Code::PastDate,
        ChangeRefusal::TooFar(_) => Code::DateTooFar,
        ChangeRefusal::TooMany(_) => Code::TooManyChanges,
        ChangeRefusal::Unknown
        | ChangeRefusal::NotOpen
        | ChangeRefusal::NotInReview
        | ChangeRefusal::NotItsTurn
        | ChangeRefusal::NotBillable(_)
        | ChangeRefusal::BadText(_) => Code::Impossible,
        ChangeRefusal::Quote(refusal) => quote(refusal),
        ChangeRefusal::Money(_) | ChangeRefusal::Calendar(_) => Code::OutOfRange,
    }
}

const fn subscription(refusal: &SubscriptionRefusal) -> Code {
    match refusal {
        SubscriptionRefusal::Unknown => Code::UnknownSubscription,
        SubscriptionRefusal::Ended => Code::Ended,
        SubscriptionRefusal::UnknownBundle
        | SubscriptionRefusal::BadSaleDay
        | SubscriptionRefusal::BadLine(_)
        | SubscriptionRefusal::BadReason
        | SubscriptionRefusal::NoPayer
        | SubscriptionRefusal::NoIssuer
        | SubscriptionRefusal::NotItsTurn
        | SubscriptionRefusal::Document(_) => Code::Impossible,
        SubscriptionRefusal::Quote(refusal) => quote(refusal),
        SubscriptionRefusal::OutOfRange { .. }
        | SubscriptionRefusal::Money(_)
        | SubscriptionRefusal::Calendar(_) => Code::OutOfRange,
    }
}

const fn quote(refusal: &QuoteRefusal) -> Code {
    match refusal {
        QuoteRefusal::UnknownProduct | QuoteRefusal::UnknownPlan => Code::UnknownProduct,
        QuoteRefusal::Archived => Code::Withdrawn,
        QuoteRefusal::PeriodNotSold
        | QuoteRefusal::OtherPeriod(_)
        | QuoteRefusal::OtherCurrency
        | QuoteRefusal::OtherIssuer
        | QuoteRefusal::Unused(_)
        | QuoteRefusal::Price(_)
        | QuoteRefusal::Discount(_)
        | QuoteRefusal::Tax(_) => Code::NotSold,
        QuoteRefusal::OutOfRange { .. } | QuoteRefusal::Money(_) | QuoteRefusal::Calendar(_) => {
            Code::OutOfRange
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::clock::ClockRefusal;
    use abono_domain::ids::CommandId;
    use jiff::civil::date;
    use uuid::Uuid;

    fn said(failure: impl Into<Failure>) -> (Code, u16, String) {
        let refused = Refused::from(failure.into());
        (refused.code, refused.code.status(), refused.details.join(" "))
    }

    #[test]
    fn what_the_contract_names_has_its_code() {
        let named = |refusal: ChangeRefusal| {
            let (code, status, _) = said(Refusal::from(refusal));
            (code, status)
        };
        for (refusal, code, status) in [
            (ChangeRefusal::UnknownSubscription, Code::UnknownSubscription, 404),
            (ChangeRefusal::UnknownPlan, Code::UnknownProduct, 404),
            (ChangeRefusal::Ended, Code::Ended, 400),
            (ChangeRefusal::Incompatible, Code::Incompatible, 400),
            (ChangeRefusal::SamePlan, Code::Incompatible, 400),
            (ChangeRefusal::Withdrawn, Code::Withdrawn, 400),
            (ChangeRefusal::TooFar(date(2031, 1, 31)), Code::DateTooFar, 400),
            (ChangeRefusal::TooMany(24), Code::TooManyChanges, 400),
            (QuoteRefusal::PeriodNotSold.into(), Code::NotSold, 400),
        ] {
            assert_eq!(named(refusal.clone()), (code, status), "{refusal:?}");
        }
        let (code, status, detail) = said(Refusal::from(ChangeRefusal::Past(date(2026, 1, 31))));
        assert_eq!((code, status), (Code::PastDate, 400));
        assert_eq!(detail, "the day is over: it is 2026-01-31 now");
    }

    #[test]
    fn what_is_about_something_else_is_not_possible_here() {
        let (code, status, detail) = said(Refusal::from(ClockRefusal::Real));
        assert_eq!((code, status, detail.is_empty()), (Code::Impossible, 400, false));
    }

    #[test]
    fn an_unknown_outcome_says_how_to_find_out_and_nothing_of_our_inside() {
        let (code, status, detail) = said(Failure::Unknown(CommandId(Uuid::nil())));
        assert_eq!((code, status, &*detail), (Code::UnknownOutcome, 500, ""));
        assert!(code.message().contains("sent again"));
        assert_eq!(said(Failure::Contended).1, 429);
    }
}
