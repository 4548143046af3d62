//! Whether somebody may use a route: one pure function, for every contract.

use abono_domain::access::{AccessKey, Role};
use abono_domain::ids::CustomerId;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody, also without a token.
    Anyone,
    /// A token of at least this role, whichever customers it covers: the answer is about those.
    AnyToken(Role),
    /// A token of at least this role that covers the customer whom the request names.
    OfCustomer(Role),
    /// A token of at least this role that is not limited to some customers.
    OfTenant(Role),
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The route wants a token.
    NoToken,
    /// The token has not the role, or doesn't cover the customer.
    NoPermission,
    /// No customer can have the id that was named, and the token would cover every one.
    NoSuchCustomer,
}

/// Whether the holder of `key` may use a route of this rule for `customer`, which is `None` where
/// nobody was named, or where the id is one that no customer can have.
///
/// To a token that is limited to some customers all others look alike, whether they exist or not.
///
/// # Errors
/// [`Denied`].
pub fn authorise(
    rule: Rule,
    key: Option<&AccessKey>,
    customer: Option<CustomerId>,
) -> Result<(), Denied> {
    let (Rule::AnyToken(role) | Rule::OfCustomer(role) | Rule::OfTenant(role)) = rule else {
        return Ok(());
    };
    let key = key.ok_or(Denied::NoToken)?;
    let is_limited = !key.customers.is_empty();
    let is_covered = match rule {
        Rule::Anyone | Rule::AnyToken(_) => true,
        Rule::OfTenant(_) => !is_limited,
        Rule::OfCustomer(_) => customer.map_or(!is_limited, |customer| key.covers(customer)),
    };
    if key.role < role || !is_covered {
        return Err(Denied::NoPermission);
    }
    let is_named = customer.is_some() || !matches!(rule, Rule::OfCustomer(_));
    if is_named { Ok(()) } else { Err(Denied::NoSuchCustomer) }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    fn denied(rule: Rule, key: &AccessKey, customer: Option<CustomerId>) -> Option<Denied> {
        authorise(rule, Some(key), customer).err()
    }

    #[test]
    fn each_role_may_do_what_the_weaker_ones_may() {
        for wanted in Role::ALL {
            for role in Role::ALL {
                let expected = (role < wanted).then_some(Denied::NoPermission);
                for rule in
                    [Rule::AnyToken(wanted), Rule::OfCustomer(wanted), Rule::OfTenant(wanted)]
                {
                    assert_eq!(denied(rule, &key(role, &[]), Some(OWN)), expected, "{rule:?}");
                }
            }
        }
    }

    #[test]
    fn a_limited_token_sees_no_difference_between_foreign_and_unknown() {
        let rule = Rule::OfCustomer(Role::Viewer);
        let limited = key(Role::Admin, &[OWN]);
        assert_eq!(denied(rule, &limited, Some(OWN)), None);
        assert_eq!(denied(rule, &limited, Some(FOREIGN)), Some(Denied::NoPermission));
        assert_eq!(denied(rule, &limited, None), Some(Denied::NoPermission));
        let tenant_wide = key(Role::Admin, &[]);
        assert_eq!(denied(rule, &tenant_wide, Some(FOREIGN)), None);
        assert_eq!(denied(rule, &tenant_wide, None), Some(Denied::NoSuchCustomer));
    }

    #[test]
    fn what_is_the_tenants_is_not_for_a_limited_token() {
        let limited = key(Role::Admin, &[OWN]);
        assert_eq!(denied(Rule::AnyToken(Role::Viewer), &limited, None), None);
        assert_eq!(
            denied(Rule::OfTenant(Role::Viewer), &limited, None),
            Some(Denied::NoPermission)
        );
        assert_eq!(denied(Rule::OfTenant(Role::Viewer), &key(Role::Admin, &[]), None), None);
    }

    #[test]
    fn without_a_token_only_what_is_everybodys_is_open() {
        assert_eq!(authorise(Rule::Anyone, None, None), Ok(()));
        for rule in [Rule::AnyToken, Rule::OfCustomer, Rule::OfTenant] {
            assert_eq!(authorise(rule(Role::Viewer), None, Some(OWN)), Err(Denied::NoToken));
        }
    }
}
