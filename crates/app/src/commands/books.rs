//! Opening the books, and finding whose they are.

use crate::cli::TenantName;
use abono_domain::document::DocumentKind;
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::seller::Tenant;
use abono_engine::views::SubscriptionView;
use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use uuid::Uuid;

/// Opens migrated books.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<Arc<Engine>> {
    open_in(Env::real(), url).await
}

/// Opens migrated books in a world with outside services.
pub(crate) async fn open_in(env: Env, url: &DatabaseUrl) -> Result<Arc<Engine>> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        bail!("{url} is not there: make it with `abono apply`, `abono migrate` or `abono serve`");
    }
    let store =
        Store::open(url, Options::Serving).await.with_context(|| format!("opening {url}"))?;
    Ok(Arc::new(Engine::new(env, store)))
}

/// Opens books; a SQLite file is made and migrated, so that the first run needs nothing before it.
pub(crate) async fn open_or_make(env: Env, url: &DatabaseUrl) -> Result<Arc<Engine>> {
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        migrate(url).await.with_context(|| format!("migrating {url}"))?;
    }
    open_in(env, url).await
}

/// The tenant of a slug, or the only one.
pub(crate) async fn tenant(engine: &Engine, name: &TenantName) -> Result<Tenant> {
    if let Some(slug) = &name.tenant {
        let found = engine.tenant_by_slug(slug).await?;
        return found.with_context(|| format!("there is no tenant `{slug}`"));
    }
    let mut all = engine.tenants().await?;
    let slugs: Vec<String> = all.iter().map(|tenant| tenant.slug.clone()).collect();
    match (all.pop(), all.len()) {
        (Some(only), 0) => Ok(only),
        (Some(_), _) => {
            bail!("there are several tenants: say which with --tenant ({})", slugs.join(", "))
        }
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

/// The codes of customers, each looked up once.
#[derive(Default)]
pub(crate) struct Codes(BTreeMap<CustomerId, String>);

impl Codes {
    /// The code of a customer; its guid where it has none.
    pub(crate) async fn code(
        &mut self,
        engine: &Engine,
        tenant: &Tenant,
        id: CustomerId,
    ) -> Result<&str> {
        Ok(match self.0.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let found = engine.customer(tenant, id).await?;
                place.insert(found.map_or_else(|| id.to_string(), |customer| customer.code))
            }
        })
    }
}

/// The subscription of a number.
pub(crate) async fn subscription(
    engine: &Engine,
    tenant: &Tenant,
    number: i64,
) -> Result<SubscriptionView> {
    let found = engine.subscription(tenant, number).await?;
    found.with_context(|| format!("there is no subscription {number}"))
}

/// A document, and whose it is.
pub(crate) struct Found {
    pub(crate) tenant: Tenant,
    pub(crate) customer: CustomerId,
    pub(crate) document: DocumentId,
}

/// The document of a guid or a number as printed: of the tenant of a slug, or, since a document
/// says itself whose it is, of any of them where none is said.
pub(crate) async fn document(
    engine: &Engine,
    name: &TenantName,
    (kinds, what): (&[DocumentKind], &str),
    document: &str,
) -> Result<Found> {
    let tenants = match &name.tenant {
        Some(_) => vec![tenant(engine, name).await?],
        None => engine.tenants().await?,
    };
    let mut all = Vec::new();
    for tenant in tenants {
        for kind in kinds {
            let found = engine.find_documents(&tenant, *kind, document).await?;
            all.extend(found.into_iter().map(|(customer, document)| Found {
                tenant: tenant.clone(),
                customer,
                document,
            }));
        }
    }
    if all.len() > 1 {
        bail!("`{document}` names several documents: give the guid, or the tenant with --tenant");
    }
    all.pop().with_context(|| format!("there is no {what} `{document}`"))
}
