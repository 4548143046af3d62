//! The aggregate rule, for every pair of commands: load A, run B whole, commit A. Either A's guard
//! refuses it, or the books are what they would be had B come before A.

mod checkouts;
mod cycles;
mod deliveries;
mod groups;
mod prepaid;

use abono_engine::{Command, Engine, Env, Prepared};
use abono_testkit::{World, on_each_database};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One database, and the number of its next world.
pub(crate) struct Books {
    pub(crate) engine: Arc<Engine>,
    next: AtomicU64,
}

impl Books {
    pub(crate) fn number(&self) -> u128 {
        self.next.fetch_add(1, Ordering::Relaxed).into()
    }
}

/// What is sold, and with that which commands there are.
#[derive(Clone, Copy)]
enum Kind {
    Prepaid,
    Cycles,
    Groups,
    Deliveries,
    Checkouts,
}

impl Kind {
    /// How many of its commands are made pairs of, from the first on.
    const fn pairs(self) -> usize {
        match self {
            Self::Prepaid => 9,
            Self::Cycles => 11,
            Self::Groups => 9,
            Self::Deliveries => 4,
            Self::Checkouts => 12,
        }
    }

    async fn world(self, books: &Books) -> (World, Vec<Command>) {
        match self {
            Self::Prepaid => prepaid::world(books).await,
            Self::Cycles => cycles::world(books).await,
            Self::Groups => groups::world(books).await,
            Self::Deliveries => deliveries::world(books).await,
            Self::Checkouts => checkouts::world(books).await,
        }
    }

    async fn state(self, world: &World) -> String {
        match self {
            Self::Prepaid => prepaid::state(world).await,
            Self::Cycles => cycles::state(world).await,
            Self::Groups => groups::state(world).await,
            Self::Deliveries => deliveries::state(world).await,
            Self::Checkouts => checkouts::state(world).await,
        }
    }
}

/// The match makes a new command fail to compile until somebody says where it is tried.
const fn tried(command: &Command) -> Kind {
    match command {
        Command::RequestPayment(..)
        | Command::CancelRequest(..)
        | Command::RecordPayment(..)
        | Command::RefundPayment(..)
        | Command::ExpireRequest(..)
        | Command::GrantLicence(..)
        | Command::StartTrial(..)
        | Command::PutCustomer(_)
        | Command::PublishSeller(_)
        | Command::CreateKey(_)
        | Command::RevokeKey(_)
        | Command::SetClock(_) => Kind::Prepaid,
        Command::StartSubscription(..)
        | Command::BillCycle(..)
        | Command::EndSubscription(..)
        | Command::ChangePlan(..)
        | Command::ExecuteChange(..)
        | Command::WithdrawChange(..)
        | Command::DecideRisk(..) => Kind::Cycles,
        Command::AddProduct(..)
        | Command::TerminateProduct(..)
        | Command::ExecuteTermination(..)
        | Command::WithdrawTermination(..) => Kind::Groups,
        Command::ClaimDelivery(..) | Command::RecordDelivery(..) | Command::ReplayDelivery(..) => {
            Kind::Deliveries
        }
        Command::StartCheckout(..)
        | Command::RecordCheckout(..)
        | Command::HearNotice(..)
        | Command::BookNotice(..)
        | Command::AskRefund(..)
        | Command::ClaimRefund(..)
        | Command::AnswerRefund(..) => Kind::Checkouts,
    }
}

async fn in_order(kind: Kind, books: &Books, first: usize, second: usize) -> String {
    let (world, commands) = kind.world(books).await;
    for place in [first, second] {
        // One may make the other impossible; that is an outcome too.
        let _outcome = world.run(commands[place].clone()).await;
    }
    kind.state(&world).await
}

async fn interfere(kind: Kind, books: &Books, a: usize, b: usize) {
    let (world, commands) = kind.world(books).await;
    let pair = format!("A {} and B {}", commands[a].name(), commands[b].name());
    let prepared: Prepared =
        world.engine.prepare(&world.call(), &commands[a]).await.unwrap_or_else(|failure| {
            panic!("{pair}: A can't be decided: {failure}");
        });
    let done = world.run(commands[b].clone()).await.is_ok();
    let committed = world.engine.commit(prepared).await.expect("a verdict");
    if committed && done {
        // Time may pass between load and commit, by hand as by itself: then A came before it.
        let passes = matches!(commands[b], Command::SetClock(_));
        let (first, second) = if passes { (a, b) } else { (b, a) };
        let expected = in_order(kind, books, first, second).await;
        assert_eq!(kind.state(&world).await, expected, "{pair}");
    } else {
        assert_eq!(world.findings().await, [""; 0], "{pair}");
    }
    if commands[a].customer().is_some() && commands[a].customer() == commands[b].customer() && done
    {
        assert!(!committed, "{pair}: the guard of their customer must refuse A");
    }
}

async fn all_pairs(kind: Kind, database: abono_testkit::Database) {
    let engine = Arc::new(Engine::new(Env::real(), database.store().await));
    let books = Books { engine, next: AtomicU64::new(1) };
    for a in 0..kind.pairs() {
        for b in 0..kind.pairs() {
            interfere(kind, &books, a, b).await;
        }
    }
}

#[test]
fn no_pair_of_commands_about_what_is_paid_before_interferes() {
    on_each_database(|database| all_pairs(Kind::Prepaid, database));
}

#[test]
fn no_pair_of_commands_about_cycles_interferes() {
    on_each_database(|database| all_pairs(Kind::Cycles, database));
}

#[test]
fn no_pair_of_commands_about_what_is_added_interferes() {
    on_each_database(|database| all_pairs(Kind::Groups, database));
}

#[test]
fn no_pair_of_commands_about_deliveries_interferes() {
    on_each_database(|database| all_pairs(Kind::Deliveries, database));
}

#[test]
fn no_pair_of_commands_about_attempts_to_pay_interferes() {
    on_each_database(|database| all_pairs(Kind::Checkouts, database));
}

#[test]
fn every_command_is_tried_where_it_belongs() {
    on_each_database(async |database| {
        let engine = Arc::new(Engine::new(Env::real(), database.store().await));
        let books = Books { engine, next: AtomicU64::new(1) };
        let mut names: Vec<&str> = Vec::new();
        for kind in [Kind::Prepaid, Kind::Cycles, Kind::Groups, Kind::Deliveries, Kind::Checkouts] {
            let (_, commands) = kind.world(&books).await;
            for command in &commands {
                let is_own = matches!(
                    (kind, tried(command)),
                    (Kind::Prepaid, Kind::Prepaid)
                        | (Kind::Cycles, Kind::Prepaid | Kind::Cycles)
                        | (Kind::Groups, Kind::Prepaid | Kind::Cycles | Kind::Groups)
                        | (Kind::Deliveries, Kind::Deliveries)
                        | (Kind::Checkouts, Kind::Prepaid | Kind::Checkouts)
                );
                assert!(is_own, "{}", command.name());
                names.push(command.name());
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 33, "{names:?}");
    });
}
