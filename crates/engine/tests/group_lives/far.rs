//! What is shown of a cycle that is still far.

use crate::seller::{Reduced, Setup, Sold};
use crate::{Asked, Life};
use abono_domain::discount::{Discount as Off, On};
use abono_domain::exact::Exact;
use abono_domain::proration::{Behaviour, DayCount};
use abono_domain::termination::{CreditKind, TerminationType};
use jiff::Timestamp;

/// A discount for three periods is used up by the cycle of which all comes back: it is shown, and
/// comes back, at the price of that cycle.
#[test]
fn what_is_shown_for_a_far_cycle_knows_which_discounts_are_used_up_by_then() {
    let half = Reduced { off: Off::Percent(Exact::whole(50)), on: On::Line, periods: Some(3) };
    let at_2_00 = Sold { minor: 200, is_net: false, day_count: DayCount::Actual };
    let setup = Setup {
        zone: "Europe/Madrid",
        start: "2026-01-01T09:00:00Z".parse::<Timestamp>().expect("an instant").as_second(),
        months: 1,
        billing_day: None,
        by_line: false,
        articles: [at_2_00; 3],
        discounts: vec![half],
        notice_days: 60,
        bound_months: 0,
    };
    let mut life = Life::begin(&setup);
    life.add(1, 1);
    let asked = Asked {
        kind: Some(TerminationType::AtSubscriptionBillingPeriodEnd),
        behaviour: Some(Behaviour::Full),
        credit: CreditKind::Normal,
        anchor: None,
    };
    life.terminate(0, asked);
    // January twice and February are at half the price, March isn't: 2.00, 1.82 of it revenue.
    let shown: Vec<i64> = life.foreseen.values().map(|change| change.total.minor).collect();
    assert_eq!(shown, [-182]);
    life.pass("2026-04-02T09:00:00Z".parse().expect("an instant"), false);
    assert_eq!(life.marks.get("later, credited"), Some(&1), "and that is what comes back");
    life.finish();
}
