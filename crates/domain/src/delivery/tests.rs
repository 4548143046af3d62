//! Tests of deliveries: whose turn it is, what an answer does, how long a pause is.

use super::backoff::ceiling;
use super::claim::{self, ClaimDelivery, Claimed, LEASE};
use super::record::{self, Answer, RecordDelivery};
use super::replay::{self, ReplayDelivery};
use super::*;
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::CommandId;
use crate::moment::Moment;
use jiff::SignedDuration;
use proptest::prelude::*;
use std::time::Duration;
use uuid::Uuid;

const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(2));
const MAX: i64 = 3;

/// A customer's deliveries, and the clocks.
struct Line {
    views: Vec<DeliveryView>,
    seconds: i64,
    commands: u128,
}

fn group(number: usize) -> SubscriptionId {
    SubscriptionId(Uuid::from_u128(100 + number as u128))
}

fn addition() -> Order {
    Order::Add { article_number: "SMS".to_owned(), quantity: 1 }
}

fn termination() -> Order {
    let (comment, texts) = (String::new(), vec!["thanks".to_owned()]);
    let ended_at = Timestamp::UNIX_EPOCH;
    Order::Terminate { behaviour: Behaviour::Full, internal: false, comment, texts, ended_at }
}

fn done(id: &str) -> Answer {
    Answer::Done { external_id: Some(id.to_owned()), body: "{}".to_owned() }
}

fn passing() -> Answer {
    Answer::Passing { trouble: "status 500".to_owned(), retry_after: None }
}

fn refused() -> Answer {
    Answer::Final { trouble: "no such article".to_owned() }
}

fn resting(seconds: u64) -> Answer {
    Answer::Resting { for_about: Duration::from_secs(seconds) }
}

impl Line {
    fn of(orders: Vec<(usize, Order)>) -> Self {
        let mut line = Self { views: Vec::new(), seconds: 0, commands: 0 };
        for (number, order) in orders {
            let mut draft = Draft::new(line.moment());
            queue(&mut draft, CUSTOMER, group(number), order);
            line.write(draft.done(Outcome::Clock(Timestamp::UNIX_EPOCH)));
        }
        line
    }

    /// Each decision a second later.
    fn moment(&mut self) -> Moment {
        self.seconds += 1;
        self.commands += 1 << 20;
        let now = Timestamp::from_second(self.seconds).expect("an instant");
        Moment { now, machine: now, command: CommandId(Uuid::from_u128(self.commands)) }
    }

    fn write(&mut self, decision: Decision) {
        for change in decision.changes {
            if let Change::DeliveryQueued(delivery, state) = change {
                self.views.push(DeliveryView { delivery: *delivery, state: *state });
            } else if let Change::DeliverySet(id, state) = change {
                let own = self.views.iter_mut().find(|view| view.delivery.id == id);
                own.expect("the delivery").state = state;
            } else {
                panic!("another change: {change:?}");
            }
        }
    }

    fn act(
        &mut self,
        place: usize,
        decide: impl FnOnce(&Facts<'_>, Moment) -> Result<Decision, DeliveryRefusal>,
    ) -> Result<Option<Claimed>, DeliveryRefusal> {
        let moment = self.moment();
        let view = &self.views[place];
        let mut pending = self.views.iter().filter(|view| view.is_pending());
        let (head, following) = (pending.next().map(|view| view.delivery.id), pending.next());
        let adds = |it: &&DeliveryView| {
            it.delivery.group == view.delivery.group && it.delivery.order.is_addition()
        };
        let addition = self.views.iter().find(adds);
        let decision = decide(&Facts { view, head, following, addition }, moment)?;
        let Outcome::Delivery { claimed, .. } = &decision.outcome else { panic!("a delivery") };
        let claimed = claimed.clone();
        self.write(decision);
        Ok(claimed)
    }

    fn claim(&mut self, place: usize) -> Result<Option<Claimed>, DeliveryRefusal> {
        let command = ClaimDelivery { delivery: self.views[place].delivery.id };
        self.act(place, |facts, moment| claim::decide(&command, facts, moment))
    }

    /// Records an answer under the claim that stands.
    fn record(&mut self, place: usize, answer: Answer) -> Result<Option<Claimed>, DeliveryRefusal> {
        let until = self.views[place].state.next_at.unwrap_or(Timestamp::UNIX_EPOCH);
        self.record_under(place, until, answer)
    }

    fn record_under(
        &mut self,
        place: usize,
        claimed_until: Timestamp,
        answer: Answer,
    ) -> Result<Option<Claimed>, DeliveryRefusal> {
        let delivery = self.views[place].delivery.id;
        let command = RecordDelivery { delivery, claimed_until, answer, attempts_max: MAX };
        self.act(place, |facts, moment| record::decide(&command, facts, moment))
    }

    fn replay(&mut self, place: usize) -> Result<Option<Claimed>, DeliveryRefusal> {
        let command = ReplayDelivery { delivery: self.views[place].delivery.id };
        self.act(place, |facts, moment| replay::decide(&command, facts, moment))
    }

    /// Claims and records, as soon as it may be sent.
    fn send(&mut self, place: usize, answer: Answer) {
        let next_at = self.views[place].state.next_at.expect("it has a time");
        self.seconds = self.seconds.max(next_at.as_second() + 1);
        if self.claim(place).expect("its turn").is_some() {
            self.record(place, answer).expect("recorded");
        }
    }

    fn state(&self, place: usize) -> &DeliveryState {
        &self.views[place].state
    }
}

#[test]
fn what_is_claimed_is_not_claimed_again_before_the_claim_ends() {
    let mut line = Line::of(vec![(1, addition())]);
    line.claim(0).expect("its turn");
    let claimed_at = Timestamp::from_second(line.seconds).expect("an instant");
    assert_eq!(line.state(0).next_at, Some(claimed_at + LEASE));
    assert_eq!(line.claim(0), Err(DeliveryRefusal::NotItsTurn));
    line.seconds += LEASE.as_secs();
    line.claim(0).expect("the claim has ended");
}

#[test]
fn what_was_done_is_delivered_with_what_the_other_side_said() {
    let mut line = Line::of(vec![(1, addition())]);
    line.send(0, passing());
    assert_eq!((line.state(0).attempts, line.state(0).status), (1, DeliveryStatus::Pending));
    assert_eq!(line.state(0).trouble.as_deref(), Some("status 500"));
    line.send(0, done("pg-1"));
    let state = line.state(0);
    assert_eq!((state.status, state.attempts), (DeliveryStatus::Delivered, 2));
    assert_eq!((state.external_id.as_deref(), &state.trouble), (Some("pg-1"), &None));
    assert_eq!(line.claim(0), Err(DeliveryRefusal::NotItsTurn));
    assert_eq!(line.record(0, done("pg-2")), Err(DeliveryRefusal::Overtaken));
}

#[test]
fn an_answer_counts_only_under_the_claim_but_what_is_done_is_done() {
    let mut line = Line::of(vec![(1, addition())]);
    line.claim(0).expect("its turn");
    let first = line.state(0).next_at.expect("a claim");
    line.seconds += LEASE.as_secs();
    line.claim(0).expect("the claim has ended");
    for late in [passing(), refused(), resting(9)] {
        assert_eq!(line.record_under(0, first, late), Err(DeliveryRefusal::Overtaken));
    }
    line.record_under(0, first, done("pg-1")).expect("it is done");
    assert_eq!(line.record(0, passing()), Err(DeliveryRefusal::Overtaken));
}

#[test]
fn too_many_attempts_or_a_final_answer_end_it_and_it_can_be_sent_again_by_hand() {
    let mut line = Line::of(vec![(1, addition()), (2, addition())]);
    assert_eq!(line.replay(0), Err(DeliveryRefusal::NotFailed));
    for attempt in 1..=MAX {
        assert_eq!(line.state(0).status, DeliveryStatus::Pending);
        line.send(0, passing());
        assert_eq!(line.state(0).attempts, attempt);
    }
    assert_eq!(line.state(0).status, DeliveryStatus::Failed);
    line.send(1, refused());
    assert_eq!((line.state(1).status, line.state(1).attempts), (DeliveryStatus::Failed, 1));
    line.replay(0).expect("it has failed");
    assert_eq!((line.state(0).status, line.state(0).attempts), (DeliveryStatus::Pending, 0));
    line.send(0, done("pg-1"));
    assert_eq!(line.replay(0), Err(DeliveryRefusal::NotFailed));
}

#[test]
fn resting_moves_the_next_time_and_counts_for_nothing() {
    let mut line = Line::of(vec![(1, addition())]);
    line.send(0, resting(30));
    let state = line.state(0);
    assert_eq!((state.attempts, &state.trouble), (0, &None));
    let at = Timestamp::from_second(line.seconds + 30).expect("an instant");
    assert_eq!(state.next_at, Some(at));
    line.send(0, resting(u64::MAX));
    let most = Timestamp::from_second(line.seconds + 3_600).expect("an instant");
    assert_eq!(line.state(0).next_at, Some(most));
}

#[test]
fn the_next_one_is_put_aside_until_the_one_before_is_settled() {
    let mut line = Line::of(vec![(1, addition()), (2, addition()), (3, addition())]);
    for place in [1, 2] {
        assert_eq!(line.claim(place), Ok(None));
        assert_eq!((line.state(place).next_at, line.state(place).attempts), (None, 0));
        assert_eq!(line.claim(place), Err(DeliveryRefusal::NotItsTurn));
    }
    line.send(0, passing());
    assert_eq!(line.state(1).next_at, None);
    line.send(0, refused());
    let now = Timestamp::from_second(line.seconds).expect("an instant");
    assert_eq!((line.state(1).next_at, line.state(2).next_at), (Some(now), None));
    line.send(1, done("pg-2"));
    assert_eq!(line.state(1).next_at, None);
    // Sent again by hand it goes first, as it was queued first.
    line.replay(0).expect("it has failed");
    assert_eq!(line.claim(2), Ok(None));
    line.send(0, done("pg-1"));
    line.send(2, done("pg-3"));
    assert!(line.views.iter().all(|view| view.state.status == DeliveryStatus::Delivered));
}

#[test]
fn a_pause_survives_one_that_is_sent_again_before_it() {
    let mut line = Line::of(vec![(1, addition()), (2, addition())]);
    line.send(0, refused());
    line.send(1, Answer::Passing { trouble: "busy".to_owned(), retry_after: Some(PAUSE_CAP) });
    let pause = line.state(1).next_at;
    line.replay(0).expect("it has failed");
    line.send(0, done("pg-1"));
    assert_eq!(line.state(1).next_at, pause);
}

#[test]
fn a_termination_goes_under_the_id_of_its_addition() {
    let mut line = Line::of(vec![(1, addition()), (2, addition()), (1, termination())]);
    line.send(0, done("pg-1"));
    line.send(1, done("pg-2"));
    let claimed = line.claim(2).expect("its turn").expect("claimed");
    assert_eq!(claimed.added_as.as_deref(), Some("pg-1"));
}

#[test]
fn a_termination_of_what_was_never_added_there_fails_and_says_why() {
    let mut line = Line::of(vec![(1, addition()), (1, termination()), (2, termination())]);
    line.send(0, refused());
    line.send(1, done("never"));
    let said = |line: &Line, place: usize| line.state(place).trouble.clone().unwrap_or_default();
    assert!(said(&line, 1).contains("was not delivered"), "{}", said(&line, 1));
    line.send(2, done("never"));
    assert!(said(&line, 2).contains("never sent"), "{}", said(&line, 2));
    line.replay(0).expect("it has failed");
    line.replay(1).expect("it has failed");
    line.send(0, done("pg-1"));
    line.send(1, done("pg-1"));
    assert_eq!(line.state(1).status, DeliveryStatus::Delivered);

    let mut line = Line::of(vec![(1, addition()), (1, termination())]);
    line.send(0, Answer::Done { external_id: None, body: String::new() });
    line.send(1, done("never"));
    assert!(said(&line, 1).contains("gave no id"), "{}", said(&line, 1));
}

#[test]
fn what_the_other_side_wrote_is_kept_in_bounds() {
    let mut line = Line::of(vec![(1, addition())]);
    let trouble = format!("\0{}", "я".repeat(2_000));
    line.send(0, Answer::Passing { trouble, retry_after: None });
    assert_eq!(line.state(0).trouble, Some("я".repeat(1_000)));
}

#[test]
fn pauses_spread_over_the_whole_time_and_grow_to_an_hour() {
    let ids = || (0..400_u128).map(|it| DeliveryId(Uuid::from_u128(it)));
    for attempt in [1, 4, 12, 40] {
        let most = ceiling(attempt);
        let below = |part: u32| ids().filter(|id| pause(*id, attempt, None) < most / part).count();
        assert!((150..250).contains(&below(2)), "{attempt}: {}", below(2));
        assert!((20..70).contains(&below(10)), "{attempt}: {}", below(10));
    }
    let ceilings = [1, 2, 3, 12, 13, 1_000].map(|attempt| ceiling(attempt).as_secs());
    assert_eq!(ceilings, [1, 2, 4, 2_048, 3_600, 3_600]);
}

proptest! {
    #[test]
    fn a_pause_stays_in_its_bounds_and_is_the_same_again(
        id in any::<u128>(), attempt in 1_i64..2_000, asked in prop::option::of(0_u64..200_000),
    ) {
        let (id, asked) = (DeliveryId(Uuid::from_u128(id)), asked.map(Duration::from_secs));
        let found = pause(id, attempt, asked);
        let least = asked.unwrap_or_default().min(Duration::from_secs(86_400));
        prop_assert!(found >= least && found <= ceiling(attempt).max(least));
        prop_assert_eq!(found, pause(id, attempt, asked));
    }

    /// Whatever is answered, and whatever is sent again by hand: what was queued first is settled
    /// first, a termination is sent only under the id of its addition, and nothing gets stuck.
    #[test]
    fn deliveries_are_settled_in_order(
        orders in prop::collection::vec((0_usize..3, any::<bool>()), 1..8),
        deeds in prop::collection::vec((0_usize..8, 0_u8..6), 1..80),
    ) {
        let order = |adds: bool| if adds { addition() } else { termination() };
        let mut line = Line::of(orders.into_iter().map(|(it, adds)| (it, order(adds))).collect());
        for (place, deed) in deeds {
            let place = place % line.views.len();
            let claimed = match deed {
                0..=3 => line.claim(place).is_ok_and(|claimed| claimed.is_some()),
                4 => {
                    let _not_failed = line.replay(place);
                    false
                }
                _ => {
                    line.seconds += 600;
                    false
                }
            };
            if claimed {
                let answers = [done("id"), passing(), refused(), resting(5)];
                let answer = answers[usize::from(deed)].clone();
                line.record(place, answer).expect("it is claimed");
                let settled = !line.views[place].is_pending();
                let turn = line.views[place].turn();
                let waits = line.views.iter().any(|it| it.is_pending() && it.turn() < turn);
                prop_assert!(!(settled && waits));
            }
        }
        // Each of them is settled in the end.
        for _ in 0..line.views.len() {
            let head = line.views.iter().position(DeliveryView::is_pending);
            let Some(head) = head else { break };
            line.seconds += SignedDuration::from_hours(25).as_secs();
            line.send(head, done("id"));
        }
        prop_assert!(line.views.iter().all(|view| !view.is_pending()));
        for view in line.views.iter().filter(|it| it.state.status == DeliveryStatus::Delivered) {
            prop_assert!(view.state.attempts > 0 && view.state.answer.is_some());
        }
    }
}
