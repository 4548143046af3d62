//! One run: clients, nodes, a worker, a clock, kills; then the comparison with the model.

mod client;
mod due;
mod kill;
mod marks;
mod report;
mod trade;

pub(crate) use client::printed;
pub use marks::Marks;
pub use report::{Failed, Passed, Settings};
pub(crate) use trade::{Answered, Errand, Sent, Trade};

use crate::dice::Dice;
use crate::executor::{Task, alone};
use crate::nodes::{Machine, Points, boot};
use abono_domain::clock::set::SetClock;
use abono_domain::seller::Tenant;
use abono_engine::views::After;
use abono_engine::{Actor, Call, Command, Engine, Executed, Failure};
use client::{Answer, Client};
use due::{Seen, hurry, is_drained};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Display;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

/// The worker's step, handed in: the simulator is its sibling.
pub type Step = fn(Arc<Engine>) -> Pin<Box<dyn Future<Output = ()>>>;

/// Trouble of the engine or of the store is a finding like any other.
pub(crate) fn failed(failure: impl Display) -> Failed {
    Failed(failure.to_string())
}

/// What a task works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Client(usize),
    Worker,
    /// A worker that takes any piece of work, in no order, also one that was done before.
    HastyWorker,
    Clock,
    Seller,
    Errand,
}

enum Done {
    Answered(Result<Option<Executed>, Failure>),
    Published(bool),
    Stepped,
}

struct Node {
    engine: Arc<Engine>,
    points: Points,
    tasks: Vec<Task<Work, Done>>,
}

struct Run<'a, T: Trade> {
    settings: Settings,
    trade: T,
    file: &'a Path,
    worker: Step,
    dice: Dice,
    machine: Machine,
    nodes: Vec<Node>,
    clients: Vec<Client<T::Wish>>,
    /// Due work that a hasty worker has seen.
    seen: Seen,
    clock: Timestamp,
    clock_moves: bool,
    /// How many of the publications are out.
    published: usize,
    publishes: bool,
    passed: Passed,
}

/// Runs a seed on migrated, empty books in `file`.
pub(crate) fn run<T: Trade>(
    settings: Settings,
    trade: T,
    file: &Path,
    worker: Step,
) -> Result<Passed, Failed> {
    let (dice, machine) = (Dice::new(settings.seed), Machine::new());
    let mut run = Run {
        clients: (0..settings.clients)
            .map(|number| Client::new(number, settings.commands))
            .collect(),
        settings,
        trade,
        file,
        worker,
        dice,
        machine,
        nodes: Vec::new(),
        seen: Seen::default(),
        clock: Timestamp::from_second(1_769_853_600).unwrap_or_default(),
        clock_moves: false,
        published: 0,
        publishes: false,
        passed: Passed::default(),
    };
    run.open()?;
    run.trade()?;
    run.calm()?;
    run.compare()?;
    Ok(run.passed)
}

/// A run that takes more steps than this is stuck.
const STEPS_MAX: u64 = 2_000_000;
/// So many steps of the worker do everything that is due, or nothing will.
const DRAIN_MAX: usize = 2_000;
/// How much more often a node is killed where that is hard to bear.
const HARD: usize = 8;
/// Longer than what is published waits until every node has seen it, in microseconds.
const LEASE: i64 = 6_000_000;

impl<T: Trade> Run<'_, T> {
    fn boot(&self) -> Result<Node, Failed> {
        let (by, lost) = ((&self.dice, &self.machine), self.settings.lost_per_mille);
        let (engine, points) = boot(self.file, by, lost, self.trade.provider())
            .map_err(|error| Failed(format!("a node doesn't boot: {error}")))?;
        Ok(Node { engine, points, tasks: Vec::new() })
    }

    fn operate(&self, engine: &Engine, command: &Command) -> Result<(), Failed> {
        let call = Call::new(self.trade.tenant(), Actor::Operator);
        let done = alone(engine.carry_out(&call, command));
        done.map(drop).map_err(|error| Failed(format!("{}: {error}", command.name())))
    }

    fn open(&mut self) -> Result<(), Failed> {
        let node = self.boot()?;
        for command in self.trade.opening() {
            self.operate(&node.engine, command)?;
        }
        drop(node);
        for _ in 0..self.settings.nodes {
            let node = self.boot()?;
            self.nodes.push(node);
        }
        Ok(())
    }

    /// Everybody trades until every client has done what it came for.
    fn trade(&mut self) -> Result<(), Failed> {
        while self.clients.iter().any(|client| !client.is_done()) {
            self.give_work();
            let place = self.dice.below(self.nodes.len());
            if self.dice.per_mille(self.settings.kills_per_mille) {
                self.kill(place)?;
            }
            self.rest()?;
            let is_hard = self.step(place).is_some_and(|point| self.trade.is_hard(point));
            if is_hard && self.dice.per_mille(self.settings.kills_per_mille * HARD) {
                self.kill(place)?;
            }
            if self.passed.steps > STEPS_MAX {
                return Err(Failed("it is stuck".to_owned()));
            }
        }
        Ok(())
    }

    /// Nothing is killed or lost any more: what is due gets done, and nothing is left over.
    fn calm(&mut self) -> Result<(), Failed> {
        self.nodes.clear();
        self.settings.lost_per_mille = 0;
        let node = self.boot()?;
        let engine = node.engine.clone();
        self.nodes.push(node);
        self.trade.settle(&engine, &self.machine)?;
        for command in self.trade.publications().iter().skip(self.published) {
            self.operate(&engine, command)?;
            self.machine.pass(LEASE);
        }
        self.machine.pass(LEASE);
        // The newest time that was sent may have got lost on its way.
        let hours = self.trade.last_jump(&self.dice);
        let to = self.clock + SignedDuration::from_hours(hours);
        self.trade.clock_sent(to);
        self.operate(&engine, &Command::SetClock(SetClock { to }))?;
        let tenant = self.tenant(&engine)?;
        for _ in 0..DRAIN_MAX {
            alone((self.worker)(engine.clone()));
            if is_drained(&engine, &tenant)? {
                return Ok(());
            }
        }
        let left = alone(engine.due_work(&tenant, After::NOTHING, 3)).map_err(failed)?;
        Err(Failed(format!("this is due and never done: {:?}", left.commands)))
    }

    fn tenant(&self, engine: &Engine) -> Result<Tenant, Failed> {
        let tenants = alone(engine.tenants()).map_err(failed)?;
        let mut own = tenants.into_iter().filter(|tenant| tenant.id == self.trade.tenant());
        own.next().ok_or_else(|| Failed("the tenant is gone".to_owned()))
    }

    /// The proof finds nothing, and the books are what the model says.
    fn compare(&mut self) -> Result<(), Failed> {
        let node = self.nodes.first().ok_or_else(|| Failed("no node is left".to_owned()))?;
        let tenant = self.tenant(&node.engine)?;
        self.trade.compare(&node.engine, &tenant, &mut self.passed.marks)?;
        let report = alone(node.engine.verify(&mut |_| {})).map_err(failed)?;
        match report.findings.first() {
            Some(finding) => Err(Failed(format!("{}: {}", finding.place, finding.problem))),
            None => Ok(()),
        }
    }

    /// Starts what nobody works on: waiting clients, now and then the worker, the seller, time.
    fn give_work(&mut self) {
        for number in 0..self.clients.len() {
            let place = self.dice.below(self.nodes.len());
            let (Some(client), Some(node)) =
                (self.clients.get_mut(number), self.nodes.get_mut(place))
            else {
                continue;
            };
            let choose = || self.trade.choose(number, self.clock, &self.dice);
            if let Some(work) = client.next(self.machine.micros(), choose) {
                let call = work.call(self.trade.tenant());
                let sent = self.trade.send(node.engine.clone(), call, work.wish, work.name);
                let task = async move { Done::Answered(sent.await) };
                node.tasks.push(Task::new(Work::Client(number), task));
            }
        }
        let place = self.dice.below(self.nodes.len());
        self.give_errand(place);
        self.give_worker(place);
        self.give_hasty_worker(place);
        if self.dice.per_mille(4) && !self.clock_moves {
            self.move_clock(place);
        }
        let is_left = self.published < self.trade.publications().len();
        if is_left && !self.publishes && self.dice.per_mille(1) {
            self.publish(place);
        }
    }

    fn give_errand(&mut self, place: usize) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        let Some(errand) = self.trade.errand(&node.engine, self.machine.micros()) else { return };
        node.tasks.push(Task::new(Work::Errand, async move {
            errand.await;
            Done::Stepped
        }));
    }

    fn give_worker(&mut self, place: usize) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        if self.dice.per_mille(20) && !node.tasks.iter().any(|task| task.work == Work::Worker) {
            let step = (self.worker)(node.engine.clone());
            node.tasks.push(Task::new(Work::Worker, async move {
                step.await;
                Done::Stepped
            }));
        }
    }

    fn give_hasty_worker(&mut self, place: usize) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        let is_here = node.tasks.iter().any(|task| task.work == Work::HastyWorker);
        if is_here || !self.dice.per_mille(12) {
            return;
        }
        let (engine, seen, dice) = (node.engine.clone(), self.seen.clone(), self.dice.clone());
        let tenant = self.trade.tenant();
        node.tasks.push(Task::new(Work::HastyWorker, async move {
            hurry(&engine, tenant, &seen, &dice).await;
            Done::Stepped
        }));
    }

    fn move_clock(&mut self, place: usize) {
        let Some(node) = self.nodes.get_mut(place) else { return };
        self.clock_moves = true;
        let to = self.clock + SignedDuration::from_hours(self.trade.jump(&self.dice));
        self.clock = to;
        self.trade.clock_sent(to);
        let (engine, tenant) = (node.engine.clone(), self.trade.tenant());
        node.tasks.push(Task::new(Work::Clock, async move {
            let call = Call::new(tenant, Actor::Operator);
            // A clock that didn't move is moved the next time.
            let _moved = engine.carry_out(&call, &Command::SetClock(SetClock { to })).await;
            Done::Stepped
        }));
    }

    fn publish(&mut self, place: usize) {
        let command = self.trade.publications().get(self.published).cloned();
        let (Some(node), Some(command)) = (self.nodes.get_mut(place), command) else { return };
        self.publishes = true;
        let (engine, tenant) = (node.engine.clone(), self.trade.tenant());
        node.tasks.push(Task::new(Work::Seller, async move {
            let call = Call::new(tenant, Actor::Operator);
            // One that was published and not answered is published again, and changes nothing.
            Done::Published(engine.carry_out(&call, &command).await.is_ok())
        }));
    }

    /// One step of one task of a node; says which named point it passed last, if any.
    fn step(&mut self, place: usize) -> Option<&'static str> {
        self.passed.steps += 1;
        self.machine.pass(37);
        let node = self.nodes.get_mut(place)?;
        let chosen = self.dice.below(node.tasks.len());
        let task = node.tasks.get_mut(chosen)?;
        let before = node.points.commits();
        let done = task.step();
        task.commits += node.points.commits() - before;
        let point = node.points.last();
        task.at = point.or(task.at);
        let Some(done) = done else { return point };
        let work = node.tasks.swap_remove(chosen).work;
        self.note(place as u64);
        match (work, done) {
            (Work::Client(number), Done::Answered(answer)) => self.answer(number, answer),
            (Work::Clock, _) => self.clock_moves = false,
            (Work::Seller, done) => {
                self.publishes = false;
                if matches!(done, Done::Published(true)) {
                    self.published += 1;
                    self.trade.published(self.machine.micros());
                    self.machine.pass(LEASE);
                }
            }
            (Work::Client(_) | Work::Worker | Work::HastyWorker | Work::Errand, _) => {}
        }
        point
    }

    fn answer(&mut self, number: usize, answer: Result<Option<Executed>, Failure>) {
        let Some(client) = self.clients.get_mut(number) else { return };
        match client.answer(answer) {
            Answer::Done(work, answered, hash) => {
                self.trade.learn(number, &work.wish, &answered);
                self.passed.done += 1;
                self.note(hash);
            }
            Answer::Declined(work, sent_at, why) => {
                self.trade.declined(&work.wish, (sent_at, self.machine.micros()), why);
                self.passed.refused += 1;
            }
            Answer::Nothing | Answer::Again => {}
        }
    }

    fn note(&mut self, word: u64) {
        // FNV-1a over words.
        self.passed.trace = (self.passed.trace ^ word).wrapping_mul(0x0100_0000_01b3);
    }
}
