//! Which tokens of a provider are accepted, and what they say.

use super::*;
use abono_domain::ids::CustomerId;
use abono_testkit::issuer::{ES, Issuer, RS};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;
const COMPANY: &str = "0192f0c1-0000-7000-8000-00000000dead";

fn settings() -> Settings {
    Settings {
        issuer: "https://id.example/realms/one".to_owned(),
        audience: "abono".to_owned(),
        company_claim: Some("company".to_owned()),
        tenants: vec!["pos-1".to_owned()],
    }
}

fn oidc(issuer: &Issuer) -> Oidc {
    Oidc::new(settings(), &issuer.jwks().to_string()).expect("keys")
}

fn claims() -> Value {
    json!({
        "iss": settings().issuer,
        "aud": "abono",
        "sub": "user-1",
        "exp": NOW + 300,
        "nbf": NOW - 300,
        "realm_access": {"roles": ["writer", "offline_access"]},
        "company": COMPANY,
        "azp": "web",
    })
}

/// The claims with one of them changed, or left out.
fn with(name: &str, value: Option<Value>) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    claims
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("an instant")
}

#[test]
fn a_token_says_who_its_user_is_by_either_algorithm() {
    let issuer = Issuer::default();
    let expected = Claims {
        subject: "user-1".to_owned(),
        roles: vec!["writer".to_owned(), "offline_access".to_owned()],
        company: Some(CustomerId(COMPANY.parse().expect("a UUID"))),
        expires_at: at(NOW + 300),
    };
    for header in [json!({"alg": "ES256", "kid": ES}), json!({"alg": "RS256", "kid": RS})] {
        let token = issuer.signed(&header.to_string(), &claims().to_string());
        assert_eq!(oidc(&issuer).verify(&token, at(NOW)), Ok(expected.clone()), "{header}");
    }
    assert!(expected.has_role("writer"));
    assert!(!expected.has_role("Writer"));
}

#[test]
fn a_header_names_a_key_of_the_provider_and_that_keys_algorithm() {
    let issuer = Issuer::default();
    for (header, why) in [
        (json!({"alg": "none", "kid": ES}), Invalid::WrongAlgorithm),
        (json!({"alg": "HS256", "kid": RS}), Invalid::WrongAlgorithm),
        (json!({"alg": "RS256", "kid": ES}), Invalid::WrongAlgorithm),
        (json!({"alg": "ES256", "kid": RS}), Invalid::WrongAlgorithm),
        (json!({"alg": "es256", "kid": ES}), Invalid::WrongAlgorithm),
        (json!({"alg": "ES256", "kid": "other"}), Invalid::UnknownKey),
        (json!({"alg": "ES256"}), Invalid::Malformed),
        (json!({"kid": ES}), Invalid::Malformed),
        (json!({"alg": "ES256", "kid": 1}), Invalid::Malformed),
        (json!([{"alg": "ES256", "kid": ES}]), Invalid::Malformed),
        (json!({"alg": "ES256", "kid": ES, "jku": "https://evil"}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "jwk": {}}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "x5u": "https://evil"}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "x5c": []}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "crit": ["b64"]}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "crit": null}), Invalid::ForbiddenHeader),
        (json!({"alg": "ES256", "kid": ES, "typ": "id_token"}), Invalid::NotAccess),
        (json!({"alg": "ES256", "kid": ES, "typ": "logout+jwt"}), Invalid::NotAccess),
        (json!({"alg": "ES256", "kid": ES, "typ": ""}), Invalid::NotAccess),
        (json!({"alg": "ES256", "kid": ES, "typ": null}), Invalid::Malformed),
    ] {
        let token = issuer.signed(&header.to_string(), &claims().to_string());
        assert_eq!(oidc(&issuer).verify(&token, at(NOW)), Err(why), "{header}");
    }
    let twice = format!(r#"{{"alg":"ES256","kid":"{ES}","kid":"{RS}"}}"#);
    let token = issuer.signed(&twice, &claims().to_string());
    assert_eq!(oidc(&issuer).verify(&token, at(NOW)), Err(Invalid::Malformed));
}

#[test]
fn an_access_token_says_what_it_is_in_any_letter_case_or_not_at_all() {
    let issuer = Issuer::default();
    for header in [
        json!({"alg": "ES256", "kid": ES}),
        json!({"alg": "ES256", "kid": ES, "typ": "JWT"}),
        json!({"alg": "ES256", "kid": ES, "typ": "jwt"}),
        json!({"alg": "ES256", "kid": ES, "typ": "at+jwt"}),
        json!({"alg": "ES256", "kid": ES, "typ": "application/at+JWT"}),
    ] {
        let token = issuer.signed(&header.to_string(), &claims().to_string());
        assert!(oidc(&issuer).verify(&token, at(NOW)).is_ok(), "{header}");
    }
}

#[test]
fn what_was_not_signed_by_the_provider_is_refused() {
    let (issuer, other) = (Issuer::default(), Issuer::default());
    let foreign = other.token(&claims());
    assert_eq!(oidc(&issuer).verify(&foreign, at(NOW)), Err(Invalid::BadSignature));
    let (own, stronger) = (issuer.token(&claims()), issuer.token(&with("sub", Some("b".into()))));
    let parts: Vec<&str> = own.split('.').collect();
    let payload = stronger.split('.').nth(1).expect("a payload");
    let forged = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert_eq!(oidc(&issuer).verify(&forged, at(NOW)), Err(Invalid::BadSignature));
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    assert_eq!(oidc(&issuer).verify(&unsigned, at(NOW)), Err(Invalid::BadSignature));
}

#[test]
fn what_is_no_jwt_is_malformed() {
    let issuer = Issuer::default();
    let own = issuer.token(&claims());
    for token in [
        String::new(),
        "..".to_owned(),
        "a.b".to_owned(),
        format!("{own}.a"),
        format!(".{own}"),
        format!("{own}="),
        own.replacen('.', "=.", 1),
        issuer.signed(&json!({"alg": "ES256", "kid": ES}).to_string(), "[]"),
        issuer.token(&with("padding", Some("p".repeat(MAX_LENGTH).into()))),
    ] {
        assert_eq!(oidc(&issuer).verify(&token, at(NOW)), Err(Invalid::Malformed), "{token}");
    }
}

#[test]
fn a_token_counts_between_its_times_with_a_leeway() {
    let issuer = Issuer::default();
    let token = issuer.token(&claims());
    let verified = |second| oidc(&issuer).verify(&token, at(second)).map(|_| ());
    for (second, expected) in [
        (NOW - 331, Err(Invalid::TooEarly)),
        (NOW - 330, Ok(())),
        (NOW + 329, Ok(())),
        (NOW + 330, Err(Invalid::Expired)),
    ] {
        assert_eq!(verified(second), expected, "{}", second - NOW);
    }
}

#[test]
fn each_claim_is_checked() {
    let issuer = Issuer::default();
    for (name, value, why) in [
        ("iss", None, Invalid::WrongIssuer),
        ("iss", Some(json!("https://id.example/realms/one/")), Invalid::WrongIssuer),
        ("aud", None, Invalid::WrongAudience),
        ("aud", Some(json!("abono2")), Invalid::WrongAudience),
        ("aud", Some(json!(["account"])), Invalid::WrongAudience),
        ("aud", Some(json!({"abono": true})), Invalid::WrongAudience),
        ("typ", Some(json!("ID")), Invalid::NotAccess),
        ("typ", Some(json!("Refresh")), Invalid::NotAccess),
        ("typ", Some(json!(["Bearer"])), Invalid::NotAccess),
        ("typ", Some(Value::Null), Invalid::NotAccess),
        ("exp", None, Invalid::Malformed),
        ("exp", Some(json!("1800000300")), Invalid::Malformed),
        ("exp", Some(json!(1.5)), Invalid::Malformed),
        ("exp", Some(json!(i64::MIN)), Invalid::Expired),
        ("nbf", Some(json!(i64::MAX)), Invalid::TooEarly),
        ("nbf", Some(json!(null)), Invalid::Malformed),
        ("sub", None, Invalid::Malformed),
        ("sub", Some(json!("")), Invalid::Malformed),
        ("sub", Some("s".repeat(256).into()), Invalid::Malformed),
        ("realm_access", Some(json!(["writer"])), Invalid::Malformed),
        ("realm_access", Some(json!({"roles": "writer"})), Invalid::Malformed),
        ("realm_access", Some(json!({"roles": ["writer", 1]})), Invalid::Malformed),
    ] {
        let token = issuer.token(&with(name, value.clone()));
        assert_eq!(oidc(&issuer).verify(&token, at(NOW)), Err(why), "{name} {value:?}");
    }
    for (name, value) in [
        ("aud", Some(json!(["account", "abono"]))),
        ("exp", Some(json!(i64::MAX))),
        ("typ", Some(json!("Bearer"))),
        ("typ", Some(json!("bearer"))),
        ("nbf", None),
        ("realm_access", None),
        ("realm_access", Some(json!({}))),
    ] {
        let token = issuer.token(&with(name, value.clone()));
        assert!(oidc(&issuer).verify(&token, at(NOW)).is_ok(), "{name} {value:?}");
    }
}

#[test]
fn what_names_no_company_opens_none() {
    let issuer = Issuer::default();
    let company = |value| {
        let token = issuer.token(&with("company", value));
        oidc(&issuer).verify(&token, at(NOW)).expect("claims").company
    };
    let own = Some(CustomerId(COMPANY.parse().expect("a UUID")));
    for value in [json!(COMPANY), json!([COMPANY]), json!(COMPANY.replace('-', ""))] {
        assert_eq!(company(Some(value.clone())), own, "{value}");
    }
    assert_eq!(company(None), None);
    for value in [json!(""), json!("acme"), json!([]), json!([COMPANY, COMPANY]), json!(1)] {
        assert_eq!(company(Some(value.clone())), None, "{value}");
    }
    let nowhere = Settings { company_claim: None, ..settings() };
    let oidc = Oidc::new(nowhere, &issuer.jwks().to_string()).expect("keys");
    let claims = oidc.verify(&issuer.token(&claims()), at(NOW)).expect("claims");
    assert_eq!(claims.company, None);
}

#[test]
fn a_set_of_keys_that_can_not_be_used_is_refused() {
    let key = |name: &str, at: usize, value: Value| {
        let mut set = Issuer::default().jwks();
        set["keys"][at][name] = value;
        Oidc::new(settings(), &set.to_string()).err()
    };
    for name in ["d", "k"] {
        assert_eq!(key(name, 0, "c2VjcmV0".into()), Some(KeysError::Secret));
    }
    assert_eq!(key("kid", 0, Value::Null), Some(KeysError::Unnamed));
    assert_eq!(key("kid", 0, RS.into()), Some(KeysError::Twice(RS.to_owned())));
    assert_eq!(key("x", 0, "AQ".into()), Some(KeysError::Malformed(ES.to_owned())));
    assert_eq!(key("n", 1, "AQAB".into()), Some(KeysError::Malformed(RS.to_owned())));
    assert_eq!(key("e", 1, "AAEAAQ".into()), Some(KeysError::Malformed(RS.to_owned())));
    assert_eq!(key("alg", 1, "PS256".into()), None, "it is left out, and the other one stays");
    let none = Oidc::new(settings(), r#"{"keys":[{"kty":"OKP","crv":"Ed25519"}]}"#).err();
    assert_eq!(none, Some(KeysError::Empty));
    for text in ["", "[]", "{}", r#"{"keys":[1]}"#] {
        let error = Oidc::new(settings(), text).err();
        assert!(matches!(error, Some(KeysError::NotASet(_))), "{text}");
    }
}

#[test]
fn a_user_is_somebody_else_in_another_tenant() {
    let issuer = Issuer::default();
    let oidc = oidc(&issuer);
    let user = |tenant, name: &str| {
        let token = issuer.token(&with("sub", Some(name.into())));
        let claims = oidc.verify(&token, at(NOW)).expect("claims");
        oidc.user(TenantId(Uuid::from_u128(tenant)), &claims)
    };
    assert_eq!(user(1, "a"), user(1, "a"));
    assert_ne!(user(1, "a"), user(2, "a"));
    assert_ne!(user(1, "a"), user(1, "b"));
    assert_eq!(user(1, "a").get_version_num(), 8);
}

proptest! {
    /// Whatever is changed in a token, it is refused, and nothing panics.
    #[test]
    fn an_altered_token_is_refused(place in 0_usize..600, with in "[A-Za-z0-9_.-]") {
        let issuer = Issuer::default();
        let own = issuer.token(&claims());
        let place = place % own.len();
        let altered = format!("{}{with}{}", &own[..place], &own[place + 1..]);
        prop_assume!(altered != own);
        prop_assert!(oidc(&issuer).verify(&altered, at(NOW)).is_err(), "{altered}");
    }

    #[test]
    fn no_other_text_is_a_token(text in "\\PC{0,80}|[A-Za-z0-9_.-]{0,200}") {
        let issuer = Issuer::default();
        prop_assert!(oidc(&issuer).verify(&text, at(NOW)).is_err());
    }
}
