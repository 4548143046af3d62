//! Records what asking the provider to give money back came to.

use super::record::pause;
use super::refund::{ProviderRefundStatus, ProviderRefundView};
use super::{CheckoutRefusal, storable};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::ProviderRefundId;
use crate::moment::Moment;
use jiff::Timestamp;

/// Record what asking for `refund` came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRefund {
    /// Which.
    pub refund: ProviderRefundId,
    /// The end of the claim under which the provider was asked, machine time.
    pub claimed_until: Timestamp,
    /// What it came to.
    pub answer: RefundAnswer,
}

/// What it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundAnswer {
    /// The provider has taken it on, and that was heard as if it had told of it.
    Done {
        /// The provider's name for it.
        reference: String,
    },
    /// Nothing went back, and nothing will.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// Nobody can say: it is asked again with the same key.
    Unknown {
        /// What was wrong.
        trouble: String,
    },
}

/// Keeps it. That it is done counts whoever hears it; any other answer counts only for whoever
/// holds the claim.
///
/// # Errors
/// [`CheckoutRefusal::NotItsTurn`].
pub fn decide(
    command: &AnswerRefund,
    view: &ProviderRefundView,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut view = view.clone();
    let counts = match command.answer {
        RefundAnswer::Done { .. } => view.state.status != ProviderRefundStatus::Done,
        RefundAnswer::Refused { .. } | RefundAnswer::Unknown { .. } => {
            view.is_pending() && view.state.next_at == Some(command.claimed_until)
        }
    };
    if !counts {
        return Err(CheckoutRefusal::NotItsTurn);
    }
    let state = &mut view.state;
    state.updated_at = moment.now;
    (state.status, state.next_at) = match &command.answer {
        RefundAnswer::Done { .. } => (ProviderRefundStatus::Done, None),
        RefundAnswer::Refused { .. } => (ProviderRefundStatus::Refused, None),
        RefundAnswer::Unknown { .. } => {
            let earlier = state.calls.saturating_sub(1);
            (ProviderRefundStatus::Pending, Some(pause(earlier, moment.machine)?))
        }
    };
    match &command.answer {
        RefundAnswer::Done { reference } => {
            state.known_as = Some(reference.clone());
            state.trouble = None;
        }
        RefundAnswer::Refused { trouble } | RefundAnswer::Unknown { trouble } => {
            state.trouble = Some(storable(trouble));
        }
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::RefundSet(view.refund.id, view.state.clone()));
    Ok(draft.done(Outcome::ProviderRefund { view: Box::new(view), claimed_until: None }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::claim_refund::{self, ClaimRefund};
    use crate::checkout::refund::{ProviderRefund, ProviderRefundState};
    use crate::ids::{CommandId, CustomerId, DocumentId, PaymentId};
    use crate::money::{Currency, Money};
    use jiff::SignedDuration;
    use uuid::Uuid;

    const START: Timestamp = Timestamp::UNIX_EPOCH;
    const ID: ProviderRefundId = ProviderRefundId(Uuid::nil());

    fn view() -> ProviderRefundView {
        let refund = ProviderRefund {
            id: ID,
            customer: CustomerId(Uuid::nil()),
            document: DocumentId(Uuid::nil()),
            payment: PaymentId(Uuid::nil()),
            provider: "test".to_owned(),
            paid_as: "pay".to_owned(),
            amount: Money::new(1, Currency::EUR),
            reference: "R".to_owned(),
            reason: "why".to_owned(),
            asked_at: START,
        };
        let state = ProviderRefundState {
            status: ProviderRefundStatus::Pending,
            known_as: None,
            trouble: None,
            calls: 0,
            called_at: None,
            next_at: Some(START),
            updated_at: START,
        };
        ProviderRefundView { refund, state }
    }

    fn at(machine: Timestamp) -> Moment {
        Moment { now: START, machine, command: CommandId(Uuid::nil()) }
    }

    fn came_to(decision: Decision) -> (ProviderRefundView, Option<Timestamp>) {
        let Outcome::ProviderRefund { view, claimed_until } = decision.outcome else {
            panic!("not about a refund");
        };
        (*view, claimed_until)
    }

    fn claimed(view: &ProviderRefundView, machine: Timestamp) -> (ProviderRefundView, Timestamp) {
        let claim = ClaimRefund { refund: ID, hindrance: None };
        let (view, until) = came_to(claim_refund::decide(&claim, view, at(machine)).expect("due"));
        (view, until.expect("it is claimed"))
    }

    fn answer(claimed_until: Timestamp, answer: RefundAnswer) -> AnswerRefund {
        AnswerRefund { refund: ID, claimed_until, answer }
    }

    fn done() -> RefundAnswer {
        RefundAnswer::Done { reference: "ref".to_owned() }
    }

    fn refused() -> RefundAnswer {
        RefundAnswer::Refused { trouble: "no".to_owned() }
    }

    #[test]
    fn a_claim_keeps_others_away_until_it_ends() {
        let (view, until) = claimed(&view(), START);
        let claim = ClaimRefund { refund: ID, hindrance: None };
        let early = until - SignedDuration::from_micros(1);
        let second = claim_refund::decide(&claim, &view, at(early));
        assert_eq!(second, Err(CheckoutRefusal::NotItsTurn));
        assert_eq!(claimed(&view, until).0.state.calls, 2);
    }

    #[test]
    fn only_who_holds_the_claim_says_that_it_is_refused() {
        let (view, until) = claimed(&view(), START);
        let (view, later) = claimed(&view, until);
        let late = decide(&answer(until, refused()), &view, at(later));
        assert_eq!(late, Err(CheckoutRefusal::NotItsTurn));
        let (view, _) =
            came_to(decide(&answer(later, refused()), &view, at(later)).expect("it counts"));
        assert_eq!(view.state.status, ProviderRefundStatus::Refused);
        assert_eq!(view.state.next_at, None);
    }

    #[test]
    fn that_it_is_done_counts_whoever_hears_it_and_once() {
        let (view, until) = claimed(&view(), START);
        let (view, later) = claimed(&view, until);
        for view in [
            view.clone(),
            came_to(decide(&answer(later, refused()), &view, at(later)).expect("it counts")).0,
        ] {
            let (view, _) =
                came_to(decide(&answer(until, done()), &view, at(later)).expect("it counts"));
            assert_eq!(view.state.status, ProviderRefundStatus::Done);
            assert_eq!(view.state.known_as.as_deref(), Some("ref"));
            let again = decide(&answer(until, done()), &view, at(later));
            assert_eq!(again, Err(CheckoutRefusal::NotItsTurn));
        }
    }
}
