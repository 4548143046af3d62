//! From a name to a connection: each address that the name resolves to is checked, and one of those
//! very addresses is dialled. A name that resolves to another one a moment later gains nothing.

use super::{Address, Reach, Trouble};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;
use tokio::net::TcpStream;

/// The longest that one address is waited for.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// The addresses of a host, each with the port, that come in time.
pub type Resolved = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Finds the addresses of a host (a name or an IP address) and puts the port to each.
pub type Resolver = Box<dyn Fn(String, u16) -> Resolved + Send + Sync>;

/// The machine's own resolver.
pub(super) fn of_machine() -> Resolver {
    Box::new(|host, port| {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    })
}

/// Resolves a host once; gives what may be called.
pub(super) async fn resolve(
    resolver: &Resolver,
    reach: Reach,
    address: &Address,
) -> Result<Vec<SocketAddr>, Trouble> {
    let found = resolver(address.host().to_owned(), address.port()).await;
    let found = found.map_err(|_| Trouble::Unreachable)?;
    // One that leads elsewhere makes the whole name suspect.
    match found.iter().find(|one| !reach.allows(one.ip())) {
        Some(one) => Err(Trouble::NotAllowed(one.ip())),
        None => Ok(found),
    }
}

/// A connection to the first of these addresses where somebody listens.
pub(super) async fn dial(addresses: &[SocketAddr]) -> Result<TcpStream, Trouble> {
    for address in addresses {
        let stream = tokio::time::timeout(CONNECT_MAX, TcpStream::connect(address)).await;
        if let Ok(Ok(stream)) = stream {
            return Ok(stream);
        }
    }
    Err(Trouble::Unreachable)
}
