//! The gate before every handler: who asks, not too often, and whether they may.
//!
//! Only what passed here reaches a contract: an [`Admitted`] is made nowhere else.

pub mod access;
pub mod bearer;
mod caller;
pub mod oidc;
pub mod rate;

use crate::surface::{Contract, Fit};
use abono_domain::ids::CustomerId;
use abono_engine::{Access, Engine, Failure};
use access::{Denied, Named, Rule, authorise};
use caller::Caller;
use http::Method;
use oidc::Oidc;
use rate::RateLimit;
use std::sync::Arc;

/// Who asks, and how often they may.
#[derive(Clone)]
pub struct Gate {
    engine: Arc<Engine>,
    limit: Arc<RateLimit>,
    oidc: Option<Arc<Oidc>>,
}

/// A request that may be answered.
#[derive(Debug)]
pub struct Admitted<O: 'static> {
    /// The line of the table that it fits.
    pub fit: Fit<O>,
    caller: Option<Caller>,
    customer: Option<CustomerId>,
}

impl<O> Admitted<O> {
    /// Who asks; `None` only where the line is everybody's.
    pub fn access(&self) -> Option<&Access> {
        self.caller.as_ref().map(|caller| &caller.access)
    }

    /// The customer that who asks belongs to: the only one whom the token covers, or the user's
    /// company. Whether there is such a customer is not known yet.
    pub fn home(&self) -> Option<CustomerId> {
        self.caller.as_ref().and_then(|caller| caller.home)
    }

    /// The customer whom the body or the query names, where who asks may do for them what the line
    /// does. The line's rule is [`Rule::OfNamed`]. Whether there is such a customer is not known
    /// yet.
    ///
    /// # Errors
    /// [`Denied::NoPermission`], whether or not there is such a customer.
    pub fn naming(&self, customer: CustomerId) -> Result<CustomerId, Denied> {
        let named = Named { tenant: None, customer: Some(customer) };
        authorise(self.fit.route.rule.when_read(), self.access(), named).map(|()| customer)
    }

    /// The customer whom the request names and the token covers; `None` only where the line names
    /// none. Whether there is such a customer is not known yet.
    pub const fn customer(&self) -> Option<CustomerId> {
        self.customer
    }
}

/// Why a request isn't answered by its handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turned {
    /// There is no token, or none that is accepted.
    Unknown,
    /// The token asks too often; it may again after so many seconds.
    TooOften(u64),
    /// No line of the table fits.
    Missing,
    /// The path is in the table, and these are the methods that it has.
    Method(Vec<Method>),
    /// The token may not.
    Denied(Denied),
    /// It could not be found out.
    Failed(Failure),
}

impl From<Failure> for Turned {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Gate {
    /// A gate that asks `engine` who holds a token.
    pub const fn new(engine: Arc<Engine>, limit: Arc<RateLimit>) -> Self {
        Self { engine, limit, oidc: None }
    }

    /// The same, where users of an identity provider are let in too, by contracts that name the
    /// tenant's application beside them.
    #[must_use]
    pub fn trusting(self, oidc: Arc<Oidc>) -> Self {
        Self { oidc: Some(oidc), ..self }
    }

    /// Lets a request through to what it fits, for those whom `contract` finds in its path.
    ///
    /// # Errors
    /// [`Turned::Unknown`] or [`Turned::Denied`].
    pub(crate) fn admit<C: Contract>(
        contract: &C,
        fit: Fit<C::Operation>,
        caller: Option<Caller>,
    ) -> Result<Admitted<C::Operation>, Turned> {
        let customer = match fit.route.rule {
            Rule::OfCustomer(_) => contract.customer(&fit),
            Rule::Anyone | Rule::AnyToken(_) | Rule::OfNamed(_) | Rule::OfTenant(_) => None,
        };
        let named = Named { tenant: contract.tenant(&fit), customer };
        match authorise(fit.route.rule, caller.as_ref().map(|it| &it.access), named) {
            Ok(()) => Ok(Admitted { fit, caller, customer }),
            Err(Denied::NoToken) => Err(Turned::Unknown),
            Err(denied) => Err(Turned::Denied(denied)),
        }
    }
}

/// Whether a line is open without a token, so that nobody is asked for one.
pub(crate) const fn is_open(rule: Rule) -> bool {
    match rule {
        Rule::Anyone => true,
        Rule::AnyToken(_) | Rule::OfCustomer(_) | Rule::OfNamed(_) | Rule::OfTenant(_) => false,
    }
}

#[cfg(test)]
mod tests;
