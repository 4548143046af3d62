//! `abono bench` as programs meet it: what it measures here says nothing, only how it says it.

use crate::support::abono;
use abono_testkit::Database;
use serde_json::Value;
use std::process::Output;
use tempfile::TempDir;

fn bench(arguments: &[&str]) -> Output {
    let mut command = abono();
    command.arg("bench").args(arguments).env_remove("ABONO_TEST_POSTGRES");
    command.output().expect("it runs")
}

/// The figures of a bench on one database, by their names.
fn figures(name: &str, database: &str) -> Vec<(String, Value)> {
    let quick = ["--clients", "4", "--pairs", "1", "--millis", "200", "--slower", "500", "--json"];
    let output = bench(&[&[name, "--database", database], &quick[..]].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{complaint}");
    let rows: Vec<Value> =
        serde_json::from_str(said.lines().last().expect("a line")).expect("an array");
    let named = |row: Value| (row["name"].as_str().expect("a name").to_owned(), row);
    rows.into_iter().map(named).collect()
}

fn names<'f>(figures: &'f [(String, Value)], ending: &str) -> Vec<&'f str> {
    let all = figures.iter().map(|(name, _)| name.as_str());
    all.filter(|name| name.ends_with(ending)).collect()
}

#[test]
fn each_bench_has_a_rate_beside_its_floor_on_each_database() {
    let folder = TempDir::new().expect("a folder");
    let file = format!("sqlite:{}", folder.path().join("bench").display());
    let server = Database::postgres().map(|database| (database.url_text(), database));
    for name in ["quote", "licence", "invoice", "change"] {
        for (kind, url) in [
            Some(("sqlite", file.clone())),
            server.as_ref().map(|(url, _)| ("postgres", url.clone())),
        ]
        .into_iter()
        .flatten()
        {
            let all = figures(name, &url);
            for what in ["rate", "cpu", "p99"] {
                let (_, row) = all
                    .iter()
                    .find(|(found, _)| *found == format!("{name}.{kind}.{what}"))
                    .unwrap_or_else(|| panic!("no {what} in {all:?}"));
                for member in ["value", "floor", "ratio"] {
                    assert!(row[member].as_f64().is_some_and(|it| it >= 0.0), "{row}");
                }
                assert!(row["unit"].is_string(), "{row}");
            }
            let rate = all.iter().find(|(found, _)| found.ends_with(".rate")).expect("a rate");
            assert!(rate.1["value"].as_f64() > Some(0.0), "{rate:?}");
            let (_, alone) = all.iter().find(|(found, _)| found.ends_with(".p50")).expect("p50");
            assert!(alone.get("floor").is_none() && alone.get("ratio").is_none(), "{alone}");
            let slow = usize::from(matches!(name, "invoice" | "change"));
            assert_eq!(names(&all, ".rate").len(), 1 + slow, "{all:?}");
        }
    }
    // Nothing of it is left behind.
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[test]
fn what_it_can_t_measure_on_is_said_and_nothing_is_touched() {
    let output = bench(&["quote"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaint.contains("ABONO_TEST_POSTGRES names no server"), "{complaint}");

    let folder = TempDir::new().expect("a folder");
    let taken = folder.path().join("bench.product.db");
    std::fs::write(&taken, "mine").expect("written");
    let file = format!("sqlite:{}", folder.path().join("bench").display());
    let output = bench(&["quote", "--database", &file]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaint.contains("is there already"), "{complaint}");
    assert_eq!(std::fs::read(&taken).expect("it is there"), b"mine");
}
