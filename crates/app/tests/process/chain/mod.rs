//! Two instances in a chain, with everything going wrong between them that can: in the end both
//! agree, each addition arrived once, in order, and both books are proved.

mod demo;
mod pair;
mod road;

use abono_testkit::{Database, on_each_database};
use pair::{ARTICLES, ENDS, Pair};
use road::Way::{
    self, AnsweredLate, AnsweredTwice, ArrivesLate, Cut, Doubled, Down, Fails, FailsAfterwards,
    Kills, Lost, Repeated, Straight,
};

/// Everything that can happen on the way. What is slow costs the test a second each time.
const WAYS: [Way; 16] = [
    Straight,
    Down,
    Fails,
    FailsAfterwards,
    Repeated,
    Doubled,
    AnsweredTwice,
    AnsweredLate,
    ArrivesLate,
    Lost,
    Cut,
    Kills(0),
    Kills(4),
    Kills(10),
    Kills(25),
    Kills(60),
];

/// Where the process in front is killed.
const POINTS: [&str; 4] =
    ["outbox.before_send", "outbox.after_send", "commit.before", "commit.answer"];

/// Numbers that are the same for one seed (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let most = u64::try_from(most).expect("in range");
        usize::try_from((z ^ (z >> 31)) % most).expect("in range")
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().expect("a runtime")
}

#[test]
fn whatever_happens_to_one_request_it_is_done_once_and_in_its_place() {
    runtime().block_on(async {
        let mut pair = Pair::open(Database::sqlite()).await;
        let [first, other] = [pair.company(0), pair.company(1)];
        for way in WAYS {
            pair.add(first, "SMS-1000", 1).await;
            let before = pair.road.arrived().values().sum::<usize>();
            pair.road.script([way]);
            pair.send().await;
            // The same again, and of another company, while the first one may be stuck.
            pair.add(first, "SMS-1000", 1).await;
            pair.add(other, "SMS", 25).await;
            let oldest = pair.added(first).await.into_iter().find(|it| it.end.is_none());
            pair.end(first, oldest.expect("one runs").id, ENDS[0]).await;
            pair.agree().await;
            let arrived = pair.road.arrived().values().sum::<usize>() - before;
            let again = match way {
                Straight | Down | Fails | AnsweredTwice => 0,
                FailsAfterwards | Repeated | Doubled | AnsweredLate | ArrivesLate | Lost | Cut
                | Kills(_) => 1,
            };
            assert_eq!(arrived, 4 + again, "{way:?}");
        }
    });
}

#[test]
fn a_process_in_front_that_is_killed_anywhere_sends_each_order_once_in_the_end() {
    runtime().block_on(async {
        let mut pair = Pair::open(Database::sqlite()).await;
        let company = pair.company(0);
        for point in POINTS {
            for _ in 0..3 {
                pair.add(company, "STAFF", 2).await;
            }
            let newest = pair.added(company).await.pop().expect("it was added");
            pair.end(company, newest.id, ENDS[1]).await;
            pair.send_and_die(point, 1).await;
            pair.agree().await;
        }
        let twice = pair.road.arrived().into_values().filter(|count| *count > 1).count();
        assert!(twice >= 1, "killed after it was sent, one of them was sent again");
    });
}

/// Adds and terminates at random, while everything goes wrong at random.
async fn wander(database: Database, seed: u64, steps: usize) {
    let (mut pair, mut dice) = (Pair::open(database).await, Dice(seed));
    for _ in 0..steps {
        let company = pair.company(dice.below(2));
        match dice.below(8) {
            0..=2 => pair.add(company, dice.of(&ARTICLES), 1).await,
            3 => {
                let (article, quantity) = (dice.of(&ARTICLES), 1 + dice.below(12));
                let quantity = i64::try_from(quantity).expect("in range");
                for _ in 0..3 {
                    pair.add(company, article, quantity).await;
                }
            }
            4..=5 => {
                let mut running = pair.added(company).await;
                running.retain(|it| it.end.is_none());
                if !running.is_empty() {
                    let group = running[dice.below(running.len())].id;
                    pair.end(company, group, dice.of(&ENDS)).await;
                }
            }
            6 => pair.send_and_die(dice.of(&POINTS), 1 + dice.below(3)).await,
            _ => {
                pair.road.script((0..3).map(|_| dice.of(&WAYS)).collect::<Vec<_>>());
                pair.send().await;
            }
        }
        pair.passes(i64::try_from(dice.below(4)).expect("in range"));
    }
    pair.agree().await;
}

#[test]
fn whatever_happens_at_random_both_sides_agree_in_the_end() {
    on_each_database(async |database| {
        for seed in [1, 2] {
            let database = match &database {
                Database::Sqlite(_) => Database::sqlite(),
                Database::Postgres(_) => Database::postgres().expect("as before"),
            };
            wander(database, seed, 60).await;
        }
    });
}
