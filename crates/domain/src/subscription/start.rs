//! Starts a subscription that lives in cycles: from now on, with the invoice of its first cycle.

use super::SubscriptionRefusal;
use super::bill::{Billed, Charged, bill};
use super::{Agreement, Commitment, Facts, LineIdentity, Origin, State, Status, StatusStep};
use crate::calendar::CalendarError;
use crate::catalogue::Plan;
use crate::decision::{Change, Decision, Draft, EventKind, Outcome};
use crate::document::DocumentView;
use crate::ids::{BundleId, CommitmentId, PlanId, ProductId, SubscriptionId};
use crate::ledger::Balance;
use crate::licence::{Holding, Placement, Subscription};
use crate::moment::Moment;
use crate::product_group::include;
use crate::quote::{MONTHS_MAX, QUANTITY_MAX, check_range, find};
use crate::seller::Seller;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Start a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartSubscription {
    /// To which product.
    pub product: ProductId,
    /// To which plan of it.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// The length of a cycle in months.
    pub months: i64,
    /// The day of the month on which a cycle begins; that of today where nothing is said.
    pub billing_day: Option<i64>,
    /// The day on which it was sold; today where nothing is said.
    pub sold_on: Option<Date>,
    /// How it came about.
    pub origin: Origin,
    /// What it is sold together with others as.
    pub bundle: Option<BundleId>,
    /// What it is reached by.
    pub line: LineIdentity,
}

/// What has to be known. The holding is that of nothing: a subscription is new.
#[derive(Clone, Copy, Debug)]
pub struct StartFacts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// Who gets it.
    pub holding: Holding<'a>,
    /// The customer's invoices that aren't paid in full, oldest first.
    pub open_invoices: &'a [DocumentView],
    /// The customer's balances.
    pub balances: &'a [Balance],
}

/// Starts it in the customer's zone, bills its first cycle and binds it, where the plan says so.
///
/// # Errors
/// [`SubscriptionRefusal`].
pub fn decide(
    command: &StartSubscription,
    facts: &StartFacts<'_>,
    moment: Moment,
) -> Result<Decision, SubscriptionRefusal> {
    let (_, plan) = find(facts.seller, command.product, command.plan)?;
    check_range("quantity", command.quantity, QUANTITY_MAX)?;
    check_range("months", command.months, MONTHS_MAX)?;
    check_line(&command.line)?;
    let known = |bundle| facts.seller.catalogue.bundle(bundle).is_some();
    if !command.bundle.is_none_or(known) {
        return Err(SubscriptionRefusal::UnknownBundle);
    }
    let mut draft = Draft::new(moment);
    let agreement = agreement(command, facts, &mut draft)?;
    let (id, today) = (agreement.subscription.id, agreement.started_on);
    let state = State {
        status: Status::Active,
        plan: plan.id,
        quantity: command.quantity,
        cycle: 0,
        billed_until: today,
        ends_on: None,
        end_reason: None,
        job: None,
        steps: 1,
        updated_at: moment.now,
    };
    draft.push(Change::SubscriptionStarted(agreement.subscription.clone()));
    draft.push(Change::Agreed(Box::new(agreement.clone())));
    let state = {
        let all = Facts {
            seller: facts.seller,
            agreement: &agreement,
            state: &state,
            holding: Holding { subscription: Some(&agreement.subscription), ..facts.holding },
            changes: &[],
            commitments: &[],
            groups: &[],
            terminations: &[],
            confirmations: &[],
            open_invoices: facts.open_invoices,
            balances: facts.balances,
        };
        let cycle = agreement.cycle_on(today)?;
        let placed = (&cycle, Placement::Behind);
        let plan = all.quote(plan.id, placed, all.holding, moment.now)?;
        let charged = Charged { plan, groups: Vec::new() };
        let days = Billed { first: today, last: cycle.part.to, starts_at: moment.now };
        bill(&mut draft, &all, &charged, days)?
    };
    draft.push(Change::SubscriptionOpened(id, state.clone()));
    let (to, at) = (Status::Active, moment.now);
    draft.push(Change::SubscriptionStepped(
        id,
        StatusStep { seq: 1, from: None, to, reason: None, at },
    ));
    commit(&mut draft, &agreement, plan, today)?;
    include(&mut draft, (facts.seller, &agreement), &[], plan, moment.now);
    draft.event(EventKind::SubscriptionStarted, id.0);
    Ok(draft.done(Outcome::Subscription { agreement: Box::new(agreement), state }))
}

fn agreement(
    command: &StartSubscription,
    facts: &StartFacts<'_>,
    draft: &mut Draft,
) -> Result<Agreement, SubscriptionRefusal> {
    let customer = facts.holding.customer;
    let (now, zone) = (draft.moment.now, customer.zone()?);
    let today = zone.to_datetime(now).date();
    let billing_day = command.billing_day.unwrap_or_else(|| i64::from(today.day()));
    if !(1..=31).contains(&billing_day) {
        return Err(SubscriptionRefusal::OutOfRange { what: "billing_day", least: 1, most: 31 });
    }
    let sold_on = command.sold_on.unwrap_or(today);
    let earliest = today.checked_sub(10.years()).unwrap_or(Date::MIN);
    if !(earliest..=today).contains(&sold_on) {
        return Err(SubscriptionRefusal::BadSaleDay);
    }
    Ok(Agreement {
        subscription: Subscription {
            id: SubscriptionId(draft.ids.fresh()),
            number: 0,
            customer: customer.id,
            product: command.product,
            created_at: now,
            recurring: true,
        },
        plan: command.plan,
        legal_entity: facts.seller.issuer().ok_or(SubscriptionRefusal::NoIssuer)?.id,
        zone: customer.profile.zone.clone(),
        started_on: today,
        sold_on,
        months: command.months,
        billing_day,
        origin: command.origin,
        bundle: command.bundle,
        line: command.line.clone(),
    })
}

fn check_line(line: &LineIdentity) -> Result<(), SubscriptionRefusal> {
    for (what, number) in [("msisdn", &line.msisdn), ("imsi", &line.imsi), ("iccid", &line.iccid)] {
        let is_number = |text: &String| {
            (5..=22).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !number.as_ref().is_none_or(is_number) {
            return Err(SubscriptionRefusal::BadLine(what));
        }
    }
    Ok(())
}

/// Binds a subscription to a plan from a day on, where the plan says so.
pub(crate) fn commit(
    draft: &mut Draft,
    agreement: &Agreement,
    plan: &Plan,
    from: Date,
) -> Result<(), CalendarError> {
    let Some(terms) = plan.terms.commitment else { return Ok(()) };
    let out_of_range = |_| CalendarError::OutOfRange;
    let months = Span::new().try_months(terms.months).map_err(out_of_range)?;
    let commitment = Commitment {
        id: CommitmentId(draft.ids.fresh()),
        plan: plan.id,
        starts_on: from,
        ends_on: from.checked_add(months).map_err(out_of_range)?,
        penalty: terms.penalty,
    };
    draft.push(Change::Committed(agreement.subscription.id, commitment));
    Ok(())
}
