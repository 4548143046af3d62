//! One run of a case: clients, processes, a worker, a clock; kills, power losses; then calm.

pub(crate) mod ask;
mod hear;
mod node;
mod passed;
pub(crate) mod provider;
mod send;
mod troubles;
mod work;
pub(crate) mod world;

pub(crate) use hear::{Asked, Story};
pub use passed::Passed;

use crate::case::{Case, Fault};
use crate::laws::{self, Broken};
use crate::sellers::{self, Opened};
use crate::sometimes;
use abono_sim::Dice;
use abono_sim::executor::Task;
use abono_worker::Next;
use ask::{Answer, Http, Sent};
use node::Node;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use work::{Open, Out, Work};
use world::{BOOKS, World};

struct Run<'a> {
    case: &'a Case,
    opened: &'static Opened,
    world: World,
    nodes: Vec<Node<Work, Out>>,
    owners: u64,
    open: BTreeMap<usize, Open>,
    /// The next wish.
    next: usize,
    story: Story,
    /// When the worker has to look again; `None` where nothing is planned.
    work_at: Option<i64>,
    /// When the provider is asked next.
    ask_at: i64,
    dice: Dice,
    passed: Passed,
    is_calm: bool,
}

/// A run that takes more steps than this is stuck.
const STEPS_MAX: u64 = 100_000;
/// A wish that was sent so often is never answered.
const TRIES_MAX: u32 = 60;
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// How often attempts are asked about that nobody told the end of.
const GLANCE: i64 = 3_600 * SECOND;

/// Plays a case; says what it did, or the first law that broke.
///
/// # Errors
/// The law that broke.
pub fn play(case: &Case) -> Result<Passed, Broken> {
    let opened = sellers::opened().map_err(|error| Broken::new("the books open", error))?;
    abono_simvfs::reset_sqlite_randomness(case.seed);
    let _before = crate::marks::take();
    // What the edge needs of a runtime is a clock for its time limits. It is there, and nobody
    // drives it: in simulation no limit runs out.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| Broken::new("a runtime is made", error))?;
    let _entered = runtime.enter();
    let world = World::new(case);
    world.disk.put(BOOKS, opened.file.clone());
    let dice = world.dice.clone();
    let mut run = Run {
        case,
        opened,
        world,
        nodes: Vec::new(),
        owners: 0,
        open: BTreeMap::new(),
        next: 0,
        story: Story::default(),
        work_at: Some(0),
        ask_at: 0,
        dice,
        passed: Passed::default(),
        is_calm: false,
    };
    let end = run.play();
    run.nodes.clear();
    let mut passed = run.passed;
    passed.marks = crate::marks::take();
    end.map(|()| passed)
}

impl Run<'_> {
    fn play(&mut self) -> Result<(), Broken> {
        self.boot_all()?;
        let end = self.case.start * SECOND + self.case.days * DAY;
        while self.go_on(end)? {}
        self.calm()?;
        self.settle()?;
        self.judge()
    }

    /// Whether anything is left to happen before the end.
    fn go_on(&mut self, end: i64) -> Result<bool, Broken> {
        self.begin_wishes();
        self.begin_errands();
        if self.nodes.iter().all(|node| node.tasks.is_empty()) {
            return Ok(self.pass_time(end));
        }
        self.step()?;
        if self.passed.steps > STEPS_MAX {
            return Err(Broken::new("everything comes to its end", "it is stuck"));
        }
        Ok(true)
    }

    /// What is wanted by now is sent, and what wasn't answered sent again.
    fn begin_wishes(&mut self) {
        let now = self.world.clock.now();
        while let Some(wish) = self.case.wishes.get(self.next) {
            if self.case.start * SECOND + wish.at * SECOND > now {
                break;
            }
            let number = self.next;
            self.next += 1;
            let (known, tokens) = (&self.story.known, &self.opened.tokens);
            if let Some(sent) = ask::put(wish, number, known, tokens, now) {
                let what = wish.what;
                self.open.insert(
                    number,
                    Open {
                        sent,
                        what,
                        sent_at: now,
                        is_under_way: false,
                        not_before: 0,
                        tries: 0,
                        unheard: None,
                    },
                );
            }
        }
        for (number, open) in &mut self.open {
            if open.is_under_way || open.not_before > now {
                continue;
            }
            let place = self.dice.below(self.nodes.len());
            let Some(node) = self.nodes.get_mut(place) else { continue };
            let ends = (node.engine.clone(), node.router.clone());
            let tenants = self.opened.tenants.clone();
            let key = format!("key-{number}");
            let sent = send::send(ends, open.sent.clone(), open.what, key, tenants);
            let task = async move { Out::Answered(sent.await) };
            open.is_under_way = true;
            open.tries += 1;
            node.tasks.push(Task::new(Work::Wish(*number), task));
        }
        let is_pair = self.open.values().filter(|open| open.is_under_way).count() > 1;
        sometimes!("two on one customer at once", is_pair);
    }

    /// The worker, questions to the provider, and its messages.
    fn begin_errands(&mut self) {
        let now = self.world.clock.now();
        self.world.provider.lock().pass(now);
        let place = self.dice.below(self.nodes.len());
        let Some(node) = self.nodes.get_mut(place) else { return };
        let has = |node: &Node<Work, Out>, work| node.tasks.iter().any(|task| task.work == work);
        let is_hasty = !node.tasks.is_empty() && self.dice.per_mille(8);
        let is_due = self.work_at.is_some_and(|at| at <= now) || is_hasty;
        if is_due && !has(node, Work::Worker) {
            self.work_at = None;
            let engine = node.engine.clone();
            node.tasks.push(Task::new(Work::Worker, async move {
                Out::Worked(abono_worker::step(&engine).await.ok())
            }));
        }
        if self.ask_at <= now && !has(node, Work::Ask) {
            self.ask_at = now + GLANCE;
            let engine = node.engine.clone();
            node.tasks.push(Task::new(Work::Ask, async move {
                // What could not be asked is asked the next time.
                let _asked = abono_worker::ask(&engine).await;
                Out::Asked
            }));
        }
        if let Some(letter) = self.world.provider.lock().take_letter() {
            let (method, body) = ("POST", letter.to_string());
            let path = format!("/v1/payments/callbacks/{}", provider::NAME);
            let http = Http { method, path, token: None, key: None, body };
            let told = send::ask(node.router.clone(), http);
            let task = async move { Out::Answered(told.await) };
            node.tasks.push(Task::new(Work::Letter(letter), task));
        }
        let busy = self.nodes.iter().filter(|node| !node.tasks.is_empty()).count();
        sometimes!("two nodes at work", busy > 1);
    }

    /// Nobody has anything to do: the clock goes on to whatever comes next.
    fn pass_time(&mut self, end: i64) -> bool {
        let now = self.world.clock.now();
        let wish = self.case.wishes.get(self.next).map(|wish| (self.case.start + wish.at) * SECOND);
        let again = self.open.values().map(|open| open.not_before);
        let provider = self.world.provider.lock().next_at();
        let attempts = provider.is_some().then_some(self.ask_at);
        let all = wish.into_iter().chain(again).chain(provider).chain(attempts).chain(self.work_at);
        let next = all.min().unwrap_or(end).min(end);
        if now >= end {
            return false;
        }
        self.mark_days(now, next);
        self.world.clock.pass((next - now).max(1));
        if next - now > GLANCE {
            self.world.clock.mend();
        }
        true
    }

    fn mark_days(&self, from: i64, to: i64) {
        for day in from / DAY..to / DAY {
            let date = jiff::Timestamp::from_microsecond((day + 1) * DAY).unwrap_or_default();
            let date = date.to_zoned(jiff::tz::TimeZone::UTC).date();
            sometimes!("a leap day was lived through", date.month() == 2 && date.day() == 29);
            sometimes!("year's end", date.month() == 1 && date.day() == 1);
        }
    }

    /// One step of one task of one process.
    fn step(&mut self) -> Result<(), Broken> {
        self.passed.steps += 1;
        self.world.clock.pass(37);
        let busy: Vec<usize> =
            (0..self.nodes.len()).filter(|it| !self.nodes[*it].tasks.is_empty()).collect();
        let place = busy.get(self.dice.below(busy.len())).copied().unwrap_or(0);
        self.strike(place)?;
        let Some(node) = self.nodes.get_mut(place).filter(|node| !node.tasks.is_empty()) else {
            return Ok(());
        };
        let chosen = self.dice.below(node.tasks.len());
        let own = self.world.disk.as_owner(node.owner);
        let Some(task) = node.tasks.get_mut(chosen) else { return Ok(()) };
        let before = node.commits.load(Ordering::Relaxed);
        let out = task.step();
        task.commits += node.commits.load(Ordering::Relaxed) - before;
        drop(own);
        let work = task.work;
        if out.is_some() {
            let own = self.world.disk.as_owner(node.owner);
            drop(node.tasks.swap_remove(chosen));
            drop(own);
        }
        if self.world.disk.stats().power_losses > self.passed.power_losses {
            // What was answered as the power went, nobody hears.
            if out.is_some() {
                self.lose_touch(work);
            }
            return self.power_went();
        }
        match out {
            Some(out) => self.take_in(work, out),
            None => Ok(()),
        }
    }

    fn take_in(&mut self, work: Work, out: Out) -> Result<(), Broken> {
        let now = self.world.clock.now();
        match (work, out) {
            (Work::Worker, Out::Worked(next)) => {
                self.work_at = match next {
                    Some(Next::Now) => Some(now),
                    Some(Next::At(at)) => Some(at.as_microsecond().max(now + 60 * SECOND)),
                    Some(Next::Idle) => self.work_at,
                    None => Some(now + 60 * SECOND),
                };
                Ok(())
            }
            (Work::Letter(letter), Out::Answered(Answer::Http { status, .. })) if status < 300 => {
                self.story.heard(letter);
                Ok(())
            }
            (Work::Letter(letter), _) => {
                sometimes!("letter: not heard at first", true);
                self.world.provider.lock().again(letter);
                Ok(())
            }
            (Work::Wish(number), Out::Answered(answer)) => self.answered(number, answer),
            (Work::Ask | Work::Worker | Work::Wish(_), _) => Ok(()),
        }
    }

    fn answered(&mut self, number: usize, answer: Answer) -> Result<(), Broken> {
        let now = self.world.clock.now();
        let Some(mut open) = self.open.remove(&number) else { return Ok(()) };
        open.is_under_way = false;
        // Something may be due now that wasn't before.
        self.work_at = Some(self.work_at.map_or(now, |at| at.min(now)));
        let is_lost = self.world.answers.strikes();
        sometimes!("an answer never reached its client", is_lost);
        if let (Answer::Again(why), true) = (&answer, open.tries > TRIES_MAX) {
            return Err(Broken::new("every wish is answered", format!("{:?}: {why}", open.sent)));
        }
        if is_lost || matches!(answer, Answer::Again(_)) {
            open.not_before = now + if is_lost { SECOND } else { 20 * SECOND };
            if is_lost {
                self.passed.faults += 1;
                open.unheard = Some(answer);
            }
            self.open.insert(number, open);
            return Ok(());
        }
        self.passed.answered += 1;
        self.note(&answer);
        laws::same_bytes(&open.sent, open.unheard.as_ref(), &answer)?;
        let wish = &self.case.wishes[number];
        let between = (open.sent_at, now);
        self.story.take_in(number, wish, &open.sent, &answer, between, &self.world)
    }

    fn note(&mut self, answer: &Answer) {
        for byte in format!("{answer:?}").bytes() {
            // FNV-1a.
            self.passed.trace ^= u64::from(byte);
            self.passed.trace = self.passed.trace.wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Nothing goes wrong any more, and one process does all there is to do.
    fn calm(&mut self) -> Result<(), Broken> {
        self.is_calm = true;
        self.passed.faults += self.world.disk.stats().errors_injected;
        self.world.calm();
        for place in (0..self.nodes.len()).rev() {
            self.kill(place);
        }
        self.nodes.clear();
        let node = self.boot_one()?;
        self.nodes.push(node);
        Ok(())
    }

    /// Everything that is open ends within 45 days.
    fn settle(&mut self) -> Result<(), Broken> {
        for open in self.open.values_mut() {
            open.not_before = 0;
        }
        self.work_at = Some(0);
        let end = self.world.clock.now() + 2 * DAY;
        while self.go_on(end)? {}
        match self.open.values().next() {
            Some(open) => Err(Broken::new("every wish is answered", format!("{:?}", open.sent))),
            None => Ok(()),
        }
    }

    fn judge(&mut self) -> Result<(), Broken> {
        let node = self.nodes.first().ok_or_else(|| Broken::new("a node lives", "none does"))?;
        let own = self.world.disk.as_owner(node.owner);
        laws::judge(&node.engine, &self.opened.tenants, &self.story, &self.world)?;
        drop(own);
        let stats = self.world.disk.stats();
        sometimes!("a sector was torn", stats.sectors_torn > 0);
        sometimes!("a write was lost", stats.writes_lost > 0);
        let has =
            |is: fn(&Fault) -> bool| stats.errors_injected > 0 && self.case.faults.iter().any(is);
        sometimes!("a disk operation failed", has(|it| matches!(it, Fault::Io(_))));
        sometimes!("a disk was full", has(|it| matches!(it, Fault::Full(_))));
        self.passed.power_losses = stats.power_losses;
        (self.passed.torn, self.passed.lost) = (stats.sectors_torn, stats.writes_lost);
        self.passed.disk_ops = self.world.disk.ops();
        self.passed.trace ^= self.world.disk.trace();
        Ok(())
    }

    fn faults_at_step(&self) -> Vec<Fault> {
        if self.is_calm {
            return Vec::new();
        }
        let step = self.passed.steps;
        let strikes = |fault: &&Fault| {
            let at_step = |at: u64| at == step;
            matches!(fault, Fault::Kill(at) | Fault::Clock(at, _) | Fault::Stall(at, _)
                if at_step(*at))
        };
        self.case.faults.iter().filter(strikes).copied().collect()
    }
}
