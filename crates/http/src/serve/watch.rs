//! The watch on one connection: what goes on there, and for how long it may.
//!
//! hyper's own header timer begins when a connection falls idle, so it can't tell a client that is
//! slow from one that has nothing to ask; it starts only after the choice between HTTP/1 and 2; and
//! HTTP/2 has none. So the watch looks at the socket itself: bytes that no request has come of yet
//! are a head. A body isn't its matter: while a handler has the request, the body's reader counts.

use super::Limits;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

/// What goes on on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No request is under way; at most an answer is being taken.
    Idle(Instant),
    /// Bytes came in since then, and no request yet.
    Head(Instant),
    /// So many requests are with their handlers.
    Handlers(usize),
}

/// Notes what goes on on a connection.
///
/// A note is all that a request pays for: nobody is woken, no timer is moved.
#[derive(Clone)]
pub(super) struct Watch(Arc<Mutex<Phase>>);

impl Watch {
    /// The watch on a new connection.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Phase::Idle(Instant::now()))))
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request that is with its handler until the guard is dropped.
    pub(super) fn request(&self) -> Request {
        let mut phase = self.phase();
        *phase = match *phase {
            Phase::Idle(_) | Phase::Head(_) => Phase::Handlers(1),
            Phase::Handlers(count) => Phase::Handlers(count + 1),
        };
        Request(self.clone())
    }

    fn answered(&self) {
        let mut phase = self.phase();
        *phase = match *phase {
            Phase::Handlers(count @ 2..) => Phase::Handlers(count - 1),
            Phase::Idle(_) | Phase::Head(_) | Phase::Handlers(_) => Phase::Idle(Instant::now()),
        };
    }

    /// The first bytes of a head begin its time; more of them don't prolong it.
    fn read(&self) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Idle(_)) {
            *phase = Phase::Head(Instant::now());
        }
    }

    /// A client that takes an answer, however slowly, isn't idle. What is written without a request
    /// is HTTP/2's own talk, and what was read before it was so too.
    fn wrote(&self) {
        let mut phase = self.phase();
        if !matches!(*phase, Phase::Handlers(_)) {
            *phase = Phase::Idle(Instant::now());
        }
    }

    /// Waits until a phase has lasted too long, and says which.
    pub(super) async fn expired(&self, limits: Limits) -> Phase {
        loop {
            let (now, phase) = (Instant::now(), *self.phase());
            // A head that begins while we sleep is found before its time is over.
            let look = now + limits.head;
            let end = match phase {
                Phase::Idle(since) => since + limits.idle,
                Phase::Head(since) => since + limits.head,
                Phase::Handlers(_) => look,
            };
            if end <= now {
                return phase;
            }
            sleep_until(end.min(look)).await;
        }
    }
}

/// A request that is with its handler.
pub(super) struct Request(Watch);

impl Drop for Request {
    fn drop(&mut self) {
        self.0.answered();
    }
}

/// A socket with a watch on what goes through it.
pub(super) struct Watched<S> {
    pub(super) socket: S,
    pub(super) watch: Watch,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.watch.read();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.watch.wrote();
        }
        written
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
