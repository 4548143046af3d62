//! What the telecom's customers have and owe, as the plain model says it from what was answered.

use super::Broken;
use crate::sellers::{customer, market};
use crate::sometimes;
use crate::stage::Asked;
use crate::stage::Story;
use abono_domain::change::ChangeView;
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_engine::views::SubscriptionView;
use abono_sim::Marks;
use abono_sim::cycles::{self, Deed};
use abono_sim::executor::alone;

/// Whether the books of all customers are what they must be.
pub(super) fn judge(
    engine: &Engine,
    tenant: &Tenant,
    story: &Story,
    marks: &mut Marks,
) -> Result<(), Broken> {
    let mut deeds = story.subscribed.clone();
    let open: Vec<&Asked> = story.changes.iter().collect();
    for of in 0..2 {
        let own = customer(of);
        let views = alone(engine.subscriptions_of(tenant, own));
        for view in views.map_err(|it| Broken::new("the books can be read", it))? {
            marks_of(&view);
            let id = view.agreement.subscription.id.0;
            for change in &view.changes {
                let asked = who_asked(&open, id, change)?;
                let at = change.change.requested_at.as_microsecond();
                let on = asked.on.map(day);
                let (change, to) = (change.change.id.0, asked.to);
                deeds.push((own, at, Deed::Asked { subscription: id, change, to, on }));
            }
            answered(story, &view)?;
        }
    }
    deeds.sort_by_key(|(_, at, _)| *at);
    let checked = cycles::check(&market(), deeds, (engine, tenant), marks);
    checked.map_err(|why| Broken::new("the books are what the model of cycles says", why))
}

/// Who asked for a change that is in the books: nothing is changed that nobody asked for. A request
/// that was sent again because nobody answered may be rejected twice.
fn who_asked(open: &[&Asked], line: uuid::Uuid, view: &ChangeView) -> Result<Asked, Broken> {
    let (change, at) = (&view.change, view.change.requested_at.as_microsecond());
    // Two hours, by which the machine's clock may be wrong.
    const WRONG: i64 = 2 * 3_600_000_000;
    let fits = |it: &&Asked| {
        let is_then = (it.between.0 - WRONG..=it.between.1 + WRONG).contains(&at);
        it.line == line && it.to == change.to && is_then
    };
    let on_day = |it: &&Asked| it.on == Some(change.effective_on);
    let exact = open.iter().find(|it| fits(it) && on_day(it));
    let found = exact.or_else(|| open.iter().find(|it| fits(it) && it.on.is_none()));
    let how = || Broken::new("nothing happens that nobody asked for", format!("{change:?}"));
    found.map(|asked| (*asked).clone()).ok_or_else(how)
}

/// What was answered as accepted is in the books.
fn answered(story: &Story, view: &SubscriptionView) -> Result<(), Broken> {
    let own = story.changes.iter().filter(|it| it.line == view.agreement.subscription.id.0);
    for asked in own.filter(|it| matches!(it.status, 201 | 202)) {
        let is_it = |it: &&ChangeView| {
            let change = &it.change;
            change.to == asked.to && asked.on.is_none_or(|on| on == change.effective_on)
        };
        if view.changes.iter().find(is_it).is_none() {
            return Err(Broken::new("what was answered stays", format!("{asked:?}")));
        }
    }
    Ok(())
}

fn marks_of(view: &SubscriptionView) {
    let day = view.agreement.billing_day;
    sometimes!("cycles: at the end of a month", day > 28);
}

/// The number of a day since 1970, counted by hand.
fn day(date: jiff::civil::Date) -> i64 {
    abono_sim::days::of_date(date)
}
