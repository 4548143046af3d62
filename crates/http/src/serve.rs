//! The accept loop: what one client, and all of them together, may take of us.
//!
//! `axum::serve` waits for ever for a client that says nothing, or half of something. Here each
//! connection has a watch on it, there are only so many of them, and at the end requests under way
//! are finished before the process goes.

mod connection;
mod watch;

use crate::trace::Traced;
use connection::Connections;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What connections may take. The limits of a body are its reader's ([`crate::body::BodyLimits`]).
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections there may be at once; more wait to be accepted.
    pub connections: usize,
    /// How long the head of a request may take from its first byte to its last.
    pub head: Duration,
    /// How long a connection may stand without a request, or with an answer that isn't taken.
    pub idle: Duration,
    /// How long requests under way may take after the shutdown began.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            grace: Duration::from_secs(30),
        }
    }
}

/// Serves over HTTP/1 and HTTP/2 until `shutdown`, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    served: Traced,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let connections = Connections::new(served.into_router(), limits);
    let slots = Arc::new(Semaphore::new(limits.connections));
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, slot) = accept(&listener, &slots) => connections.start(stream, slot),
        }
    }
    drop(listener);
    connections.stop().await;
}

/// How long to wait when the system has no sockets left, which only time helps.
const EXHAUSTED: Duration = Duration::from_millis(100);

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let slot = Arc::clone(slots).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, slot),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
}
