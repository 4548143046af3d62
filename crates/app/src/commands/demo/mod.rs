//! `abono demo`: small real-looking sellers, and what to try with them.

mod facts;
mod invite;
mod kassa;
mod lineanorte;
mod seller;
mod tidvy;

use super::books;
use crate::cli::Demo;
use crate::output;
use crate::serving::{self, Routes};
use abono_domain::ids::ClockId;
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_store::{DatabaseUrl, migrate};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(crate) async fn run(args: Demo) -> Result<()> {
    serving::log(&args.logs)?;
    let provider = args.provider.read()?;
    let temporary =
        if args.dir.is_none() { Some(TempDir::with_prefix("abono-demo-")?) } else { None };
    let folder = args.dir.clone().or_else(|| temporary.as_ref().map(|t| t.path().to_owned()));
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let default = || DatabaseUrl::Sqlite(folder.join("abono.db"));
    let url = args.database.clone().unwrap_or_else(default);
    migrate(&url).await.with_context(|| format!("migrating {url}"))?;
    let engine = books::open(&url).await?;
    let sellers = sellers(&engine, &args).await?;
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", args.listen))?;
    let base_url = serving::base_url(&listener)?;
    let path = folder.join("demo.json");
    let facts = facts::gather(&engine, &sellers, &path, &base_url).await?;
    facts::write(&path, &facts)?;
    invite::say(&facts, &path, &args, &url);
    let (edge, sending) = (args.edge, args.sending);
    serving::serve(listener, engine, Routes { edge, provider, sending, demo: true }).await
}

/// The sellers of the demo.
struct Sellers {
    kassa: Tenant,
    lineanorte: Tenant,
    tidvy: Tenant,
}

/// The sellers that are there, or that are made. Also after a first start that was killed half-way:
/// what is there is not written again.
async fn sellers(engine: &Engine, args: &Demo) -> Result<Sellers> {
    let before = engine.tenant_by_slug(kassa::SLUG).await?;
    if before.is_none() && !engine.tenants().await?.is_empty() {
        bail!("these books belong to somebody else: the demo wants books of its own");
    }
    if before.is_some() && args.clock.is_some() {
        output::remark("the books are there already: --clock sets new ones only");
    }
    let clock = args.clock.map(|start| (ClockId(engine.env().uuid()), start));
    let kassa = seller::open(engine, kassa::SELLER, clock).await?;
    // One clock for all: who moves it, moves it for everybody.
    let clock = match kassa.clock {
        ClockId::REAL => None,
        manual => Some((manual, engine.business_time(&kassa).await?)),
    };
    let lineanorte = seller::open(engine, lineanorte::SELLER, clock).await?;
    lineanorte::populate(engine, &lineanorte).await?;
    let tidvy = seller::open(engine, tidvy::SELLER, clock).await?;
    tidvy::populate(engine, &tidvy).await?;
    Ok(Sellers { kassa, lineanorte, tidvy })
}
