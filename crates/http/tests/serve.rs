//! The accept loop over real sockets, with limits short enough to wait for.

use abono_domain::ids::CustomerId;
use abono_engine::Access;
use abono_http::body::{BodyError, BodyLimits, read_limited};
use abono_http::gate::access::Rule;
use abono_http::gate::{Admitted, Turned};
use abono_http::reply::Reply;
use abono_http::request_id::RequestIds;
use abono_http::serve::{Limits, serve};
use abono_http::surface::{Contract, Fit, Head, Route, Surface};
use abono_http::trace::{Boundary, Traced};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http::{HeaderMap, Method};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const LIMITS: Limits = Limits {
    connections: 16,
    head: Duration::from_millis(150),
    idle: Duration::from_millis(1000),
    grace: Duration::from_millis(3000),
};
const BODY: BodyLimits = BodyLimits { bytes: 1024, time: Duration::from_millis(150) };

/// Longer than any limit, by far: what isn't over by then never will be.
const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (shutdown, asked) = oneshot::channel();
    let stop = async { asked.await.unwrap_or_default() };
    let task = tokio::spawn(serve(listener, served(), limits, stop));
    Server { address, shutdown, task }
}

const fn route(method: Method, template: &'static str) -> Route<()> {
    Route { method, template, rule: Rule::Anyone, operation: () }
}

static ROUTES: [Route<()>; 5] = [
    route(Method::GET, "/hello"),
    route(Method::GET, "/slow"),
    route(Method::GET, "/hang"),
    route(Method::GET, "/large"),
    route(Method::POST, "/echo"),
];

fn served() -> Traced {
    let boundary =
        Boundary { clock: Arc::new(|| Duration::ZERO), request_ids: Arc::new(RequestIds::new(1)) };
    Traced::new(Surface::new(&[""], &ROUTES, None, Tried).expect("a surface"), boundary)
}

struct Tried;

impl Contract for Tried {
    type Operation = ();

    fn customer(&self, _: &Fit<()>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<()>, request: Request) -> Reply {
        match admitted.fit.route.template {
            "/hello" => Reply::text(200, "hello"),
            "/slow" => slow().await,
            "/hang" => std::future::pending().await,
            "/large" => Reply::text(200, vec![b'a'; 64 << 20]),
            _ => {
                let (parts, body) = request.into_parts();
                echo(parts.headers, body).await
            }
        }
    }

    fn panicked(&self) -> Reply {
        Reply::text(500, "a panic")
    }

    async fn turn(&self, _: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        Reply::text(404, "nothing")
    }
}

/// Takes longer than a connection may be idle, shorter than a shutdown waits.
async fn slow() -> Reply {
    sleep(Duration::from_millis(1200)).await;
    Reply::text(200, "at last")
}

async fn echo(headers: HeaderMap, body: Body) -> Reply {
    match read_limited(&headers, body, BODY).await {
        Ok(body) => Reply::text(200, body),
        Err(BodyError::TimedOut) => Reply::text(408, "timed out"),
        Err(BodyError::TooLarge) => Reply::text(413, "too large"),
        Err(BodyError::Encoded) => Reply::text(415, "encoded"),
        Err(BodyError::Broken) => Reply::text(400, "broken"),
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Sends `text` and reads until the server closes.
    async fn ask(&self, text: &str) -> String {
        let mut socket = self.connect().await;
        socket.write_all(text.as_bytes()).await.expect("sent");
        rest(&mut socket).await
    }
}

/// All that comes until the server closes; a reset is an end too.
async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = timeout(PATIENCE, socket.read_to_end(&mut bytes)).await.expect("closed in time");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads one answer of a connection that stays open.
async fn answer(socket: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        let byte = timeout(PATIENCE, socket.read_u8()).await.expect("in time");
        bytes.push(byte.expect("the connection is open"));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn requests_follow_each_other_on_one_connection() {
    let server = start(LIMITS).await;
    let mut socket = server.connect().await;
    for _ in 0..2 {
        socket.write_all(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
        let answer = answer(&mut socket, "hello").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("\r\ncontent-length: 5\r\n"), "{answer}");
        // Longer than a head may take, shorter than a connection may be idle.
        sleep(LIMITS.head * 2).await;
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = start(LIMITS).await;
    assert_eq!(server.ask("").await, "");
    let answer = server.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.ends_with("hello"), "{answer}");
}

#[tokio::test]
async fn a_client_that_sends_its_head_slowly_is_cut() {
    let server = start(LIMITS).await;
    assert_eq!(server.ask("GET /hello HTTP/1.1\r\nHost: a\r\n").await, "");
    for start in ["PRI * HT", "GET /hello HTTP/1.1\r\nX: "] {
        let mut socket = server.connect().await;
        socket.write_all(start.as_bytes()).await.expect("sent");
        let drip = async {
            while socket.write_all(b"T").await.is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, drip).await.expect("cut however often it sends");
    }
}

#[tokio::test]
async fn a_client_that_sends_half_a_body_gets_its_refusal_and_is_cut() {
    let server = start(LIMITS).await;
    let half = server.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
    let answer = timeout(LIMITS.idle / 2, half).await.expect("cut at once after the refusal");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn a_refused_body_is_read_to_its_end_so_that_the_answer_arrives() {
    let server = start(LIMITS).await;
    let body = "a".repeat(2 << 20);
    let head = format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n", body.len());
    let answer = server.ask(&format!("{head}Connection: close\r\n\r\n{body}")).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let coded = format!("{head}Content-Encoding: gzip\r\nConnection: close\r\n\r\n{body}");
    assert!(server.ask(&coded).await.starts_with("HTTP/1.1 415"));
}

#[tokio::test]
async fn a_head_that_is_no_head_is_refused() {
    let server = start(LIMITS).await;
    let many: String = (0..120).map(|at| format!("X-{at}: 1\r\n")).collect();
    let large = format!("X: {}\r\n", "a".repeat(70_000));
    for (head, status) in [
        ("GET /hello HTTP/1.1\r\n".to_owned(), 400),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n".to_owned(), 400),
        (format!("GET /hello HTTP/1.1\r\nHost: a\r\n{many}"), 431),
        (format!("GET /hello HTTP/1.1\r\nHost: a\r\n{large}"), 431),
        (format!("GET /?{} HTTP/1.1\r\nHost: a\r\n", "a".repeat(9000)), 414),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\0\r\n".to_owned(), 400),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n".into(),
            400,
        ),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n".to_owned(), 400),
    ] {
        let answer = server.ask(&format!("{head}\r\n")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{head:.99}: {answer}");
    }
}

#[tokio::test]
async fn a_handler_may_take_longer_than_a_connection_may_be_idle() {
    let server = start(LIMITS).await;
    let answer = server.ask("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(answer.ends_with("at last"), "{answer}");
}

#[tokio::test]
async fn a_client_that_does_not_take_its_answer_is_cut() {
    let server = start(LIMITS).await;
    let mut socket = server.connect().await;
    socket.write_all(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    sleep(LIMITS.idle * 3).await;
    assert!(rest(&mut socket).await.len() < 64 << 20);
}

#[tokio::test]
async fn a_connection_beyond_the_limit_waits_for_a_free_one() {
    let server = start(Limits { connections: 1, ..LIMITS }).await;
    let first = server.connect().await;
    let mut second = server.connect().await;
    second.write_all(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    let early = timeout(Duration::from_millis(100), second.read_u8()).await;
    early.expect_err("the only connection is taken");
    drop(first);
    assert!(answer(&mut second, "hello").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_under_way_and_takes_nothing_new() {
    let server = start(LIMITS).await;
    let _idle = server.connect().await;
    let mut kept = server.connect().await;
    kept.write_all(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    answer(&mut kept, "hello").await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    sleep(Duration::from_millis(50)).await;

    server.shutdown.send(()).expect("the server runs");
    let closed = timeout(LIMITS.idle / 2, rest(&mut kept)).await;
    assert_eq!(closed.expect("at once, not when its idle time is over"), "");
    TcpStream::connect(server.address).await.expect_err("nobody listens");
    assert!(!server.task.is_finished());
    let answer = rest(&mut busy).await;
    assert!(answer.contains("connection: close") && answer.ends_with("at last"), "{answer}");
    timeout(LIMITS.idle / 2, server.task).await.expect("in time").expect("no panic");
}

#[tokio::test]
async fn a_shutdown_does_not_wait_longer_than_its_grace() {
    let server = start(Limits { grace: Duration::from_millis(50), ..LIMITS }).await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /hang HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    sleep(Duration::from_millis(50)).await;
    server.shutdown.send(()).expect("the server runs");
    timeout(PATIENCE, server.task).await.expect("in time").expect("no panic");
    assert_eq!(rest(&mut busy).await, "");
}

#[tokio::test]
async fn http_2_is_spoken_with_the_same_limits() {
    let server = start(LIMITS).await;
    let (mut client, connection) =
        h2::client::handshake(server.connect().await).await.expect("HTTP/2");
    let connection = tokio::spawn(connection);
    for (path, status) in
        [("/hello", 200), ("/slow", 200), (&*format!("/hello?{}", "a".repeat(9000)), 414)]
    {
        let request = Request::get(format!("http://a{path}")).body(()).expect("a request");
        let (response, _) = client.send_request(request, true).expect("sent");
        assert_eq!(response.await.expect("an answer").status(), status);
    }
    timeout(PATIENCE, connection)
        .await
        .expect("closed when idle")
        .expect("no panic")
        .expect("GOAWAY");
}

#[tokio::test]
async fn http_2_finishes_what_is_under_way_at_a_shutdown() {
    let server = start(LIMITS).await;
    let (mut client, connection) =
        h2::client::handshake(server.connect().await).await.expect("HTTP/2");
    let connection = tokio::spawn(connection);
    let request = Request::get("http://a/slow").body(()).expect("a request");
    let (response, _) = client.send_request(request, true).expect("sent");
    sleep(Duration::from_millis(50)).await;
    server.shutdown.send(()).expect("the server runs");
    let mut body = response.await.expect("an answer").into_body();
    assert_eq!(body.data().await.expect("a body").expect("whole"), Bytes::from("at last"));
    timeout(LIMITS.idle / 2, server.task).await.expect("at once").expect("no panic");
    connection.await.expect("no panic").expect("GOAWAY");
}
