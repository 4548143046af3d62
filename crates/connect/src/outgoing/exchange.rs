//! One request over one connection: no redirects, no cookies, no proxy, a short answer.

use super::{ANSWER_MAX, Reply, Trouble};
use http::Request;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

/// The longest head of an answer.
const HEAD_MAX: usize = 16 * 1024;

/// The most headers of an answer.
const HEADERS_MAX: usize = 100;

pub(super) async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Reply, Trouble>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(HEAD_MAX)
        .max_headers(HEADERS_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|_| Trouble::Broken)?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(|error| trouble(&error))?;
        let (head, body) = response.into_parts();
        Ok(Reply { status: head.status, headers: head.headers, body: read(body).await })
    };
    tokio::pin!(answer);
    // The connection is driven here, so that it ends with the call.
    tokio::select! {
        biased;
        answered = &mut answer => answered,
        _ended = connection => answer.await,
    }
}

async fn read(body: Incoming) -> Result<Bytes, Trouble> {
    let body = Limited::new(body, ANSWER_MAX).collect().await;
    let body = body.map_err(|error| match error.is::<LengthLimitError>() {
        true => Trouble::TooLong,
        false => Trouble::Broken,
    })?;
    Ok(body.to_bytes())
}

fn trouble(error: &hyper::Error) -> Trouble {
    if error.is_parse_too_large() { Trouble::TooLong } else { Trouble::Broken }
}
