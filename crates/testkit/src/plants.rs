//! Faults that are planted behind the engine's back, which the proof must find.

use crate::{Database, World};

/// Changes the rows of a world by SQL, and requires that the proof finds what is expected.
pub async fn finds(database: &Database, world: &World, sql: &str, expected: &str) {
    database.tamper(sql).await;
    let findings = world.findings().await;
    assert!(findings.iter().any(|finding| finding.contains(expected)), "{sql}: {findings:?}");
}

/// One test for each fault, on each database, in a world that a function makes.
#[macro_export]
macro_rules! plants {
    (in $world:path; $($name:ident: $sql:expr => $expected:expr;)*) => {$(
        #[test]
        fn $name() {
            $crate::on_each_database(|database| async move {
                let world = $world(&database).await;
                $crate::plants::finds(&database, &world, $sql, $expected).await
            });
        }
    )*};
}
