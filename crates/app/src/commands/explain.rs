//! `abono explain`.

use super::books;
use crate::cli::Explain;
use crate::output;
use abono_domain::document::DocumentKind;
use abono_domain::document::explain::Because;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

pub(crate) async fn run(args: Explain) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let name = &args.document;
    let mut found = Vec::new();
    for kind in DocumentKind::ALL {
        found.extend(engine.find_documents(&tenant, *kind, name).await?);
    }
    if found.len() > 1 {
        bail!("`{name}` names several documents: give the guid");
    }
    let unknown = || format!("there is no document `{name}`");
    let (customer, document) = *found.first().with_context(unknown)?;
    let because = engine.explain(&tenant, customer, document).await?.with_context(unknown)?;
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
