//! Runs one group in its three phases: claim, number, write. Then COMMIT, once every row count is
//! what it must be.

use crate::batch::{Batch, Claim, ClaimKey};
use crate::committer::GroupResult;
use crate::conn::{Conn, NotCommitted};
use crate::db::{Bound, StoreError};
use crate::nouns::counter;
use abono_domain::document::{Issued, Series};
use abono_domain::planted;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Runs the batches of a group in one transaction.
pub(crate) async fn run(conn: &mut Conn, batches: &[&Batch]) -> GroupResult {
    if let Err(error) = conn.begin_write().await {
        return GroupResult::NotBegun(error);
    }
    match write(conn, batches).await {
        Ok(Written::Ready { stale }) => match conn.commit().await {
            Ok(()) => GroupResult::Committed { stale },
            Err(_) if planted::is("commit-error-is-success") => GroupResult::Committed { stale },
            Err(NotCommitted::RolledBack(error)) => {
                conn.rollback().await;
                GroupResult::Failed(error)
            }
            Err(NotCommitted::Unknown(error)) => {
                conn.rollback().await;
                GroupResult::Unknown(error)
            }
        },
        Ok(Written::AlreadyDone { done }) => {
            conn.rollback().await;
            GroupResult::AlreadyDone { done }
        }
        Err(error) => {
            conn.rollback().await;
            GroupResult::Failed(error)
        }
    }
}

/// What stands in the transaction before its COMMIT.
enum Written {
    /// Everything of those that are not stale.
    Ready { stale: BTreeSet<usize> },
    /// Nothing that may stay: these commands were carried out before.
    AlreadyDone { done: BTreeSet<usize> },
}

async fn write(conn: &mut Conn, batches: &[&Batch]) -> Result<Written, StoreError> {
    let Claimed { stale, undo } = claim(conn, batches).await?;
    let alive: Vec<usize> = (0..batches.len()).filter(|place| !stale.contains(place)).collect();
    let series = series(batches, &alive);
    let journal = |place: &usize| Some((*place, batches[*place].journal.clone()?));
    let (commands, rows): (Vec<usize>, Vec<Bound>) = alive.iter().filter_map(journal).unzip();
    let journaled = conn.insert_new(rows).await?;
    let done: BTreeSet<usize> =
        commands.iter().zip(journaled).filter(|(_, new)| !new).map(|(place, _)| *place).collect();
    if !done.is_empty() {
        return Ok(Written::AlreadyDone { done });
    }
    let draws: Vec<Bound> = series
        .iter()
        .map(|((tenant, series), (count, on))| counter::draw(*tenant, series, *count, *on))
        .collect();
    let answers = conn.run(&draws).await?;
    let mut drawn = BTreeMap::new();
    for ((key, (count, _)), answer) in series.iter().zip(answers) {
        drawn.insert(key.clone(), counter::drawn(answer.rows, *count)?);
    }
    let mut writes = if planted::is("claims-not-given-back") { vec![] } else { vec![undo] };
    for place in alive {
        writes.push((batches[place].finish)(&take(&mut drawn, batches[place])));
    }
    conn.write(writes).await?;
    Ok(Written::Ready { stale })
}

struct Claimed {
    /// Those of which a claim was not to be had.
    stale: BTreeSet<usize>,
    /// What gives back what they had claimed.
    undo: Vec<Bound>,
}

/// Phase 1, sorted over the whole group, so that two nodes never wait for each other in a circle.
async fn claim(conn: &mut Conn, batches: &[&Batch]) -> Result<Claimed, StoreError> {
    let mut claims: Vec<_> = batches
        .iter()
        .enumerate()
        .flat_map(|(place, batch)| batch.claims.iter().map(move |claim| (place, claim)))
        .collect();
    claims.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
    let takes: Vec<Bound> = claims.iter().map(|(_, claim)| claim.take.clone()).collect();
    let taken = conn.take(&takes).await?;
    let is_let_go =
        |claim: &Claim| planted::is("no-root-guard") && matches!(claim.key, ClaimKey::Root(..));
    let missed =
        claims.iter().zip(&taken).filter(|((_, claim), taken)| !(**taken || is_let_go(claim)));
    let stale: BTreeSet<usize> = missed.map(|((place, _), _)| *place).collect();
    let undo = claims
        .iter()
        .zip(&taken)
        .filter(|((place, _), taken)| **taken && stale.contains(place))
        .map(|((_, claim), _)| claim.undo.clone())
        .collect();
    Ok(Claimed { stale, undo })
}

type SeriesKey = (uuid::Uuid, Series);

/// How many numbers of each series the group draws, and from which date on.
fn series(batches: &[&Batch], alive: &[usize]) -> BTreeMap<SeriesKey, (i64, jiff::civil::Date)> {
    let mut all = BTreeMap::new();
    for batch in alive.iter().map(|place| batches[*place]) {
        for draw in &batch.draws {
            let key = (batch.tenant, draw.series.clone());
            let (count, on) = all.entry(key).or_insert((0, draw.on));
            *count += 1;
            *on = draw.on.max(*on);
        }
    }
    all
}

/// The numbers of one batch, in the order of its draws.
fn take(drawn: &mut BTreeMap<SeriesKey, VecDeque<Issued>>, batch: &Batch) -> Vec<Issued> {
    let mut next = |draw: &abono_domain::decision::Draw| {
        drawn.get_mut(&(batch.tenant, draw.series.clone()))?.pop_front()
    };
    batch.draws.iter().filter_map(&mut next).collect()
}
