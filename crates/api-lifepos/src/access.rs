//! Whether somebody may do something: a pure function over the table of routes.

use crate::error::Refused;
use crate::routes::Route;
use abono_domain::access::AccessKey;
use abono_domain::ids::CustomerId;

/// The organisation that a token may do this for; `None` as `org` is one that can't exist.
///
/// To a token that is limited to some organisations, all others look alike, whether there is such
/// an organisation or not.
pub(crate) fn authorise(
    route: &Route,
    key: &AccessKey,
    org: Option<CustomerId>,
) -> Result<CustomerId, Refused> {
    if key.role < route.role {
        return Err(Refused::no_permissions());
    }
    match org {
        Some(org) if key.covers(org) => Ok(org),
        None if key.customers.is_empty() => Err(Refused::not_found()),
        Some(_) | None => Err(Refused::no_permissions()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::routes::ROUTES;
    use abono_domain::access::Role;
    use abono_domain::ids::KeyId;
    use jiff::Timestamp;
    use uuid::Uuid;

    const OWN: CustomerId = CustomerId(Uuid::from_u128(1));
    const FOREIGN: CustomerId = CustomerId(Uuid::from_u128(2));

    fn key(role: Role, customers: &[CustomerId]) -> AccessKey {
        AccessKey {
            id: KeyId(Uuid::nil()),
            secret_hash: [0; 32],
            role,
            customers: customers.to_vec(),
            label: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            revoked_at: None,
        }
    }

    fn code(route: &Route, key: &AccessKey, org: Option<CustomerId>) -> Option<Code> {
        authorise(route, key, org).err().map(|refused| refused.code)
    }

    #[test]
    fn each_role_may_do_what_the_table_says() {
        for route in &ROUTES {
            for role in Role::ALL {
                let expected = (role < route.role).then_some(Code::NoPermissions);
                assert_eq!(code(route, &key(role, &[]), Some(OWN)), expected, "{}", route.template);
            }
        }
    }

    #[test]
    fn a_limited_token_can_not_tell_a_foreign_organisation_from_none() {
        for route in &ROUTES {
            let limited = key(Role::Admin, &[OWN]);
            assert_eq!(code(route, &limited, Some(OWN)), None);
            assert_eq!(code(route, &limited, Some(FOREIGN)), Some(Code::NoPermissions));
            assert_eq!(code(route, &limited, None), Some(Code::NoPermissions));
            assert_eq!(code(route, &key(Role::Admin, &[]), None), Some(Code::NotFound));
        }
    }
}
