//! The table of routes: what there is, and who may use it.

use abono_domain::access::Role;
use abono_http::gate::access::Rule;
use abono_http::surface;
use http::Method;

/// One line of the table.
pub(crate) type Route = surface::Route<Operation>;

/// What can be done, by the contract's operation ids; those that it has none for are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// The organisations that the token covers.
    ListOrganizations,
    /// Who may pay for an organisation.
    ListLegalEntities,
    /// What is sold, and what the organisation has.
    ListSubscriptionProducts,
    /// A quote.
    SubscriptionCalculateLicense,
    /// A payment request for the same.
    SubscriptionCreateInvoice,
    /// The organisation's payment requests.
    ListInvoices,
    /// One of them.
    ReadInvoice,
    /// Voids one of them.
    CancelInvoice,
}

use Operation::{
    CancelInvoice, ListInvoices, ListLegalEntities, ListOrganizations, ListSubscriptionProducts,
    ReadInvoice, SubscriptionCalculateLicense, SubscriptionCreateInvoice,
};

const READS: Rule = Rule::OfCustomer(Role::Viewer);
const BUYS: Rule = Rule::OfCustomer(Role::Buyer);

const fn get(template: &'static str, rule: Rule, operation: Operation) -> Route {
    Route { method: Method::GET, template, rule, operation }
}

const fn post(template: &'static str, rule: Rule, operation: Operation) -> Route {
    Route { method: Method::POST, template, rule, operation }
}

/// All of it, relative to `/orgs`.
pub(crate) static ROUTES: [Route; 8] = [
    get("", Rule::AnyToken(Role::Viewer), ListOrganizations),
    get("/{org_guid}/legal-entities", READS, ListLegalEntities),
    get("/{org_guid}/profile/subscriptions/products", READS, ListSubscriptionProducts),
    post(
        "/{org_guid}/profile/subscriptions/products/{product_guid}:calculate-license",
        READS,
        SubscriptionCalculateLicense,
    ),
    post(
        "/{org_guid}/profile/subscriptions/products/{product_guid}:create-invoice",
        BUYS,
        SubscriptionCreateInvoice,
    ),
    get("/{org_guid}/profile/invoices", READS, ListInvoices),
    get("/{org_guid}/profile/invoices/{invoice_guid}", READS, ReadInvoice),
    post("/{org_guid}/profile/invoices/{invoice_guid}:cancel", BUYS, CancelInvoice),
];
