//! `abono verify`.

use super::books;
use crate::cli::Verify;
use crate::output;
use abono_engine::verify::{Progress, Report};
use anyhow::Result;
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// What a program sees when something doesn't hold.
const FOUND: u8 = 3;

pub(crate) async fn run(args: Verify) -> Result<ExitCode> {
    let engine = books::open(&args.database.database).await?;
    let terminal = std::io::stderr().is_terminal();
    let mut progress = |progress: &Progress| {
        if terminal && progress.customers_done.is_multiple_of(100) {
            let mut stderr = std::io::stderr();
            let _gone = write!(stderr, "\r{} customers", progress.customers_done);
        }
    };
    let report = engine.verify(&mut progress).await?;
    if terminal {
        output::remark("");
    }
    show(&report, args.json);
    let clean = report.findings.is_empty();
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
}

fn show(report: &Report, as_json: bool) {
    let Report {
        tenants,
        customers,
        documents,
        transfers,
        payments,
        gifts,
        trials,
        subscriptions,
        changes,
        product_groups,
        terminations,
        deliveries,
        findings,
        ..
    } = report;
    if as_json {
        let rows = findings
            .iter()
            .map(|f| json!({"tenant": f.tenant, "place": f.place, "problem": f.problem}));
        output::line(json!({
            "clean": findings.is_empty(),
            "tenants": tenants,
            "customers": customers,
            "documents": documents,
            "transfers": transfers,
            "payments": payments,
            "grants_by_hand": gifts,
            "trials": trials,
            "subscriptions": subscriptions,
            "changes": changes,
            "product_groups": product_groups,
            "terminations": terminations,
            "deliveries": deliveries,
            "findings": rows.collect::<Vec<_>>(),
        }));
        return;
    }
    for finding in findings {
        output::line(format!("{}: {}: {}", finding.tenant, finding.place, finding.problem));
    }
    let read = format!(
        "tenants {tenants}, customers {customers}, documents {documents}, payments {payments}, \
         transfers {transfers}, grants by hand {gifts}, trials {trials}, \
         subscriptions {subscriptions}, changes {changes}, \
         product groups {product_groups}, terminations {terminations}, deliveries {deliveries}"
    );
    output::line(if findings.is_empty() {
        format!("the books hold: {read}")
    } else {
        format!("what does not hold: {} ({read})", findings.len())
    });
}
