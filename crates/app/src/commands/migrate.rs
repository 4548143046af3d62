//! `abono migrate`.

use crate::cli::Migrate;
use crate::output;
use abono_store::{grant_serving, migrate};
use anyhow::{Context, Result};

pub(crate) async fn run(args: Migrate) -> Result<()> {
    let url = &args.database.database;
    migrate(url).await.with_context(|| format!("migrating {url}"))?;
    output::line(format!("{url} has this program's schema"));
    if let Some(role) = &args.serving_role {
        grant_serving(url, role).await.with_context(|| format!("granting to {role}"))?;
        output::line(format!("{role} may serve from it"));
    }
    Ok(())
}
