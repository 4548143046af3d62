//! The one write path: read, decide, commit, answer.

use crate::commands::Command;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned, answered};
use abono_domain::calendar::tzdb_version;
use abono_domain::decision::{Decision, Outcome};
use abono_domain::document::Issued;
use abono_domain::document::request_payment::RULES_VERSION;
use abono_domain::ids::{CommandId, TenantId};
use abono_domain::planted;
pub use abono_store::nouns::idempotency::{Key, Reply};
pub use abono_store::nouns::journal::Actor;
use abono_store::nouns::{idempotency, journal, unique};
use abono_store::{Batch, Context, StoreError, Verdict, apply};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

/// Who calls, for which tenant, and how.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whose books.
    pub tenant: TenantId,
    /// Who acts.
    pub actor: Actor,
    /// The client's idempotency key.
    pub key: Option<Key>,
    /// Decide, but write nothing.
    pub dry_run: bool,
}

impl Call {
    /// A call without a key, for real.
    pub const fn new(tenant: TenantId, actor: Actor) -> Self {
        Self { tenant, actor, key: None, dry_run: false }
    }
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Executed {
    /// It was decided, and written unless it was a dry run.
    Done {
        /// The outcome.
        outcome: Box<Outcome>,
        /// The bytes of the answer, as they are kept for the key.
        reply: Reply,
    },
    /// Its key was used before: the bytes that were answered then.
    Replayed(Reply),
}

impl Executed {
    /// The bytes of the answer.
    pub fn into_reply(self) -> Reply {
        match self {
            Self::Done { reply, .. } | Self::Replayed(reply) => reply,
        }
    }
}

/// Renders an outcome as the bytes of an answer. It may not fail: the deed is done.
pub type Render = Arc<dyn Fn(&Outcome) -> Reply + Send + Sync>;

/// Why an attempt ends before its commit.
pub(crate) enum Stop {
    Replayed(Reply),
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// How often one call decides again because others were faster, or because its commit is in doubt.
const ATTEMPTS_MAX: i64 = 200;
/// How often the store may fail in a row before a call gives up.
const TROUBLE_MAX: u32 = 5;

impl Engine {
    /// Carries a command out.
    ///
    /// # Errors
    /// [`Failure`]; unless it is [`Failure::Unknown`], nothing was changed.
    pub async fn execute(
        &self,
        call: &Call,
        command: &Command,
        render: Render,
    ) -> Result<Executed, Failure> {
        let _turn = match (call.dry_run, command.customer()) {
            (true, _) => None,
            (false, customer) => Some(self.turnstile.pass(call.tenant, customer).await),
        };
        Execution::new(self, call, command, render).run().await
    }

    /// Carries a command out for somebody who wants the outcome and not bytes.
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub async fn carry_out(&self, call: &Call, command: &Command) -> Result<Outcome, Failure> {
        match self.execute(call, command, silent()).await? {
            Executed::Done { outcome, .. } => Ok(*outcome),
            Executed::Replayed(_) => Err(Failure::KeyReused),
        }
    }

    /// What was answered to a call before, by its key; nothing where it has none, or a new one. For
    /// those who would have to look things up for the command that may be gone by now.
    ///
    /// # Errors
    /// [`Failure::KeyReused`], or [`Failure::Store`].
    pub async fn answered(&self, call: &Call) -> Result<Option<Reply>, Failure> {
        let Some(key) = &call.key else { return Ok(None) };
        let used = self.store.query(idempotency::by_key(call.tenant, key)).await?;
        answered(call, used)
    }

    /// Reads and decides, without committing: the first half of [`Engine::execute`].
    ///
    /// # Errors
    /// As [`Engine::execute`].
    pub async fn prepare(&self, call: &Call, command: &Command) -> Result<Prepared, Failure> {
        let mut execution = Execution::new(self, call, command, silent());
        match execution.plan().await {
            Ok(planned) => execution.batch(planned, 1).map(Prepared),
            Err(Stop::Failed(failure)) => Err(failure),
            Err(Stop::Replayed(_)) => Err(Failure::KeyReused),
        }
    }

    /// Commits what was prepared; says whether it was still true.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn commit(&self, prepared: Prepared) -> Result<bool, Failure> {
        match self.store.commit(prepared.0).await {
            Verdict::Committed => Ok(true),
            Verdict::Stale => Ok(false),
            Verdict::AlreadyDone => Err(Failure::Contended),
            Verdict::Unknown(error) | Verdict::Failed(error) => Err(error.into()),
        }
    }
}

/// A decision that was made and not committed yet.
pub struct Prepared(Batch);

fn silent() -> Render {
    Arc::new(|_| Reply { status: 0, content_type: String::new(), body: Vec::new() })
}

/// What the commit of an attempt will answer; filled when its numbers are drawn.
type Answer = Arc<Mutex<Option<(Outcome, Reply)>>>;

/// One call on its way.
struct Execution<'a> {
    engine: &'a Engine,
    call: &'a Call,
    command: &'a Command,
    render: Render,
    id: CommandId,
    /// The answer of each attempt, by its number less one.
    kept: Vec<Answer>,
    /// A commit gave no clear answer: it may have landed, or may land yet.
    in_doubt: bool,
}

impl<'a> Execution<'a> {
    fn new(engine: &'a Engine, call: &'a Call, command: &'a Command, render: Render) -> Self {
        let id = engine.env.command_id();
        Self { engine, call, command, render, id, kept: Vec::new(), in_doubt: false }
    }

    async fn run(mut self) -> Result<Executed, Failure> {
        let mut trouble = 0;
        for attempt in 1..=ATTEMPTS_MAX {
            let planned = match self.plan().await {
                Ok(planned) => planned,
                Err(Stop::Replayed(reply)) => return Ok(Executed::Replayed(reply)),
                Err(Stop::Failed(failure)) => return self.give_up(failure).await,
            };
            planned.decision.check()?;
            // A key is kept also where there is nothing to do: it stands for its input from now on.
            let is_idle = planned.decision.changes.is_empty() && self.call.key.is_none();
            if self.call.dry_run || is_idle {
                return Ok(self.done(planned.decision.outcome));
            }
            let batch = self.batch(planned, attempt)?;
            self.engine.env.fault("commit.before").await;
            let mut verdict = self.engine.store.commit(batch).await;
            if self.engine.env.fault("commit.answer").await {
                verdict = Verdict::Unknown(StoreError::Unreachable("the answer was lost".into()));
            }
            match verdict {
                Verdict::Unknown(_) if planted::is("unknown-is-done") => {
                    return self.answer(attempt).ok_or(Failure::Unknown(self.id));
                }
                Verdict::Committed => return self.answer(attempt).ok_or(Failure::Unknown(self.id)),
                // What made it stale may be its own commit that was in doubt, and landed late.
                Verdict::Stale if self.in_doubt => {
                    if let Some(done) = self.resolve().await? {
                        return Ok(done);
                    }
                }
                Verdict::Stale => {}
                Verdict::Failed(StoreError::Contended(_)) if trouble < TROUBLE_MAX * 4 => {
                    trouble += 1
                }
                Verdict::Failed(error) => return self.give_up(error.into()).await,
                Verdict::Unknown(_) | Verdict::AlreadyDone => {
                    self.in_doubt = true;
                    trouble += 1;
                    if let Some(done) = self.resolve().await? {
                        return Ok(done);
                    }
                    if trouble > TROUBLE_MAX {
                        return Err(Failure::Unknown(self.id));
                    }
                }
            }
        }
        self.give_up(Failure::Contended).await
    }

    /// Ends with a failure; but once a commit was in doubt, only the journal can say that nothing
    /// was changed, and a commit may still land after it was asked.
    async fn give_up(&self, failure: Failure) -> Result<Executed, Failure> {
        if !self.in_doubt {
            return Err(failure);
        }
        self.resolve().await?.ok_or(Failure::Unknown(self.id))
    }

    /// Steps 1 and 2: read the facts, decide.
    async fn plan(&mut self) -> Result<Planned, Stop> {
        let engine = self.engine;
        let tenant = engine.slow.tenant(&engine.store, self.call.tenant).await?;
        let attempt = Attempt { engine, call: self.call, command: self.id, tenant };
        // As large as that of the largest command: it stays where it is made.
        Box::pin(self.command.plan(&attempt)).await
    }

    /// Looks a commit in doubt up, on another connection. `None`: it isn't there, so the command
    /// may run again; its id keeps it from running twice.
    async fn resolve(&self) -> Result<Option<Executed>, Failure> {
        if self.engine.env.fault("commit.lookup").await {
            // As when the commit lands only after it was looked for.
            return Ok(None);
        }
        let query = || journal::by_id(self.call.tenant, self.id);
        for _ in 0..TROUBLE_MAX {
            match self.engine.store.query(query()).await {
                Ok(None) => return Ok(None),
                Ok(Some(entry)) => {
                    let done = self.answer(entry.attempt);
                    return done.map(Some).ok_or(Failure::Unknown(self.id));
                }
                Err(_) => {}
            }
        }
        Err(Failure::Unknown(self.id))
    }

    fn answer(&self, attempt: i64) -> Option<Executed> {
        let place = usize::try_from(attempt).ok()?.checked_sub(1)?;
        let kept = self.kept.get(place)?.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.map(|(outcome, reply)| Executed::Done { outcome: Box::new(outcome), reply })
    }

    fn done(&self, outcome: Outcome) -> Executed {
        let reply = (self.render)(&outcome);
        Executed::Done { outcome: Box::new(outcome), reply }
    }

    /// Step 3 as data: what is claimed, which numbers are drawn, which rows follow.
    fn batch(&mut self, planned: Planned, attempt: i64) -> Result<Batch, Failure> {
        let Planned { decision, guard, moment, clock, customer, seller_version } = planned;
        let (tenant, id) = (self.call.tenant, self.id);
        let entry = journal::Entry {
            command_id: id,
            attempt,
            actor: self.call.actor,
            command: self.command.name().to_owned(),
            customer: (!customer.0.is_nil()).then_some(customer),
            input_hash: Sha256::digest(format!("{:?}", self.command)).to_vec(),
            business_at: moment.now,
            machine_at: moment.machine,
            seller_version,
            rules_version: RULES_VERSION,
            tzdb: tzdb_version().to_owned(),
        };
        let key = self.call.key.clone();
        let mut claims = vec![guard];
        let claimed = key.iter().filter(|_| !planted::is("key-not-claimed"));
        claims.extend(claimed.map(|key| idempotency::take(tenant, id, key)));
        claims.extend(decision.claims.iter().map(|claim| unique::take(tenant, id, claim)));
        let journal_row = journal::write(tenant, &entry);
        let draws = decision.draws();
        let answer = Answer::default();
        self.keep(attempt, &answer);
        let context = Context { tenant, clock, command: id, customer };
        let finish = Finish { decision, context, entry, key, render: self.render.clone(), answer };
        Ok(Batch {
            tenant: tenant.0,
            journal: Some(journal_row),
            claims,
            draws,
            finish: Box::new(move |numbers| finish.rows(numbers)),
        })
    }

    fn keep(&mut self, attempt: i64, answer: &Answer) {
        let count = usize::try_from(attempt).unwrap_or(usize::MAX);
        while self.kept.len() < count {
            self.kept.push(answer.clone());
        }
    }
}

/// Turns a decision and its numbers into rows and the answer.
struct Finish {
    decision: Decision,
    context: Context,
    entry: journal::Entry,
    key: Option<Key>,
    render: Render,
    answer: Answer,
}

impl Finish {
    fn rows(&self, numbers: &[Issued]) -> Vec<abono_store::Bound> {
        let tenant = self.context.tenant;
        let decision = self.decision.clone().numbered(numbers);
        let changes = decision.changes.iter();
        let mut rows: Vec<_> = changes.flat_map(|change| apply(self.context, change)).collect();
        let reply = (self.render)(&decision.outcome);
        rows.push(journal::send(tenant, &self.entry));
        let kept = self.key.iter().filter(|_| !planted::is("key-not-kept"));
        let kept = kept.filter(|_| !planted::is("key-not-claimed"));
        rows.extend(kept.map(|key| idempotency::fill(tenant, key, &reply)));
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        *answer = Some((decision.outcome, reply));
        rows
    }
}
