//! Records what came of sending a delivery.

use super::backoff::{PAUSE_CAP, micros, pause};
use super::{DeliveryRefusal, DeliveryState, DeliveryStatus, Facts};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::DeliveryId;
use crate::moment::Moment;
use jiff::Timestamp;
use std::time::Duration;

/// Record what came of sending a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDelivery {
    /// Which.
    pub delivery: DeliveryId,
    /// The end of the claim under which it was sent, machine time.
    pub claimed_until: Timestamp,
    /// What came of it.
    pub answer: Answer,
    /// After how many attempts it has failed for good, at least 1.
    pub attempts_max: i64,
}

/// What came of sending it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The other side has done it, now or before.
    Done {
        /// What it calls it.
        external_id: Option<String>,
        /// What it answered, as it came, cut at a limit.
        body: String,
    },
    /// Nothing for sure: it may have been done or not, and is sent again.
    Passing {
        /// What happened.
        trouble: String,
        /// How long the other side wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// The other side will never do it.
    Final {
        /// What it said.
        trouble: String,
    },
    /// It was not sent at all, since the other side is being left alone.
    Resting {
        /// For about how long.
        for_about: Duration,
    },
}

/// The longest trouble that is kept, in characters.
const TROUBLE_MAX: usize = 1_000;
/// The longest answer that is kept, in characters.
const ANSWER_MAX: usize = 65_536;
/// The longest id of the other side, in characters.
const ID_MAX: usize = 500;

/// Settles it, or says when it is sent again. That the other side has done it counts whoever hears
/// it, while it is this one's turn: where one before it was sent again by hand meanwhile, it is
/// sent once more after that, under the same key. Any other answer counts only for whoever holds
/// the claim.
///
/// # Errors
/// [`DeliveryRefusal::Overtaken`].
pub fn decide(
    command: &RecordDelivery,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DeliveryRefusal> {
    let mut view = facts.view.clone();
    let holds = view.state.next_at == Some(command.claimed_until);
    let is_done = matches!(command.answer, Answer::Done { .. });
    if !view.is_pending() || facts.head != Some(command.delivery) || !(holds || is_done) {
        return Err(DeliveryRefusal::Overtaken);
    }
    answered(&mut view.state, command, moment)?;
    let mut draft = Draft::new(moment);
    view.write(&mut draft, facts);
    Ok(draft.done(Outcome::Delivery { view: Box::new(view), claimed: None }))
}

fn answered(
    state: &mut DeliveryState,
    command: &RecordDelivery,
    moment: Moment,
) -> Result<(), DeliveryRefusal> {
    state.updated_at = moment.now;
    let attempts = state.attempts.saturating_add(1);
    match &command.answer {
        Answer::Done { external_id, body } => {
            settle(state, DeliveryStatus::Delivered, attempts, None);
            state.external_id = external_id.as_deref().map(|id| storable(id, ID_MAX));
            state.answer = Some(storable(body, ANSWER_MAX));
        }
        Answer::Passing { trouble, .. } if attempts >= command.attempts_max => {
            settle(state, DeliveryStatus::Failed, attempts, Some(trouble));
        }
        Answer::Passing { trouble, retry_after } => {
            let pause = pause(command.delivery, attempts, *retry_after);
            state.attempts = attempts;
            state.trouble = Some(storable(trouble, TROUBLE_MAX));
            state.next_at = Some(after(moment.machine, pause)?);
        }
        Answer::Final { trouble } => {
            settle(state, DeliveryStatus::Failed, attempts, Some(trouble));
        }
        Answer::Resting { for_about } => {
            state.next_at = Some(after(moment.machine, (*for_about).min(PAUSE_CAP))?);
        }
    }
    Ok(())
}

fn settle(
    state: &mut DeliveryState,
    status: DeliveryStatus,
    attempts: i64,
    trouble: Option<&String>,
) {
    state.status = status;
    state.attempts = attempts;
    state.next_at = None;
    state.trouble = trouble.map(|trouble| storable(trouble, TROUBLE_MAX));
}

/// What others wrote, as both databases can keep it: without NUL, and of bounded length.
fn storable(text: &str, most: usize) -> String {
    text.chars().filter(|it| *it != '\0').take(most).collect()
}

fn after(machine: Timestamp, pause: Duration) -> Result<Timestamp, DeliveryRefusal> {
    let out_of_range = || DeliveryRefusal::OutOfRange("the pause");
    let pause = i64::try_from(micros(pause)).map_err(|_| out_of_range())?;
    let at = machine.as_microsecond().checked_add(pause).ok_or_else(out_of_range)?;
    Timestamp::from_microsecond(at).map_err(|_| out_of_range())
}
