//! TLS as rustls does it, on ring: no C library of the system's, and a build that stays short.
//!
//! Who is trusted comes with the program (the roots of Mozilla's programme): it asks neither the
//! environment nor the machine's files.

use super::{Address, Trouble};
use std::io;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// The authorities that browsers trust.
pub(super) fn roots() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// One that trusts these authorities; `None` where rustls can't be set up.
pub(super) fn connector(roots: RootCertStore) -> Option<TlsConnector> {
    let provider = Arc::new(ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.ok()?.with_root_certificates(roots).with_no_client_auth();
    Some(TlsConnector::from(Arc::new(config)))
}

/// The same connection, encrypted to whoever has a certificate for the address's host.
pub(super) async fn encrypt(
    connector: &TlsConnector,
    address: &Address,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, Trouble> {
    let name = ServerName::try_from(address.host().to_owned()).map_err(|_| Trouble::Untrusted)?;
    connector.connect(name, stream).await.map_err(|error| trouble(&error))
}

fn trouble(error: &io::Error) -> Trouble {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    match cause {
        Some(rustls::Error::InvalidCertificate(_)) => Trouble::Untrusted,
        Some(_) | None => Trouble::Broken,
    }
}
