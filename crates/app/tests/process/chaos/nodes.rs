//! Two nodes on one Postgres, of which one is killed with -9 again and again while clients ask both.

use super::log::Log;
use super::shop::{Doors, Shop};
use super::{number_of, show};
use crate::chain::Dice;
use crate::support::Server;
use abono_testkit::Database;
use std::time::Duration;

/// How often, where `ABONO_TEST_NODE_KILLS` doesn't say otherwise.
const KILLS: usize = 8;
const CLIENTS: usize = 12;

#[test]
fn one_of_two_nodes_is_killed_again_and_again_and_the_other_goes_on() {
    let Some(database) = Database::postgres() else { return };
    let (url, kills) = (database.url_text(), number_of("ABONO_TEST_NODE_KILLS", KILLS));
    let (shop, doors, log) = (Shop::open(&url), Doors::default(), Log::default());
    let stays = Server::start_on(&url);
    doors.set(0, Some(stays.base_url()));
    let mut dice = Dice(5);
    shop.trade(CLIENTS, &doors, (&log, ""), || {
        for _ in 0..kills {
            let dies = Server::start_on(&url);
            doors.set(1, Some(dies.base_url()));
            let lives = u64::try_from(100 + dice.below(300)).expect("small");
            std::thread::sleep(Duration::from_millis(lives));
            dies.kill_now();
        }
    });
    let open = log.unknown();
    shop.ask_again(&doors, &log, &open);
    shop.ask_again(&doors, &log, &log.answered(""));
    let judgement = shop.judge(&log);
    show(&format!("one of two nodes killed {kills} times: {judgement}"));
    assert!(judgement.holds(), "{judgement:?}");
    assert!(judgement.answered > kills * CLIENTS, "too little was asked for: {judgement}");
}
