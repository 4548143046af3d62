//! Reads answered from memory while nothing has changed.
//!
//! Each database has a name for the state that it is in: SQLite a number that every commit of
//! another connection changes, Postgres the snapshot that a transaction begun now would see. The
//! name is asked for at each read; while it stays the same, what was read under it is still what
//! would be read. Nobody is shown less than what was committed before they asked.

use crate::db::{Bound, Row, StoreError};
use crate::postgres;
use crate::sqlite::{SqliteConn, SqliteFile};
use deadpool_postgres::Pool;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// The rows of each statement of a batch.
pub(crate) type Sets = Vec<Vec<Row>>;

/// More reads than this are not kept.
const KEPT_MAX: usize = 10_000;

/// What was read lately.
pub(crate) struct Recall {
    names: Names,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    name: String,
    reads: BTreeMap<Asked, Arc<Sets>>,
}

/// A batch of reads, told apart from others by its statements and their values.
struct Asked(Vec<Bound>);

impl Asked {
    fn parts(&self) -> impl Iterator<Item = (&'static str, &[crate::db::Value])> {
        self.0.iter().map(|bound| (bound.stmt.name, bound.params.as_slice()))
    }
}

impl Ord for Asked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(other.parts())
    }
}

impl PartialOrd for Asked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Asked {}

impl Recall {
    pub(crate) fn of_file(file: &SqliteFile) -> Result<Self, StoreError> {
        let names = Names::File(Mutex::new(SqliteConn::reader(file)?));
        Ok(Self { names, known: Mutex::default() })
    }

    pub(crate) fn of_server(pool: Pool) -> Self {
        Self { names: Names::Server(name_states(pool)), known: Mutex::default() }
    }

    /// What `read` would give, from memory where it is known still to be so.
    pub(crate) async fn sets(
        &self,
        bounds: Vec<Bound>,
        read: impl AsyncFnOnce(&[Bound]) -> Result<Sets, StoreError>,
    ) -> Result<Sets, StoreError> {
        let asked = Asked(bounds);
        // Where the state has no name, nothing is remembered; what is wrong, the read says.
        let name = self.names.now().await.ok();
        if let Some(name) = &name
            && let Some(sets) = self.known(name, &asked)
        {
            return Ok(Sets::clone(&sets));
        }
        let sets = read(&asked.0).await?;
        if let Some(name) = name {
            self.keep(name, asked, sets.clone());
        }
        Ok(sets)
    }

    fn known(&self, name: &str, asked: &Asked) -> Option<Arc<Sets>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.name == name { known.reads.get(asked).cloned() } else { None }
    }

    /// Keeps what was read after the state had this name: it is as new as that, or newer.
    fn keep(&self, name: String, asked: Asked, sets: Sets) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.name != name || known.reads.len() >= KEPT_MAX {
            *known = Known { name, reads: BTreeMap::new() };
        }
        known.reads.insert(asked, Arc::new(sets));
    }
}

/// Asks for the name of the state that the database is in.
enum Names {
    File(Mutex<SqliteConn>),
    Server(mpsc::UnboundedSender<oneshot::Sender<Result<String, StoreError>>>),
}

impl Names {
    async fn now(&self) -> Result<String, StoreError> {
        match self {
            Self::File(conn) => conn.lock().unwrap_or_else(PoisonError::into_inner).state_name(),
            Self::Server(ask) => {
                let gone = || StoreError::Unreachable("nobody names states".to_owned());
                let (send, receive) = oneshot::channel();
                ask.send(send).map_err(|_| gone())?;
                receive.await.map_err(|_| gone())?
            }
        }
    }
}

/// Names states for many at once: whoever asks while one answer is on its way gets the next.
fn name_states(pool: Pool) -> mpsc::UnboundedSender<oneshot::Sender<Result<String, StoreError>>> {
    let (send, mut receive) = mpsc::unbounded_channel::<oneshot::Sender<_>>();
    tokio::runtime::Handle::current().spawn(async move {
        while let Some(first) = receive.recv().await {
            let mut waiting = vec![first];
            while let Ok(more) = receive.try_recv() {
                waiting.push(more);
            }
            let name = postgres::state_name(&pool).await;
            for one in waiting {
                // Whoever asked may have gone away.
                let _gone = one.send(name.clone());
            }
        }
    });
    send
}
