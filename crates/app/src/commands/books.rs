//! Opening the books, and finding whose they are.

use crate::cli::TenantName;
use abono_domain::ids::CustomerId;
use abono_domain::seller::Tenant;
use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use uuid::Uuid;

/// Opens migrated books.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<Arc<Engine>> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        bail!("{url} is not there: make it with `abono apply`, `abono migrate` or `abono serve`");
    }
    let store =
        Store::open(url, Options::Serving).await.with_context(|| format!("opening {url}"))?;
    Ok(Arc::new(Engine::new(Env::real(), store)))
}

/// Opens books; a SQLite file is made and migrated, so that the first run needs nothing before it.
pub(crate) async fn open_or_make(url: &DatabaseUrl) -> Result<Arc<Engine>> {
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        migrate(url).await.with_context(|| format!("migrating {url}"))?;
    }
    open(url).await
}

/// The tenant of a slug, or the only one.
pub(crate) async fn tenant(engine: &Engine, name: &TenantName) -> Result<Tenant> {
    if let Some(slug) = &name.tenant {
        let found = engine.tenant_by_slug(slug).await?;
        return found.with_context(|| format!("there is no tenant `{slug}`"));
    }
    let mut all = engine.tenants().await?;
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (Some(_), _) => bail!("there are several tenants: say which with --tenant"),
        (None, _) => bail!("there is no tenant yet: make one with `abono apply`"),
    }
}

/// The customer of a guid or a code.
pub(crate) async fn customer(engine: &Engine, tenant: &Tenant, name: &str) -> Result<CustomerId> {
    if let Ok(id) = Uuid::try_parse(name) {
        return Ok(CustomerId(id));
    }
    let found = engine.customer_by_code(tenant, name).await?;
    found.with_context(|| format!("there is no customer `{name}`"))
}
