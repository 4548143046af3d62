//! Asks for a change, with the outside risk service heard first where the seller wants that.
//!
//! It is asked with no transaction open, and before anything is written: what it says goes into the
//! decision. A request that is one change with an earlier one is not put to it again.

use crate::commands::Command;
use crate::engine::Engine;
use crate::execute::Call;
use crate::failure::Failure;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::{ChangeRefusal, ChangeView};
use abono_domain::decision::Outcome;
use abono_domain::ids::CustomerId;
use abono_domain::quote::Quote;
use abono_domain::risk::{Inputs, Opinion, Verdict};
use std::future::Future;
use std::pin::Pin;

/// What an outside service is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The tenant's slug.
    pub tenant: String,
    /// The customer.
    pub customer: CustomerId,
    /// What the change is measured by.
    pub inputs: Inputs,
    /// What the seller's own rules make of it.
    pub verdict: Verdict,
}

/// An answer that comes within the port's own time limit, or says that it didn't.
pub type Answer = Pin<Box<dyn Future<Output = Opinion> + Send>>;

/// An outside service that is asked about the risk of changes.
pub type RiskService = Box<dyn Fn(Question) -> Answer + Send + Sync>;

impl Engine {
    /// Asks for a change; gives it as it stands then, with what it charges and credits.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn change_plan(
        &self,
        call: &Call,
        customer: CustomerId,
        command: ChangePlan,
    ) -> Result<(ChangeView, Option<Quote>), Failure> {
        let opinion = self.opinion(call, customer, &command).await?;
        let command = Command::ChangePlan(customer, ChangePlan { opinion, ..command });
        change(self.carry_out(call, &command).await?)
    }

    /// What a change would come to, were it asked for now: nothing is written, nobody is asked.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn preview_change(
        &self,
        call: &Call,
        customer: CustomerId,
        command: ChangePlan,
    ) -> Result<(ChangeView, Option<Quote>), Failure> {
        let call = Call { dry_run: true, ..call.clone() };
        change(self.carry_out(&call, &Command::ChangePlan(customer, command)).await?)
    }

    /// What the outside service says; nothing where none is to be asked.
    async fn opinion(
        &self,
        call: &Call,
        customer: CustomerId,
        command: &ChangePlan,
    ) -> Result<Option<Opinion>, Failure> {
        let seller = self.seller(call.tenant).await?;
        if seller.risk.service_fallback.is_none() {
            return Ok(None);
        }
        let Some(service) = self.env.risk_service() else {
            return Ok(Some(Opinion::Silent("no service is configured".to_owned())));
        };
        let (view, _) = self.preview_change(call, customer, command.clone()).await?;
        // One that was asked for before has its decision.
        if view.change.number > 0 {
            return Ok(None);
        }
        let tenant = self.slow.tenant(&self.store, call.tenant).await?;
        let tenant = tenant.ok_or(Failure::UnknownTenant)?.slug;
        let (inputs, verdict) = (view.risk.inputs, view.risk.verdict);
        Ok(Some(service(Question { tenant, customer, inputs, verdict }).await))
    }
}

/// The change that a command came to: it has no other outcome.
fn change(outcome: Outcome) -> Result<(ChangeView, Option<Quote>), Failure> {
    outcome.into_change().ok_or_else(|| ChangeRefusal::Unknown.into())
}
