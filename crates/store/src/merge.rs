//! Rows of many commands for one table as one statement: on Postgres each statement has a price of
//! its own, whatever it writes.

use crate::db::{Bound, Stmt};

/// A statement, and the rows that it writes at once; one, where it can't write more.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    pub(crate) stmt: &'static Stmt,
    pub(crate) rows: Vec<Bound>,
}

/// More rows than this are written by another statement of the same kind.
const ROWS_MAX: usize = 64;

/// Merges the writes of several commands. Those of one command keep their order, so that what a
/// row refers to is there before it.
pub(crate) fn merge(commands: impl IntoIterator<Item = Vec<Bound>>) -> Vec<Merged> {
    let mut all: Vec<Merged> = Vec::new();
    for writes in commands {
        let mut from = 0;
        for bound in writes {
            let is_insert = is_plain_insert(bound.stmt);
            let fits = |merged: &Merged| is_insert && std::ptr::eq(merged.stmt, bound.stmt);
            let place = all.iter().skip(from).position(fits).map(|place| place + from);
            match place.and_then(|place| Some((place, all.get_mut(place)?))) {
                Some((place, merged)) => {
                    merged.rows.push(bound);
                    from = place;
                }
                None => {
                    from = all.len();
                    all.push(Merged { stmt: bound.stmt, rows: vec![bound] });
                }
            }
        }
    }
    all.into_iter().flat_map(split).collect()
}

/// In portions of 64, 32, 16 ...: so that there are few texts to prepare.
fn split(mut merged: Merged) -> Vec<Merged> {
    let mut portions = Vec::new();
    while !merged.rows.is_empty() {
        let count = merged.rows.len().min(ROWS_MAX);
        let largest = 1 << count.ilog2();
        let rest = merged.rows.split_off(largest);
        portions
            .push(Merged { stmt: merged.stmt, rows: std::mem::replace(&mut merged.rows, rest) });
    }
    portions
}

/// Whether a statement inserts the row of its parameters and nothing else; it may do nothing where
/// that is there already.
fn is_plain_insert(stmt: &Stmt) -> bool {
    let behind = |at: usize| stmt.sql.get(at..).and_then(|text| text.split_once(')'));
    let tail = stmt.sql.find(VALUES).and_then(behind).map(|(_, tail)| tail.trim());
    stmt.sql.starts_with("insert into ")
        && stmt.row.is_empty()
        && matches!(tail, Some("" | "on conflict do nothing"))
}

const VALUES: &str = "values (";

/// The text that inserts so many rows, with `$1..$n` for all of them.
pub(crate) fn text(stmt: &Stmt, rows: usize) -> String {
    let Some((head, rest)) = stmt.sql.split_once(VALUES) else { return stmt.sql.to_owned() };
    let (values, tail) = rest.split_once(')').unwrap_or((rest, ""));
    let mut text = format!("{head}{VALUES}{values})");
    for row in 1..rows {
        text.push_str(", (");
        for (place, value) in values.split(',').enumerate() {
            let number = value.trim().strip_prefix('$').and_then(|it| it.parse::<usize>().ok());
            let comma = if place == 0 { "" } else { ", " };
            match number {
                Some(number) => {
                    let number = number + row * stmt.params.len();
                    text.push_str(&format!("{comma}${number}"));
                }
                None => text.push_str(&format!("{comma}{}", value.trim())),
            }
        }
        text.push(')');
    }
    text.push_str(tail);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{Kind, Value};

    static HEAD: Stmt =
        Stmt { name: "HEAD", sql: "insert into h (a) values ($1)", params: &[Kind::Int], row: &[] };
    static LINE: Stmt = Stmt {
        name: "LINE",
        sql: "insert into l (a, b, c) values ($1, 0, $2) on conflict do nothing",
        params: &[Kind::Int, Kind::Int],
        row: &[],
    };
    static SET: Stmt =
        Stmt { name: "SET", sql: "update h set a = $1", params: &[Kind::Int], row: &[] };

    fn row(stmt: &'static Stmt, number: i64) -> Bound {
        Bound { stmt, params: vec![Value::Int(number); stmt.params.len()] }
    }

    fn shape(merged: &[Merged]) -> Vec<(&'static str, usize)> {
        merged.iter().map(|merged| (merged.stmt.name, merged.rows.len())).collect()
    }

    #[test]
    fn rows_of_a_table_are_written_together_and_each_command_keeps_its_order() {
        let alike = || vec![row(&HEAD, 1), row(&LINE, 1), row(&LINE, 2), row(&SET, 1)];
        let merged = merge([alike(), alike()]);
        assert_eq!(shape(&merged), [("HEAD", 2), ("LINE", 4), ("SET", 1), ("SET", 1)]);
        let other = vec![row(&LINE, 3), row(&HEAD, 3)];
        let merged = merge([alike(), other]);
        let expected = [("HEAD", 1), ("LINE", 2), ("LINE", 1), ("SET", 1), ("HEAD", 1)];
        assert_eq!(shape(&merged), expected);
    }

    #[test]
    fn there_are_few_texts() {
        let merged = merge((0..77).map(|number| vec![row(&HEAD, number)]));
        let counts: Vec<usize> = merged.iter().map(|merged| merged.rows.len()).collect();
        assert_eq!(counts, [64, 8, 4, 1]);
    }

    #[test]
    fn parameters_are_numbered_row_by_row() {
        assert_eq!(
            text(&LINE, 3),
            "insert into l (a, b, c) values ($1, 0, $2), ($3, 0, $4), ($5, 0, $6) \
             on conflict do nothing"
        );
        assert_eq!(text(&LINE, 1), LINE.sql);
    }

    #[test]
    fn most_inserts_of_the_register_can_be_merged() {
        let inserts: Vec<_> = crate::register::all()
            .into_iter()
            .filter(|stmt| stmt.sql.starts_with("insert into "))
            .collect();
        let plain = inserts.iter().filter(|stmt| is_plain_insert(stmt)).count();
        assert!(plain * 10 >= inserts.len() * 9, "{plain} of {}", inserts.len());
    }
}
