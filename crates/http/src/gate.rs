//! The gate before every handler: who asks, not too often, and whether they may.
//!
//! Only what passed here reaches a contract: an [`Admitted`] is made nowhere else.

pub mod access;
pub mod bearer;
pub mod rate;

use crate::surface::{Contract, Fit};
use abono_domain::ids::CustomerId;
use abono_engine::{Access, Engine, Failure};
use access::{Denied, Named, Rule, authorise};
use bearer::{Bearer, bearer};
use http::{HeaderMap, Method};
use rate::RateLimit;
use std::sync::Arc;

/// Who asks, and how often they may.
#[derive(Clone)]
pub struct Gate {
    engine: Arc<Engine>,
    limit: Arc<RateLimit>,
}

/// A request that may be answered.
#[derive(Debug)]
pub struct Admitted<O: 'static> {
    /// The line of the table that it fits.
    pub fit: Fit<O>,
    access: Option<Access>,
    customer: Option<CustomerId>,
}

impl<O> Admitted<O> {
    /// Who asks; `None` only where the line is everybody's.
    pub const fn access(&self) -> Option<&Access> {
        self.access.as_ref()
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
        Self { engine, limit }
    }

    /// Who asks, where they don't ask too often.
    ///
    /// # Errors
    /// [`Turned::Unknown`], [`Turned::TooOften`] or [`Turned::Failed`].
    pub(crate) async fn identify(&self, headers: &HeaderMap) -> Result<Access, Turned> {
        let Bearer::Token(token) = bearer(headers) else { return Err(Turned::Unknown) };
        let access = self.engine.authenticate(token).await?.ok_or(Turned::Unknown)?;
        self.limit.check(access.key.id).map_err(Turned::TooOften)?;
        Ok(access)
    }

    /// Lets a request through to what it fits, for those whom `contract` finds in its path.
    ///
    /// # Errors
    /// [`Turned::Unknown`] or [`Turned::Denied`].
    pub(crate) fn admit<C: Contract>(
        contract: &C,
        fit: Fit<C::Operation>,
        access: Option<Access>,
    ) -> Result<Admitted<C::Operation>, Turned> {
        let customer = match fit.route.rule {
            Rule::OfCustomer(_) => contract.customer(&fit),
            Rule::Anyone | Rule::AnyToken(_) | Rule::OfTenant(_) => None,
        };
        let named = Named { tenant: contract.tenant(&fit), customer };
        match authorise(fit.route.rule, access.as_ref(), named) {
            Ok(()) => Ok(Admitted { fit, access, customer }),
            Err(Denied::NoToken) => Err(Turned::Unknown),
            Err(denied) => Err(Turned::Denied(denied)),
        }
    }
}

/// Whether a line is open without a token, so that nobody is asked for one.
pub(crate) const fn is_open(rule: Rule) -> bool {
    match rule {
        Rule::Anyone => true,
        Rule::AnyToken(_) | Rule::OfCustomer(_) | Rule::OfTenant(_) => false,
    }
}
