//! The rows of one command, learned from the difference that it made to the books, so that the
//! floor writes what the product writes, into the same tables with the same indexes.

use abono_store::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What stands in one column of a row that is written again and again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
    /// An identity that each writing makes anew, by its place among them.
    Fresh(usize),
    /// A number that goes up by one with each writing, because it has to be unique.
    Counted(i64),
    /// A text that gets a number behind it, because it has to be unique.
    Numbered(String),
}

/// The rows that one command adds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Template {
    pub(super) inserts: Vec<Insert>,
    /// How many identities each writing makes.
    pub(super) fresh: usize,
    /// Whose rows they are, and whose they become in turn: rows of many owners lie apart.
    pub(super) owner: Uuid,
    pub(super) owners: Vec<Uuid>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Insert {
    /// The statement, with `$1..$n`.
    pub(super) sql: String,
    pub(super) cells: Vec<Cell>,
}

impl Template {
    /// How many rows.
    pub(in super::super) fn rows(&self) -> usize {
        self.inserts.len()
    }

    /// The rows of one writing, which has a number that no other has.
    pub(super) fn writing(&self, number: i64) -> impl Iterator<Item = (&Insert, Vec<Value>)> {
        let fresh = u128::try_from(self.fresh.max(1)).unwrap_or(1);
        let first = u128::try_from(number).unwrap_or(0).saturating_mul(fresh);
        // Identities go up as those of the product do (UUID v7).
        let id = move |place: usize| {
            let place = u128::try_from(place).unwrap_or(0);
            Uuid::from_u128((0x0199_u128 << 112) | (first + place) << 16)
        };
        let turn = usize::try_from(number).unwrap_or(0) % self.owners.len().max(1);
        let owner = self.owners.get(turn).copied().unwrap_or(self.owner);
        let value = move |cell: &Cell| match cell {
            Cell::Uuid(id) if *id == self.owner => Value::Uuid(owner),
            Cell::Null => Value::Null,
            Cell::Int(figure) => Value::Int(*figure),
            Cell::Bool(truth) => Value::Bool(*truth),
            Cell::Text(text) => Value::Text(text.clone()),
            Cell::Bytes(bytes) => Value::Bytes(bytes.clone()),
            Cell::Uuid(id) => Value::Uuid(*id),
            Cell::Fresh(place) => Value::Uuid(id(*place)),
            Cell::Counted(figure) => Value::Int(figure.saturating_add(number)),
            Cell::Numbered(text) => Value::Text(format!("{text}-{number}")),
        };
        self.inserts.iter().map(move |insert| (insert, insert.cells.iter().map(&value).collect()))
    }
}
