//! Claims of a whole group in few statements: a statement has a price of its own on Postgres,
//! whatever it takes.

use super::PostgresConn;
use crate::db::{Bound, Row, Stmt, StoreError, Value, statements};
use crate::nouns::idempotency::IDEMPOTENCY_TAKE;
use crate::nouns::root::ROOT_BUMP;
use std::collections::BTreeSet;
use uuid::Uuid;

statements! {
    /// The effect of [`ROOT_BUMP`] for each of a set; gives the roots that it took.
    GUARD_SET = "update root set version = root.version + 1, last_moment = g.p5
        from json_to_recordset(cast(cast($1 as text) as json))
          as g(p1 uuid, p2 text, p3 uuid, p4 bigint, p5 bigint)
        where root.tenant_id = g.p1 and root.kind = g.p2 and root.id = g.p3
          and root.version = g.p4
        returning root.tenant_id, root.id", [Text] => [Uuid, Uuid];
    /// The effect of [`IDEMPOTENCY_TAKE`] for each of a set; gives the commands that it took them
    /// for.
    KEY_SET = "insert into idempotency (tenant_id, route, key, input_hash, command_id)
        select g.p1, g.p2, g.p3, decode(g.p4, 'hex'), g.p5
        from json_to_recordset(cast(cast($1 as text) as json))
          as g(p1 uuid, p2 text, p3 text, p4 text, p5 uuid)
        on conflict do nothing returning tenant_id, command_id", [Text] => [Uuid, Uuid];
}

/// A claim that can be taken with others of its kind: by which statement, and the place of the
/// value that tells it apart within its tenant.
const SETS: [(&Stmt, &Stmt, usize); 2] =
    [(&ROOT_BUMP, &GUARD_SET, 2), (&IDEMPOTENCY_TAKE, &KEY_SET, 4)];

/// Claims that stand together in their order, and are taken by one statement.
struct Run<'a> {
    set: Option<(&'static Stmt, usize)>,
    takes: Vec<&'a Bound>,
}

/// Takes claims in their order, in one round trip; says which were to be had.
pub(crate) async fn take(
    conn: &mut PostgresConn,
    takes: &[Bound],
) -> Result<Vec<bool>, StoreError> {
    let runs = runs(takes);
    let bounds: Vec<Bound> = runs.iter().map(Run::bound).collect();
    let mut taken = Vec::with_capacity(takes.len());
    for (run, answer) in runs.iter().zip(conn.run(&bounds).await?) {
        let Some((_, place)) = run.set else {
            taken.push(answer.affected == 1);
            continue;
        };
        let found = answer.rows.into_iter().map(pair);
        let found: BTreeSet<(Uuid, Uuid)> = found.collect::<Result<_, _>>()?;
        let is_taken = |take: &&Bound| {
            let name = uuid(take, 0).zip(uuid(take, place));
            name.is_some_and(|name| found.contains(&name))
        };
        taken.extend(run.takes.iter().map(is_taken));
    }
    Ok(taken)
}

fn runs(takes: &[Bound]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for take in takes {
        let set = SETS.iter().find(|(one, _, _)| std::ptr::eq(*one, take.stmt));
        let set = set.map(|(_, set, place)| (*set, *place));
        match runs.last_mut().filter(|run| set.is_some() && run.set == set) {
            Some(run) => run.takes.push(take),
            None => runs.push(Run { set, takes: vec![take] }),
        }
    }
    // What stands alone is taken as it is.
    for run in runs.iter_mut().filter(|run| run.takes.len() == 1) {
        run.set = None;
    }
    runs
}

impl Run<'_> {
    fn bound(&self) -> Bound {
        let rows = || self.takes.iter().map(|take| object(&take.params)).collect::<Vec<_>>();
        match (self.set, self.takes.first()) {
            (None, Some(take)) => Bound::clone(take),
            (set, _) => {
                let stmt = set.map_or(&GUARD_SET, |(stmt, _)| stmt);
                Bound { stmt, params: vec![Value::Text(format!("[{}]", rows().join(",")))] }
            }
        }
    }
}

fn uuid(take: &Bound, place: usize) -> Option<Uuid> {
    match take.params.get(place) {
        Some(Value::Uuid(id)) => Some(*id),
        _ => None,
    }
}

fn pair(mut row: Row) -> Result<(Uuid, Uuid), StoreError> {
    Ok((row.uuid()?, row.uuid()?))
}

/// Parameters as a JSON object with the members p1, p2 ...
fn object(params: &[Value]) -> String {
    let member = |(place, value): (usize, &Value)| {
        let value = match value {
            Value::Null => "null".to_owned(),
            Value::Int(figure) => figure.to_string(),
            Value::Bool(truth) => truth.to_string(),
            Value::Uuid(id) => format!("\"{id}\""),
            Value::Text(text) => format!("\"{}\"", escaped(text)),
            Value::Bytes(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("\"{digits}\"")
            }
        };
        format!("\"p{place}\":{value}")
    };
    let members: Vec<String> = (1..).zip(params).map(member).collect();
    format!("{{{}}}", members.join(","))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '\\' => escaped.extend(['\\', letter]),
            letter if letter.is_control() => {
                escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(number: u128) -> Bound {
        let id = Value::Uuid(Uuid::from_u128(number));
        let params = vec![
            Value::Uuid(Uuid::nil()),
            Value::Text("customer".to_owned()),
            id,
            Value::Int(7),
            Value::Int(9),
        ];
        Bound { stmt: &ROOT_BUMP, params }
    }

    #[test]
    fn claims_of_a_kind_that_stand_together_are_taken_together() {
        let takes = [guard(1), guard(2), guard(3)];
        let found = runs(&takes);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].bound().stmt, &GUARD_SET);
        assert_eq!(runs(&takes[..1])[0].bound(), guard(1), "one alone is taken as it is");
    }

    #[test]
    fn values_are_json() {
        let text = Value::Text("a\"\\\n\u{85}я".to_owned());
        let params = [text, Value::Int(-1), Value::Bytes(vec![0, 255]), Value::Null];
        assert_eq!(
            object(&params),
            "{\"p1\":\"a\\\"\\\\\\u000a\\u0085я\",\"p2\":-1,\"p3\":\"00ff\",\"p4\":null}"
        );
    }
}
