//! The committer's shells: a thread for SQLite, a task for Postgres, and whoever waits, in the
//! simulator.

use crate::batch::{Batch, Verdict};
use crate::committer::{Committer, Group, Ticket};
use crate::conn::Conn;
use crate::db::StoreError;
use crate::postgres::PostgresConn;
use crate::sqlite::SqliteConn;
use crate::{committer::GroupResult, group};
use deadpool_postgres::Pool;
use futures_util::FutureExt;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

type Waiting = (Batch, oneshot::Sender<Verdict>);

/// By how many microseconds each commit is delayed, to see what a slower disk does.
#[derive(Clone, Default)]
pub(crate) struct Delay(Arc<AtomicU64>);

impl Delay {
    pub(crate) fn set(&self, by: Duration) {
        self.0.store(u64::try_from(by.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn get(&self) -> Option<Duration> {
        Some(Duration::from_micros(self.0.load(Ordering::Relaxed))).filter(|by| !by.is_zero())
    }
}

/// A way to commit: batches of one lane share transactions.
pub(crate) enum Lane {
    Queue(mpsc::UnboundedSender<Waiting>),
    Inline(Arc<Mutex<Inline>>),
}

impl Lane {
    /// A thread of its own, because a commit waits for the disk.
    pub(crate) fn thread(conn: SqliteConn, delay: Delay) -> Result<Self, StoreError> {
        let (send, mut receive) = mpsc::unbounded_channel::<Waiting>();
        let run = move || {
            let mut shell = Shell::default();
            let mut conn = Conn::Sqlite(conn);
            while let Some(first) = receive.blocking_recv() {
                shell.offer(first);
                loop {
                    while let Ok(more) = receive.try_recv() {
                        shell.offer(more);
                    }
                    let Some(group) = shell.committer.next_group() else { break };
                    // Outside the simulator nothing in a SQLite transaction waits.
                    let result = run_group(&mut conn, &group).now_or_never();
                    let never = || GroupResult::Failed(StoreError::Contended("busy".to_owned()));
                    if let Some(delay) = delay.get() {
                        std::thread::sleep(delay);
                    }
                    shell.settle(group, result.unwrap_or_else(never));
                }
            }
        };
        std::thread::Builder::new()
            .name("abono-commit".to_owned())
            .spawn(run)
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Self::Queue(send))
    }

    /// A task on the caller's runtime.
    pub(crate) fn task(pool: Pool, delay: Delay) -> Self {
        let (send, mut receive) = mpsc::unbounded_channel::<Waiting>();
        let runtime = tokio::runtime::Handle::current();
        let run = async move {
            let mut shell = Shell::default();
            while let Some(first) = receive.recv().await {
                shell.offer(first);
                loop {
                    while let Ok(more) = receive.try_recv() {
                        shell.offer(more);
                    }
                    let Some(group) = shell.committer.next_group() else { break };
                    let result = run_in_time(&pool, &group).await;
                    if let Some(delay) = delay.get() {
                        tokio::time::sleep(delay).await;
                    }
                    shell.settle(group, result);
                }
            }
        };
        runtime.spawn(run);
        Self::Queue(send)
    }

    /// Run by whoever waits for a commit, one at a time.
    pub(crate) fn inline(conn: SqliteConn) -> Self {
        let conn = Some(Conn::Sqlite(conn));
        Self::Inline(Arc::new(Mutex::new(Inline { conn, ..Inline::default() })))
    }

    /// Offers a batch and waits for its verdict.
    pub(crate) async fn commit(&self, batch: Batch) -> Verdict {
        match self {
            Self::Queue(queue) => {
                let (send, receive) = oneshot::channel();
                let closed = || StoreError::Unreachable("the committer has stopped".to_owned());
                if queue.send((batch, send)).is_err() {
                    return Verdict::Failed(closed());
                }
                receive.await.unwrap_or_else(|_| Verdict::Unknown(closed()))
            }
            Self::Inline(inline) => commit_inline(inline, batch).await,
        }
    }
}

/// For how long a group may take on Postgres; past that nobody knows what became of it.
const GROUP_TIME: Duration = Duration::from_secs(20);

async fn run_in_time(pool: &Pool, group: &Group) -> GroupResult {
    let mut conn = match PostgresConn::connect(pool).await {
        Ok(conn) => Conn::Postgres(conn),
        Err(error) => return GroupResult::NotBegun(error),
    };
    let result = tokio::time::timeout(GROUP_TIME, run_group(&mut conn, group)).await;
    result.unwrap_or_else(|_| {
        // What is still under way on it must not meet the next group.
        conn.abandon();
        GroupResult::Unknown(StoreError::Unreachable("the database did not answer".to_owned()))
    })
}

async fn run_group(conn: &mut Conn, group: &Group) -> GroupResult {
    let batches: Vec<&Batch> = group.iter().map(|(_, batch)| batch).collect();
    group::run(conn, &batches).await
}

/// A committer and those who wait for its verdicts.
#[derive(Default)]
struct Shell {
    committer: Committer,
    waiting: BTreeMap<Ticket, oneshot::Sender<Verdict>>,
    tickets: u64,
}

impl Shell {
    fn offer(&mut self, (batch, answer): Waiting) {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.waiting.insert(ticket, answer);
        self.committer.offer(ticket, batch);
    }

    fn settle(&mut self, group: Group, result: GroupResult) {
        for (ticket, verdict) in self.committer.finished(group, result) {
            if let Some(answer) = self.waiting.remove(&ticket) {
                // Whoever asked may have gone away; the commit stands all the same.
                let _gone = answer.send(verdict);
            }
        }
    }
}

/// The simulator's shell: no thread, no task.
#[derive(Default)]
pub(crate) struct Inline {
    committer: Committer,
    verdicts: BTreeMap<Ticket, Verdict>,
    tickets: u64,
    conn: Option<Conn>,
}

async fn commit_inline(inline: &Arc<Mutex<Inline>>, batch: Batch) -> Verdict {
    let ticket = locked(inline, |inline| {
        inline.tickets += 1;
        inline.committer.offer(Ticket(inline.tickets), batch);
        Ticket(inline.tickets)
    });
    loop {
        yield_once().await;
        if let Some(verdict) = locked(inline, |inline| inline.verdicts.remove(&ticket)) {
            return verdict;
        }
        let work = locked(inline, |inline| {
            let conn = inline.conn.take()?;
            let group = inline.committer.next_group();
            if group.is_none() {
                inline.conn = Some(conn);
                return None;
            }
            group.map(|group| (conn, group))
        });
        if let Some((mut conn, group)) = work {
            let result = run_group(&mut conn, &group).await;
            locked(inline, |inline| {
                inline.conn = Some(conn);
                let verdicts = inline.committer.finished(group, result);
                inline.verdicts.extend(verdicts);
            });
        }
    }
}

fn locked<T>(inline: &Mutex<Inline>, with: impl FnOnce(&mut Inline) -> T) -> T {
    with(&mut inline.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Lets others go first, once.
pub(crate) async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
