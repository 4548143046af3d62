//! The register of statements: every SQL text that the program can send.

use crate::db::Stmt;
use crate::{migrate, nouns};

/// Every statement.
pub fn all() -> Vec<&'static Stmt> {
    let modules = [
        migrate::ALL,
        nouns::access::ALL,
        nouns::checkout::ALL,
        nouns::checkout::notice::ALL,
        nouns::checkout::refund::ALL,
        nouns::clock::ALL,
        nouns::counter::ALL,
        nouns::customer::ALL,
        nouns::delivery::ALL,
        nouns::document::ALL,
        nouns::document::recurring::ALL,
        nouns::idempotency::ALL,
        nouns::job::ALL,
        nouns::journal::ALL,
        nouns::ledger::ALL,
        nouns::licence::ALL,
        nouns::licence::value::ALL,
        nouns::payment::ALL,
        nouns::root::ALL,
        nouns::seller::ALL,
        nouns::seller::bundle::ALL,
        nouns::seller::plan::ALL,
        nouns::seller::risk::ALL,
        nouns::seller::rule::ALL,
        nouns::seller::termination::ALL,
        nouns::subscription::ALL,
        nouns::subscription::change::ALL,
        nouns::subscription::product_group::ALL,
        nouns::subscription::termination::ALL,
        nouns::tenant::ALL,
        nouns::unique::ALL,
    ];
    modules.into_iter().flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::CHANGING;
    use std::collections::BTreeSet;

    /// Tables that belong to no tenant, and statements that look for one.
    const GLOBAL: [&str; 4] = ["schema_version", "from clock", "into clock", "update clock"];

    fn code(stmt: &Stmt) -> String {
        stmt.sql.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_are_told_apart() {
        let names: BTreeSet<_> = all().iter().map(|stmt| stmt.name).collect();
        assert_eq!(names.len(), all().len());
    }

    #[test]
    fn every_statement_stays_inside_one_tenant() {
        for stmt in all() {
            let sql = code(stmt);
            let global = GLOBAL.iter().any(|word| sql.contains(word))
                || sql.contains("tenant where slug")
                || stmt.name == "TENANT_LIST";
            let scoped = sql.contains("tenant_id = $1") || sql.contains("(tenant_id,");
            assert!(global || scoped, "{}: {sql}", stmt.name);
        }
    }

    #[test]
    fn what_never_changes_has_no_update_or_delete() {
        for stmt in all() {
            let sql = code(stmt);
            let words: Vec<&str> = sql.split(' ').collect();
            let changed = match words.as_slice() {
                ["update", table, ..] | ["delete", "from", table, ..] => *table,
                ["insert", "into", table, ..] if sql.contains("do update") => *table,
                _ => continue,
            };
            assert!(CHANGING.contains(&changed), "{} changes {changed}", stmt.name);
        }
    }

    #[test]
    fn no_statement_uses_what_the_databases_do_not_share() {
        let banned =
            ["::", " like ", "lower(", "now()", "savepoint", "for update", "advisory", "is $"];
        for stmt in all() {
            let sql = code(stmt);
            for word in banned {
                assert!(!sql.contains(word), "{} uses `{word}`", stmt.name);
            }
        }
    }
}
