//! `abono explain`.

use crate::cli::Explain;
use crate::commands::books::{self, Found};
use crate::output;
use abono_domain::document::DocumentKind;
use abono_domain::document::explain::Because;
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(crate) async fn run(args: Explain) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let (kinds, name) = ((DocumentKind::ALL, "document"), &args.document);
    let found = books::document(&engine, &args.tenant, kinds, name).await?;
    let Found { tenant, customer, document } = found;
    let because = engine.explain(&tenant, customer, document).await?;
    let because = because.with_context(|| format!("there is no document `{name}`"))?;
    if args.json {
        output::line(tree(&because));
    } else {
        show(&because, 0);
    }
    Ok(())
}

fn show(because: &Because, depth: usize) {
    let Because { what, is, rule, of } = because;
    let rule = if rule.is_empty() { String::new() } else { format!("  ({rule})") };
    output::line(format!("{}{what}: {is}{rule}", "  ".repeat(depth)));
    for step in of {
        show(step, depth + 1);
    }
}

fn tree(because: &Because) -> Value {
    let Because { what, is, rule, of } = because;
    let of: Vec<Value> = of.iter().map(tree).collect();
    json!({"what": what, "is": is, "rule": rule, "of": of})
}
