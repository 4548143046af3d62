//! The contract's table of routes. What isn't here can't be reached.

use abono_domain::access::Role;
use abono_http::gate::access::Rule;
use abono_http::surface;
use http::Method;

/// One line of the table.
pub(crate) type Route = surface::Route<Operation>;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    ReadSubscription,
    ReadProducts,
    ChangeProduct,
}

const SUBSCRIPTION: &str = "/{org_id}/subscriptions/{subscription_id}";
const PRODUCTS: &str = "/{org_id}/subscriptions/{subscription_id}/products";

// The subscriptions of a tenant belong to all kinds of customers, so none of this is for a token
// that is limited to some of them.

const fn read(template: &'static str, operation: Operation) -> Route {
    Route { method: Method::GET, template, rule: Rule::OfTenant(Role::Viewer), operation }
}

const fn change(method: Method) -> Route {
    let (template, operation) = (PRODUCTS, Operation::ChangeProduct);
    Route { method, template, rule: Rule::OfTenant(Role::Buyer), operation }
}

/// All of it, relative to `/v2/orgs`. The contract doesn't say which method changes a product, so
/// all that its neighbours use do the same.
pub(crate) static ROUTES: [Route; 5] = [
    read(SUBSCRIPTION, Operation::ReadSubscription),
    read(PRODUCTS, Operation::ReadProducts),
    change(Method::PUT),
    change(Method::POST),
    change(Method::PATCH),
];
