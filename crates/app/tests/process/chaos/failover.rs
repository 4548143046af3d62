//! A primary that is killed under two nodes and their clients, and its standby promoted.

use super::log::{Judgement, Log};
use super::shop::{Doors, Shop};
use super::{number_of, show};
use crate::support::Server;
use abono_testkit::postgres::{Answering, Pair};
use std::thread::sleep;
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
/// What nobody waits longer for, from the last answer of the old primary to the first of the new.
const GAP: Duration = Duration::from_secs(5);

/// Two nodes over a pair of servers, and their clients.
struct Stage {
    pair: Pair,
    shop: Shop,
    doors: Doors,
    log: Log,
    _nodes: [Server; 2],
}

impl Stage {
    fn set(answering: Answering) -> Option<Self> {
        let pair = Pair::start(answering)?;
        let url = pair.url();
        let shop = Shop::open(&url);
        let nodes = [Server::start_on(&url), Server::start_on(&url)];
        let (doors, log) = (Doors::default(), Log::default());
        for (place, node) in nodes.iter().enumerate() {
            doors.set(place, Some(node.base_url()));
        }
        Some(Self { pair, shop, doors, log, _nodes: nodes })
    }

    /// Clients ask while something happens to the servers.
    fn play(&self, happens: impl FnOnce()) {
        self.shop.trade(CLIENTS, &self.doors, (&self.log, ""), || {
            sleep(Duration::from_millis(700));
            happens();
            sleep(Duration::from_millis(1_000));
        });
    }

    fn judge(&self) -> Judgement {
        let open = self.log.unknown();
        self.shop.ask_again(&self.doors, &self.log, &open);
        self.shop.ask_again(&self.doors, &self.log, &self.log.answered(""));
        self.shop.judge(&self.log)
    }
}

/// Kills the primary and promotes its standby; for how long clients waited over it.
fn fail_over(stage: &Stage) -> Vec<Duration> {
    let mut died = Instant::now();
    stage.play(|| {
        died = Instant::now();
        stage.pair.kill_primary();
        stage.pair.promote();
        stage.pair.answer_alone();
    });
    stage.log.waits_over(died)
}

#[test]
fn a_primary_dies_and_its_standby_is_promoted_and_nothing_answered_is_lost() {
    let mut all = Vec::new();
    for _ in 0..number_of("ABONO_TEST_FAILOVERS", 1) {
        let Some(stage) = Stage::set(Answering::AfterBoth) else { return };
        let waits = fail_over(&stage);
        let judgement = stage.judge();
        show(&format!("failover: {judgement}; clients waited up to {:?}", waits.last()));
        assert!(judgement.holds(), "{judgement:?}");
        assert!(judgement.answered > CLIENTS * 2, "too little was asked for: {judgement}");
        all.extend(waits);
    }
    all.sort_unstable();
    let [half, most] = [all.len() / 2, all.len() * 99 / 100].map(|at| all[at]);
    show(&format!("{} clients waited over a failover: p50 {half:?}, p99 {most:?}", all.len()));
    assert!(most <= GAP, "clients waited {most:?}");
}

/// Until somebody says that there is no standby any more, the promoted server answers no commit;
/// then it answers those that wait.
#[test]
fn a_commit_waits_for_a_vanished_standby_until_the_operator_lets_it_go() {
    let Some(stage) = Stage::set(Answering::AfterBoth) else { return };
    stage.play(|| {
        stage.pair.kill_primary();
        stage.pair.promote();
        sleep(Duration::from_millis(500));
        let before = stage.log.answered("").len();
        sleep(Duration::from_millis(2_500));
        assert_eq!(stage.log.answered("").len(), before, "answered, and on one server alone");
        stage.pair.answer_alone();
    });
    let judgement = stage.judge();
    show(&format!("a standby that vanished: {judgement}"));
    assert!(judgement.holds(), "{judgement:?}");
}

/// Where the primary doesn't wait for its standby, what it answered last is lost with it: this is
/// what the setting is for, and it shows that the comparison finds such a loss.
#[test]
fn without_a_synchronous_standby_a_failover_loses_what_was_answered_last() {
    let Some(stage) = Stage::set(Answering::AfterPrimary) else { return };
    stage.play(|| {
        stage.pair.cut_off_standby();
        sleep(Duration::from_millis(400));
        stage.pair.kill_primary();
        stage.pair.promote();
    });
    let judgement = stage.judge();
    show(&format!("without a synchronous standby: {judgement}"));
    assert!(!judgement.lost.is_empty(), "nothing was lost: {judgement}");
    assert!(!judgement.holds());
}
