//! The addresses of the pages. All are open: who has the link's token, or a checkout's key, may.

use abono_http::gate::access::Rule;
use abono_http::surface::Route;
use http::Method;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Shows what a link leads to.
    Show,
    /// Starts paying.
    Pay,
    /// Shows what came of it, to who comes back from the provider.
    Back,
    /// Asks the provider again.
    Ask,
    /// Shows the request as it is printed.
    Print,
    /// Shows a checkout at the test provider.
    ShowTest,
    /// Takes what is chosen there.
    ChooseTest,
}

const fn open(method: Method, template: &'static str, operation: Operation) -> Route<Operation> {
    Route { method, template, rule: Rule::Anyone, operation }
}

/// Where the links of sellers lead.
pub(crate) const PAY: &str = "/pay";

/// Where the test provider's pages are.
pub(crate) const SANDBOX: &str = "/sandbox";

pub(crate) static PAY_ROUTES: [Route<Operation>; 5] = [
    open(Method::GET, "/{token}", Operation::Show),
    open(Method::POST, "/{token}", Operation::Pay),
    open(Method::GET, "/{token}/back", Operation::Back),
    open(Method::POST, "/{token}/ask", Operation::Ask),
    open(Method::GET, "/{token}/print", Operation::Print),
];

pub(crate) static SANDBOX_ROUTES: [Route<Operation>; 2] = [
    open(Method::GET, "/{key}", Operation::ShowTest),
    open(Method::POST, "/{key}", Operation::ChooseTest),
];
