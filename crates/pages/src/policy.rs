//! What browsers are told about the pages: where anything may come from, and where forms lead.

use crate::page::STYLE;
use abono_documents::payment_request;
use abono_http::reply::Reply;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_SECURITY_POLICY, LOCATION, REFERRER_POLICY};
use http::{HeaderName, HeaderValue, Uri};
use sha2::{Digest, Sha256};

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// What isn't an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address as `https://pay.example`")]
pub struct NotAnOrigin(pub String);

/// The policies of the pages.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    page: HeaderValue,
    print: HeaderValue,
}

impl Policy {
    /// One under which forms lead to ourselves and to these: a browser asks also where an answer
    /// to a form redirects to.
    ///
    /// # Errors
    /// [`NotAnOrigin`].
    pub(crate) fn new<'a>(
        form_targets: impl Iterator<Item = &'a str>,
    ) -> Result<Self, NotAnOrigin> {
        let mut forms = "'self'".to_owned();
        for target in form_targets {
            forms.push(' ');
            forms.push_str(&origin(target)?);
        }
        let of = |style: &str, forms: &str| {
            let hash = STANDARD.encode(Sha256::digest(style));
            let policy = format!(
                "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; \
                 form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
            );
            HeaderValue::from_str(&policy).map_err(|_| NotAnOrigin(forms.to_owned()))
        };
        Ok(Self { page: of(STYLE, &forms)?, print: of(payment_request::STYLE, "'none'")? })
    }

    /// A page of ours.
    pub(crate) fn page(&self, status: u16, html: String) -> Reply {
        answer(status, html).with(CONTENT_SECURITY_POLICY, self.page.clone())
    }

    /// A printed request.
    pub(crate) fn print(&self, html: String) -> Reply {
        answer(200, html).with(CONTENT_SECURITY_POLICY, self.print.clone())
    }
}

fn answer(status: u16, html: String) -> Reply {
    private(Reply::new(status, "text/html; charset=utf-8", html))
}

/// The way on after a form; `None` where the address can't stand in a header.
pub(crate) fn see_other(location: &str) -> Option<Reply> {
    let location = HeaderValue::from_str(location).ok()?;
    Some(private(Reply::empty(303)).with(LOCATION, location))
}

/// An address that is known to few: it isn't told to the next page, and no search engine keeps it.
fn private(reply: Reply) -> Reply {
    reply
        .with(REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
        .with(X_ROBOTS_TAG, HeaderValue::from_static("noindex"))
}

/// Scheme, host and port of an address.
fn origin(address: &str) -> Result<String, NotAnOrigin> {
    let wrong = || NotAnOrigin(address.to_owned());
    let uri: Uri = address.parse().map_err(|_| wrong())?;
    let (scheme, authority) = (uri.scheme_str(), uri.authority());
    let (scheme, authority) = scheme.zip(authority).ok_or_else(wrong)?;
    let is_web = ["http", "https"].contains(&scheme);
    // What would end the list, or the whole header's word, is in no host.
    let is_host = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
    };
    let host = authority.as_str();
    if is_web && is_host(host) { Ok(format!("{scheme}://{host}")) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        for (address, expected) in [
            ("https://checkout.stripe.com/c/pay?a#b", "https://checkout.stripe.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/x", "http://[::1]:8080"),
        ] {
            assert_eq!(origin(address).as_deref(), Ok(expected));
        }
        for address in [
            "",
            "pay.example",
            "/pay",
            "ftp://pay.example",
            "https://user@pay.example",
            "https://pay.example;script-src",
            "https://*",
            "https://a b",
        ] {
            assert!(origin(address).is_err(), "{address}");
        }
    }

    #[test]
    fn an_address_that_no_header_has_is_no_way_on() {
        assert!(see_other("https://pay.example/x\r\nSet-Cookie: a=b").is_none());
        assert!(see_other("/pay/x").is_some());
    }
}
