//! Agrees the end of a subscription: with the cycle that is billed. Nothing is credited.

use super::{Facts, State, SubscriptionRefusal};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::SubscriptionId;
use crate::moment::Moment;

/// End a subscription with its cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSubscription {
    /// Which.
    pub subscription: SubscriptionId,
    /// Why, for those who read the books later.
    pub reason: String,
}

/// Notes the end; it comes with the work that would have billed the next cycle.
///
/// # Errors
/// [`SubscriptionRefusal`].
pub fn decide(
    command: &EndSubscription,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, SubscriptionRefusal> {
    if !(1..=500).contains(&command.reason.chars().count()) {
        return Err(SubscriptionRefusal::BadReason);
    }
    // What is due has to be done first: else the end would lie before it.
    if facts.agreement.midnight(facts.state.billed_until)? <= moment.now {
        return Err(SubscriptionRefusal::NotItsTurn);
    }
    if facts.is_over(facts.state.billed_until) {
        return Err(SubscriptionRefusal::Ended);
    }
    let mut draft = Draft::new(moment);
    let state = State {
        ends_on: Some(facts.state.billed_until),
        end_reason: Some(command.reason.clone()),
        updated_at: moment.now,
        ..facts.state.clone()
    };
    draft.push(Change::SubscriptionSet(facts.agreement.subscription.id, state.clone()));
    let agreement = Box::new(facts.agreement.clone());
    Ok(draft.done(Outcome::Subscription { agreement, state }))
}
