//! The contract's tables of routes. What isn't here can't be reached.

use abono_domain::access::Role;
use abono_http::gate::access::Rule;
use abono_http::surface::{self, Area};
use http::Method;

/// One line of a table.
pub(crate) type Route = surface::Route<Operation>;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CreateNonLicenseProduct,
    CreateVossUsage,
    TerminateVossUsage,
    ListInvoiceArticles,
}

impl Operation {
    /// Its name beside idempotency keys, which never changes.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::CreateNonLicenseProduct => "CreateNonLicenseProduct",
            Self::CreateVossUsage => "CreateVossUsage",
            Self::TerminateVossUsage => "TerminateVossUsage",
            Self::ListInvoiceArticles => "ListInvoiceArticles",
        }
    }
}

/// What may stand after a dot at the end of a path: a format, or `other`, which is the default.
const SUFFIXES: &[&str] = &["json", "xml", "jsv", "csv", "jsonl", "html", "other"];

/// The company stands in the body, so the gate asks for the role, and the operation for the rest.
const fn write(method: Method, template: &'static str, operation: Operation) -> Route {
    Route { method, template, rule: Rule::OfNamed(Role::Buyer), operation }
}

const fn read(template: &'static str, operation: Operation) -> Route {
    Route { method: Method::GET, template, rule: Rule::AnyToken(Role::Viewer), operation }
}

static LICENSES: [Route; 1] = [write(Method::PUT, "/company", Operation::CreateNonLicenseProduct)];

static VOSS: [Route; 2] = [
    write(Method::POST, "/usage", Operation::CreateVossUsage),
    write(Method::POST, "/usage/{id}/termination", Operation::TerminateVossUsage),
];

static COMPANY: [Route; 1] = [read("/invoice/article", Operation::ListInvoiceArticles)];

/// The same by the names of the requests, under the word of a format.
static BY_NAME: [Route; 4] = [
    write(Method::PUT, "/CreateNonLicenseProduct", Operation::CreateNonLicenseProduct),
    write(Method::POST, "/CreateVossUsage", Operation::CreateVossUsage),
    write(Method::POST, "/CreateVossUsageTermination", Operation::TerminateVossUsage),
    read("/CompanyInvoiceArticleQuery", Operation::ListInvoiceArticles),
];

/// ServiceStack's predefined routes take an operation by whichever method: these two and its own.
static BY_NAME_TOO: [Method; 2] = [Method::POST, Method::PUT];

/// Every table and where it lies.
pub(crate) fn areas() -> Vec<Area<'static, Operation>> {
    let mut all = vec![
        Area::new("/licenses", &LICENSES).with_suffixes(SUFFIXES),
        Area::new("/voss", &VOSS).with_suffixes(SUFFIXES),
        Area::new("/company", &COMPANY).with_suffixes(SUFFIXES),
    ];
    let formats = [
        ("/json/reply", "json"),
        ("/xml/reply", "xml"),
        ("/jsv/reply", "jsv"),
        ("/csv/reply", "csv"),
        ("/jsonl/reply", "jsonl"),
        ("/html/reply", "html"),
    ];
    all.extend(formats.map(|(base, word)| {
        Area::new(base, &BY_NAME).in_form(word).with_capitals().also_by(&BY_NAME_TOO)
    }));
    all
}
