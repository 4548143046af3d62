//! Bare axum that answers the same bytes to everybody, after a commit where there is one.

use super::Answer;
use super::sqlite::Committer;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::any;
use std::sync::Arc;
use tokio::net::TcpListener;

struct Prepared {
    status: StatusCode,
    content_type: HeaderValue,
    body: Bytes,
    committer: Option<Committer>,
}

/// Serves until the process ends.
pub(super) async fn serve(listener: TcpListener, answer: Answer, committer: Option<Committer>) {
    let prepared = Prepared {
        status: StatusCode::from_u16(answer.status).unwrap_or_default(),
        content_type: HeaderValue::from_str(&answer.content_type)
            .unwrap_or(HeaderValue::from_static("text/plain")),
        body: answer.body.into(),
        committer,
    };
    let router = Router::new().route(&answer.route, any(handle)).with_state(Arc::new(prepared));
    // The process is killed when it has done its work.
    let _ended = axum::serve(listener, router).await;
}

async fn handle(State(prepared): State<Arc<Prepared>>, _read: Bytes) -> Response {
    let written = match &prepared.committer {
        Some(committer) => committer.commit().await,
        None => true,
    };
    let mut response = Response::new(Body::from(prepared.body.clone()));
    let status = if written { prepared.status } else { StatusCode::INTERNAL_SERVER_ERROR };
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, prepared.content_type.clone());
    response
}
