//! One instance of the demo: its books, its sellers, and where it listens.

use super::seller::Side;
use super::{facts, kassa, lineanorte, seller, tidvy};
use crate::commands::books;
use crate::serving::{self, Listening};
use abono_domain::ids::ClockId;
use abono_domain::seller::Tenant;
use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, migrate};
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Where an instance is kept, and where it listens.
pub(super) struct Place {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Its books.
    pub(super) url: DatabaseUrl,
    /// Its address.
    pub(super) listen: SocketAddr,
}

impl Place {
    /// A folder that is there from now on, with the books in it unless they are elsewhere.
    pub(super) fn new(
        folder: PathBuf,
        url: Option<&DatabaseUrl>,
        listen: SocketAddr,
    ) -> Result<Self> {
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let url = url.cloned().unwrap_or_else(|| DatabaseUrl::Sqlite(folder.join("abono.db")));
        Ok(Self { folder, url, listen })
    }

    /// Where its facts are written.
    pub(super) fn facts(&self) -> PathBuf {
        self.folder.join("demo.json")
    }

    /// Where the secret is kept that its links are made with.
    pub(super) fn secret(&self) -> PathBuf {
        self.folder.join("abono.secret")
    }

    /// Takes its address.
    pub(super) async fn take(&self) -> Result<Listening> {
        serving::listen(self.listen).await
    }

    /// Its books, brought to this program's schema.
    async fn books(&self, env: Env) -> Result<Arc<Engine>> {
        migrate(&self.url).await.with_context(|| format!("migrating {}", self.url))?;
        books::open_in(env, &self.url).await
    }

    /// Where the clock of an instance in it stands, or will stand where it is made with `clock`;
    /// nothing where it lives by the machine's clock.
    pub(super) async fn time(&self, clock: Option<Timestamp>) -> Result<Option<Timestamp>> {
        let engine = self.books(Env::real()).await?;
        match engine.tenant_by_slug(kassa::SLUG).await? {
            Some(tenant) => time(&engine, &tenant).await,
            None => Ok(clock),
        }
    }
}

/// Where a tenant's clock stands, where it is moved by hand.
async fn time(engine: &Engine, tenant: &Tenant) -> Result<Option<Timestamp>> {
    Ok(match tenant.clock {
        ClockId::REAL => None,
        _manual => Some(engine.business_time(tenant).await?),
    })
}

/// The sellers of the demo.
pub(super) struct Sellers {
    pub(super) kassa: Tenant,
    pub(super) lineanorte: Tenant,
    pub(super) tidvy: Tenant,
}

/// An instance that is ready to be served.
pub(super) struct Instance {
    pub(super) engine: Arc<Engine>,
    pub(super) sellers: Sellers,
    pub(super) listening: Listening,
    /// Its books were there before.
    pub(super) was_there: bool,
}

impl Instance {
    /// Opens the books, or makes them. `clock` is for new books, and `side` for a Swedish seller
    /// that is made.
    pub(super) async fn open(
        env: Env,
        (place, listening): (&Place, Listening),
        clock: Option<Timestamp>,
        side: Side,
    ) -> Result<Self> {
        let engine = place.books(env).await?;
        let was_there = engine.tenant_by_slug(kassa::SLUG).await?.is_some();
        let sellers = sellers(&engine, clock, side).await?;
        Ok(Self { engine, sellers, listening, was_there })
    }

    /// Where its clock stands, where it is moved by hand.
    pub(super) async fn time(&self) -> Result<Option<Timestamp>> {
        time(&self.engine, &self.sellers.kassa).await
    }

    /// Writes what a client has to know, and gives it.
    pub(super) async fn tell(&self, place: &Place) -> Result<Value> {
        let (path, base_url) = (place.facts(), &self.listening.base_url);
        let facts = facts::gather(&self.engine, &self.sellers, &path, base_url).await?;
        facts::write(&path, &facts)?;
        Ok(facts)
    }
}

/// The sellers that are there, or that are made. Also after a first start that was killed half-way:
/// what is there is not written again.
async fn sellers(engine: &Engine, clock: Option<Timestamp>, side: Side) -> Result<Sellers> {
    let before = engine.tenant_by_slug(kassa::SLUG).await?;
    if before.is_none() && !engine.tenants().await?.is_empty() {
        bail!("these books belong to somebody else: the demo wants books of its own");
    }
    let clock = clock.map(|start| (ClockId(engine.env().uuid()), start));
    let kassa = seller::open(engine, kassa::SELLER, clock).await?;
    // One clock for all: who moves it, moves it for everybody.
    let clock = time(engine, &kassa).await?.map(|at| (kassa.clock, at));
    let lineanorte = seller::open(engine, lineanorte::SELLER, clock).await?;
    lineanorte::populate(engine, &lineanorte).await?;
    let tidvy = seller::open_as(engine, tidvy::SELLER, clock, side).await?;
    tidvy::populate(engine, &tidvy).await?;
    Ok(Sellers { kassa, lineanorte, tidvy })
}
