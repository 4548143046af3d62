//! A process: the engine and everything that is served over HTTP, as `abono serve` has it.

use crate::stage::world::{BOOKS, World};
use abono_engine::{Engine, Env, Fault as Point};
use abono_http::gate::Gate;
use abono_http::gate::rate::RateLimit;
use abono_http::request_id::RequestIds;
use abono_http::trace::{Boundary, Clock, Traced};
use abono_sim::executor::{Task, alone};
use abono_store::{DatabaseUrl, Options, Stepping, Store};
use anyhow::{Context, Result};
use axum::Router;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How buyers reach the pages.
pub(crate) const PUBLIC_URL: &str = "https://abono.example";

/// After which points what was just answered can get lost.
const CAN_GET_LOST: [&str; 4] =
    ["commit.answer", "commit.lookup", "checkout.after_start", "checkout.after_look_up"];

/// A process.
pub(crate) struct Node<W, T> {
    pub(crate) engine: Arc<Engine>,
    pub(crate) router: Router,
    /// By which the disk knows what is its own.
    pub(crate) owner: u64,
    /// How many commits are under way.
    pub(crate) commits: Arc<AtomicI64>,
    pub(crate) tasks: Vec<Task<W, T>>,
}

impl<W, T> Node<W, T> {
    /// Boots one.
    ///
    /// # Errors
    /// Why it doesn't boot; also because the power goes.
    pub(crate) fn boot(world: &World, owner: u64) -> Result<Self> {
        let _own = world.disk.as_owner(owner);
        let (clock, random) = (world.clock.clone(), world.dice.clone());
        let env = Env::new(Box::new(move || clock.shown()), Box::new(move |it| random.fill(it)));
        let env = env.with_link_key([7; 32]).with_payment_provider(world.provider.clone());
        let (commits, lost) = (Arc::new(AtomicI64::new(0)), world.commits.clone());
        let counted = commits.clone();
        env.plan_faults(Box::new(move |point| {
            match point {
                "commit.before" => counted.fetch_add(1, Ordering::Relaxed),
                "commit.answer" => counted.fetch_sub(1, Ordering::Relaxed),
                _ => 0,
            };
            let is_lost = CAN_GET_LOST.contains(&point) && lost.strikes();
            crate::sometimes!("a commit's answer was lost", is_lost);
            if is_lost { Point::Lose } else { Point::Go }
        }));
        let url = DatabaseUrl::Sqlite(PathBuf::from(BOOKS));
        let vfs = world.disk.vfs();
        let options = Options::On { vfs, stepping: Stepping::Simulated };
        let store = alone(Store::open(&url, options)).context("opening the books")?;
        let engine = Arc::new(Engine::new(env, store));
        let router = served(&engine)?.into_router();
        Ok(Self { engine, router, owner, commits, tasks: Vec::new() })
    }
}

/// All that is reached from outside, without the limits of rate: every client here is in a hurry.
fn served(engine: &Arc<Engine>) -> Result<Traced> {
    let stopwatch = engine.clone();
    let clock: Clock = Arc::new(move || stopwatch.env().elapsed());
    let gate = Gate::new(engine.clone(), Arc::new(RateLimit::off()));
    let settings = abono_api_lifepos::Settings {
        public_url: Some(PUBLIC_URL.into()),
        ..abono_api_lifepos::Settings::default()
    };
    let pages = abono_pages::Settings {
        public_url: PUBLIC_URL.to_owned(),
        form_targets: Vec::new(),
        limit: Arc::new(RateLimit::off()),
        test_provider: None,
    };
    let probe = engine.clone();
    let ready = move || {
        let engine = probe.clone();
        async move { engine.is_ready().await }
    };
    let surface = abono_api_lifepos::surface(engine.clone(), settings, &gate)?
        .with(abono_api_masstack::surface(engine.clone(), &gate)?)?
        .with(abono_pages::surface(engine.clone(), pages)?)?
        .with(abono_pages::callbacks(engine.clone())?)?
        .with(abono_http::health::health(ready)?)?;
    let request_ids = Arc::new(RequestIds::new(engine.env().uuid().as_u64_pair().1));
    Ok(Traced::new(surface, Boundary { clock, request_ids }))
}
