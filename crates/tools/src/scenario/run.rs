//! Tells a story: step by step, with the worker doing what falls due in between.

use super::act::NoAnswer;
use super::machine::Machine;
use super::read::{Scenario, ScenarioError, Step};
use super::{say, state};
use crate::apply::{self, Proposal};
use abono_domain::calendar;
use abono_domain::clock::set::SetClock;
use abono_domain::ids::{ChangeId, ClockId, CustomerId, DocumentId, SubscriptionId};
use abono_domain::seller::Tenant;
use abono_engine::verify::Report;
use abono_engine::views::After;
use abono_engine::{Actor, Call, Command, Engine, Failure};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Somebody who tells a story.
pub(super) struct Teller<'a> {
    pub(super) engine: &'a Engine,
    pub(super) machine: &'a Machine,
    pub(super) tenant: Tenant,
    pub(super) customers: BTreeMap<String, CustomerId>,
    pub(super) requests: BTreeMap<String, (CustomerId, DocumentId)>,
    pub(super) subscriptions: BTreeMap<String, (CustomerId, SubscriptionId)>,
    pub(super) plan_changes: BTreeMap<String, (CustomerId, SubscriptionId, ChangeId)>,
    pub(super) groups: BTreeMap<String, (CustomerId, SubscriptionId, SubscriptionId)>,
    pub(super) zone: TimeZone,
    now: Timestamp,
    facts: state::Facts,
    text: String,
}

/// Tells a story on an engine whose outer world is `machine`'s, in books of its own. `work` does
/// all that is due now: the worker is a sibling and is handed in.
///
/// # Errors
/// [`ScenarioError`], where a step is refused that shouldn't be, or isn't that should; where the
/// story names what isn't there; or where the books don't hold in the end.
pub async fn run(
    scenario: &Scenario,
    engine: &Engine,
    machine: &Machine,
    work: &impl AsyncFn(&Engine),
) -> Result<String, ScenarioError> {
    let broken = |failure: Failure| scenario.trouble(1, failure.to_string());
    let mut teller = open(scenario, engine, machine).await?;
    work(engine).await;
    teller.facts = teller.look().await.map_err(broken)?;
    for (place, step) in scenario.steps.iter().enumerate() {
        let failed = |message: String| scenario.trouble(step.line, message);
        teller.step(place + 1, step, work).await.map_err(failed)?;
    }
    teller.end().await.map_err(|message| scenario.trouble(1, message))?;
    Ok(teller.text)
}

async fn open<'a>(
    scenario: &Scenario,
    engine: &'a Engine,
    machine: &'a Machine,
) -> Result<Teller<'a>, ScenarioError> {
    let failed = |message: String| scenario.trouble(1, message);
    machine.reach(scenario.start);
    let slug = free_slug(engine, &scenario.seller.slug).await;
    let slug = slug.map_err(|failure| failed(failure.to_string()))?;
    let proposal = Proposal { slug: slug.clone(), ..scenario.seller.clone() };
    let clock = (ClockId(engine.env().uuid()), scenario.start);
    let opened = apply::run(engine, &proposal, Some(clock), false).await;
    let report = opened.map_err(|error| failed(format!("the seller: {error}")))?;
    let zone = calendar::zone(&proposal.seller.settings.zone).unwrap_or(TimeZone::UTC);
    let mut teller = Teller {
        engine,
        machine,
        tenant: Tenant { id: report.tenant, slug, clock: clock.0 },
        customers: BTreeMap::new(),
        requests: BTreeMap::new(),
        subscriptions: BTreeMap::new(),
        plan_changes: BTreeMap::new(),
        groups: BTreeMap::new(),
        zone,
        now: scenario.start,
        facts: state::Facts::new(),
        text: String::new(),
    };
    teller.meet(&proposal).await.map_err(|failure| failed(failure.to_string()))?;
    teller.line(0, &scenario.name);
    let (start, zone) = (say::instant(scenario.start, &teller.zone), &proposal.seller.settings);
    teller.line(0, &format!("from {start}, {}", zone.zone));
    for put in &proposal.customers {
        let (code, profile) = (&put.proposal.code, &put.proposal.profile);
        teller.line(0, &format!("customer {code}: {}, {}", profile.zone, profile.currency));
    }
    Ok(teller)
}

/// Several stories may be told in one database, also of the same seller.
async fn free_slug(engine: &Engine, wanted: &str) -> Result<String, Failure> {
    let mut slug = wanted.to_owned();
    let mut number = 1;
    while engine.tenant_by_slug(&slug).await?.is_some() {
        number += 1;
        slug = format!("{wanted}-{number}");
    }
    Ok(slug)
}

impl Teller<'_> {
    /// Learns who the customers of a file are.
    pub(super) async fn meet(&mut self, proposal: &Proposal) -> Result<(), Failure> {
        for put in &proposal.customers {
            let code = &put.proposal.code;
            if let Some(id) = self.engine.customer_by_code(&self.tenant, code).await? {
                self.customers.insert(code.clone(), id);
            }
        }
        Ok(())
    }

    /// The request that the story calls by a name.
    pub(super) fn request(&self, name: &str) -> Result<(CustomerId, DocumentId), NoAnswer> {
        let known = self.requests.get(name).copied();
        known.ok_or_else(|| NoAnswer::Trouble(format!("no request is called `{name}`")))
    }

    async fn look(&self) -> Result<state::Facts, Failure> {
        state::facts(self.engine, &self.tenant, &self.customers).await
    }

    fn line(&mut self, indent: usize, text: &str) {
        // A String can always be written to.
        let _written = writeln!(self.text, "{:indent$}{}", "", text.trim_end());
    }

    async fn step(
        &mut self,
        number: usize,
        step: &Step,
        work: &impl AsyncFn(&Engine),
    ) -> Result<(), String> {
        let at = step.at.unwrap_or(self.now);
        let wall = say::instant(at, &self.zone);
        self.line(0, "");
        self.line(0, &format!("{number}. {wall}"));
        self.pass(at, work).await.map_err(|failure| failure.to_string())?;
        self.line(2, &say::headline(&step.verb));
        match (self.act(&step.verb).await, &step.refused) {
            (Ok(lines), None) => lines.iter().for_each(|line| self.line(4, line)),
            (Err(NoAnswer::Refused(why)), Some(expected)) if why == *expected => {
                self.line(4, &format!("refused: {why}"));
            }
            (Err(NoAnswer::Refused(why)), Some(_)) => {
                return Err(format!("it is refused, but with: {why}"));
            }
            (Err(NoAnswer::Refused(why)), None) => return Err(format!("it is refused: {why}")),
            (Ok(_), Some(expected)) => {
                return Err(format!("it is not refused; expected was: {expected}"));
            }
            (Err(NoAnswer::Trouble(why)), _) => return Err(why),
        }
        work(self.engine).await;
        self.changes(4, "").await.map_err(|failure| failure.to_string())
    }

    /// Lets time pass. The clock stops wherever work falls due, as in life.
    async fn pass(&mut self, to: Timestamp, work: &impl AsyncFn(&Engine)) -> Result<(), Failure> {
        loop {
            let due = self.engine.due_work(&self.tenant, After::NOTHING, 1).await?.next_at;
            let stop = due.filter(|due| *due > self.now && *due < to);
            let at = stop.unwrap_or(to);
            let call = Call::new(self.tenant.id, Actor::Operator);
            let command = Command::SetClock(SetClock { to: at });
            self.engine.carry_out(&call, &command).await?;
            self.machine.reach(at);
            self.now = at;
            work(self.engine).await;
            let mark = match stop {
                Some(_) => format!("at {}: ", say::instant(at, &self.zone)),
                None => "by then: ".to_owned(),
            };
            self.changes(2, &mark).await?;
            if stop.is_none() {
                return Ok(());
            }
        }
    }

    /// Tells what is different from when it was last looked at.
    async fn changes(&mut self, indent: usize, mark: &str) -> Result<(), Failure> {
        let now = self.look().await?;
        for change in state::changes(&self.facts, &now) {
            self.line(indent, &format!("{mark}{change}"));
        }
        self.facts = now;
        Ok(())
    }

    /// Proves the books.
    async fn end(&mut self) -> Result<(), String> {
        let mut report = Report::default();
        let proof = self.engine.verify_tenant(&self.tenant, &mut report, &mut |_| {}).await;
        proof.map_err(|failure| failure.to_string())?;
        if !report.findings.is_empty() {
            let found = report.findings.iter().map(|it| format!("{}: {}", it.place, it.problem));
            let found: Vec<String> = found.collect();
            return Err(format!("the books don't hold: {}\n{}", found.join("\n"), self.text));
        }
        let Report { documents, transfers, payments, gifts, .. } = report;
        let rows = documents + transfers + payments + gifts;
        self.line(0, "");
        self.line(0, &format!("verify: {rows} rows hold"));
        Ok(())
    }
}
