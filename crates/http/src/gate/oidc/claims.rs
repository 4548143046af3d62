//! What a token says of its user, once its signature is known to be right.

use super::{Invalid, LEEWAY, Settings};
use crate::path;
use abono_domain::ids::CustomerId;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// What Keycloak's access tokens say of themselves in `typ`; its ID tokens say `ID` there.
const ACCESS: &str = "Bearer";

/// The longest name of a user.
const MAX_SUBJECT: usize = 255;

/// What a provider says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who they are to the provider; 1 to 255 bytes.
    pub subject: String,
    /// Their roles, `realm_access.roles`, in the provider's order and spelling.
    pub roles: Vec<String>,
    /// Their company, whether or not there is such a customer.
    pub company: Option<CustomerId>,
    /// From when on the token is refused, some leeway aside.
    pub expires_at: Timestamp,
}

impl Claims {
    /// Whether they have a role, in exactly this spelling.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role == name)
    }
}

pub(super) fn read(
    payload: &Map<String, Value>,
    settings: &Settings,
    now: Timestamp,
) -> Result<Claims, Invalid> {
    if payload.get("iss").and_then(Value::as_str) != Some(&settings.issuer) {
        return Err(Invalid::WrongIssuer);
    }
    if !is_for(payload.get("aud"), &settings.audience) {
        return Err(Invalid::WrongAudience);
    }
    if !is_access(payload.get("typ")) {
        return Err(Invalid::NotAccess);
    }
    let now = now.as_second();
    let end = seconds(payload, "exp")?.ok_or(Invalid::Malformed)?;
    if now >= end.saturating_add(LEEWAY) {
        return Err(Invalid::Expired);
    }
    if seconds(payload, "nbf")?.is_some_and(|start| now < start.saturating_sub(LEEWAY)) {
        return Err(Invalid::TooEarly);
    }
    let subject = payload.get("sub").and_then(Value::as_str);
    let subject = subject.filter(|name| (1..=MAX_SUBJECT).contains(&name.len()));
    Ok(Claims {
        subject: subject.ok_or(Invalid::Malformed)?.to_owned(),
        roles: roles(payload)?,
        company: settings.company_claim.as_ref().and_then(|name| company(payload.get(name)?)),
        expires_at: Timestamp::from_second(end).unwrap_or(Timestamp::MAX),
    })
}

/// `aud` is one name or an array of them.
fn is_for(sent: Option<&Value>, audience: &str) -> bool {
    match sent {
        Some(Value::Array(names)) => names.iter().any(|name| name == audience),
        Some(name) => name == audience,
        None => false,
    }
}

/// Most providers say nothing of it here.
fn is_access(sent: Option<&Value>) -> bool {
    sent.is_none_or(|sent| sent.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case(ACCESS)))
}

/// A point of time in whole seconds, if it is there.
fn seconds(payload: &Map<String, Value>, name: &str) -> Result<Option<i64>, Invalid> {
    payload.get(name).map(|sent| sent.as_i64().ok_or(Invalid::Malformed)).transpose()
}

/// None where the provider says nothing of roles.
fn roles(payload: &Map<String, Value>) -> Result<Vec<String>, Invalid> {
    let Some(access) = payload.get("realm_access") else { return Ok(Vec::new()) };
    let Some(roles) = access.as_object().ok_or(Invalid::Malformed)?.get("roles") else {
        return Ok(Vec::new());
    };
    let name = |role: &Value| role.as_str().map(str::to_owned);
    let names = roles.as_array().and_then(|roles| roles.iter().map(name).collect());
    names.ok_or(Invalid::Malformed)
}

/// A UUID, also as the only item of an array, as providers write attributes. What is anything else
/// names no company, and opens none.
fn company(sent: &Value) -> Option<CustomerId> {
    let text = match sent.as_array().map(Vec::as_slice) {
        Some([only]) => only.as_str(),
        Some(_) => None,
        None => sent.as_str(),
    };
    text.and_then(path::guid).map(CustomerId)
}
