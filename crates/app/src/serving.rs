//! A running server: routes, worker, logs, an end that loses nothing.

use crate::cli::{Edge, Logs, Sending};
use abono_api_native::Settle;
use abono_engine::Engine;
use abono_http::gate::Gate;
use abono_http::gate::oidc::Oidc;
use abono_http::gate::rate::RateLimit;
use abono_http::request_id::RequestIds;
use abono_http::serve::{Limits, serve as accept};
use abono_http::trace::{Boundary, Clock, Traced};
use abono_worker::{Next, Outbox, Pause, step};
use anyhow::{Result, anyhow};
use futures_util::FutureExt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, watch};
use tracing_subscriber::EnvFilter;

/// What is served.
#[derive(Clone, Debug)]
pub(crate) struct Routes {
    /// How strict it is, and how fast a token may ask.
    pub(crate) edge: Edge,
    /// Whose users are let in beside the holders of our tokens.
    pub(crate) provider: Option<Arc<Oidc>>,
    /// How persistently things are sent to the billing system behind.
    pub(crate) sending: Sending,
    /// The clock can be moved.
    pub(crate) demo: bool,
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

/// Where clients on this machine find it.
pub(crate) fn base_url(listener: &TcpListener) -> Result<String> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

/// Serves until it is told to stop, then lets what is under way end.
pub(crate) async fn serve(
    listener: TcpListener,
    engine: Arc<Engine>,
    routes: Routes,
) -> Result<()> {
    let (stop_worker, stopped) = watch::channel(false);
    let turn = Turn::default();
    let outbox = Outbox::new(routes.sending.delivery_attempts);
    let sender = tokio::spawn(send(engine.clone(), outbox, stopped.clone()));
    let worker = tokio::spawn(work(engine.clone(), turn.clone(), stopped));
    let served = served(&engine, routes, turn)?;
    let stop = stop()?;
    accept(listener, served, Limits::default(), stop).await;
    // What the worker has begun, it ends.
    stop_worker.send_replace(true);
    worker.await?;
    sender.await?;
    tracing::info!("stopped");
    Ok(())
}

/// All that is reached from outside.
fn served(engine: &Arc<Engine>, routes: Routes, turn: Turn) -> Result<Traced> {
    let stopwatch = engine.clone();
    let clock: Clock = Arc::new(move || stopwatch.env().elapsed());
    let limit =
        routes.edge.rate().map_or(RateLimit::off(), |rate| RateLimit::new(rate, clock.clone()));
    let strict_headers = routes.edge.strict_headers;
    let settings = abono_api_lifepos::Settings { strict_headers, ..Default::default() };
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
        .with(abono_http::health::health(ready)?)?;
    if routes.demo {
        let native =
            abono_api_native::surface(engine.clone(), settle(engine.clone(), turn), &gate)?;
        surface = surface.with(native)?;
    }
    let boundary = Boundary {
        clock,
        request_ids: Arc::new(RequestIds::new(engine.env().uuid().as_u64_pair().1)),
    };
    Ok(Traced::new(surface, boundary))
}

/// Who does what is due: the worker, or who moves the clock and waits until all of it is done. One
/// at a time, or each would take what the other has begun for done and not look for what follows.
type Turn = Arc<Mutex<()>>;

/// How long the worker rests when nothing is known to be due.
const REST: Duration = Duration::from_millis(500);

async fn work(engine: Arc<Engine>, turn: Turn, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let own = turn.lock().await;
        let next = step(&engine).await;
        drop(own);
        match next {
            Ok(Next::Now) => {
                tokio::task::yield_now().await;
                continue;
            }
            Ok(Next::At(_) | Next::Idle) => {}
            Err(failure) => tracing::warn!(%failure, "the worker could not look for work"),
        }
        // Woken early by the end of the server.
        let _rested = tokio::time::timeout(REST, stopped.changed()).await;
    }
}

/// How long what is being sent to the billing system behind may take when the server ends.
const GRACE: Duration = Duration::from_secs(5);

/// Sends to the billing system behind, until the server ends. What is under way then and takes too
/// long is left as it is: it is sent again after the next start, under the same key.
async fn send(engine: Arc<Engine>, mut outbox: Outbox, mut stopped: watch::Receiver<bool>) {
    let mut ending = stopped.clone();
    let given_up = async move {
        let _ended = ending.wait_for(|is_stopped| *is_stopped).await.is_ok();
        tokio::time::sleep(GRACE).await;
    };
    let sending = async {
        while !*stopped.borrow() {
            let pause = outbox.step(&engine).await.unwrap_or_else(|failure| {
                tracing::warn!(%failure, "the outbox could not look for deliveries");
                Pause::Idle
            });
            let rest = match pause {
                Pause::None => {
                    tokio::task::yield_now().await;
                    continue;
                }
                // Something may be queued at any time.
                Pause::Until(_) | Pause::Idle => REST,
                Pause::Rest(time) => time.max(REST),
            };
            let _rested = tokio::time::timeout(rest, stopped.changed()).await;
        }
    };
    tokio::select! {
        biased;
        () = sending => {}
        () = given_up => tracing::info!("left what was being sent for the next start"),
    }
}

/// Steps until nothing is due any more.
fn settle(engine: Arc<Engine>, turn: Turn) -> Settle {
    Arc::new(move || {
        let (engine, turn) = (engine.clone(), turn.clone());
        async move {
            let _own = turn.lock().await;
            settled(&engine).await;
        }
        .boxed()
    })
}

/// Does all that is due now.
pub(crate) async fn settled(engine: &Engine) {
    while let Ok(Next::Now) = step(engine).await {}
}

/// Ends when the process is asked to stop.
fn stop() -> Result<impl Future<Output = ()>> {
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
