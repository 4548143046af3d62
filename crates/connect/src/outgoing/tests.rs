//! Calls over real connections: what is sent, where it may go, what is read, how long it takes.

use super::*;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// For localhost, signed by itself, until 2126. Made by `openssl req -x509 -newkey ec -pkeyopt
/// ec_paramgen_curve:P-256 -nodes -days 36500 -subj /CN=localhost -addext
/// subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE`.
const CERTIFICATE: &[u8] = include_bytes!("../../tests/certificates/localhost.der");
const KEY: &[u8] = include_bytes!("../../tests/certificates/localhost.key.der");

const SECOND: Duration = Duration::from_secs(1);

const DONE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

/// Reads one request with a body of `{}` and answers it; gives what was sent.
async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8]) -> Option<String> {
    let mut sent = Vec::new();
    while !sent.ends_with(b"\r\n\r\n{}") {
        match stream.read_buf(&mut sent).await {
            Ok(0) | Err(_) => return None,
            Ok(_) => {}
        }
    }
    // The client may have had enough.
    let _cut_off = stream.write_all(answer).await;
    let _cut_off = stream.shutdown().await;
    String::from_utf8(sent).ok()
}

/// What a call comes to that is answered with these bytes.
async fn called(bytes: Vec<u8>) -> Result<Reply, Trouble> {
    let (listener, at) = listen().await;
    let other = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        answer(stream, &bytes).await
    });
    let client = Client::new(Reach::Private, 10 * SECOND);
    let reply = post(&client, &address(&format!("http://{at}/"))).await;
    assert!(other.await.expect("the other side").is_some());
    reply
}

async fn post(client: &Client, address: &Address) -> Result<Reply, Trouble> {
    client.post(address, "/a", HeaderMap::new(), b"{}".to_vec()).await
}

/// A resolver that answers each question by a function of how many it had before; gives how many it
/// had.
fn resolver(
    answers: impl Fn(usize) -> Vec<SocketAddr> + Send + Sync + 'static,
) -> (Resolver, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let resolver: Resolver = Box::new(move |host, _| {
        assert_eq!(host, "billing.example");
        let found: io::Result<_> = Ok(answers(counter.fetch_add(1, Ordering::Relaxed)));
        Box::pin(async move { found })
    });
    (resolver, asked)
}

#[tokio::test]
async fn a_request_is_sent_whole_and_its_answer_read_whole() {
    let (listener, at) = listen().await;
    let other = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        answer(stream, b"HTTP/1.1 418 Tea\r\nx-a: b\r\ncontent-length: 3\r\n\r\nno!").await
    });
    let client = Client::new(Reach::Private, 10 * SECOND);
    let own = HeaderMap::from_iter([(http::header::ACCEPT, "text/a".parse().expect("a value"))]);
    let to = address(&format!("http://{at}/b/?c=d"));
    let reply = client.post(&to, "/a", own, b"{}".to_vec()).await.expect("a reply");
    assert_eq!((reply.status.as_u16(), &reply.headers["x-a"]), (418, &"b".parse().expect("value")));
    assert_eq!(reply.body.expect("a body"), "no!");
    assert_eq!(
        other.await.expect("the other side").expect("a request"),
        format!(
            "POST /b/a?c=d HTTP/1.1\r\nhost: {at}\r\ncontent-type: application/json\r\n\
             accept: text/a\r\ncontent-length: 2\r\n\r\n{{}}"
        )
    );
}

#[tokio::test]
async fn a_form_is_sent_as_one_and_a_question_without_a_body() {
    let own = HeaderMap::from_iter([(http::header::ACCEPT, "text/a".parse().expect("a value"))]);
    for (is_form, sent) in [
        (
            true,
            "POST /a?b=c HTTP/1.1\r\nhost: @\r\ncontent-type: application/x-www-form-urlencoded\
             \r\naccept: text/a\r\ncontent-length: 3\r\n\r\nd=e",
        ),
        (false, "GET /a?b=c HTTP/1.1\r\nhost: @\r\naccept: text/a\r\n\r\n"),
    ] {
        let (listener, at) = listen().await;
        let sent = sent.replace('@', &at.to_string());
        let length = sent.len();
        let other = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut bytes = vec![0; length];
            stream.read_exact(&mut bytes).await.expect("a request");
            stream.write_all(DONE.as_bytes()).await.expect("an answer");
            String::from_utf8(bytes).expect("UTF-8")
        });
        let client = Client::new(Reach::Private, 10 * SECOND);
        let (to, form) = (address(&format!("http://{at}")), Form::default().with("d", "e"));
        let reply = match is_form {
            true => client.post_form(&to, "/a?b=c", own.clone(), &form).await,
            false => client.get(&to, "/a?b=c", own.clone()).await,
        };
        assert_eq!(reply.expect("a reply").status, StatusCode::OK);
        assert_eq!(other.await.expect("the other side"), sent);
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_nobody_follows_it() {
    let (elsewhere, at) = listen().await;
    let redirect =
        format!("HTTP/1.1 307 Go\r\nlocation: http://{at}/\r\ncontent-length: 0\r\n\r\n");
    let reply = called(redirect.into_bytes()).await.expect("a reply");
    assert_eq!(reply.status, StatusCode::TEMPORARY_REDIRECT);
    let visit = tokio::time::timeout(SECOND / 10, elsewhere.accept()).await;
    assert!(visit.is_err(), "somebody came");
}

#[tokio::test]
async fn an_answer_is_read_up_to_a_length_and_no_further() {
    let with_length = |length: usize| {
        let body = "a".repeat(length);
        format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    };
    let body = |reply: Result<Reply, Trouble>| reply.and_then(|it| it.body).map(|it| it.len());
    assert_eq!(body(called(with_length(ANSWER_MAX)).await), Ok(ANSWER_MAX));
    assert_eq!(body(called(with_length(ANSWER_MAX + 1)).await), Err(Trouble::TooLong));
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(10_000_000));
    assert_eq!(body(called(endless.into_bytes()).await), Err(Trouble::TooLong));
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    let chunked =
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(99));
    assert_eq!(body(called(chunked.into_bytes()).await), Err(Trouble::TooLong));
    let head = format!("HTTP/1.1 200 OK\r\nx-a: {}\r\n\r\n", "a".repeat(100_000));
    assert_eq!(called(head.into_bytes()).await.err(), Some(Trouble::TooLong));
    let head = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-a: b\r\n".repeat(101));
    assert!(called(head.into_bytes()).await.is_err());
}

#[tokio::test]
async fn what_isnt_http_or_ends_too_early_is_a_broken_connection() {
    for bytes in ["", "what?", "HTTP/1.1 200 OK\r\nconte"] {
        assert_eq!(called(bytes.into()).await.err(), Some(Trouble::Broken), "{bytes}");
    }
    let reply = called(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()).await;
    assert_eq!(reply.expect("a head").body, Err(Trouble::Broken));
}

#[tokio::test]
async fn a_call_ends_when_its_time_is_over_however_slowly_the_answer_drips() {
    let (listener, at) = listen().await;
    let other = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n").await.expect("sent");
        while stream.write_all(b"a").await.is_ok() {
            tokio::time::sleep(SECOND / 50).await;
        }
    });
    let client = Client::new(Reach::Private, SECOND / 5);
    let began = Instant::now();
    let reply = post(&client, &address(&format!("http://{at}/"))).await;
    assert_eq!(reply.err(), Some(Trouble::TimedOut(SECOND / 5)));
    assert!(began.elapsed() < 5 * SECOND);
    tokio::time::timeout(5 * SECOND, other).await.expect("hung up on").expect("the other side");
}

#[tokio::test]
async fn a_name_that_nobody_knows_or_where_nobody_listens_cant_be_reached() {
    let (free, at) = listen().await;
    drop(free);
    let (nobody, _) = resolver(|_| Vec::new());
    let client = Client::new(Reach::Private, 5 * SECOND);
    let reply = post(&client, &address(&format!("http://{at}/"))).await;
    assert_eq!(reply.err(), Some(Trouble::Unreachable));
    let client = client.with_resolver(nobody);
    let reply = post(&client, &address("http://billing.example/")).await;
    assert_eq!(reply.err(), Some(Trouble::Unreachable));
    let client = client
        .with_resolver(Box::new(|_, _| Box::pin(async { Err(io::Error::other("no such name")) })));
    let reply = post(&client, &address("http://billing.example/")).await;
    assert_eq!(reply.err(), Some(Trouble::Unreachable));
}

#[tokio::test]
async fn a_machine_of_ones_own_is_not_called_unless_that_is_allowed() {
    let (listener, at) = listen().await;
    let client = Client::new(Reach::Public, 5 * SECOND);
    let port = at.port();
    // However the address is written.
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let reply = post(&client, &address(&format!("http://{host}:{port}/"))).await;
        let refused = matches!(reply, Err(Trouble::NotAllowed(ip)) if !Reach::Public.allows(ip));
        assert!(refused, "{host}: {reply:?}");
    }
    let mixed = move |_| vec![SocketAddr::from(([1, 1, 1, 1], port)), at];
    let client = client.with_resolver(resolver(mixed).0);
    let reply = post(&client, &address("http://billing.example/")).await;
    assert_eq!(reply.err(), Some(Trouble::NotAllowed(at.ip())));
    let visit = tokio::time::timeout(SECOND / 10, listener.accept()).await;
    assert!(visit.is_err(), "somebody came");
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_dialled() {
    let ((first, at), (second, elsewhere)) = (listen().await, listen().await);
    let (resolver, asked) = resolver(move |before| vec![if before == 0 { at } else { elsewhere }]);
    let client = Client::new(Reach::Private, 5 * SECOND).with_resolver(resolver);
    let other = tokio::spawn(async move {
        let (stream, _) = first.accept().await.expect("a connection");
        answer(stream, DONE.as_bytes()).await
    });
    post(&client, &address("http://billing.example/")).await.expect("a reply");
    let sent = other.await.expect("the other side").expect("a request");
    assert!(sent.contains("\r\nhost: billing.example\r\n"), "{sent}");
    assert_eq!(asked.load(Ordering::Relaxed), 1, "it was resolved once");
    let visit = tokio::time::timeout(SECOND / 10, second.accept()).await;
    assert!(visit.is_err(), "somebody came");
}

#[tokio::test]
async fn the_next_of_several_addresses_is_dialled_where_nobody_listens_at_one() {
    let ((free, nobody), (listener, at)) = (listen().await, listen().await);
    drop(free);
    let client = Client::new(Reach::Private, 5 * SECOND);
    let client = client.with_resolver(resolver(move |_| vec![nobody, at]).0);
    let other = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        answer(stream, DONE.as_bytes()).await
    });
    post(&client, &address("http://billing.example/")).await.expect("a reply");
    assert!(other.await.expect("the other side").is_some());
}

/// What comes of a call over TLS to a host whose certificate is the one above.
async fn called_over_tls(client: Client, host: &str) -> (Result<Reply, Trouble>, Option<String>) {
    let (listener, at) = listen().await;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(CERTIFICATE)],
            PrivateKeyDer::try_from(KEY).expect("a key"),
        );
    let acceptor = TlsAcceptor::from(Arc::new(config.expect("a certificate")));
    let other = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        answer(acceptor.accept(stream).await.ok()?, DONE.as_bytes()).await
    });
    let client = client.with_resolver(Box::new(move |_, _| Box::pin(async move { Ok(vec![at]) })));
    let reply = post(&client, &address(&format!("https://{host}:{}/", at.port()))).await;
    (reply, other.await.expect("the other side"))
}

/// A client that trusts that certificate.
fn trusting() -> Client {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(CERTIFICATE)).expect("a certificate");
    Client::trusting(roots, Reach::Private, 5 * SECOND)
}

#[tokio::test]
async fn a_call_over_tls_is_made_where_the_certificate_is_trusted() {
    let (reply, sent) = called_over_tls(trusting(), "localhost").await;
    assert_eq!(reply.expect("a reply").status, StatusCode::OK);
    assert!(sent.expect("a request").starts_with("POST /a HTTP/1.1\r\n"));
}

#[tokio::test]
async fn nothing_is_sent_to_whoever_shows_a_self_signed_certificate_or_anothers() {
    let usual = Client::new(Reach::Private, 5 * SECOND);
    let (reply, sent) = called_over_tls(usual, "localhost").await;
    assert_eq!((reply.err(), sent), (Some(Trouble::Untrusted), None));
    for host in ["billing.example", "127.0.0.1"] {
        let (reply, sent) = called_over_tls(trusting(), host).await;
        assert_eq!((reply.err(), sent), (Some(Trouble::Untrusted), None), "{host}");
    }
}

#[tokio::test]
async fn nothing_is_sent_unencrypted_where_tls_is_asked_for() {
    let (listener, at) = listen().await;
    let other = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a connection");
        answer(stream, DONE.as_bytes()).await
    });
    let client = Client::new(Reach::Private, SECOND / 2);
    let reply = post(&client, &address(&format!("https://{at}/"))).await;
    assert!(reply.is_err());
    assert_eq!(other.await.expect("the other side"), None);
}

#[tokio::test]
async fn a_path_that_cant_be_written_is_not_sent() {
    let client = Client::new(Reach::Private, SECOND);
    let to = address("http://127.0.0.1:1/");
    let reply = client.post(&to, "/a b", HeaderMap::new(), Vec::new()).await;
    assert_eq!(reply.err(), Some(Trouble::Unwritable));
}
