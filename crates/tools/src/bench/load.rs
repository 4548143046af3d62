//! The load: clients on connections of their own, each with one request under way.

use super::BenchError;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// What one client sends, request after request, as bytes of HTTP/1.1.
pub(super) type Source = Box<dyn FnMut() -> Vec<u8> + Send>;

/// What clients saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Answers as they were hoped for.
    pub(super) answered: u64,
    /// From the first request to the last answer, in microseconds.
    pub(super) micros: u64,
    /// The waits that half of the answers, 99 in 100 and 999 in 1,000 don't go beyond, in
    /// microseconds.
    pub(super) p50: u64,
    pub(super) p99: u64,
    pub(super) p999: u64,
}

impl Seen {
    /// Sums up how long each answer took, in microseconds.
    pub(super) fn of(took: Duration, mut waits: Vec<u32>) -> Self {
        waits.sort_unstable();
        let behind = |per_mille: usize| {
            let place = waits.len().saturating_mul(per_mille) / 1_000;
            waits.get(place.min(waits.len().saturating_sub(1))).copied().unwrap_or(0).into()
        };
        Self {
            answered: waits.len() as u64,
            micros: u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1),
            p50: behind(500),
            p99: behind(990),
            p999: behind(999),
        }
    }

    /// Answers a second, in thousandths.
    pub(super) const fn rate(&self) -> u64 {
        self.answered.saturating_mul(1_000_000_000) / self.micros
    }
}

/// Lets every source ask at once for some time, and gives the sources back.
///
/// # Errors
/// A connection broke, or an answer was none of 200 and 201.
pub(super) async fn load(
    address: SocketAddr,
    sources: Vec<Source>,
    time: Duration,
) -> Result<(Seen, Vec<Source>), BenchError> {
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for source in sources {
        clients.spawn(client(address, source, began + time));
    }
    let (mut waits, mut sources) = (Vec::new(), Vec::new());
    while let Some(done) = clients.join_next().await {
        let (waited, source) = done.map_err(|error| BenchError(error.to_string()))??;
        waits.extend(waited);
        sources.push(source);
    }
    Ok((Seen::of(began.elapsed(), waits), sources))
}

async fn client(
    address: SocketAddr,
    mut source: Source,
    until: Instant,
) -> Result<(Vec<u32>, Source), BenchError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut waits, mut buffer) = (Vec::new(), Vec::with_capacity(8_192));
    loop {
        let sent = Instant::now();
        if sent >= until {
            return Ok((waits, source));
        }
        stream.write_all(&source()).await?;
        answer(&mut stream, &mut buffer).await?;
        waits.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
}

/// Sends one request on a connection of its own, and gives its answer's content type and body.
///
/// # Errors
/// As [`load`].
pub(super) async fn ask(
    address: SocketAddr,
    request: &[u8],
) -> Result<(u16, String, Vec<u8>), BenchError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut buffer = Vec::new();
    let head = answer(&mut stream, &mut buffer).await?;
    let body = buffer.split_off(head.length);
    let head_text = String::from_utf8_lossy(&buffer).into_owned();
    let content_type = header(&head_text, "content-type").unwrap_or_default().to_owned();
    Ok((head.status, content_type, body))
}

struct Head {
    status: u16,
    length: usize,
}

/// Reads one answer whole into `buffer`.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<Head, BenchError> {
    buffer.clear();
    let end = loop {
        if let Some(place) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break place + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(BenchError("the server closed a connection".to_owned()));
        }
    };
    let text = std::str::from_utf8(&buffer[..end]).unwrap_or_default();
    let status = text.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let length = header(text, "content-length").and_then(|digits| digits.parse().ok());
    let whole = end + length.unwrap_or(0);
    while buffer.len() < whole {
        if stream.read_buf(buffer).await? == 0 {
            return Err(BenchError("the server closed a connection".to_owned()));
        }
    }
    if !matches!(status, 200 | 201) {
        let said = String::from_utf8_lossy(buffer);
        return Err(BenchError(format!("an answer was not what it should be: {said}")));
    }
    Ok(Head { status, length: end })
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_waits_that_were_seen() {
        let seen = Seen::of(Duration::from_secs(2), (1..=1_000).rev().collect());
        assert_eq!((seen.answered, seen.rate()), (1_000, 500_000));
        assert_eq!((seen.p50, seen.p99, seen.p999), (501, 991, 1_000));
        assert_eq!(Seen::of(Duration::from_secs(2), vec![]).p99, 0);
    }

    #[test]
    fn a_header_is_found_whatever_its_case() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx: y\r\n\r\n";
        assert_eq!(header(head, "content-length"), Some("12"));
        assert_eq!(header(head, "content-type"), None);
    }
}
