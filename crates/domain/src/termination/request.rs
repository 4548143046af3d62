//! Asks for the end of a product group: now, or on the first day that notice, commitment and cycle
//! allow.

use super::carry_out::{carry_out, open};
use super::credit::change;
use super::foresee::foreseen;
use super::timing::{Timing, timing};
use super::{
    CreditKind, CreditOptions, Termination, TerminationRefusal, TerminationSource,
    TerminationState, TerminationStatus, TerminationType, TerminationView,
};
use crate::decision::{Change, Decision, Draft, Job, JobKind, Outcome};
use crate::ids::{JobId, SubscriptionId, TerminationId, TerminationReasonId};
use crate::moment::Moment;
use crate::product_group::Group;
use crate::proration::Behaviour;
use crate::subscription::Facts;
use jiff::Timestamp;

/// How long a comment may be, in characters.
pub const COMMENT_MAX: usize = 500;
/// How many texts a line may bear.
pub const TEXTS_MAX: usize = 10;
/// How long one of them may be, in characters.
pub const TEXT_MAX: usize = 200;

/// Terminate a product group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminateProduct {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which product group.
    pub group: SubscriptionId,
    /// When; as soon as it is free, where nothing is said.
    pub kind: Option<TerminationType>,
    /// The instant at which it ended elsewhere, where notice and commitment were looked at: here
    /// they don't count once more, and what was billed behind it comes back.
    pub ended_at: Option<Timestamp>,
    /// Why, by the seller's list.
    pub reason: Option<TerminationReasonId>,
    /// Why, in words; may be empty.
    pub comment: String,
    /// How much comes back: what is unused where it ends at once, else nothing, where nothing is
    /// said.
    pub behaviour: Option<Behaviour>,
    /// How that is said.
    pub credit: CreditKind,
    /// From when on what is unused comes back; from the end where nothing is said.
    pub anchor: Option<Timestamp>,
    /// What is to stand on the line that credits it.
    pub texts: Vec<String>,
}

/// Carries it out at once, or schedules it; says what it changes, or will.
///
/// # Errors
/// [`TerminationRefusal`].
pub fn decide(
    command: &TerminateProduct,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, TerminationRefusal> {
    let group = check(command, facts)?;
    let timing = timing(facts, group, command, moment.now)?;
    let mut draft = Draft::new(moment);
    let mut view = asked_for(command, &mut draft, timing)?;
    let change = if timing.at <= moment.now {
        carry_out(&mut draft, facts, group, &mut view)?
    } else {
        let unused = foreseen(facts, group, &view.termination)?;
        schedule(&mut draft, &mut view);
        change(&group.group, &unused, facts.customer().profile.currency)?
    };
    open(&mut draft, &view);
    Ok(draft.done(Outcome::Termination { view: Box::new(view), change }))
}

fn check<'a>(
    command: &TerminateProduct,
    facts: &Facts<'a>,
) -> Result<&'a Group, TerminationRefusal> {
    let group = facts.group(command.group).ok_or(TerminationRefusal::UnknownGroup)?;
    check_texts(command)?;
    let known = |id| facts.seller.catalogue.termination_reason(id).is_some();
    if !command.reason.is_none_or(known) {
        return Err(TerminationRefusal::UnknownReason);
    }
    if !group.is_active() {
        return Err(TerminationRefusal::Ended);
    }
    if !group.is_optional() {
        return Err(TerminationRefusal::Included);
    }
    let mut own = facts.terminations.iter().filter(|it| it.termination.group == group.id());
    if own.any(super::TerminationView::is_scheduled) {
        return Err(TerminationRefusal::AlreadyTerminated);
    }
    Ok(group)
}

/// What people write has its limits.
fn check_texts(command: &TerminateProduct) -> Result<(), TerminationRefusal> {
    if command.comment.chars().count() > COMMENT_MAX {
        return Err(TerminationRefusal::CommentTooLong(COMMENT_MAX));
    }
    if command.texts.len() > TEXTS_MAX {
        return Err(TerminationRefusal::TooManyTexts(TEXTS_MAX));
    }
    if command.texts.iter().any(|text| text.chars().count() > TEXT_MAX) {
        return Err(TerminationRefusal::TextTooLong(TEXT_MAX));
    }
    Ok(())
}

/// What is asked for, before anything comes of it.
fn asked_for(
    command: &TerminateProduct,
    draft: &mut Draft,
    Timing { kind, at }: Timing,
) -> Result<TerminationView, TerminationRefusal> {
    let usual = match kind {
        TerminationType::Immediately => Behaviour::Prorate,
        TerminationType::AtBindingPeriodEnd | TerminationType::AtSubscriptionBillingPeriodEnd => {
            Behaviour::None
        }
    };
    let behaviour = command.behaviour.unwrap_or(usual);
    if command.anchor.is_some() && behaviour != Behaviour::Prorate {
        return Err(TerminationRefusal::AnchorWithoutProration);
    }
    let credit = CreditOptions { behaviour, kind: command.credit, anchor: command.anchor };
    let termination = Termination {
        id: TerminationId(draft.ids.fresh()),
        group: command.group,
        parent: command.subscription,
        kind,
        source: TerminationSource::Direct,
        scheduled_at: at,
        reason: command.reason,
        comment: command.comment.clone(),
        credit,
        texts: command.texts.clone(),
        requested_at: draft.moment.now,
    };
    let (status, updated_at) = (TerminationStatus::Scheduled, draft.moment.now);
    let state = TerminationState { status, job: None, document: None, updated_at };
    Ok(TerminationView { termination, state })
}

/// Plans the work that carries it out.
fn schedule(draft: &mut Draft, view: &mut TerminationView) {
    let id = JobId(draft.ids.fresh());
    let kind = JobKind::ExecuteTermination(view.termination.id);
    draft.push(Change::JobScheduled(Job { id, kind, due_at: view.termination.scheduled_at }));
    view.state.job = Some(id);
}
