//! The rows of one command, learned from the difference that it made to the books, so that the
//! floor writes what the product writes, into the same tables with the same indexes.

use super::super::BenchError;
use super::super::place::connect;
use abono_store::{DatabaseUrl, Value};
use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
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

/// A table, its columns, and which of them together are unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Table {
    columns: Vec<String>,
    unique: Vec<Vec<usize>>,
    rows: BTreeSet<Vec<Cell>>,
}

/// Everything that stands in a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Books(BTreeMap<String, Table>);

/// The rows that one command adds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Template {
    inserts: Vec<Insert>,
    /// How many identities each writing makes.
    fresh: usize,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Insert {
    /// The statement, with `$1..$n`.
    pub(super) sql: String,
    cells: Vec<Cell>,
}

impl Books {
    /// Reads a database whole.
    ///
    /// # Errors
    /// It can't be read.
    pub(in super::super) async fn read(url: &DatabaseUrl) -> Result<Self, BenchError> {
        match url {
            DatabaseUrl::Sqlite(path) => read_sqlite(path),
            DatabaseUrl::Postgres(url) => read_postgres(url).await,
        }
    }

    /// How many rows a table has.
    pub(in super::super) fn count(&self, table: &str) -> usize {
        self.0.get(table).map_or(0, |table| table.rows.len())
    }

    /// What was added since `before`; what was only changed is left out.
    pub(in super::super) fn since(&self, before: &Self) -> Template {
        let old: BTreeSet<Uuid> = before.ids().collect();
        let fresh: Vec<Uuid> = self
            .ids()
            .filter(|id| !old.contains(id))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let mut inserts = Vec::new();
        for (name, table) in &self.0 {
            let before = before.0.get(name);
            let is_old = |row: &&Vec<Cell>| before.is_some_and(|old| old.has_key_of(row));
            for row in table.rows.iter().filter(|row| !is_old(row)) {
                inserts.push(table.insert(name, row, &fresh));
            }
        }
        Template { inserts, fresh: fresh.len() }
    }

    fn ids(&self) -> impl Iterator<Item = Uuid> {
        let cells = self.0.values().flat_map(|table| table.rows.iter().flatten());
        cells.filter_map(|cell| if let Cell::Uuid(id) = cell { Some(*id) } else { None })
    }
}

impl Table {
    /// Whether there is a row that has the same in any columns that are unique together.
    fn has_key_of(&self, row: &[Cell]) -> bool {
        let same = |key: &Vec<usize>, other: &Vec<Cell>| {
            key.iter().all(|place| row.get(*place) == other.get(*place))
        };
        self.rows.contains(row)
            || self.unique.iter().any(|key| self.rows.iter().any(|other| same(key, other)))
    }

    fn insert(&self, name: &str, row: &[Cell], fresh: &[Uuid]) -> Insert {
        let mut cells: Vec<Cell> = row.iter().map(|cell| renewed(cell, fresh)).collect();
        for key in &self.unique {
            let is_new = |place: &usize| {
                matches!(
                    cells.get(*place),
                    Some(Cell::Fresh(_) | Cell::Counted(_) | Cell::Numbered(_))
                )
            };
            if key.iter().any(is_new) {
                continue;
            }
            let counted = key.iter().rev().find_map(|place| {
                let cell = match cells.get(*place)? {
                    Cell::Text(text) => Cell::Numbered(text.clone()),
                    Cell::Int(figure) => Cell::Counted(*figure),
                    _ => return None,
                };
                Some((*place, cell))
            });
            if let Some((place, cell)) = counted {
                cells[place] = cell;
            }
        }
        let places: Vec<String> = (1..=cells.len()).map(|place| format!("${place}")).collect();
        let (columns, places) = (self.columns.join(", "), places.join(", "));
        Insert { sql: format!("insert into {name} ({columns}) values ({places})"), cells }
    }
}

fn renewed(cell: &Cell, fresh: &[Uuid]) -> Cell {
    if let Cell::Uuid(id) = cell
        && let Ok(place) = fresh.binary_search(id)
    {
        return Cell::Fresh(place);
    }
    cell.clone()
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
        let value = move |cell: &Cell| match cell {
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

fn read_sqlite(path: &std::path::Path) -> Result<Books, BenchError> {
    let conn = rusqlite::Connection::open(path)?;
    let names = |sql: &str, column: &str| -> Result<Vec<String>, rusqlite::Error> {
        conn.prepare(sql)?.query_map([], |row| row.get(column))?.collect()
    };
    let mut books = Books::default();
    let tables = "select name from sqlite_master where type = 'table'
        and name not like 'sqlite\\_%' escape '\\'";
    for name in names(tables, "name")? {
        let columns = names(&format!("select name from pragma_table_info('{name}')"), "name")?;
        let mut table = Table { columns, ..Table::default() };
        let unique = format!("select name from pragma_index_list('{name}') where \"unique\" = 1");
        for index in names(&unique, "name")? {
            let of = names(&format!("select name from pragma_index_info('{index}')"), "name")?;
            table.unique.push(places(&table.columns, &of));
        }
        let mut statement = conn.prepare(&format!("select * from {name}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let cells = (0..table.columns.len()).map(|place| Ok(cell(row.get_ref(place)?)));
            let cells: Result<Vec<Cell>, rusqlite::Error> = cells.collect();
            table.rows.insert(cells?);
        }
        books.0.insert(name, table);
    }
    Ok(books)
}

fn places(columns: &[String], of: &[String]) -> Vec<usize> {
    of.iter().filter_map(|name| columns.iter().position(|column| column == name)).collect()
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null | ValueRef::Real(_) => Cell::Null,
        ValueRef::Integer(figure) => Cell::Int(figure),
        ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => match Uuid::from_slice(bytes) {
            Ok(id) => Cell::Uuid(id),
            Err(_) => Cell::Bytes(bytes.to_vec()),
        },
    }
}

async fn read_postgres(url: &str) -> Result<Books, BenchError> {
    let client = connect(url).await?;
    let mut books = Books::default();
    let tables = "select tablename::text from pg_tables where schemaname = 'public'";
    for name in client.query(tables, &[]).await? {
        let name: String = name.try_get(0)?;
        let statement = client.prepare(&format!("select * from {name}")).await?;
        let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        let mut table = Table { columns, ..Table::default() };
        let unique = "select string_agg(a.attname::text, ',') from pg_index i
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
            where i.indisunique and i.indrelid = $1::text::regclass group by i.indexrelid";
        for index in client.query(unique, &[&name]).await? {
            let of: String = index.try_get(0)?;
            let of: Vec<String> = of.split(',').map(str::to_owned).collect();
            table.unique.push(places(&table.columns, &of));
        }
        for row in client.query(&statement, &[]).await? {
            let cells = (0..table.columns.len()).map(|place| postgres_cell(&row, place));
            table.rows.insert(cells.collect::<Result<_, _>>()?);
        }
        books.0.insert(name, table);
    }
    Ok(books)
}

fn postgres_cell(row: &tokio_postgres::Row, place: usize) -> Result<Cell, tokio_postgres::Error> {
    let name = row.columns().get(place).map_or("", |column| column.type_().name());
    Ok(match name {
        "uuid" => row.try_get::<_, Option<Uuid>>(place)?.map_or(Cell::Null, Cell::Uuid),
        "int8" => row.try_get::<_, Option<i64>>(place)?.map_or(Cell::Null, Cell::Int),
        "bool" => row.try_get::<_, Option<bool>>(place)?.map_or(Cell::Null, Cell::Bool),
        "bytea" => row.try_get::<_, Option<Vec<u8>>>(place)?.map_or(Cell::Null, Cell::Bytes),
        _ => row.try_get::<_, Option<String>>(place)?.map_or(Cell::Null, Cell::Text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn books(rows: &[Vec<Cell>]) -> Books {
        let columns = ["id", "number", "name"].map(str::to_owned).to_vec();
        let unique = vec![vec![0], vec![1]];
        let table = Table { columns, unique, rows: rows.iter().cloned().collect() };
        Books(BTreeMap::from([("t".to_owned(), table)]))
    }

    fn row(id: u128, number: i64) -> Vec<Cell> {
        vec![Cell::Uuid(Uuid::from_u128(id)), Cell::Int(number), Cell::Text("a".to_owned())]
    }

    #[test]
    fn what_was_added_is_written_again_with_identities_and_numbers_of_its_own() {
        let template = books(&[row(1, 1), row(2, 2)]).since(&books(&[row(1, 1)]));
        assert_eq!(template.rows(), 1);
        let written = |number| -> Vec<Vec<Value>> {
            template.writing(number).map(|(_, values)| values).collect()
        };
        let (first, second) = (written(1), written(2));
        assert_ne!(first[0][0], second[0][0]);
        assert_eq!((&first[0][1], &second[0][1]), (&Value::Int(3), &Value::Int(4)));
        assert_eq!(first[0][2], second[0][2]);
        let sql = &template.inserts[0].sql;
        assert_eq!(sql, "insert into t (id, number, name) values ($1, $2, $3)");
    }

    #[test]
    fn what_was_only_changed_is_left_out() {
        let changed = books(&[vec![
            Cell::Uuid(Uuid::from_u128(1)),
            Cell::Int(1),
            Cell::Text("b".to_owned()),
        ]]);
        assert_eq!(changed.since(&books(&[row(1, 1)])).rows(), 0);
    }
}
