//! Where something is that is asked over HTTP, read and checked once.

use http::Uri;
use http::uri::Authority;
use std::fmt;
use std::str::FromStr;

/// `http://HOST[:PORT][/PATH][?QUERY]`, or the same with https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    is_encrypted: bool,
    host: String,
    port: u16,
    path: String,
    query: Option<String>,
}

/// Not an address that can be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as {1}")]
pub struct AddressError(String, &'static str);

impl AddressError {
    /// About a text, beside an address that would do.
    pub(crate) fn new(text: &str, example: &'static str) -> Self {
        // What stands before an `@` may be a password.
        let shown = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
        Self(shown.chars().take(200).collect(), example)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError::new(text, "https://billing.example:8443/api");
        read(text).ok_or_else(wrong)
    }
}

fn read(text: &str) -> Option<Address> {
    let uri: Uri = text.parse().ok()?;
    let is_encrypted = match uri.scheme_str()? {
        "http" => false,
        "https" => true,
        _ => return None,
    };
    let authority = uri.authority()?;
    // A name and a password before the host would end in logs.
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = port(authority, if is_encrypted { 443 } else { 80 })?;
    let (path, query) = (uri.path().to_owned(), uri.query().map(str::to_owned));
    (!host.is_empty()).then_some(Address { is_encrypted, host, port, path, query })
}

/// The port that is written, or the usual one; `None` where it is no port.
fn port(authority: &Authority, usual: u16) -> Option<u16> {
    match authority.as_str().strip_prefix(authority.host())? {
        "" => Some(usual),
        written => written.strip_prefix(':')?.parse().ok().filter(|port| *port > 0),
    }
}

impl Address {
    /// Whether it is asked over TLS.
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// The address alone, as `https://pay.example`: the port only where it isn't the usual one;
    /// `None` where it has a path or a query.
    pub fn origin(&self) -> Option<String> {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        let is_alone = self.path == "/" && self.query.is_none();
        is_alone.then(|| format!("{scheme}://{}", self.authority()))
    }

    /// The host's name or IP address, without brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// What the request's line names: this path, or one under it, which may have its own query.
    pub(crate) fn target(&self, under: &str) -> String {
        let path = match under {
            "" => self.path.clone(),
            under => format!("{}{under}", self.path.trim_end_matches('/')),
        };
        match &self.query {
            None => path,
            Some(query) if path.contains('?') => format!("{path}&{query}"),
            Some(query) => format!("{path}?{query}"),
        }
    }

    /// What the Host header names: the port only where it isn't the usual one.
    pub(crate) fn authority(&self) -> String {
        let usual = if self.is_encrypted { 443 } else { 80 };
        if self.port == usual { self.bracketed() } else { self.with_port() }
    }

    fn with_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    fn bracketed(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.with_port(), self.target(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_has_a_scheme_a_host_and_a_port_and_no_password() {
        let read = |text: &str| text.parse::<Address>().ok().map(|it| it.to_string());
        for (text, shown) in [
            ("http://a.example", "http://a.example:80/"),
            ("https://a.example", "https://a.example:443/"),
            ("HTTPS://a.example/b/", "https://a.example:443/b/"),
            ("https://a.example:8443/b?c=d", "https://a.example:8443/b?c=d"),
            ("http://[::1]:9000/b", "http://[::1]:9000/b"),
            ("http://[::1]", "http://[::1]:80/"),
        ] {
            assert_eq!(read(text).as_deref(), Some(shown), "{text}");
        }
        for wrong in [
            "",
            "/",
            "a",
            "a:80",
            "//a/b",
            "ftp://a",
            "file:///etc/passwd",
            "http://",
            "http:///b",
            "http://:80/",
            "http://a:b@c/",
            "https://a@c/",
            "http://a:0/",
            "http://a:70000/",
            "http://a:/",
            "http://a:b/",
            "http://a b/",
            "http://a/\u{7f}",
            "http://a/\r\nx: y",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_address_shows_no_password() {
        let error = "https://lucia:hush@billing.example/".parse::<Address>().expect_err("wrong");
        let error = error.to_string();
        assert!(error.contains("billing.example/") && !error.contains("hush"), "{error}");
    }

    #[test]
    fn a_path_under_it_stands_between_its_own_path_and_its_query() {
        assert_eq!(address("http://a").target("/b"), "/b");
        assert_eq!(address("http://a/c/").target("/b"), "/c/b");
        assert_eq!(address("http://a/c?d=e").target("/b"), "/c/b?d=e");
        assert_eq!(address("http://a/c?d=e").target(""), "/c?d=e");
        assert_eq!(address("http://a/c?d=e").target("/b?f=g"), "/c/b?f=g&d=e");
    }

    #[test]
    fn the_host_header_names_a_port_that_isnt_the_usual_one() {
        assert_eq!(address("https://a:443/").authority(), "a");
        assert_eq!(address("https://a:80/").authority(), "a:80");
        assert_eq!(address("http://[::1]:9000/").authority(), "[::1]:9000");
    }
}
