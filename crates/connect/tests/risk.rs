//! The risk service over real connections: what it is asked, what it may answer, and every kind of
//! silence.

use abono_connect::risk::{Address, service};
use abono_domain::ids::CustomerId;
use abono_domain::money::{Currency, Money};
use abono_domain::risk::{Inputs, Opinion, Verdict};
use abono_engine::risk::Question;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use uuid::Uuid;

fn question() -> Question {
    let eur = |minor| Money::new(minor, Currency::EUR);
    Question {
        tenant: "norte".to_owned(),
        customer: CustomerId(Uuid::nil()),
        inputs: Inputs {
            price_before: eur(1_200),
            price_after: eur(1_505),
            overdue: eur(0),
            credit: eur(771),
            tenure_days: 40,
            commitment_days: 0,
            requests: 2,
        },
        verdict: Verdict::Accepted,
    }
}

/// A service that answers one request with these bytes, or with nothing; gives what it was sent.
async fn asked(answer: Option<&'static str>) -> (Opinion, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let other = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut sent = Vec::new();
        while !sent.ends_with(b"}") {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).await.expect("bytes");
            assert!(count > 0, "the question broke off");
            sent.extend_from_slice(&bytes[..count]);
        }
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.expect("an answer"),
            None => tokio::time::sleep(Duration::from_secs(60)).await,
        }
        String::from_utf8(sent).expect("UTF-8")
    });
    let address: Address = format!("http://127.0.0.1:{port}/risk?v=1").parse().expect("an address");
    let opinion = service(address, Duration::from_millis(300))(question()).await;
    if answer.is_none() {
        other.abort();
        return (opinion, String::new());
    }
    (opinion, other.await.expect("the service"))
}

fn silent(opinion: &Opinion) -> &str {
    match opinion {
        Opinion::Silent(why) => why,
        Opinion::Given(..) => panic!("{opinion:?}"),
    }
}

#[tokio::test]
async fn it_is_told_what_the_change_is_measured_by_and_its_verdict_counts() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 41\r\n\r\n\
                  {\"verdict\":\"review\",\"reason\":\"on a list\"}";
    let (opinion, sent) = asked(Some(answer)).await;
    assert_eq!(opinion, Opinion::Given(Verdict::Review, "on a list".to_owned()));
    assert!(sent.starts_with("POST /risk?v=1 HTTP/1.1\r\n"), "{sent}");
    let body = sent.split("\r\n\r\n").nth(1).expect("a body");
    assert_eq!(
        body,
        "{\"tenant\":\"norte\",\"customer\":\"00000000-0000-0000-0000-000000000000\",\
         \"currency\":\"EUR\",\"price_before\":\"12.00\",\"price_after\":\"15.05\",\
         \"overdue\":\"0.00\",\"credit\":\"7.71\",\"tenure_days\":40,\"commitment_days\":0,\
         \"requests\":2,\"verdict_of_rules\":\"accepted\"}"
    );
}

#[tokio::test]
async fn whatever_is_no_answer_in_time_is_silence() {
    for (answer, why) in [
        ("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "it answered with status 500"),
        ("HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n", "status 302"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", "can't be read"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{", "the connection broke"),
        ("what?", "the connection broke"),
        ("", "the connection broke"),
    ] {
        let (opinion, _) = asked(Some(answer)).await;
        assert!(silent(&opinion).contains(why), "{answer:?}: {opinion:?}");
    }
    let long = format!("HTTP/1.1 200 OK\r\ncontent-length: 70000\r\n\r\n{}", "x".repeat(70_000));
    let (opinion, _) = asked(Some(long.leak())).await;
    assert_eq!(silent(&opinion), "its answer is longer than 64 KiB");
    let began = Instant::now();
    let (opinion, _) = asked(None).await;
    assert_eq!(silent(&opinion), "no answer in 300 ms");
    assert!(began.elapsed() < Duration::from_secs(5));
    let nobody: Address = "http://127.0.0.1:1/".parse().expect("an address");
    let opinion = service(nobody, Duration::from_secs(1))(question()).await;
    assert_eq!(silent(&opinion), "the service can't be reached");
}

#[test]
fn an_address_is_plain_http_without_a_password() {
    let read = |text: &str| text.parse::<Address>().map(|it| it.to_string());
    assert_eq!(read("http://risk.local/a"), Ok("http://risk.local:80/a".to_owned()));
    assert_eq!(read("http://127.0.0.1:9000"), Ok("http://127.0.0.1:9000/".to_owned()));
    for wrong in ["", "risk", "https://risk/", "http://a:b@risk/", "ftp://risk/", "/risk"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
