//! One run: clients, nodes, a worker, a clock, kills; then the comparison with the model.

mod client;
mod compare;

use crate::dice::Dice;
use crate::executor::{Task, alone};
use crate::market::Market;
use crate::nodes::{Machine, boot};
use abono_domain::clock::set::SetClock;
use abono_engine::{Actor, Call, Command, Engine, Executed, Failure};
use client::Client;
use jiff::Timestamp;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

/// The worker's step, handed in: the simulator is its sibling.
pub type Step = fn(Arc<Engine>) -> Pin<Box<dyn Future<Output = ()>>>;

/// What a run does.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Fixes everything that is left to chance.
    pub seed: u64,
    /// How many nodes share the books.
    pub nodes: usize,
    /// How many clients there are.
    pub clients: usize,
    /// How many commands each of them gives.
    pub commands: usize,
    /// How often in a thousand steps a node is killed.
    pub kills_per_mille: usize,
    /// How often in a thousand commits the answer is lost.
    pub lost_per_mille: usize,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Steps of tasks.
    pub steps: u64,
    /// Nodes killed.
    pub kills: u64,
    /// Commands that were carried out.
    pub done: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// Requests that expired.
    pub expired: u64,
    /// Requests that were paid back.
    pub refunded: u64,
    /// A hash of every step and answer: the same seed gives the same.
    pub trace: u64,
}

/// What a run found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a task works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    Client(usize),
    Worker,
    Clock,
}

enum Done {
    Answered(Result<Executed, Failure>),
    Stepped,
}

struct Node {
    engine: Arc<Engine>,
    tasks: Vec<Task<Work, Done>>,
}

struct Run<'a> {
    settings: Settings,
    market: &'a Market,
    file: &'a Path,
    worker: Step,
    dice: Dice,
    machine: Machine,
    nodes: Vec<Node>,
    clients: Vec<Client>,
    clock: Timestamp,
    clock_moves: bool,
    passed: Passed,
}

/// Runs a seed on migrated, empty books in `file`.
///
/// # Errors
/// What doesn't hold.
pub fn run(
    settings: Settings,
    market: &Market,
    file: &Path,
    worker: Step,
) -> Result<Passed, Failed> {
    let (dice, machine) = (Dice::new(settings.seed), Machine::new());
    let mut run = Run {
        clients: (0..settings.clients)
            .map(|number| Client::new(number, settings.commands))
            .collect(),
        settings,
        market,
        file,
        worker,
        dice,
        machine,
        nodes: Vec::new(),
        clock: Timestamp::from_second(1_769_853_600).unwrap_or_default(),
        clock_moves: false,
        passed: Passed::default(),
    };
    run.open()?;
    run.trade()?;
    run.calm()?;
    compare::compare(&mut run)?;
    Ok(run.passed)
}

/// A run that takes more steps than this is stuck.
const STEPS_MAX: u64 = 2_000_000;

impl Run<'_> {
    fn boot(&self) -> Result<Node, Failed> {
        let lost = self.settings.lost_per_mille;
        let engine = boot(self.file, &self.dice, &self.machine, lost)
            .map_err(|error| Failed(format!("a node doesn't boot: {error}")))?;
        Ok(Node { engine, tasks: Vec::new() })
    }

    fn open(&mut self) -> Result<(), Failed> {
        let node = self.boot()?;
        for command in &self.market.opening {
            let call = Call::new(self.market.tenant, Actor::Operator);
            alone(node.engine.carry_out(&call, command))
                .map_err(|error| Failed(format!("the books don't open: {error}")))?;
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
            self.step(place);
            if self.passed.steps > STEPS_MAX {
                return Err(Failed("it is stuck".to_owned()));
            }
        }
        Ok(())
    }

    /// Nothing is killed any more: what is due gets done, and nothing is left over.
    fn calm(&mut self) -> Result<(), Failed> {
        self.nodes.clear();
        let node = self.boot()?;
        for _ in 0..200 {
            alone((self.worker)(node.engine.clone()));
        }
        self.nodes.push(node);
        Ok(())
    }

    /// Starts what nobody works on: waiting clients, now and then the worker, now and then time.
    fn give_work(&mut self) {
        for number in 0..self.clients.len() {
            let place = self.dice.below(self.nodes.len());
            let (Some(client), Some(node)) =
                (self.clients.get_mut(number), self.nodes.get_mut(place))
            else {
                continue;
            };
            if let Some(work) = client.next(&self.dice, self.market) {
                let engine = node.engine.clone();
                let task = async move { Done::Answered(work.carry_out(&engine).await) };
                node.tasks.push(Task::new(Work::Client(number), task));
            }
        }
        let place = self.dice.below(self.nodes.len());
        let Some(node) = self.nodes.get_mut(place) else { return };
        if self.dice.per_mille(20) && !node.tasks.iter().any(|task| task.work == Work::Worker) {
            let step = (self.worker)(node.engine.clone());
            node.tasks.push(Task::new(Work::Worker, async move {
                step.await;
                Done::Stepped
            }));
        }
        if self.dice.per_mille(4) && !self.clock_moves {
            self.clock_moves = true;
            let hours = i64::try_from(1 + self.dice.below(24 * 12)).unwrap_or(1);
            let to = self.clock + jiff::SignedDuration::from_hours(hours);
            self.clock = to;
            let (engine, tenant) = (node.engine.clone(), self.market.tenant);
            node.tasks.push(Task::new(Work::Clock, async move {
                let call = Call::new(tenant, Actor::Operator);
                // A clock that didn't move is moved the next time.
                let _moved = engine.carry_out(&call, &Command::SetClock(SetClock { to })).await;
                Done::Stepped
            }));
        }
    }

    /// One step of one task of a node.
    fn step(&mut self, place: usize) {
        self.passed.steps += 1;
        self.machine.pass(37);
        let Some(node) = self.nodes.get_mut(place) else { return };
        let chosen = self.dice.below(node.tasks.len());
        let Some(task) = node.tasks.get_mut(chosen) else { return };
        let Some(done) = task.step() else { return };
        let work = node.tasks.swap_remove(chosen).work;
        self.note(place as u64);
        match (work, done) {
            (Work::Client(number), Done::Answered(answer)) => self.answer(number, answer),
            (Work::Clock, _) => self.clock_moves = false,
            (Work::Client(_) | Work::Worker, _) => {}
        }
    }

    fn answer(&mut self, number: usize, answer: Result<Executed, Failure>) {
        let Some(client) = self.clients.get_mut(number) else { return };
        match client.answer(answer) {
            client::Answer::Done(hash) => {
                self.passed.done += 1;
                self.note(hash);
            }
            client::Answer::Refused => self.passed.refused += 1,
            client::Answer::Again => {}
        }
    }

    /// The process is gone: its tasks, its connections and the transaction it was in.
    fn kill(&mut self, place: usize) -> Result<(), Failed> {
        self.passed.kills += 1;
        let Some(node) = self.nodes.get_mut(place) else { return Ok(()) };
        for task in std::mem::take(&mut node.tasks) {
            match task.work {
                Work::Client(number) => {
                    if let Some(client) = self.clients.get_mut(number) {
                        client.lost_touch();
                    }
                }
                Work::Clock => self.clock_moves = false,
                Work::Worker => {}
            }
        }
        let node = self.boot()?;
        self.nodes[place] = node;
        Ok(())
    }

    fn note(&mut self, word: u64) {
        // FNV-1a over words.
        self.passed.trace = (self.passed.trace ^ word).wrapping_mul(0x0100_0000_01b3);
    }
}
