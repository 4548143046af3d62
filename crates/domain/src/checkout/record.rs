//! Records what a call to the provider came to, where it brought no news about money.

use super::{CheckoutRefusal, CheckoutState, CheckoutStatus, CheckoutView, storable, without_nul};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::CheckoutId;
use crate::moment::Moment;
use jiff::{SignedDuration, Timestamp};

/// Record what a call about `checkout` came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCheckout {
    /// Which attempt.
    pub checkout: CheckoutId,
    /// What it came to.
    pub answer: Answer,
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The buyer can pay there.
    Open {
        /// The attempt's id at the provider.
        external_id: String,
        /// Where.
        url: String,
    },
    /// Nothing was started, and the buyer may try again.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// Nobody can say.
    Unknown {
        /// What was wrong.
        trouble: String,
    },
}

/// The pause after which the provider is asked again, doubled each time up to an hour.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(1);

/// Keeps it, while nobody knows better: what was heard about money stands whatever a call says.
///
/// # Errors
/// [`CheckoutRefusal::OutOfRange`].
pub fn decide(
    command: &RecordCheckout,
    view: &CheckoutView,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut draft = Draft::new(moment);
    let mut view = view.clone();
    if view.state.status.is_running() {
        answered(&mut view.state, &command.answer, moment)?;
        draft.push(Change::CheckoutSet(view.checkout.id, view.state.clone()));
    }
    Ok(draft.done(Outcome::Checkout(Box::new(view))))
}

fn answered(
    state: &mut CheckoutState,
    answer: &Answer,
    moment: Moment,
) -> Result<(), CheckoutRefusal> {
    state.updated_at = moment.now;
    let trouble = |text: &String| Some(storable(text));
    match answer {
        Answer::Open { external_id, url } => {
            state.status = CheckoutStatus::Open;
            state.external_id = Some(without_nul(external_id));
            state.url = Some(without_nul(url));
            state.trouble = None;
        }
        Answer::Refused { trouble: text } if state.status == CheckoutStatus::Starting => {
            state.status = CheckoutStatus::Refused;
            state.trouble = trouble(text);
        }
        // What was started stays so, whatever is wrong with asking about it.
        Answer::Refused { trouble: text } | Answer::Unknown { trouble: text } => {
            state.trouble = trouble(text);
        }
    }
    state.next_at = match state.status {
        CheckoutStatus::Open => Some(pause(state.asked, moment.machine)?),
        // Before the provider's answer is known, only the buyer can ask for it.
        CheckoutStatus::Starting
        | CheckoutStatus::Refused
        | CheckoutStatus::Expired
        | CheckoutStatus::Failed
        | CheckoutStatus::Paid => None,
    };
    state.asked = state.asked.saturating_add(1);
    Ok(())
}

/// The end of the pause after a provider was asked so often before.
///
/// # Errors
/// [`CheckoutRefusal::OutOfRange`].
pub(super) fn pause(asked: i64, machine: Timestamp) -> Result<Timestamp, CheckoutRefusal> {
    let doubled = (0..asked.min(6)).fold(PAUSE, |pause, _| pause.saturating_add(pause));
    let at = machine.checked_add(doubled.min(PAUSE_MAX));
    at.map_err(|_| CheckoutRefusal::OutOfRange("the time of the next question"))
}
