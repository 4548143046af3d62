//! Books at work: the worker that does what is due, and the sender of what travels to the billing
//! system behind.

use abono_api_native::Settle;
use abono_engine::Engine;
use abono_worker::{Next, Outbox, Pause, step};
use futures_util::FutureExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// An engine, and who is at work on its books in this process.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) engine: Arc<Engine>,
    /// Who does what is due: the worker, or who moves the clock and waits until all of it is done.
    /// One at a time, or each would take what the other has begun for done and not look for what
    /// follows.
    turn: Arc<Mutex<()>>,
    /// Likewise who sends.
    outbox: Arc<Mutex<Outbox>>,
}

impl Node {
    /// One whose deliveries `outbox` sends.
    pub(crate) fn new(engine: Arc<Engine>, outbox: Outbox) -> Self {
        Self { engine, turn: Arc::default(), outbox: Arc::new(Mutex::new(outbox)) }
    }

    /// Does all that is due now.
    pub(crate) fn settle(&self) -> Settle {
        let node = self.clone();
        Arc::new(move || {
            let node = node.clone();
            async move {
                let _own = node.turn.lock().await;
                settled(&node.engine).await;
            }
            .boxed()
        })
    }

    /// Sends all that waits for the billing system behind. What is to be sent again soon is waited
    /// for; what takes longer is left to the sender.
    pub(crate) async fn deliver(&self) {
        let until = self.engine.env().elapsed().saturating_add(PATIENCE);
        loop {
            let rest = match self.send().await {
                Pause::None => continue,
                Pause::Idle => return,
                Pause::Rest(time) => time,
                Pause::Until(at) => {
                    let time = at.duration_since(self.engine.env().machine());
                    time.try_into().unwrap_or(Duration::ZERO)
                }
            };
            let rest = rest.max(BREATH);
            if self.engine.env().elapsed().saturating_add(rest) > until {
                tracing::warn!("deliveries wait for the billing system behind");
                return;
            }
            tokio::time::sleep(rest).await;
        }
    }

    async fn send(&self) -> Pause {
        self.outbox.lock().await.step(&self.engine).await.unwrap_or_else(|failure| {
            tracing::warn!(%failure, "the outbox could not look for deliveries");
            Pause::Idle
        })
    }
}

/// How long deliveries are waited for that are to be sent again.
const PATIENCE: Duration = Duration::from_secs(10);

/// The least pause before something is sent again.
const BREATH: Duration = Duration::from_millis(50);

/// Does all that is due now.
pub(crate) async fn settled(engine: &Engine) {
    while let Ok(Next::Now) = step(engine).await {}
}

/// How long the worker rests when nothing is known to be due.
const REST: Duration = Duration::from_millis(500);

/// Does what falls due, until the server ends.
pub(super) async fn work(node: Node, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let own = node.turn.lock().await;
        let next = step(&node.engine).await;
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
pub(super) async fn send(node: Node, mut stopped: watch::Receiver<bool>) {
    let mut ending = stopped.clone();
    let given_up = async move {
        let _ended = ending.wait_for(|is_stopped| *is_stopped).await.is_ok();
        tokio::time::sleep(GRACE).await;
    };
    let sending = async {
        while !*stopped.borrow() {
            let rest = match node.send().await {
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

/// How long it is waited before attempts to pay are looked for again that nobody tells the end of.
const GLANCE: Duration = Duration::from_secs(5);

/// Asks payment providers, until the server ends. A call that is under way then is left: it is made
/// again after the next start.
pub(super) async fn ask(engine: Arc<Engine>, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let asked = tokio::select! {
            biased;
            _ = stopped.changed() => return,
            asked = abono_worker::ask(&engine) => asked,
        };
        if let Err(failure) = asked {
            tracing::warn!(%failure, "attempts to pay could not be looked for");
        }
        let _rested = tokio::time::timeout(GLANCE, stopped.changed()).await;
    }
}
