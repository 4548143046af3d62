//! What a product group costs in a cycle, and what is given for that.

use super::{Group, GroupKind, GroupState, ProductGroup};
use crate::calendar::CalendarError;
use crate::catalogue::Catalogue;
use crate::customer::{Customer, Profile};
use crate::decision::{Change, Draft};
use crate::discount::{Discount, On};
use crate::document::{Line, lines};
use crate::ids::DocumentId;
use crate::licence::grant::{Given, give};
use crate::licence::{Holding, Origin, Placement};
use crate::money::MoneyError;
use crate::quote::{Parties, Quote, QuoteRefusal};
use crate::subscription::{Agreement, Cycle, Facts, SubscriptionRefusal, cycle_quote};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a product group of a subscription costs from an instant to the end of a cycle. An amount
/// off a whole document comes off the subscription's own line, so it doesn't come off here too.
///
/// # Errors
/// Why it can't be sold like this.
pub fn quote(
    agreement: &Agreement,
    group: &ProductGroup,
    cycle: &Cycle,
    (parties, holding): (Parties<'_>, Holding<'_>),
    at: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    let customer = without_amounts(holding.customer, &parties.seller.catalogue);
    let holding = Holding { customer: &customer, ..holding };
    let agreement = agreement.of_group(&group.subscription);
    let placed = (cycle, Placement::Behind);
    cycle_quote(&agreement, (group.plan, group.quantity), placed, (parties, holding), at)
}

/// A customer without the discounts that are an amount off a document.
fn without_amounts(customer: &Customer, catalogue: &Catalogue) -> Customer {
    let is_share = |code: &String| {
        catalogue.discount(code).is_none_or(|known| match (known.off, known.on) {
            (Discount::Percent(_), _) | (Discount::Amount(_), On::Line) => true,
            (Discount::Amount(_), On::Document) => false,
        })
    };
    let own = customer.profile.discounts.iter().filter(|code| is_share(code));
    let profile = Profile { discounts: own.cloned().collect(), ..customer.profile.clone() };
    Customer { profile, ..customer.clone() }
}

/// A product group and what it costs in a cycle.
#[derive(Debug)]
pub(crate) struct Charge<'a> {
    /// Which.
    pub(crate) group: &'a Group,
    /// What it costs.
    pub(crate) quote: Quote,
}

impl Charge<'_> {
    /// What is charged, as it stands on a document.
    pub(crate) fn lines(&self, facts: &Facts<'_>) -> Result<Vec<Line>, MoneyError> {
        lines(&self.quote, facts.seller, &facts.customer().profile.language)
    }
}

/// What the product groups of a subscription cost that are billed up to the first day of a cycle,
/// in the order in which they were added.
pub(crate) fn charges<'a>(
    facts: &Facts<'a>,
    cycle: &Cycle,
    (first, at): (Date, Timestamp),
) -> Result<Vec<Charge<'a>>, SubscriptionRefusal> {
    let is_next = |group: &&Group| {
        group.is_active()
            && group.group.kind == GroupKind::Optional
            && group.state.billed_until == Some(first)
    };
    let charge = |group: &'a Group| {
        let parties = (facts.parties()?, group.holding(facts.holding));
        let quote = quote(facts.agreement, &group.group, cycle, parties, at)?;
        Ok(Charge { group, quote })
    };
    facts.groups.iter().filter(is_next).map(charge).collect()
}

/// Gives what the line of a document charges for a product group, from an instant on.
pub(crate) fn provide(
    draft: &mut Draft,
    facts: &Facts<'_>,
    charge: &Charge<'_>,
    (document, position): (DocumentId, i64),
    at: Timestamp,
) -> Result<(), CalendarError> {
    let Charge { group, quote } = charge;
    let given = Given {
        customer: facts.customer().id,
        zone: &facts.agreement.zone,
        at,
        product: quote.order.product,
        plan: quote.order.plan,
        quantity: quote.order.quantity,
        term: quote.lay.term,
        placement: Placement::Behind,
        origin: Origin::Billed { document, position },
    };
    give(draft, given, group.holding(facts.holding)).map(drop)
}

/// Notes up to which day a product group is billed now.
pub(crate) fn billed(draft: &mut Draft, group: &Group, until: Date) {
    let updated_at = draft.moment.now;
    let state = GroupState { billed_until: Some(until), updated_at, ..group.state.clone() };
    draft.push(Change::GroupSet(group.id(), state));
}
