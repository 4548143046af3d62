//! The DevTools protocol: JSON texts that end with NUL, over two pipes.

use serde_json::{Value, json};
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long an answer or an event may take.
const LIMIT: Duration = Duration::from_secs(30);

/// What all sessions share.
#[derive(Debug)]
struct Pipe {
    input: Mutex<ChildStdin>,
    inboxes: Mutex<BTreeMap<String, Sender<Value>>>,
    last_call: AtomicU64,
    /// What Chromium said on standard error.
    said: Mutex<String>,
}

/// One conversation over the pipe: with the browser itself, whose name is empty, or with a page.
#[derive(Debug)]
pub(super) struct Session {
    pipe: Arc<Pipe>,
    name: String,
    inbox: Receiver<Value>,
    events: RefCell<Vec<Value>>,
}

impl Session {
    /// With the browser of this process, whose pipes are its standard input and output.
    pub(super) fn open(mut child: Child) -> Self {
        let input = child.stdin.take().expect("it was piped");
        let output = child.stdout.take().expect("it was piped");
        let errors = child.stderr.take().expect("it was piped");
        let pipe = Arc::new(Pipe {
            input: Mutex::new(input),
            inboxes: Mutex::default(),
            last_call: AtomicU64::new(0),
            said: Mutex::default(),
        });
        let listener = Arc::clone(&pipe);
        thread::spawn(move || listener.listen(errors));
        let session = Self::named(&pipe, "");
        let reader = Arc::clone(&pipe);
        thread::spawn(move || {
            reader.read(output);
            let _ended = child.wait();
        });
        session
    }

    fn named(pipe: &Arc<Pipe>, name: &str) -> Self {
        let (sender, inbox) = channel();
        locked(&pipe.inboxes).insert(name.to_owned(), sender);
        Self { pipe: Arc::clone(pipe), name: name.to_owned(), inbox, events: RefCell::default() }
    }

    /// Another one over the same pipe.
    pub(super) fn beside(&self, name: &str) -> Self {
        Self::named(&self.pipe, name)
    }

    /// Calls a method, which must succeed.
    pub(super) fn call(&self, method: &str, params: &Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|why| panic!("{method}: {why}"))
    }

    /// Calls a method; gives its result, or why there is none.
    pub(super) fn try_call(&self, method: &str, params: &Value) -> Result<Value, String> {
        let id = self.pipe.last_call.fetch_add(1, Ordering::Relaxed) + 1;
        let mut call = json!({"id": id, "method": method, "params": params});
        if !self.name.is_empty() {
            call["sessionId"] = json!(self.name);
        }
        let text = format!("{call}\0");
        let sent = locked(&self.pipe.input).write_all(text.as_bytes());
        sent.map_err(|why| format!("{why}. {}", self.ended()))?;
        let until = until();
        loop {
            let mut message = self.receive(until)?;
            if message["id"] != id {
                self.events.borrow_mut().push(message);
            } else if message["error"].is_null() {
                return Ok(message["result"].take());
            } else {
                return Err(message["error"].to_string());
            }
        }
    }

    /// What happened so far, in order.
    pub(super) fn events(&self) -> Ref<'_, [Value]> {
        Ref::map(self.events.borrow(), Vec::as_slice)
    }

    /// Waits for an event that comes after the first so many.
    pub(super) fn wait(&self, method: &str, after: usize) -> Result<(), String> {
        let until = until();
        while !self.events()[after..].iter().any(|it| it["method"] == method) {
            let message = self.receive(until)?;
            self.events.borrow_mut().push(message);
        }
        Ok(())
    }

    fn receive(&self, until: Instant) -> Result<Value, String> {
        let left = until.saturating_duration_since(now());
        self.inbox.recv_timeout(left).map_err(|why| match why {
            RecvTimeoutError::Timeout => format!("nothing came within {LIMIT:?}"),
            RecvTimeoutError::Disconnected => self.ended(),
        })
    }

    fn ended(&self) -> String {
        format!("Chromium has ended; it said: {}", locked(&self.pipe.said))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        locked(&self.pipe.inboxes).remove(&self.name);
    }
}

impl Pipe {
    /// Hands messages out until Chromium ends; nobody waits any longer then.
    fn read(&self, output: impl Read) {
        for text in BufReader::new(output).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice::<Value>(&text) else { continue };
            let name = message["sessionId"].as_str().unwrap_or_default();
            if let Some(inbox) = locked(&self.inboxes).get(name) {
                // Whoever is gone needs no answer.
                let _gone = inbox.send(message);
            }
        }
        locked(&self.inboxes).clear();
    }

    /// Keeps what it says, which is little.
    fn listen(&self, errors: impl Read) {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            let mut said = locked(&self.said);
            said.push('\n');
            said.push_str(&line);
        }
    }
}

/// Each of them holds one value, which a panic can't leave half written.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn until() -> Instant {
    now() + LIMIT
}

#[expect(clippy::disallowed_methods, reason = "how long a browser takes is a machine's time")]
fn now() -> Instant {
    Instant::now()
}
