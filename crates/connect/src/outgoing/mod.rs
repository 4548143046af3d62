//! Calls to the world outside, the same for every port: where a call may lead, how long it may
//! take, and how much of an answer is read.
//!
//! A call is one request over one connection of its own. Its host is resolved once, every address
//! it resolves to is checked, and one of those is dialled. Redirects are answers like others: they
//! are not followed. No proxy, no cookie and no setting is taken from the environment.

mod address;
mod dial;
mod exchange;
mod form;
mod reach;
#[cfg(test)]
mod tests;
mod tls;
mod trouble;

pub use address::{Address, AddressError};
pub use dial::{Resolved, Resolver};
pub use form::Form;
pub use reach::Reach;
pub use trouble::Trouble;

use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use std::time::Duration;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::RootCertStore;

/// The longest body of an answer that is read, in bytes.
pub const ANSWER_MAX: usize = 64 * 1024;

/// Calls others.
pub struct Client {
    reach: Reach,
    timeout: Duration,
    resolver: Resolver,
    tls: Option<TlsConnector>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status, whatever it is.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body, of at most [`ANSWER_MAX`] bytes, or why it couldn't be read.
    pub body: Result<Bytes, Trouble>,
}

impl Client {
    /// One that reaches so far; a call has this time from resolving to the answer's last byte.
    pub fn new(reach: Reach, timeout: Duration) -> Self {
        Self::trusting(tls::roots(), reach, timeout)
    }

    fn trusting(roots: RootCertStore, reach: Reach, timeout: Duration) -> Self {
        Self { reach, timeout, resolver: dial::of_machine(), tls: tls::connector(roots) }
    }

    /// The same with names resolved otherwise than by the machine.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { resolver, ..self }
    }

    /// Sends JSON to an address, or to a path under it, with these headers.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer; one of any status is none.
    pub async fn post(
        &self,
        address: &Address,
        under: &str,
        headers: HeaderMap,
        json: Vec<u8>,
    ) -> Result<Reply, Trouble> {
        let kind = Some("application/json");
        self.send(Method::POST, address, under, headers, kind, json.into()).await
    }

    /// Sends a form to an address, or to a path under it, with these headers.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn post_form(
        &self,
        address: &Address,
        under: &str,
        headers: HeaderMap,
        form: &Form,
    ) -> Result<Reply, Trouble> {
        let kind = Some("application/x-www-form-urlencoded");
        let body = Bytes::copy_from_slice(form.as_str().as_bytes());
        self.send(Method::POST, address, under, headers, kind, body).await
    }

    /// Asks for what is at an address, or at a path under it with its query, with these headers.
    ///
    /// # Errors
    /// As [`Client::post`].
    pub async fn get(
        &self,
        address: &Address,
        under: &str,
        headers: HeaderMap,
    ) -> Result<Reply, Trouble> {
        self.send(Method::GET, address, under, headers, None, Bytes::new()).await
    }

    async fn send(
        &self,
        method: Method,
        address: &Address,
        under: &str,
        headers: HeaderMap,
        kind: Option<&'static str>,
        body: Bytes,
    ) -> Result<Reply, Trouble> {
        let mut request = Request::builder()
            .method(method)
            .uri(address.target(under))
            .header(HOST, address.authority())
            .body(Full::new(body))
            .map_err(|_| Trouble::Unwritable)?;
        let kind = kind.map(|kind| (CONTENT_TYPE, HeaderValue::from_static(kind)));
        request.headers_mut().extend(kind);
        request.headers_mut().extend(headers);
        let call = self.call(address, request);
        match tokio::time::timeout(self.timeout, call).await {
            Ok(answered) => answered,
            Err(_) => Err(Trouble::TimedOut(self.timeout)),
        }
    }

    async fn call(
        &self,
        address: &Address,
        request: Request<Full<Bytes>>,
    ) -> Result<Reply, Trouble> {
        let found = dial::resolve(&self.resolver, self.reach, address).await?;
        let stream = dial::dial(&found).await?;
        if !address.is_encrypted() {
            return exchange::exchange(stream, request).await;
        }
        let connector = self.tls.as_ref().ok_or(Trouble::Untrusted)?;
        exchange::exchange(tls::encrypt(connector, address, stream).await?, request).await
    }
}
