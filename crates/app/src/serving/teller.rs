//! Tells what happens at the sandbox as a payment provider does: over HTTP, again and again until
//! it is heard.

use abono_connect::sandbox::{Message, Messenger, Sandbox};
use abono_engine::Engine;
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the sandbox is asked what it has to tell.
const GLANCE: Duration = Duration::from_millis(100);

/// The pause after the first time in vain; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// How often a message is told at most: for about four minutes.
const TIMES: u32 = 10;

/// Who tells.
#[derive(Clone)]
pub(super) struct Teller {
    sandbox: Arc<Sandbox>,
    engine: Arc<Engine>,
    messenger: Arc<Messenger>,
}

impl Teller {
    /// One who tells it to the server at this address.
    pub(super) fn new(sandbox: Arc<Sandbox>, engine: Arc<Engine>, base_url: &str) -> Result<Self> {
        let address = format!("{base_url}/v1/payments/callbacks/sandbox").parse()?;
        Ok(Self { sandbox, engine, messenger: Arc::new(Messenger::new(address)) })
    }

    /// Tells, until the server ends. What is untold then is lost, as all that the sandbox knows.
    pub(super) async fn tell(self, mut stopped: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stopped.borrow() {
            for message in self.sandbox.messages() {
                under_way.spawn(self.clone().deliver(message));
            }
            while under_way.try_join_next().is_some() {}
            let _rested = tokio::time::timeout(GLANCE, stopped.changed()).await;
        }
    }

    /// Tells one message.
    async fn deliver(self, message: Message) {
        tokio::time::sleep(message.after).await;
        for time in 0..TIMES {
            let now = self.engine.env().machine();
            match self.messenger.tell(&self.sandbox, &message.body, now).await {
                Ok(()) => return,
                Err(untold) => tracing::info!(%untold, time, "the sandbox was not heard"),
            }
            tokio::time::sleep(PAUSE * 2_u32.pow(time)).await;
        }
        tracing::warn!("the sandbox gave a message up");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_connect::Secret;
    use abono_connect::sandbox::{Choice, Manners, SIGNATURE};
    use abono_domain::language::Language;
    use abono_domain::money::{Currency, Money};
    use abono_engine::payments::{Checkout, Noticed, PaymentProvider};
    use abono_testkit::{Database, World};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use uuid::Uuid;

    /// Hears one message, answers it with this status, and gives the signature and the body.
    async fn hear(listener: &TcpListener, status: u16) -> (String, Vec<u8>) {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let (mut heard, mut chunk) = (Vec::new(), [0; 4096]);
        while !heard.ends_with(b"}") {
            let read = socket.read(&mut chunk).await.expect("a request");
            heard.extend_from_slice(&chunk[..read]);
        }
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        socket.write_all(answer.as_bytes()).await.expect("it is sent");
        let text = String::from_utf8(heard).expect("UTF-8");
        let (head, body) = text.split_once("\r\n\r\n").expect("a request");
        assert!(head.starts_with("POST /v1/payments/callbacks/sandbox HTTP/1.1"), "{head}");
        let name = format!("{}: ", SIGNATURE.to_lowercase());
        let signature = head.lines().find_map(|line| line.strip_prefix(&name));
        (signature.expect("a signature").to_owned(), body.as_bytes().to_vec())
    }

    #[tokio::test]
    async fn what_isnt_heard_is_told_again_and_signed_anew() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let sandbox = Arc::new(Sandbox::new("http://a", Secret::new("hush").expect("a secret")));
        let engine = World::real(&Database::sqlite()).await.engine;
        let teller = Teller::new(sandbox.clone(), engine.clone(), &format!("http://{address}"));
        let (stop, stopped) = watch::channel(false);
        let telling = tokio::spawn(teller.expect("a teller").tell(stopped));
        let checkout = Checkout {
            key: Uuid::from_u128(7),
            amount: Money::new(1_000, Currency::EUR),
            description: "Plan Pro".to_owned(),
            language: Language::ENGLISH,
            back: "http://a/pay/7".to_owned(),
        };
        sandbox.start(checkout).await;
        sandbox.behave(Manners { late: Duration::from_millis(50), ..Manners::default() });
        sandbox.choose(Uuid::from_u128(7), Choice::Approve);
        let first = hear(&listener, 409).await;
        let second = hear(&listener, 200).await;
        assert_eq!(first.1, second.1);
        for (signature, body) in [first, second] {
            let headers = [(SIGNATURE, signature.as_bytes())];
            let notices = sandbox.read(&headers, &body, engine.env().machine());
            let notices = notices.expect("it is the sandbox's");
            assert!(matches!(notices[0].what, Noticed::Paid { .. }), "{notices:?}");
        }
        let more = tokio::time::timeout(Duration::from_secs(2), listener.accept()).await;
        assert!(more.is_err(), "what is heard isn't told again");
        stop.send_replace(true);
        telling.await.expect("it ends");
    }
}
