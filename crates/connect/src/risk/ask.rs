//! One question over one connection: no redirects, no cookies, no proxy, a short answer.

use super::{Address, wire};
use abono_domain::risk::Verdict;
use abono_engine::risk::Question;
use http::header::{CONTENT_TYPE, HOST};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The longest answer that is read.
const ANSWER_MAX: usize = 64 * 1024;

/// Why there is no answer. It says nothing that the service wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Silence {
    #[error("the service can't be reached")]
    Unreachable,
    #[error("the connection broke")]
    Broken,
    #[error("it answered with status {0}")]
    Status(StatusCode),
    #[error("its answer is longer than 64 KiB")]
    TooLong,
    #[error("its answer can't be read")]
    Unreadable,
}

pub(super) async fn ask(
    address: &Address,
    question: &Question,
) -> Result<(Verdict, String), Silence> {
    let request = request(address, question).ok_or(Silence::Unreadable)?;
    let stream = TcpStream::connect((address.host.as_str(), address.port)).await;
    let stream = TokioIo::new(stream.map_err(|_| Silence::Unreachable)?);
    let (mut sender, connection) = http1::handshake(stream).await.map_err(|_| Silence::Broken)?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(|_| Silence::Broken)?;
        if response.status() != StatusCode::OK {
            return Err(Silence::Status(response.status()));
        }
        let body = Limited::new(response.into_body(), ANSWER_MAX).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => Silence::TooLong,
            false => Silence::Broken,
        })?;
        let body = body.to_bytes();
        wire::read(&body).ok_or(Silence::Unreadable)
    };
    tokio::pin!(answer);
    // The connection is driven here, so that it ends with the question.
    tokio::select! {
        biased;
        answered = &mut answer => answered,
        _ended = connection => answer.await,
    }
}

fn request(address: &Address, question: &Question) -> Option<Request<Full<Bytes>>> {
    let body = serde_json::to_vec(&wire::Asked::new(question)).ok()?;
    let host = format!("{}:{}", address.host, address.port);
    Request::post(&address.path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::from(body)))
        .ok()
}
