//! Lets a customer try a plan: once, and before it had anything of the product.

use super::grant::{Given, give, void_waiting};
use super::{Facts, LicenceRefusal, Origin, Placement, Term};
use crate::calendar::Trial;
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::{PlanId, ProductId};
use crate::moment::Moment;
use crate::quote::{QUANTITY_MAX, check_range, find};

/// Start the trial of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartTrial {
    /// The product.
    pub product: ProductId,
    /// A plan of it that is sold and has a trial.
    pub plan: PlanId,
    /// How many units are tried.
    pub quantity: i64,
}

/// Gives the trial. What is bought while it runs follows it, and is billed from its end on.
///
/// # Errors
/// [`LicenceRefusal`].
pub fn decide(
    command: &StartTrial,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, LicenceRefusal> {
    let (_, plan) = find(facts.seller, command.product, command.plan)?;
    check_range("quantity", command.quantity, QUANTITY_MAX)?;
    let term = match plan.terms.trial.ok_or(LicenceRefusal::NoTrial)? {
        Trial::Days(days) => Term::Days(days.into()),
        Trial::Months(months) => Term::Months(months.into()),
    };
    if facts.holding.subscription.is_some() {
        return Err(LicenceRefusal::HadLicence);
    }
    let mut draft = Draft::new(moment);
    let given = Given {
        customer: facts.holding.customer.id,
        zone: &facts.holding.customer.profile.zone,
        at: moment.now,
        product: command.product,
        plan: command.plan,
        quantity: command.quantity,
        term,
        placement: Placement::Behind,
        origin: Origin::Trial,
    };
    let period = give(&mut draft, given, facts.holding)?;
    void_waiting(&mut draft, facts.holding, facts.balances)?;
    Ok(draft.done(Outcome::Licence { given_at: moment.now, period }))
}
