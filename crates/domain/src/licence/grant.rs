//! Gives a licence: by hand, or because a document was paid.

use super::{
    Facts, Grant, Holding, LicenceRefusal, Origin, Period, Placement, Subscription, Term, laid,
};
use crate::calendar::CalendarError;
use crate::decision::{Change, Decision, Draft, EventKind, Outcome};
use crate::document::DocumentView;
use crate::document::void::void;
use crate::ids::{CustomerId, GrantId, PlanId, ProductId, SubscriptionId};
use crate::ledger::{Balance, Purse};
use crate::moment::Moment;
use crate::money::MoneyError;
use crate::quote::{MONTHS_MAX, Order, QUANTITY_MAX, QuoteRefusal, check_range};
use crate::seller::Seller;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Give a licence by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantLicence {
    /// What is given.
    pub order: Order,
    /// Why, for those who read the books later.
    pub reason: String,
}

/// Gives the licence; an archived plan may still be given.
///
/// # Errors
/// [`LicenceRefusal`].
pub fn decide(
    command: &GrantLicence,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, LicenceRefusal> {
    let order = &command.order;
    check(command, facts.seller)?;
    let mut draft = Draft::new(moment);
    let given = Given {
        customer: facts.holding.customer.id,
        zone: &facts.holding.customer.profile.zone,
        at: moment.now,
        product: order.product,
        plan: order.plan,
        quantity: order.quantity,
        term: Term::Months(order.months),
        placement: Placement::Behind,
        origin: Origin::ByHand(command.reason.clone()),
    };
    let period = give(&mut draft, given, facts.holding)?;
    void_waiting(&mut draft, facts.holding, facts.balances)?;
    Ok(draft.done(Outcome::Licence { given_at: moment.now, period }))
}

/// What is given moves the end, as a renewal does: what waits and was to keep it, or to follow it
/// up to a fixed day, is void.
pub(crate) fn void_waiting(
    draft: &mut Draft,
    holding: Holding<'_>,
    balances: &[Balance],
) -> Result<(), MoneyError> {
    let waiting = holding.changes.iter();
    let stale = waiting.filter(|it| it.document.placement != Placement::Instead);
    let books = |it: &DocumentView| (it.document.series.legal_entity, it.document.total.currency);
    let mut open: BTreeMap<_, Vec<&DocumentView>> = BTreeMap::new();
    for view in stale {
        open.entry(books(view)).or_default().push(view);
    }
    for ((legal_entity, currency), stale) in open {
        let mut purse = Purse::open(holding.customer.id, legal_entity, currency, balances);
        for view in stale {
            void(draft, &mut view.clone(), &mut purse)?;
        }
        draft.close(purse);
    }
    Ok(())
}

fn check(command: &GrantLicence, seller: &Seller) -> Result<(), LicenceRefusal> {
    let order = &command.order;
    let product = seller.catalogue.product(order.product).ok_or(QuoteRefusal::UnknownProduct)?;
    let plan = product.plan(order.plan).filter(|plan| plan.is_main());
    plan.ok_or(QuoteRefusal::UnknownPlan)?;
    check_range("quantity", order.quantity, QUANTITY_MAX)?;
    check_range("months", order.months, MONTHS_MAX)?;
    if !(1..=500).contains(&command.reason.chars().count()) {
        return Err(LicenceRefusal::BadReason);
    }
    Ok(())
}

/// A licence to give.
#[derive(Debug)]
pub(crate) struct Given<'a> {
    pub(crate) customer: CustomerId,
    pub(crate) zone: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) product: ProductId,
    pub(crate) plan: PlanId,
    pub(crate) quantity: i64,
    pub(crate) term: Term,
    pub(crate) placement: Placement,
    pub(crate) origin: Origin,
}

/// Writes a grant and lays it, opening the agreement where there is none; gives its period.
pub(crate) fn give(
    draft: &mut Draft,
    given: Given<'_>,
    holding: Holding<'_>,
) -> Result<Period, CalendarError> {
    let subscription = match holding.subscription {
        Some(running) => running.clone(),
        None => open(draft, &given),
    };
    let grant = Grant {
        id: GrantId(draft.ids.fresh()),
        subscription: subscription.id,
        plan: given.plan,
        quantity: given.quantity,
        term: given.term,
        given_at: given.at,
        zone: given.zone.to_owned(),
        placement: given.placement,
        origin: given.origin,
    };
    let (laying, periods) = laid(holding.laying, holding.periods, &grant)?;
    draft.push(Change::Granted(grant));
    if laying != holding.laying {
        draft.push(Change::Relaid(subscription.id, laying));
    }
    let known = |period: &&Period| !holding.periods.contains(*period);
    draft.extend(periods.iter().filter(known).cloned().map(Change::PeriodLaid));
    draft.event(EventKind::LicenceGranted, subscription.id.0);
    // A grant is always laid last.
    periods.last().cloned().ok_or(CalendarError::OutOfRange)
}

fn open(draft: &mut Draft, given: &Given<'_>) -> Subscription {
    let subscription = Subscription {
        id: SubscriptionId(draft.ids.fresh()),
        number: 0,
        customer: given.customer,
        product: given.product,
        created_at: draft.moment.now,
        recurring: false,
    };
    draft.push(Change::SubscriptionStarted(subscription.clone()));
    subscription
}
