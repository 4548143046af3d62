//! `abono apply`: the difference first.

use super::books;
use crate::cli::Apply;
use crate::output;
use abono_domain::seller::Difference;
use abono_engine::Env;
use abono_tools::apply::{self, SellerFile};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::io::{IsTerminal, Write};

pub(crate) async fn run(args: Apply) -> Result<()> {
    let file = args.file.display();
    let text = std::fs::read_to_string(&args.file).with_context(|| format!("reading {file}"))?;
    let proposal = SellerFile::parse(&text).with_context(|| format!("reading {file}"))?;
    let engine = books::open_or_make(Env::real(), &args.database.database).await?;
    let preview = apply::run(&engine, &proposal, None, true).await?;
    show(&preview.differences, args.json);
    if args.dry_run || preview.differences.is_empty() {
        return Ok(());
    }
    if !args.yes && std::io::stdin().is_terminal() && !asked()? {
        bail!("nothing was changed");
    }
    let done = apply::run(&engine, &proposal, None, false).await?;
    if let Some(from) = done.active_from
        && !args.json
    {
        output::line(format!("published; every node uses it from {from} on"));
    }
    Ok(())
}

fn asked() -> Result<bool> {
    let mut stderr = std::io::stderr();
    write!(stderr, "Make these changes? [y/N] ")?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn show(differences: &[Difference], as_json: bool) {
    if as_json {
        let rows = differences
            .iter()
            .map(|d| json!({"path": d.path, "before": d.before, "after": d.after}));
        output::line(serde_json::Value::from(rows.collect::<Vec<_>>()));
        return;
    }
    if differences.is_empty() {
        output::line("nothing changes");
    }
    for Difference { path, before, after } in differences {
        output::line(match (before, after) {
            (None, Some(after)) => format!("+ {path}: {after}"),
            (Some(before), None) => format!("- {path}: {before}"),
            (Some(before), Some(after)) => format!("~ {path}: {before} -> {after}"),
            (None, None) => path.clone(),
        });
    }
}
