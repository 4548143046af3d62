//! The road between two instances: a proxy that loses, delays, doubles and breaks what passes.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long whoever calls waits for an answer.
pub(super) const PATIENCE: Duration = Duration::from_millis(700);

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing.
    Straight,
    /// Nobody is there.
    Down,
    /// It is answered with 500 and doesn't arrive.
    Fails,
    /// It arrives, and is answered with 500.
    FailsAfterwards,
    /// It arrives twice, one after the other.
    Repeated,
    /// It arrives twice at once.
    Doubled,
    /// It arrives once and is answered twice.
    AnsweredTwice,
    /// It arrives, and its answer comes when nobody waits for it any more.
    AnsweredLate,
    /// It arrives when nobody waits for its answer any more.
    ArrivesLate,
    /// It arrives, and its answer is lost.
    Lost,
    /// It arrives, and only half of its answer comes back.
    Cut,
    /// Whoever it arrives at is killed so many milliseconds later.
    Kills(u64),
}

type Kill = Box<dyn Fn() + Send>;

#[derive(Default)]
struct Inside {
    to: Option<SocketAddr>,
    kill: Option<Kill>,
    is_killed: bool,
    script: VecDeque<Way>,
    underway: usize,
    /// How often each key arrived.
    arrived: BTreeMap<String, usize>,
    troubles: Vec<String>,
}

/// The proxy.
#[derive(Clone)]
pub(super) struct Road {
    inside: Arc<Mutex<Inside>>,
    /// Where it begins.
    pub(super) address: String,
}

impl Road {
    /// One that leads nowhere yet.
    pub(super) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let road = Self { inside: Arc::default(), address };
        let own = road.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let road = own.clone();
                road.inside().underway += 1;
                tokio::spawn(async move {
                    road.carry(stream).await;
                    road.inside().underway -= 1;
                });
            }
        });
        road
    }

    /// Lets it lead there from now on; `kill` ends whoever is there.
    pub(super) fn lead(&self, to: SocketAddr, kill: impl Fn() + Send + 'static) {
        let mut inside = self.inside();
        inside.to = Some(to);
        inside.kill = Some(Box::new(kill));
        inside.is_killed = false;
    }

    /// What happens to the next requests; then nothing happens.
    pub(super) fn script(&self, ways: impl IntoIterator<Item = Way>) {
        self.inside().script = ways.into_iter().collect();
    }

    /// Whether whoever is there was killed.
    pub(super) fn is_killed(&self) -> bool {
        self.inside().is_killed
    }

    /// How often each key arrived.
    pub(super) fn arrived(&self) -> BTreeMap<String, usize> {
        self.inside().arrived.clone()
    }

    /// Waits until nothing is on it any more; gives what was wrong.
    pub(super) async fn is_empty(&self) -> Vec<String> {
        while self.inside().underway > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.inside().troubles.clone()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nobody panics in here")
    }

    async fn carry(&self, mut client: TcpStream) {
        let way = self.inside().script.pop_front().unwrap_or(Way::Straight);
        if way == Way::Down {
            return;
        }
        let Some(request) = message(&mut client).await else { return };
        let answer = match way {
            Way::Down => None,
            Way::Straight => self.pass(&request).await,
            Way::Fails => Some(failure()),
            Way::FailsAfterwards => self.pass(&request).await.map(|_| failure()),
            Way::Repeated => {
                let first = self.pass(&request).await;
                let second = self.pass(&request).await;
                self.compare(first, second)
            }
            Way::Doubled => {
                let (first, second) = tokio::join!(self.pass(&request), self.pass(&request));
                self.compare(first, second)
            }
            Way::AnsweredTwice => self.pass(&request).await.map(|answer| answer.repeat(2)),
            Way::AnsweredLate => {
                let answer = self.pass(&request).await;
                tokio::time::sleep(PATIENCE * 2).await;
                answer
            }
            Way::ArrivesLate => {
                tokio::time::sleep(PATIENCE * 2).await;
                self.pass(&request).await
            }
            Way::Lost => self.pass(&request).await.and(None),
            Way::Cut => self.pass(&request).await.map(|all| all[..all.len() / 2].to_vec()),
            Way::Kills(after) => {
                self.pass_and_kill(&request, Duration::from_millis(after)).await;
                None
            }
        };
        if let Some(answer) = answer {
            // Whoever waited for it may be gone.
            let _gone = client.write_all(&answer).await;
        }
    }

    /// Sends it on; nothing where nobody answers.
    async fn pass(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut there = self.reach(request).await?;
        message(&mut there).await
    }

    async fn pass_and_kill(&self, request: &[u8], after: Duration) {
        let _there = self.reach(request).await;
        tokio::time::sleep(after).await;
        let mut inside = self.inside();
        if let Some(kill) = inside.kill.take() {
            kill();
            inside.is_killed = true;
        }
    }

    async fn reach(&self, request: &[u8]) -> Option<TcpStream> {
        let to = self.inside().to?;
        let mut there = TcpStream::connect(to).await.ok()?;
        there.write_all(request).await.ok()?;
        let head = String::from_utf8_lossy(request).to_lowercase();
        let key = member(&head, "idempotency-key").expect("every request has a key").to_owned();
        *self.inside().arrived.entry(key).or_default() += 1;
        Some(there)
    }

    /// A request that arrives again is answered in the same words.
    fn compare(&self, first: Option<Vec<u8>>, second: Option<Vec<u8>>) -> Option<Vec<u8>> {
        let body = |answer: &[u8]| {
            let text = String::from_utf8_lossy(answer).into_owned();
            text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
        };
        if let (Some(one), Some(other)) = (&first, &second)
            && body(one) != body(other)
        {
            let texts = [one, other].map(|it| String::from_utf8_lossy(it).into_owned());
            self.inside().troubles.push(texts.join("\n"));
        }
        second.or(first)
    }
}

fn failure() -> Vec<u8> {
    b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n".to_vec()
}

/// A request or an answer, whole.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
            let length: usize = member(&head, "content-length")?.parse().ok()?;
            if all.len() >= end + 4 + length {
                return Some(all);
            }
        }
        if stream.read_buf(&mut all).await.ok()? == 0 {
            return None;
        }
    }
}

/// A header's value, in a head of small letters.
fn member<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(own, _)| *own == name).map(|(_, value)| value.trim())
}
