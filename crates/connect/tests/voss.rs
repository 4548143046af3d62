//! The external billing system over real connections: what it is sent, what its answers mean, and
//! when it is left alone.

use abono_connect::outgoing::{Address, Reach, Resolver};
use abono_connect::voss::{Config, ConfigError, Secret, Voss};
use abono_domain::proration::Behaviour;
use abono_engine::billing::{Answer, BillingSystem, Message, Order};
use std::net::IpAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use uuid::Uuid;

const MILLI: Duration = Duration::from_millis(1);

/// An answer as the contract gives it.
const ADDED: &str = r#"{"productGroupType":"Optional","id":"5f0e","name":"SMS"}"#;

fn added() -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{ADDED}", ADDED.len())
}

fn status(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n")
}

fn secret(text: &str) -> Secret {
    Secret::new(text).expect("a secret")
}

fn config(address: &str, reach: Reach) -> Config {
    let address: Address = address.parse().expect("an address");
    Config::new(address, reach, 300 * MILLI, secret("the-key"), secret("the-token"))
}

fn addition(key: u128) -> Message {
    let order = Order::Add { article_number: "SMS".to_owned(), quantity: 1 };
    Message { key: Uuid::from_u128(key), customer: Uuid::max(), order }
}

/// A billing system that answers each connection with the next of these, and then is gone; an empty
/// answer hangs up, `None` says nothing.
struct Behind {
    address: String,
    heard: JoinHandle<Vec<String>>,
}

impl Behind {
    async fn answering(answers: Vec<Option<String>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = tokio::spawn(async move {
            let mut heard = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                heard.push(request(&mut stream).await);
                match answer {
                    // The client may have had enough.
                    Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
                    None => drop(stream.read(&mut [0]).await),
                }
            }
            heard
        });
        Self { address, heard }
    }

    fn config(&self) -> Config {
        config(&self.address, Reach::Private)
    }

    /// The requests that it got.
    async fn heard(self) -> Vec<String> {
        let heard = tokio::time::timeout(5_000 * MILLI, self.heard).await;
        heard.expect("all were called for").expect("the billing system")
    }
}

async fn request(stream: &mut TcpStream) -> String {
    let mut sent = Vec::new();
    while !sent.ends_with(b"}") {
        let count = stream.read_buf(&mut sent).await.expect("bytes");
        assert!(count > 0, "the request broke off");
    }
    String::from_utf8(sent).expect("UTF-8")
}

fn port(config: Config) -> BillingSystem {
    Voss::new(config).expect("a configuration").billing_system()
}

/// What an addition comes to that is answered so.
async fn answered(answer: Option<String>) -> Answer {
    let behind = Behind::answering(vec![answer]).await;
    let answer = port(behind.config())(addition(1)).await;
    assert_eq!(behind.heard().await.len(), 1, "it is sent once");
    answer
}

fn passing(trouble: &str) -> Answer {
    Answer::Passing { trouble: trouble.to_owned(), retry_after: None }
}

fn refused(trouble: &str) -> Answer {
    Answer::Final { trouble: trouble.to_owned() }
}

#[tokio::test]
async fn an_addition_is_sent_with_key_and_token_and_its_answer_kept() {
    let behind = Behind::answering(vec![Some(added())]).await;
    let answer = port(behind.config())(addition(1)).await;
    let external_id = Some("5f0e".to_owned());
    assert_eq!(answer, Answer::Done { external_id, body: ADDED.to_owned() });
    let at = behind.address["http://".len()..].to_owned();
    let body = "{\"CompanyId\":\"ffffffff-ffff-ffff-ffff-ffffffffffff\",\
                \"ArticleNumber\":\"SMS\",\"Quantity\":1}";
    assert_eq!(
        behind.heard().await,
        [format!(
            "POST /voss/usage HTTP/1.1\r\nhost: {at}\r\ncontent-type: application/json\r\n\
             accept: application/json\r\nx-api-key: the-key\r\nauthorization: Bearer the-token\r\n\
             idempotency-key: 00000000-0000-0000-0000-000000000001\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )]
    );
}

#[tokio::test]
async fn a_termination_is_sent_under_the_id_it_has_there() {
    let terminated = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_owned();
    let behind = Behind::answering(vec![Some(terminated)]).await;
    let mut config = behind.config();
    config.address = format!("{}/api/", behind.address).parse().expect("an address");
    let order = Order::Terminate {
        external_id: "5f0e".to_owned(),
        behaviour: Behaviour::Full,
        internal: true,
        comment: "moved away".to_owned(),
        texts: Vec::new(),
        ended_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let answer = port(config)(Message { order, ..addition(2) }).await;
    assert_eq!(answer, Answer::Done { external_id: None, body: "{}".to_owned() });
    let heard = behind.heard().await;
    assert!(
        heard[0].starts_with("POST /api/voss/usage/5f0e/termination HTTP/1.1\r\n"),
        "{heard:?}"
    );
    assert!(heard[0].contains(r#""Id":"5f0e","#), "{heard:?}");
}

#[tokio::test]
async fn what_is_sent_again_carries_the_same_key_and_body() {
    let answers = vec![Some(String::new()), Some(status("500 Oops")), Some(added())];
    let behind = Behind::answering(answers).await;
    let port = port(behind.config());
    assert_eq!(port(addition(7)).await, passing("the connection broke"));
    assert!(matches!(port(addition(7)).await, Answer::Passing { .. }));
    assert!(matches!(port(addition(7)).await, Answer::Done { .. }));
    let heard = behind.heard().await;
    assert!(heard[0].contains("\r\nidempotency-key: 00000000-0000-0000-0000-000000000007\r\n"));
    assert_eq!((&heard[0], &heard[1]), (&heard[1], &heard[2]));
}

#[tokio::test]
async fn trouble_that_may_pass_is_told_from_trouble_for_good() {
    let body = r#"{"ResponseStatus":{"ErrorCode":"NotFound","Message":"No article SMS"}}"#;
    let unknown = format!("HTTP/1.1 404 No\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let busy = "HTTP/1.1 429 Slow\r\nretry-after: 17\r\ncontent-length: 0\r\n\r\n".to_owned();
    let not_yet = "HTTP/1.1 409 Soon\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n".to_owned();
    let conflict = "it answered with status 409 Conflict";
    let moved = "HTTP/1.1 302 Go\r\nlocation: /login\r\ncontent-length: 0\r\n\r\n".to_owned();
    let retry_after = Some(17_000 * MILLI);
    let busy_means = "it answered with status 429 Too Many Requests".to_owned();
    let moved_means = "it answered with status 302 Found; redirects are not followed";
    let unreadable = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>".to_owned();
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(1_000_000));
    for (answer, means) in [
        (status("500 Oops"), passing("it answered with status 500 Internal Server Error")),
        (status("503 Later"), passing("it answered with status 503 Service Unavailable")),
        (
            not_yet,
            Answer::Passing { trouble: conflict.to_owned(), retry_after: Some(MILLI * 1000) },
        ),
        (status("409 Same"), refused(conflict)),
        (busy, Answer::Passing { trouble: busy_means, retry_after }),
        (unreadable, passing("its answer can't be read")),
        (endless, passing("its answer is longer than 64 KiB")),
        ("what?".to_owned(), passing("the connection broke")),
        (String::new(), passing("the connection broke")),
        (unknown, refused("it answered with status 404 Not Found: NotFound: No article SMS")),
        (status("401 Who"), refused("it answered with status 401 Unauthorized")),
        (moved, refused(moved_means)),
    ] {
        assert_eq!(answered(Some(answer.clone())).await, means, "{answer}");
    }
    assert_eq!(answered(None).await, passing("no answer in 300 ms"));
    let nobody = port(config("http://127.0.0.1:1", Reach::Private))(addition(1)).await;
    assert_eq!(nobody, passing("the service can't be reached"));
}

#[tokio::test]
async fn one_that_fails_again_and_again_is_left_alone_until_a_trial_goes_well() {
    let mut answers = vec![Some(status("500 Oops")); 5];
    answers.extend([Some(added()), Some(added())]);
    let behind = Behind::answering(answers).await;
    let mut config = behind.config();
    config.breaker.rest = 200 * MILLI;
    let port = port(config);
    for key in 0..5 {
        assert!(matches!(port(addition(key)).await, Answer::Passing { .. }), "{key}");
    }
    let resting = port(addition(5)).await;
    let Answer::Resting { for_about } = resting else { panic!("{resting:?}") };
    assert!(for_about > Duration::ZERO && for_about <= 200 * MILLI, "{for_about:?}");
    tokio::time::sleep(for_about).await;
    for key in [5, 6] {
        assert!(matches!(port(addition(key)).await, Answer::Done { .. }), "{key}");
    }
    assert_eq!(behind.heard().await.len(), 7, "nothing was sent while it rested");
}

#[tokio::test]
async fn refusals_leave_the_breaker_closed() {
    let mut answers = vec![Some(status("404 No")); 10];
    answers.push(Some(added()));
    let behind = Behind::answering(answers).await;
    let port = port(behind.config());
    for key in 0..10 {
        assert!(matches!(port(addition(key)).await, Answer::Final { .. }), "{key}");
    }
    assert!(matches!(port(addition(10)).await, Answer::Done { .. }));
    assert_eq!(behind.heard().await.len(), 11);
}

#[tokio::test]
async fn an_address_out_of_reach_is_refused_for_good_and_not_called() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("an address");
    let itself = config(&format!("https://{at}"), Reach::Public);
    let named = config("https://billing.example", Reach::Public);
    let named = Voss::new(named).expect("a configuration").with_resolver(Box::new(move |_, _| {
        Box::pin(async move { Ok(vec![([1, 1, 1, 1], 443).into(), at]) })
    }));
    for port in [port(itself), named.billing_system()] {
        // More often than it takes to be left alone.
        for key in 0..7 {
            let trouble = "its address is 127.0.0.1, which the configuration does not allow to be \
                           called (--voss-allow-private allows those of one's own network)";
            assert_eq!(port(addition(key)).await, refused(trouble));
        }
    }
    let visit = tokio::time::timeout(100 * MILLI, listener.accept()).await;
    assert!(visit.is_err(), "somebody came");
}

#[tokio::test]
async fn over_plain_http_nobody_beyond_ones_own_network_is_called_whatever_is_allowed() {
    for public in ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"] {
        let at: IpAddr = public.parse().expect("an address");
        let named = Voss::new(config("http://billing.example", Reach::Private));
        let resolver: Resolver = Box::new(move |_, port| {
            Box::pin(async move { Ok(vec![([127, 0, 0, 1], port).into(), (at, port).into()]) })
        });
        let port = named.expect("a configuration").with_resolver(resolver).billing_system();
        let trouble = format!(
            "its address is {public}, which the configuration does not allow to be called: over \
             plain http only machines of one's own network are called, so that nobody reads the \
             key and token on their way; use https"
        );
        assert_eq!(port(addition(1)).await, refused(&trouble));
    }
    let own = Voss::new(config("http://billing.example", Reach::Private)).expect("made");
    let behind = Behind::answering(vec![Some(added())]).await;
    let at = behind.address["http://".len()..].parse().expect("an address");
    let own = own.with_resolver(Box::new(move |_, _| Box::pin(async move { Ok(vec![at]) })));
    assert!(matches!(own.billing_system()(addition(2)).await, Answer::Done { .. }));
    assert_eq!(behind.heard().await.len(), 1);
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_refused_for_good() {
    let port = port(config("http://127.0.0.1:1", Reach::Private));
    let order = Order::Terminate {
        external_id: "../../invoice".to_owned(),
        behaviour: Behaviour::None,
        internal: false,
        comment: String::new(),
        texts: Vec::new(),
        ended_at: jiff::Timestamp::UNIX_EPOCH,
    };
    let answer = port(Message { order, ..addition(1) }).await;
    assert_eq!(answer, refused("its id there can't stand in an address"));
}

#[test]
fn key_and_token_cross_the_internet_encrypted_or_not_at_all() {
    let made = |address, reach| Voss::new(config(address, reach)).err();
    let plain = "http://billing.example/api";
    let refused = made(plain, Reach::Public).expect("an error");
    assert!(matches!(refused, ConfigError::Unencrypted(_)));
    assert!(refused.to_string().contains("--voss-allow-private"), "{refused}");
    assert_eq!(made(plain, Reach::Private), None);
    assert_eq!(made("https://billing.example/api", Reach::Public), None);
}

#[test]
fn a_configuration_shows_no_secret() {
    let shown = format!("{:?}", config("https://billing.example", Reach::Public));
    assert!(!shown.contains("the-key") && !shown.contains("the-token"), "{shown}");
}
