//! The contract behind real sockets, and requests sent to it byte for byte.

use abono_api_lifepos::{Settings, surface};
use abono_engine::Engine;
use abono_http::body::BodyLimits;
use abono_http::gate::Gate;
use abono_http::gate::rate::RateLimit;
use abono_http::request_id::RequestIds;
use abono_http::serve::{Limits, serve};
use abono_http::trace::{Boundary, Traced};
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Longer than any limit of a server here, by far: what isn't over by then never will be.
const PATIENCE: Duration = Duration::from_secs(20);

/// Which of the servers is asked.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Manner {
    /// As it is set up where nobody says anything else.
    #[default]
    Usual,
    /// With the limits of time so short that a test can wait for them.
    Impatient,
    /// Which wants the headers that the contract calls required.
    Strict,
}

/// What the client does when it has sent everything.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    /// Waits for the answer, and for the end of the connection.
    #[default]
    Waits,
    /// Says that nothing more comes, and waits.
    Ends,
    /// Goes away.
    Leaves,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    /// 0 where the connection was closed without an answer.
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Heard {
    /// A header's only value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| &**value);
        assert!(values.next().is_none(), "{name} came more than once");
        value
    }

    /// Reads all that came on a connection: one answer, or nothing.
    fn read(bytes: Vec<u8>, has_body: bool) -> Self {
        let text = String::from_utf8(bytes).expect("an answer in UTF-8");
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert_eq!(text, "", "half an answer");
            return Self { status: 0, headers: Vec::new(), body: String::new() };
        };
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
        let status = status.and_then(|line| line.get(..3)?.parse().ok()).expect("a status");
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_ascii_lowercase(), value.to_owned())
        };
        let heard = Self { status, headers: lines.map(header).collect(), body: body.to_owned() };
        if has_body && let Some(length) = heard.header("content-length") {
            assert_eq!(length, heard.body.len().to_string(), "{text}");
        } else {
            assert_eq!(heard.body, "", "{text}");
        }
        heard
    }
}

/// The servers over one engine. They end with the test's runtime.
pub(crate) struct Servers {
    usual: SocketAddr,
    impatient: SocketAddr,
    strict: SocketAddr,
}

impl Servers {
    pub(crate) async fn start(engine: &Arc<Engine>) -> Self {
        let usual = Settings::default();
        let time = Duration::from_millis(300);
        let body = BodyLimits { time, ..BodyLimits::default() };
        let short = Limits { head: time, idle: time * 2, ..Limits::default() };
        Self {
            usual: start(engine, usual.clone(), Limits::default()).await,
            impatient: start(engine, Settings { body, ..usual.clone() }, short).await,
            strict: start(engine, Settings { strict_headers: true, ..usual }, Limits::default())
                .await,
        }
    }

    pub(crate) const fn address(&self, manner: Manner) -> SocketAddr {
        match manner {
            Manner::Usual => self.usual,
            Manner::Impatient => self.impatient,
            Manner::Strict => self.strict,
        }
    }
}

async fn start(engine: &Arc<Engine>, settings: Settings, limits: Limits) -> SocketAddr {
    let gate = Gate::new(engine.clone(), Arc::new(RateLimit::off()));
    let surface = surface(engine.clone(), settings, &gate);
    let boundary =
        Boundary { clock: Arc::new(|| Duration::ZERO), request_ids: Arc::new(RequestIds::new(1)) };
    let served = Traced::new(surface.expect("a surface"), boundary);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, served, limits, std::future::pending()));
    address
}

/// Sends `bytes` and reads until the server closes the connection, which it must.
pub(crate) async fn exchange(address: SocketAddr, bytes: &[u8], then: Then) -> Heard {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    // A server that has heard enough may close before everything is sent.
    let _ = timeout(PATIENCE, socket.write_all(bytes)).await.expect("taken in time");
    let mut answer = Vec::new();
    match then {
        Then::Waits => {}
        Then::Ends => socket.shutdown().await.unwrap_or_default(),
        Then::Leaves => return Heard::read(answer, true),
    }
    // A reset is an end too.
    let _ = timeout(PATIENCE, socket.read_to_end(&mut answer)).await.expect("closed in time");
    Heard::read(answer, !bytes.starts_with(b"HEAD "))
}
