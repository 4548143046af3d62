//! The links under which a buyer opens a payment request without signing in: each carries what it
//! opens, and a code that nobody can make who hasn't the key. Nothing is kept of them.

use crate::engine::Engine;
use abono_domain::ids::{CustomerId, DocumentId, TenantId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use std::fmt;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Three ids.
const BODY: usize = 48;
/// 128 bits can't be guessed, and keep the address short.
const CODE: usize = 16;
/// What a code is made over besides, so that one of another purpose never passes for it. None is
/// the beginning of another.
const PAY_LINK: &[u8] = b"pay-link\0";
const DERIVE: &[u8] = b"derive\0";

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayLink {
    /// Whose books.
    pub tenant: TenantId,
    /// Who buys.
    pub customer: CustomerId,
    /// The payment request.
    pub document: DocumentId,
}

/// The secret that links are made with; all nodes of a server share it. It is shown nowhere.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

impl LinkKey {
    /// One of 256 random bits.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &secret))
    }

    /// A secret for another purpose, the same each time. It says nothing about this key, nor about
    /// that of any other purpose.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.over(DERIVE, purpose.as_bytes())
    }

    fn token(&self, link: PayLink) -> String {
        let PayLink { tenant, customer, document } = link;
        let ids = [tenant.0, customer.0, document.0];
        let body: Vec<u8> = ids.iter().flat_map(Uuid::as_bytes).copied().collect();
        let code = self.code(&body);
        URL_SAFE_NO_PAD.encode([&body[..], &code].concat())
    }

    fn read(&self, token: &str) -> Option<PayLink> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, code) = bytes.split_at_checked(BODY)?;
        if !bool::from(self.code(body).as_slice().ct_eq(code)) {
            return None;
        }
        let (ids, _) = body.as_chunks::<16>();
        let [tenant, customer, document] = *ids.first_chunk()?;
        let [tenant, customer, document] = [tenant, customer, document].map(Uuid::from_bytes);
        Some(PayLink {
            tenant: TenantId(tenant),
            customer: CustomerId(customer),
            document: DocumentId(document),
        })
    }

    fn code(&self, body: &[u8]) -> [u8; CODE] {
        let whole = self.over(PAY_LINK, body);
        std::array::from_fn(|at| whole[at])
    }

    fn over(&self, purpose: &[u8], what: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.0, &[purpose, what].concat());
        std::array::from_fn(|at| tag.as_ref()[at])
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(..)")
    }
}

impl Engine {
    /// The token of a link, to stand in an address; `None` where there is no key to make it with.
    pub fn pay_token(&self, link: PayLink) -> Option<String> {
        self.env.link_key().map(|key| key.token(link))
    }

    /// What a link opens; `None` where the token is none of ours.
    pub fn read_pay_token(&self, token: &str) -> Option<PayLink> {
        self.env.link_key()?.read(token)
    }
}

#[cfg(test)]
mod tests;
