//! Everything that stands in a database, and what a command added to it.

use super::super::BenchError;
use super::super::place::connect;
use super::rows::{Cell, Insert, Template};
use abono_store::DatabaseUrl;
use rusqlite::types::ValueRef;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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

    /// What was added since `before` for one owner, to be written for each of `owners` in turn;
    /// what was only changed is left out.
    pub(in super::super) fn since(&self, before: &Self, owner: Uuid, owners: &[Uuid]) -> Template {
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
        Template { inserts, fresh: fresh.len(), owner, owners: owners.to_vec() }
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
            let counted = key.iter().rev().find_map(|place| match cells.get(*place)? {
                Cell::Text(text) => Some((*place, Cell::Numbered(text.clone()))),
                Cell::Int(figure) => Some((*place, Cell::Counted(*figure))),
                Cell::Null
                | Cell::Bool(_)
                | Cell::Bytes(_)
                | Cell::Uuid(_)
                | Cell::Fresh(_)
                | Cell::Counted(_)
                | Cell::Numbered(_) => None,
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
    use abono_store::Value;

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
        let owner = Uuid::nil();
        let template = books(&[row(1, 1), row(2, 2)]).since(&books(&[row(1, 1)]), owner, &[]);
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
        let template = changed.since(&books(&[row(1, 1)]), Uuid::nil(), &[]);
        assert_eq!(template.rows(), 0);
    }

    #[test]
    fn rows_are_those_of_each_owner_in_turn() {
        let owners = [5, 6].map(Uuid::from_u128);
        let of = |owner: u128, number: i64| {
            vec![Cell::Uuid(Uuid::from_u128(owner)), Cell::Int(number), Cell::Null]
        };
        let numbered = |rows: &[Vec<Cell>]| {
            let mut books = books(rows);
            books.0.get_mut("t").unwrap().unique = vec![vec![1]];
            books
        };
        let (before, after) = (numbered(&[of(1, 1)]), numbered(&[of(1, 1), of(1, 2)]));
        let template = after.since(&before, Uuid::from_u128(1), &owners);
        let owner = |number| template.writing(number).map(|(_, row)| row[0].clone()).next();
        assert_eq!(owner(0), Some(Value::Uuid(owners[0])));
        assert_eq!(owner(1), Some(Value::Uuid(owners[1])));
    }
}
