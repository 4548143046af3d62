//! Reads: what is asked for, who owns it, and one batch of them in one snapshot.

use crate::db::{Bound, Row, StoreError};
use std::marker::PhantomData;

/// Rows of one customer's aggregate: only as true as the root that is guarded with them.
#[derive(Debug)]
pub struct OfCustomer;
/// Rows of one tenant's aggregate.
#[derive(Debug)]
pub struct OfTenant;
/// Rows that never change: no guard is needed.
#[derive(Debug)]
pub struct Immutable;

type Parse<T> = Box<dyn FnOnce(Vec<Vec<Row>>) -> Result<T, StoreError> + Send>;

/// A read that gives a `T`, out of rows that an `O` owns.
pub struct Query<T, O> {
    bounds: Vec<Bound>,
    parse: Parse<T>,
    owner: PhantomData<O>,
}

impl<T, O> Query<T, O> {
    pub(crate) fn new(
        bounds: Vec<Bound>,
        parse: impl FnOnce(Vec<Vec<Row>>) -> Result<T, StoreError> + Send + 'static,
    ) -> Self {
        Self { bounds, parse: Box::new(parse), owner: PhantomData }
    }

    /// The same read with its answer changed.
    pub(crate) fn map<U>(
        self,
        change: impl FnOnce(T) -> Result<U, StoreError> + Send + 'static,
    ) -> Query<U, O>
    where
        T: 'static,
    {
        Query::new(self.bounds, move |sets| change((self.parse)(sets)?))
    }

    /// This read and another one as one.
    pub(crate) fn and<U: 'static>(self, other: Query<U, O>) -> Query<(T, U), O>
    where
        T: 'static,
    {
        let split = self.bounds.len();
        let mut bounds = self.bounds;
        bounds.extend(other.bounds);
        Query::new(bounds, move |mut sets| {
            let rest = sets.split_off(split);
            Ok(((self.parse)(sets)?, (other.parse)(rest)?))
        })
    }
}

impl<T: 'static, O> Query<Vec<T>, O> {
    /// One statement, one value a row.
    pub(crate) fn rows(bound: Bound, read: fn(Row) -> Result<T, StoreError>) -> Self {
        Self::new(vec![bound], move |sets| sets.into_iter().flatten().map(read).collect())
    }
}

impl<T: 'static, O> Query<Option<T>, O> {
    /// One statement, at most one row.
    pub(crate) fn maybe(bound: Bound, read: fn(Row) -> Result<T, StoreError>) -> Self {
        Self::new(vec![bound], move |sets| sets.into_iter().flatten().next().map(read).transpose())
    }
}

/// A place in a batch, to take the answer from.
pub struct Slot<T> {
    first: usize,
    count: usize,
    parse: Parse<T>,
}

/// Reads that are made in one snapshot.
#[derive(Debug, Default)]
pub struct ReadBatch {
    pub(crate) bounds: Vec<Bound>,
}

impl ReadBatch {
    /// Adds a read.
    pub fn add<T, O>(&mut self, query: Query<T, O>) -> Slot<T> {
        let slot = Slot { first: self.bounds.len(), count: query.bounds.len(), parse: query.parse };
        self.bounds.extend(query.bounds);
        slot
    }
}

/// What a batch read.
#[derive(Debug)]
pub struct Results {
    pub(crate) sets: Vec<Vec<Row>>,
}

impl Results {
    /// The answer of one read.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] for a damaged row.
    pub fn take<T>(&mut self, slot: Slot<T>) -> Result<T, StoreError> {
        let sets = self.sets.iter_mut().skip(slot.first).take(slot.count);
        (slot.parse)(sets.map(std::mem::take).collect())
    }
}
