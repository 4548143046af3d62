//! Adds a product to a subscription: from now on, billed at once to the end of the running cycle,
//! and then with each.

use super::include::open;
use super::{
    BalanceChange, Charge, Charged, Group, GroupKind, GroupRefusal, GroupState, GroupStatus,
    GroupView, ProductGroup, provide, quote,
};
use crate::calendar::CalendarError;
use crate::catalogue::{Catalogue, Plan};
use crate::decision::{Decision, Draft, Outcome};
use crate::delivery::{Order, queue};
use crate::ids::{PlanId, ProductId, SubscriptionId};
use crate::licence::Subscription;
use crate::moment::Moment;
use crate::money::{Currency, MoneyError};
use crate::quote::{QUANTITY_MAX, QuoteRefusal, check_range};
use crate::subscription::start::commit;
use crate::subscription::{Facts, Status, invoice};
use crate::termination::TerminationView;
use jiff::SignedDuration;

/// How many product groups of a subscription may run at once: they stand on one invoice.
pub const RUNNING_MAX: usize = 100;

/// Add a product to a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddProduct {
    /// To which subscription.
    pub subscription: SubscriptionId,
    /// Which product.
    pub product: ProductId,
    /// Which plan of it: an article.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// Who asks for it.
    pub by: String,
    /// For how long the same request of the same one is taken as a repetition; zero: never.
    pub repeat: SignedDuration,
}

/// Invoices the product for the rest of the running cycle and gives it. The same request once more
/// within a while finds what it did the first time, and changes nothing.
///
/// # Errors
/// [`GroupRefusal`].
pub fn decide(
    command: &AddProduct,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, GroupRefusal> {
    let plan = check(command, facts, moment)?;
    let mut draft = Draft::new(moment);
    if let Some(first) = repeated(command, facts, moment) {
        let currency = facts.customer().profile.currency;
        let view = first.view(&facts.seller.catalogue, facts.terminations, currency)?;
        return Ok(draft.done(Outcome::Group(Box::new(view))));
    }
    let today = facts.agreement.day(moment.now)?;
    let cycle = facts.agreement.cycle_on(today)?;
    let group = nothing_yet(command, facts, &mut draft);
    let parties = (facts.parties()?, group.holding(facts.holding));
    let quote = quote(facts.agreement, &group.group, &cycle, parties, moment.now)?;
    let charge = Charge { group: &group, quote };
    let own = charge.lines(facts)?;
    let charged = Charged::of_quote(&charge.quote)?;
    let state = GroupState { billed_until: Some(cycle.part.to), ..group.state.clone() };
    open(&mut draft, group.group.clone(), state.clone());
    // What is quoted has a line of its own, the first.
    let document = invoice(&mut draft, facts, own)?.ok_or(CalendarError::OutOfRange)?;
    provide(&mut draft, facts, &charge, (document, 1), moment.now)?;
    let agreement = facts.agreement.of_group(&group.group.subscription);
    commit(&mut draft, &agreement, plan, today)?;
    if group.group.billed_behind {
        // Every article has a number: a seller isn't published otherwise.
        let article_number = plan.article.number.clone().unwrap_or_default();
        let order = Order::Add { article_number, quantity: command.quantity };
        queue(&mut draft, facts.customer().id, group.id(), order);
    }
    let change = BalanceChange::of(&group.group, &charged)?;
    let view = GroupView { group: group.group, state, termination: None, change };
    Ok(draft.done(Outcome::Group(Box::new(view))))
}

fn check<'a>(
    command: &AddProduct,
    facts: &Facts<'a>,
    moment: Moment,
) -> Result<&'a Plan, GroupRefusal> {
    let product = facts.seller.catalogue.product(command.product);
    let plan = product.and_then(|it| it.plan(command.plan)).filter(|plan| !plan.is_main());
    let (product, plan) = product.zip(plan).ok_or(GroupRefusal::UnknownArticle)?;
    if product.archived || plan.archived {
        return Err(QuoteRefusal::Archived.into());
    }
    check_range("quantity", command.quantity, QUANTITY_MAX)?;
    let today = facts.agreement.day(moment.now)?;
    if facts.state.status == Status::Ended || facts.is_over(today) {
        return Err(GroupRefusal::Ended);
    }
    // It is billed to where the subscription is: what is due has to be billed first.
    if facts.agreement.midnight(facts.state.billed_until)? <= moment.now {
        return Err(GroupRefusal::NotItsTurn);
    }
    if facts.groups.iter().filter(|group| group.is_active()).count() >= RUNNING_MAX {
        return Err(GroupRefusal::TooMany(RUNNING_MAX));
    }
    Ok(plan)
}

/// What the same one asked for in the same words a short while ago, and didn't end since.
fn repeated<'a>(command: &AddProduct, facts: &Facts<'a>, moment: Moment) -> Option<&'a Group> {
    let since = moment.now.checked_sub(command.repeat).ok()?;
    let is_same = |group: &&Group| {
        let ProductGroup { subscription, plan, quantity, added_by, kind, .. } = &group.group;
        let asked = (subscription.product, *plan, *quantity, added_by);
        let ends =
            facts.terminations.iter().any(|it| it.termination.group == group.id() && it.stands());
        *kind == GroupKind::Optional
            && !ends
            && subscription.created_at > since
            && asked == (command.product, command.plan, command.quantity, &command.by)
    };
    facts.groups.iter().find(is_same)
}

/// The product group, before anything of it is billed.
fn nothing_yet(command: &AddProduct, facts: &Facts<'_>, draft: &mut Draft) -> Group {
    let subscription = Subscription {
        id: SubscriptionId(draft.ids.fresh()),
        number: 0,
        customer: facts.customer().id,
        product: command.product,
        created_at: draft.moment.now,
        recurring: true,
    };
    let group = ProductGroup {
        subscription,
        parent: facts.agreement.subscription.id,
        kind: GroupKind::Optional,
        plan: command.plan,
        quantity: command.quantity,
        added_by: command.by.clone(),
        billed_behind: facts.seller.settings.external_billing,
    };
    let state = GroupState {
        status: GroupStatus::Active,
        billed_until: None,
        ended_at: None,
        updated_at: draft.moment.now,
    };
    Group { group, state, periods: Vec::new(), values: Vec::new(), commitments: Vec::new() }
}

impl Group {
    /// How it is shown: with what adding it changed, and how it ends.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn view(
        &self,
        catalogue: &Catalogue,
        terminations: &[TerminationView],
        currency: Currency,
    ) -> Result<GroupView, MoneyError> {
        let change = match self.values.first() {
            Some(value) => BalanceChange::of(&self.group, &Charged::of_value(value, catalogue))?,
            None => BalanceChange::nothing(currency),
        };
        let of_it = |it: &&TerminationView| it.termination.group == self.id() && it.stands();
        let termination = terminations.iter().rev().find(of_it).cloned();
        let (group, state) = (self.group.clone(), self.state.clone());
        Ok(GroupView { group, state, termination, change })
    }
}
