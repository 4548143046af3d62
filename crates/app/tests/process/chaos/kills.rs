//! `kill -9` of a server under load and while it starts, round after round, on both databases.

use super::log::{Judgement, Log};
use super::shop::{Doors, Shop};
use super::{number_of, show};
use crate::chain::Dice;
use crate::support::{Server, each_database};
use abono_testkit::Database;
use std::time::{Duration, Instant};

/// How many rounds over both databases, where `ABONO_TEST_KILLS` doesn't say otherwise.
const ROUNDS: usize = 16;
const CLIENTS: usize = 8;
/// How often the books are proved in a long run.
const PROOF: usize = 100;

fn millis(most: usize, dice: &mut Dice) -> Duration {
    Duration::from_millis(u64::try_from(dice.below(most)).expect("small"))
}

/// Two nodes on Postgres, one on SQLite.
fn nodes(database: &Database) -> usize {
    match database {
        Database::Sqlite(_) => 1,
        Database::Postgres(_) => 2,
    }
}

/// The servers over one database, and what their clients were told.
struct Lives {
    url: String,
    shop: Shop,
    doors: Doors,
    log: Log,
    nodes: Vec<Option<Server>>,
    dice: Dice,
}

impl Lives {
    fn new(database: &Database) -> Self {
        let url = database.url_text();
        let shop = Shop::open(&url);
        let nodes = (0..nodes(database)).map(|_| None).collect();
        Self { url, shop, doors: Doors::default(), log: Log::default(), nodes, dice: Dice(8) }
    }

    /// Fills empty places; now and then the first try is killed while it starts.
    fn start(&mut self) {
        for (place, node) in self.nodes.iter_mut().enumerate().filter(|(_, node)| node.is_none()) {
            if self.dice.below(4) == 0 {
                Server::start_and_kill(&self.url, millis(150, &mut self.dice));
            }
            let server = Server::start_on(&self.url);
            self.doors.set(place, Some(server.base_url()));
            *node = Some(server);
        }
    }

    /// Finds out what is in doubt, and asks again what was answered in a round.
    fn ask_again(&self, round: &str) {
        let mut keys = self.log.unknown();
        keys.extend(self.log.answered(round));
        self.shop.ask_again(&self.doors, &self.log, &keys);
    }

    /// Lets clients ask, and kills one of the nodes, or all of them.
    fn trade_and_kill(&mut self, round: &str) {
        let victim = self.dice.below(self.nodes.len() + 1);
        let lived = Duration::from_millis(30) + millis(200, &mut self.dice);
        let alone = millis(40, &mut self.dice);
        let all = victim == self.nodes.len();
        let nodes = &mut self.nodes;
        self.shop.trade(CLIENTS, &self.doors, (&self.log, round), || {
            std::thread::sleep(lived);
            for (place, node) in nodes.iter_mut().enumerate() {
                if all || place == victim {
                    // Dropped, it is killed and waited for.
                    drop(node.take());
                }
            }
            // Those of the other node go on for a moment.
            std::thread::sleep(alone);
        });
    }

    /// The last round is over: everything is found out, asked again, and compared.
    fn judge(&mut self) -> Judgement {
        self.start();
        self.ask_again("");
        self.shop.judge(&self.log)
    }
}

fn survive(database: &Database, rounds: usize) -> Judgement {
    let began = Instant::now();
    let mut lives = Lives::new(database);
    for round in 0..rounds {
        lives.start();
        if let Some(last) = round.checked_sub(1) {
            lives.ask_again(&format!("{last}-"));
        }
        lives.trade_and_kill(&format!("{round}-"));
        if round % PROOF == PROOF - 1 {
            let judgement = lives.judge();
            let seconds = began.elapsed().as_secs();
            show(&format!("{} {} rounds, {seconds} s: {judgement}", database.kind(), round + 1));
            assert!(judgement.holds(), "{judgement:?}");
        }
    }
    let judgement = lives.judge();
    let seconds = began.elapsed().as_secs();
    show(&format!("{}: {rounds} rounds in {seconds} s: {judgement}", database.kind()));
    judgement
}

#[test]
fn killed_again_and_again_nothing_answered_is_lost_and_nothing_happens_twice() {
    let rounds = number_of("ABONO_TEST_KILLS", ROUNDS);
    each_database(|database, _| {
        let judgement = survive(database, rounds / 2);
        assert!(judgement.holds(), "{judgement:?}");
        assert!(judgement.answered > rounds, "too little was asked for: {judgement}");
    });
}
