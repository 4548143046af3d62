//! Says every failure of the engine in the contract's codes.
//!
//! There is no arm for "the rest": a new reason doesn't compile until somebody has said what this
//! contract calls it.

use crate::error::{Code, Refused};
use crate::messages;
use abono_domain::access::AccessRefusal;
use abono_domain::clock::ClockRefusal;
use abono_domain::customer::CustomerRefusal;
use abono_domain::document::DocumentRefusal;
use abono_domain::licence::LicenceRefusal;
use abono_domain::payment::PaymentRefusal;
use abono_domain::quote::QuoteRefusal;
use abono_domain::refusal::Refusal;
use abono_domain::seller::SellerRefusal;
use abono_engine::Failure;
use std::fmt::Display;

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        if matches!(failure, Failure::Unknown(_) | Failure::Store(_) | Failure::Broken(_)) {
            tracing::error!(%failure, "a request failed");
        }
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NothingPublished | Failure::UnknownTenant => Self::not_found(),
            Failure::KeyReused => Self::new(Code::Duplicate, messages::KEY_REUSED),
            Failure::Unknown(_) => Self::new(Code::InternalServerError, messages::UNKNOWN_OUTCOME),
            Failure::Contended => Self::new(Code::TryLater, messages::TRY_LATER),
            // What they say is about our inside, so none of it goes out.
            Failure::Store(_) | Failure::Broken(_) => Self::internal(),
        }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Document(refusal) => document(&refusal),
            Refusal::Payment(refusal) => payment(&refusal),
            Refusal::Licence(refusal) => licence(&refusal),
            // This contract has no subscriptions that live in cycles.
            Refusal::Subscription(refusal) => cannot(&refusal),
            Refusal::Change(refusal) => cannot(&refusal),
            Refusal::Group(refusal) => cannot(&refusal),
            Refusal::Termination(refusal) => cannot(&refusal),
            // No request of this contract pays.
            Refusal::Checkout(refusal) => cannot(&refusal),
            // No request of this contract is about a delivery.
            Refusal::Delivery(refusal) => cannot(&refusal),
            Refusal::Customer(refusal) => customer(&refusal),
            Refusal::Seller(refusal) => seller(&refusal),
            Refusal::Access(refusal) => access(&refusal),
            Refusal::Clock(refusal) => clock(&refusal),
        }
    }
}

fn document(refusal: &DocumentRefusal) -> Refused {
    let missing = |text| {
        Refused::new(Code::ReferenceNotFound, text).with_info(format!("who_pays: {refusal}"))
    };
    match refusal {
        DocumentRefusal::Quote(refusal) => quote(refusal),
        DocumentRefusal::UnknownPayer => missing(messages::PAYER_UNKNOWN),
        DocumentRefusal::NoPayer => missing(messages::NO_PAYER),
        DocumentRefusal::Unknown => Refused::not_found(),
        DocumentRefusal::PaidFor => {
            Refused::new(Code::OperationCannotBePerformed, messages::PAID_FOR)
        }
        DocumentRefusal::NoIssuer | DocumentRefusal::NotPending | DocumentRefusal::StillValid => {
            cannot(refusal)
        }
        DocumentRefusal::Money(error) => Refused::invalid(error.to_string()),
        DocumentRefusal::Calendar(error) => Refused::invalid(error.to_string()),
    }
}

fn quote(refusal: &QuoteRefusal) -> Refused {
    let plan = |code, text| Refused::new(code, text).with_info(format!("plan.guid: {refusal}"));
    match refusal {
        QuoteRefusal::UnknownProduct => Refused::not_found(),
        QuoteRefusal::UnknownPlan => plan(Code::ReferenceNotFound, messages::PLAN_UNKNOWN),
        QuoteRefusal::Archived => plan(Code::NotAllowedForArchived, messages::ARCHIVED),
        QuoteRefusal::PeriodNotSold => period_not_sold(),
        QuoteRefusal::OutOfRange { .. } => Refused::invalid(refusal.to_string()),
        QuoteRefusal::OtherPeriod(_)
        | QuoteRefusal::OtherCurrency
        | QuoteRefusal::OtherIssuer
        | QuoteRefusal::Unused(_)
        | QuoteRefusal::Price(_)
        | QuoteRefusal::Discount(_)
        | QuoteRefusal::Tax(_) => cannot(refusal),
        QuoteRefusal::Money(error) => Refused::invalid(error.to_string()),
        QuoteRefusal::Calendar(error) => Refused::invalid(error.to_string()),
    }
}

/// The plan has no price for the period, or none in a currency that this contract knows.
pub(crate) fn period_not_sold() -> Refused {
    Refused::new(Code::RequestIsNotValid, messages::PERIOD_NOT_SOLD)
        .with_info("period_in_months: not among the plan's periods")
}

fn payment(refusal: &PaymentRefusal) -> Refused {
    match refusal {
        PaymentRefusal::UnknownDocument => Refused::not_found(),
        PaymentRefusal::UnknownIssuer
        | PaymentRefusal::NotPaid
        | PaymentRefusal::UnderWay
        | PaymentRefusal::MoreThanPaid(_)
        | PaymentRefusal::ChangedLater
        | PaymentRefusal::FixedEnd
        | PaymentRefusal::FollowedByFixedEnd
        | PaymentRefusal::CreditUsed
        | PaymentRefusal::BadKeep { .. } => cannot(refusal),
        PaymentRefusal::Duplicate(_) => Refused::new(Code::Duplicate, messages::DUPLICATE),
        PaymentRefusal::NotPositive
        | PaymentRefusal::TooLarge
        | PaymentRefusal::BadReference
        | PaymentRefusal::BadReason
        | PaymentRefusal::Money(_)
        | PaymentRefusal::Calendar(_) => Refused::invalid(refusal.to_string()),
    }
}

fn licence(refusal: &LicenceRefusal) -> Refused {
    match refusal {
        LicenceRefusal::Quote(refusal) => quote(refusal),
        LicenceRefusal::NoTrial | LicenceRefusal::HadLicence => cannot(refusal),
        LicenceRefusal::BadReason | LicenceRefusal::Money(_) | LicenceRefusal::Calendar(_) => {
            Refused::invalid(refusal.to_string())
        }
    }
}

fn customer(refusal: &CustomerRefusal) -> Refused {
    match refusal {
        CustomerRefusal::Unknown => Refused::not_found(),
        CustomerRefusal::BadCode(_)
        | CustomerRefusal::BadText(_)
        | CustomerRefusal::BadReference { .. }
        | CustomerRefusal::UnknownDefaultPayer(_)
        | CustomerRefusal::TooManyDiscounts(_)
        | CustomerRefusal::Calendar(_) => Refused::invalid(refusal.to_string()),
        CustomerRefusal::Fixed(_) => cannot(refusal),
    }
}

fn seller(refusal: &SellerRefusal) -> Refused {
    match refusal {
        SellerRefusal::SlugTaken(_) => Refused::new(Code::NotUnique, messages::NOT_UNIQUE),
        SellerRefusal::BadSlug(_)
        | SellerRefusal::BadCode { .. }
        | SellerRefusal::BadText(_)
        | SellerRefusal::BadNumber(_)
        | SellerRefusal::BadReference { .. }
        | SellerRefusal::NoLegalEntity
        | SellerRefusal::BadPrefix(_)
        | SellerRefusal::SharedId(_)
        | SellerRefusal::BadTerms { .. }
        | SellerRefusal::BadModel { .. }
        | SellerRefusal::TooLarge(..)
        | SellerRefusal::Calendar(_) => Refused::invalid(refusal.to_string()),
        SellerRefusal::Removed { .. } | SellerRefusal::Fixed(_) => cannot(refusal),
    }
}

fn access(refusal: &AccessRefusal) -> Refused {
    match refusal {
        AccessRefusal::Unknown => Refused::not_found(),
        AccessRefusal::UnknownCustomer
        | AccessRefusal::LimitedApplication
        | AccessRefusal::AlreadyExpired
        | AccessRefusal::BadLabel => Refused::invalid(refusal.to_string()),
    }
}

fn clock(refusal: &ClockRefusal) -> Refused {
    match refusal {
        ClockRefusal::Real | ClockRefusal::Backward(_) => cannot(refusal),
    }
}

fn cannot(refusal: &impl Display) -> Refused {
    Refused::new(Code::OperationCannotBePerformed, messages::CANNOT).with_info(refusal.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Speech;
    use abono_domain::ids::CommandId;
    use uuid::Uuid;

    fn code(failure: impl Into<Failure>) -> (Code, u16) {
        let refused = Refused::from(failure.into());
        (refused.code, refused.code.status())
    }

    #[test]
    fn what_the_contract_names_has_its_code() {
        let quoted = |refusal: QuoteRefusal| code(DocumentRefusal::from(refusal));
        assert_eq!(quoted(QuoteRefusal::UnknownProduct), (Code::NotFound, 404));
        assert_eq!(quoted(QuoteRefusal::UnknownPlan), (Code::ReferenceNotFound, 422));
        assert_eq!(quoted(QuoteRefusal::Archived), (Code::NotAllowedForArchived, 422));
        assert_eq!(quoted(QuoteRefusal::PeriodNotSold), (Code::RequestIsNotValid, 422));
        assert_eq!(quoted(QuoteRefusal::OtherCurrency), (Code::OperationCannotBePerformed, 422));
        assert_eq!(code(DocumentRefusal::UnknownPayer), (Code::ReferenceNotFound, 422));
        assert_eq!(code(DocumentRefusal::NoPayer), (Code::ReferenceNotFound, 422));
        assert_eq!(code(CustomerRefusal::Unknown), (Code::NotFound, 404));
        assert_eq!(code(Failure::KeyReused), (Code::Duplicate, 422));
        assert_eq!(code(Failure::Contended), (Code::TryLater, 429));
    }

    #[test]
    fn an_unknown_outcome_says_how_to_find_out() {
        let refused = Refused::from(Failure::Unknown(CommandId(Uuid::nil())));
        assert_eq!(refused.code, Code::InternalServerError);
        assert!(refused.text.say(Speech::En).contains("same Idempotency-Key"));
        assert_eq!(refused.info, None);
    }
}
