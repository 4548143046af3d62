//! The table of routes: what there is, and the role that may use it.
//!
//! The router is built from this table, so what doesn't stand here with a role can't be reached.

use abono_domain::access::Role;
use abono_http::path;
use http::Method;

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Route {
    /// The HTTP method.
    pub(crate) method: Method,
    /// The path under `/orgs`, with a custom verb after the last parameter's colon.
    pub(crate) template: &'static str,
    /// The weakest role that may use it.
    pub(crate) role: Role,
    /// What it does.
    pub(crate) operation: Operation,
}

/// What can be done, by the contract's operation ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// What is sold, and what the organisation has.
    ListSubscriptionProducts,
    /// A quote.
    SubscriptionCalculateLicense,
    /// A payment request for the same.
    SubscriptionCreateInvoice,
    /// The organisation's payment requests.
    ListInvoices,
}

/// All of it.
pub(crate) const ROUTES: [Route; 4] = [
    Route {
        method: Method::GET,
        template: "/{org_guid}/profile/subscriptions/products",
        role: Role::Viewer,
        operation: Operation::ListSubscriptionProducts,
    },
    Route {
        method: Method::POST,
        template: "/{org_guid}/profile/subscriptions/products/{product_guid}:calculate-license",
        role: Role::Viewer,
        operation: Operation::SubscriptionCalculateLicense,
    },
    Route {
        method: Method::POST,
        template: "/{org_guid}/profile/subscriptions/products/{product_guid}:create-invoice",
        role: Role::Buyer,
        operation: Operation::SubscriptionCreateInvoice,
    },
    Route {
        method: Method::GET,
        template: "/{org_guid}/profile/invoices",
        role: Role::Viewer,
        operation: Operation::ListInvoices,
    },
];

impl Operation {
    /// Whether the id in its last segment is a product's.
    pub(crate) const fn is_about_a_product(self) -> bool {
        match self {
            Self::SubscriptionCalculateLicense | Self::SubscriptionCreateInvoice => true,
            Self::ListSubscriptionProducts | Self::ListInvoices => false,
        }
    }
}

impl Route {
    /// Its path as the router knows it, without a verb: a segment is either a text or a parameter.
    pub(crate) fn path(&self) -> &'static str {
        self.template.split_once("}:").map_or(self.template, |(path, _)| {
            self.template.get(..=path.len()).unwrap_or(self.template)
        })
    }

    fn verb(&self) -> Option<&'static str> {
        self.template.split_once("}:").map(|(_, verb)| verb)
    }

    /// The id in a last segment, without the verb; `None` where the verb is another one.
    pub(crate) fn item<'s>(&self, segment: &'s str) -> Option<&'s str> {
        match (self.verb(), path::verb(segment)) {
            (Some(verb), Some((id, asked))) => (verb == asked).then_some(id),
            (None, None) => Some(segment),
            (Some(_), None) | (None, Some(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_before_its_verb() {
        let paths: Vec<_> = ROUTES.iter().map(Route::path).collect();
        assert_eq!(
            paths,
            [
                "/{org_guid}/profile/subscriptions/products",
                "/{org_guid}/profile/subscriptions/products/{product_guid}",
                "/{org_guid}/profile/subscriptions/products/{product_guid}",
                "/{org_guid}/profile/invoices",
            ]
        );
    }

    #[test]
    fn a_segment_has_the_routes_own_verb() {
        let calculate = &ROUTES[1];
        assert_eq!(calculate.item("42:calculate-license"), Some("42"));
        for segment in ["42", "42:create-invoice", "42:", "42:calculate-license:again", ""] {
            assert_eq!(calculate.item(segment), None, "{segment}");
        }
        assert_eq!(ROUTES[3].item("42"), Some("42"));
        assert_eq!(ROUTES[3].item("42:cancel"), None);
    }
}
