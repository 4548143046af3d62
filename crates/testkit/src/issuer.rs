//! An identity provider of tests: keys of its own, and tokens signed with them.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};

/// A key that was made for tests alone: making one takes seconds.
const RSA: &[u8] = include_bytes!("../data/rsa.der");

/// The `kid` of its P-256 key.
pub const ES: &str = "es";
/// The `kid` of its RSA key.
pub const RS: &str = "rs";

/// A provider.
pub struct Issuer {
    es: EcdsaKeyPair,
    rs: RsaKeyPair,
    random: SystemRandom,
}

impl Default for Issuer {
    /// One with a new P-256 key, and the same RSA key as all.
    fn default() -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let es = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let es = EcdsaKeyPair::from_pkcs8(algorithm, es.as_ref(), &random).expect("a key");
        Self { es, rs: RsaKeyPair::from_der(RSA).expect("a key"), random }
    }
}

impl Issuer {
    /// Its public keys as a JWK set.
    pub fn jwks(&self) -> Value {
        let (x, y) = self.es.public_key().as_ref()[1..].split_at(32);
        let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(self.rs.public());
        json!({"keys": [
            {"kty": "EC", "crv": "P-256", "kid": ES, "x": encode(x), "y": encode(y)},
            {"kty": "RSA", "kid": RS, "use": "sig", "alg": "RS256", "n": encode(n), "e": encode(e)},
            {"kty": "RSA", "kid": "other", "use": "enc", "alg": "RSA-OAEP", "n": "AQ", "e": "AQAB"},
        ]})
    }

    /// A token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "kid": ES, "typ": "JWT"});
        self.signed(&header.to_string(), &claims.to_string())
    }

    /// A token of any header and payload, signed with the RSA key where the header names it.
    pub fn signed(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(payload));
        let signature = if header.contains(&format!("\"kid\":\"{RS}\"")) {
            let mut signature = vec![0; self.rs.public().modulus_len()];
            let (padding, message) = (&RSA_PKCS1_SHA256, message.as_bytes());
            self.rs.sign(padding, &self.random, message, &mut signature).expect("a signature");
            signature
        } else {
            let signature = self.es.sign(&self.random, message.as_bytes());
            signature.expect("a signature").as_ref().to_vec()
        };
        format!("{message}.{}", encode(signature))
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
