//! A running server: routes, worker, logs, an end that loses nothing.

mod node;
mod sandbox_page;
mod teller;

pub(crate) use node::{Node, settled};

use crate::cli::{Edge, Logs};
use abono_api_native::Settle;
use abono_connect::sandbox::Sandbox;
use abono_engine::Engine;
use abono_http::gate::Gate;
use abono_http::gate::oidc::Oidc;
use abono_http::gate::rate::{Rate, RateLimit};
use abono_http::request_id::RequestIds;
use abono_http::serve::{Limits, serve as accept};
use abono_http::trace::{Boundary, Clock, Traced};
use abono_pages::sandbox::TestProvider;
use anyhow::{Context, Result, anyhow};
use node::{ask, send, work};
use sandbox_page::SandboxPage;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use teller::Teller;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

/// What is served.
pub(crate) struct Routes {
    /// How strict it is, and how fast a token may ask.
    pub(crate) edge: Edge,
    /// Whose users are let in beside the holders of our tokens.
    pub(crate) provider: Option<Arc<Oidc>>,
    /// It is a demonstration.
    pub(crate) demo: bool,
    /// What buyers are shown, and where.
    pub(crate) buyers: Buyers,
    /// The clock can be moved by hand; then this is done before it answers.
    pub(crate) clock: Option<Settle>,
}

/// What buyers are shown, and where.
#[derive(Default)]
pub(crate) struct Buyers {
    /// How they reach this server.
    pub(crate) public_url: String,
    /// Addresses of the pages that buyers pay on.
    pub(crate) form_targets: Vec<String>,
    /// There is a secret that links are made with.
    pub(crate) has_links: bool,
    /// The payment provider for trying things out, where it is on.
    pub(crate) sandbox: Option<Arc<Sandbox>>,
}

/// Starts the log.
pub(crate) fn log(logs: &Logs) -> Result<()> {
    let filter = EnvFilter::try_new(&logs.log)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let started = if logs.log_json { builder.json().try_init() } else { builder.try_init() };
    started.map_err(|error| anyhow!("{error}"))
}

/// An address that is taken, before anybody is answered there.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    /// Where clients on this machine find it.
    pub(crate) base_url: String,
}

/// Takes an address.
pub(crate) async fn listen(address: SocketAddr) -> Result<Listening> {
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("listening on {address}"))?;
    let mut found = listener.local_addr()?;
    if found.ip().is_unspecified() {
        found.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(Listening { listener, base_url: format!("http://{found}") })
}

/// Serves until `stop` ends, then lets what is under way end.
pub(crate) async fn serve(
    listening: Listening,
    node: Node,
    routes: Routes,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let (stop_worker, stopped) = watch::channel(false);
    let teller = routes.buyers.sandbox.clone();
    let teller = teller.map(|it| Teller::new(it, node.engine.clone(), &listening.base_url));
    let teller = teller.transpose()?;
    let served = served(&node.engine, routes)?;
    let sender = tokio::spawn(send(node.clone(), stopped.clone()));
    let teller = teller.map(|teller| tokio::spawn(teller.tell(stopped.clone())));
    let asker = tokio::spawn(ask(node.engine.clone(), stopped.clone()));
    let worker = tokio::spawn(work(node, stopped));
    accept(listening.listener, served, Limits::default(), stop).await;
    // What the worker has begun, it ends.
    stop_worker.send_replace(true);
    worker.await?;
    sender.await?;
    asker.await?;
    if let Some(teller) = teller {
        teller.await?;
    }
    tracing::info!("stopped");
    Ok(())
}

/// All that is reached from outside.
fn served(engine: &Arc<Engine>, routes: Routes) -> Result<Traced> {
    let stopwatch = engine.clone();
    let clock: Clock = Arc::new(move || stopwatch.env().elapsed());
    let limit =
        routes.edge.rate().map_or(RateLimit::off(), |rate| RateLimit::new(rate, clock.clone()));
    let strict_headers = routes.edge.strict_headers;
    let pages = pages(routes.buyers, routes.edge, clock.clone());
    let public_url = Some(pages.public_url.as_str().into());
    let settings = abono_api_lifepos::Settings { public_url, strict_headers, ..Default::default() };
    let probe = engine.clone();
    let ready = move || {
        let engine = probe.clone();
        async move { engine.is_ready().await }
    };
    let gate = Gate::new(engine.clone(), Arc::new(limit));
    let gate = match routes.provider {
        Some(provider) => gate.trusting(provider),
        None => gate,
    };
    let repeat = abono_api_bokamera::Settings { repeat: routes.edge.repeat(routes.demo) };
    let mut surface = abono_api_lifepos::surface(engine.clone(), settings, &gate)?
        .with(abono_api_masstack::surface(engine.clone(), &gate)?)?
        .with(abono_api_bokamera::surface(engine.clone(), repeat, &gate)?)?
        .with(abono_pages::surface(engine.clone(), pages)?)?
        .with(abono_pages::callbacks(engine.clone())?)?
        .with(abono_http::health::health(ready)?)?;
    if let Some(settle) = routes.clock {
        surface = surface.with(abono_api_native::surface(engine.clone(), settle, &gate)?)?;
    }
    let boundary = Boundary {
        clock,
        request_ids: Arc::new(RequestIds::new(engine.env().uuid().as_u64_pair().1)),
    };
    Ok(Traced::new(surface, boundary))
}

/// How often one link may be opened; a buyer who tries hard stays far below.
const LINK_RATE: Rate = Rate {
    per_second: NonZeroU32::new(5).expect("a number"),
    burst: NonZeroU32::new(60).expect("a number"),
};

/// How the pages are served that buyers open.
fn pages(buyers: Buyers, edge: Edge, clock: Clock) -> abono_pages::Settings {
    let limit = edge.rate().map_or(RateLimit::off(), |_| RateLimit::new(LINK_RATE, clock));
    let test_provider = buyers.sandbox.map(|it| Arc::new(SandboxPage(it)) as Arc<dyn TestProvider>);
    let Buyers { public_url, form_targets, .. } = buyers;
    abono_pages::Settings { public_url, form_targets, limit: Arc::new(limit), test_provider }
}

/// Ends when the process is asked to stop.
pub(crate) fn stop() -> Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            biased;
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
