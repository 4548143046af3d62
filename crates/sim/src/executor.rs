//! A one-thread executor that lets the dice choose who goes on.

use std::future::{Future, poll_fn};
use std::mem::replace;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// A task of a node, with what it works for.
pub struct Task<W, T> {
    /// What it works for.
    pub work: W,
    /// How many of its commits are under way.
    pub commits: i64,
    /// The last named point that it passed.
    pub at: Option<&'static str>,
    future: Pin<Box<dyn Future<Output = T>>>,
}

impl<W, T> Task<W, T> {
    /// One that has not begun.
    pub fn new(work: W, future: impl Future<Output = T> + 'static) -> Self {
        Self { work, commits: 0, at: None, future: Box::pin(future) }
    }

    /// One step. Every wait in simulation is for another task's step, so nobody needs waking.
    pub fn step(&mut self) -> Option<T> {
        match self.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }
}

/// Runs something to its end without letting anybody else in.
pub fn alone<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

/// Lets others go on.
pub async fn turn() {
    let mut waited = false;
    poll_fn(|_| if replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}
