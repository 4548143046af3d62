//! The breaker's laws, for any order of calls, outcomes and times.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const SETTINGS: Settings = Settings {
    failures: NonZeroU32::new(3).expect("not zero"),
    rest: secs(10),
    rest_max: secs(60),
    trial: secs(15),
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A breaker that has just opened at this second.
fn opened(at: u64) -> Breaker {
    let mut breaker = Breaker::new(SETTINGS);
    for _ in 0..3 {
        ill(&mut breaker, at);
    }
    breaker
}

fn outcome(breaker: &mut Breaker, outcome: Outcome, at: u64) {
    let pass = breaker.ask(secs(at)).expect("leave");
    breaker.settle(pass, outcome, secs(at));
}

fn ill(breaker: &mut Breaker, at: u64) {
    outcome(breaker, Outcome::Ill, at);
}

#[test]
fn it_opens_when_so_many_failed_one_after_the_other() {
    let mut breaker = Breaker::new(SETTINGS);
    ill(&mut breaker, 0);
    ill(&mut breaker, 0);
    outcome(&mut breaker, Outcome::Well, 0);
    ill(&mut breaker, 0);
    ill(&mut breaker, 0);
    outcome(&mut breaker, Outcome::NotCalled, 0);
    ill(&mut breaker, 1);
    assert_eq!(breaker.ask(secs(2)), Err(secs(9)));
    assert_eq!(breaker.ask(secs(10)), Err(secs(1)));
    assert!(breaker.ask(secs(11)).is_ok());
}

#[test]
fn one_trial_at_a_time_says_whether_it_closes() {
    let mut breaker = opened(0);
    let trial = breaker.ask(secs(10)).expect("leave");
    assert_eq!(breaker.ask(secs(11)), Err(secs(14)));
    breaker.settle(trial, Outcome::Well, secs(12));
    // It is as new: three more have to fail.
    ill(&mut breaker, 12);
    ill(&mut breaker, 12);
    assert!(breaker.ask(secs(12)).is_ok());
}

#[test]
fn each_failed_trial_doubles_the_rest_up_to_the_longest() {
    let mut breaker = opened(0);
    let mut now = 10;
    for rest in [20, 40, 60, 60] {
        ill(&mut breaker, now);
        assert_eq!(breaker.ask(secs(now)), Err(secs(rest)));
        now += rest;
    }
    outcome(&mut breaker, Outcome::Well, now);
    for _ in 0..3 {
        ill(&mut breaker, now);
    }
    assert_eq!(breaker.ask(secs(now)), Err(secs(10)), "a new illness has a new first rest");
}

#[test]
fn a_trial_that_never_answers_gives_way_to_the_next() {
    let mut breaker = opened(0);
    let lost = breaker.ask(secs(10)).expect("leave");
    assert_eq!(breaker.ask(secs(24)), Err(secs(1)));
    let next = breaker.ask(secs(25)).expect("leave");
    breaker.settle(lost, Outcome::Well, secs(26));
    assert!(breaker.ask(secs(26)).is_err(), "the lost one counts no more");
    breaker.settle(next, Outcome::Well, secs(27));
    assert!(breaker.ask(secs(27)).is_ok());
}

#[test]
fn a_trial_that_was_not_made_is_made_by_the_next() {
    let mut breaker = opened(0);
    outcome(&mut breaker, Outcome::NotCalled, 10);
    ill(&mut breaker, 10);
    assert_eq!(breaker.ask(secs(10)), Err(secs(20)));
}

/// What happens to a breaker: time goes by, somebody asks, the oldest or youngest call answers.
#[derive(Clone, Copy, Debug)]
enum Event {
    Later(u64),
    Ask,
    Oldest(Outcome),
    Youngest(Outcome),
}

fn any_event() -> impl Strategy<Value = Event> {
    let outcome = || {
        prop_oneof![
            3 => Just(Outcome::Ill),
            1 => Just(Outcome::Well),
            1 => Just(Outcome::NotCalled),
        ]
    };
    prop_oneof![
        (0_u64..40).prop_map(Event::Later),
        Just(Event::Ask),
        outcome().prop_map(Event::Oldest),
        outcome().prop_map(Event::Youngest),
    ]
}

proptest! {
    #[test]
    fn it_rests_no_longer_than_it_says_and_may(events in vec(any_event(), 0..200)) {
        let mut breaker = Breaker::new(SETTINGS);
        let mut passes = Vec::new();
        let mut now = Duration::ZERO;
        for event in events {
            match event {
                Event::Later(seconds) => now += secs(seconds),
                Event::Ask => match breaker.ask(now) {
                    Ok(pass) => passes.push(pass),
                    Err(rest) => {
                        prop_assert!(!rest.is_zero() && rest <= SETTINGS.rest_max);
                        // What it says is enough, and no less is.
                        let soon = now + rest - Duration::from_nanos(1);
                        prop_assert!(breaker.clone().ask(soon).is_err());
                        prop_assert!(breaker.clone().ask(now + rest).is_ok());
                    }
                },
                Event::Oldest(outcome) if !passes.is_empty() => {
                    breaker.settle(passes.remove(0), outcome, now);
                }
                Event::Youngest(outcome) => {
                    if let Some(pass) = passes.pop() {
                        breaker.settle(pass, outcome, now);
                    }
                }
                Event::Oldest(_) => {}
            }
        }
    }

    #[test]
    fn while_fewer_fail_in_a_row_everybody_is_let_through(
        outcomes in vec((0_usize..3, 0_u64..100), 0..60),
    ) {
        let mut breaker = Breaker::new(SETTINGS);
        let mut now = 0;
        for (failed, later) in outcomes {
            for _ in 0..failed {
                ill(&mut breaker, now);
            }
            outcome(&mut breaker, Outcome::Well, now);
            now += later;
        }
        prop_assert!(breaker.ask(secs(now)).is_ok());
    }

    #[test]
    fn while_it_is_ill_only_trials_reach_it(asked in vec(0_u64..30, 1..200)) {
        let mut breaker = opened(0);
        let mut now = 0;
        let mut calls = 0_u64;
        let mut rest = 10;
        let mut due = 10;
        for later in asked {
            now += later;
            let pass = breaker.ask(secs(now));
            prop_assert_eq!(pass.is_ok(), now >= due);
            if let Ok(pass) = pass {
                calls += 1;
                breaker.settle(pass, Outcome::Ill, secs(now));
                rest = (rest * 2).min(60);
                due = now + rest;
            }
        }
        prop_assert!(calls <= now / 10);
    }
}
