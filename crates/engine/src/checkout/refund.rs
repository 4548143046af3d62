//! Gives money back through the provider by which it came: claim, call, hear, record.
//!
//! The call is made with no transaction open, under a key that was written before. Whatever happens
//! between the steps, the provider is asked again when the claim ends, and under its key it is the
//! same refund; what it tells of it counts once, whoever tells first.

use crate::commands::Command;
use crate::engine::Engine;
use crate::execute::{Actor, Call};
use crate::failure::Failure;
use crate::payments::{PaymentProvider, Returned};
use abono_domain::checkout::CheckoutRefusal;
use abono_domain::checkout::answer_refund::{AnswerRefund, RefundAnswer};
use abono_domain::checkout::claim_refund::ClaimRefund;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::checkout::refund::{ProviderRefund, ProviderRefundStatus, ProviderRefundView};
use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, ProviderRefundId, TenantId};
use abono_domain::refusal::Refusal;
use abono_store::nouns::checkout::refund;
use jiff::Timestamp;

impl Engine {
    /// Asks providers for up to `limit` refunds of a tenant that are to be asked for; says of how
    /// many something is known now.
    ///
    /// # Errors
    /// [`Failure::Store`]. One that can't be asked for is tried again later.
    pub async fn give_back_through_providers(
        &self,
        tenant: TenantId,
        limit: usize,
    ) -> Result<usize, Failure> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let due = self.store.query(refund::due(tenant, self.env.machine(), limit)).await?;
        let mut done: usize = 0;
        for (customer, id) in due {
            match self.give_back(tenant, (customer, id)).await {
                Ok(asked) => {
                    asked.as_ref().inspect(|view| tell(view));
                    done = done.saturating_add(1);
                }
                Err(failure) => {
                    tracing::warn!(refund = %id, %failure, "a provider could not be asked");
                }
            }
        }
        Ok(done)
    }

    /// Asks the provider for one; nothing where somebody else does, or it is settled.
    async fn give_back(
        &self,
        tenant: TenantId,
        (customer, id): (CustomerId, ProviderRefundId),
    ) -> Result<Option<ProviderRefundView>, Failure> {
        let found = self.store.query(refund::by_id(tenant, customer, id)).await?;
        let asked = found.ok_or(CheckoutRefusal::Unknown)?.refund;
        let provider = self.env.payment_provider(&asked.provider);
        let hindrance = match provider {
            Some(_) => None,
            None => Some(format!("the provider `{}` is not configured", asked.provider)),
        };
        let claim = Command::ClaimRefund(customer, ClaimRefund { refund: id, hindrance });
        let Some((view, claimed_until)) = self.refund_decided(tenant, &claim).await? else {
            return Ok(None);
        };
        let (Some(provider), Some(claimed_until)) = (provider, claimed_until) else {
            return Ok(Some(view));
        };
        let returned = self.call(provider.as_ref(), &asked).await;
        self.record_refund(tenant, &asked, claimed_until, returned).await
    }

    async fn call(&self, provider: &dyn PaymentProvider, refund: &ProviderRefund) -> Returned {
        self.env.fault("refund.before_call").await;
        let (payment, key) = (refund.paid_as.clone(), refund.id.0);
        let returned = provider.give_back(payment, refund.amount, key).await;
        if self.env.fault("refund.after_call").await {
            return Returned::Unknown { trouble: "the answer was lost".to_owned() };
        }
        returned
    }

    /// Writes what the call came to. That it is done is heard first, like what the provider tells
    /// of its own accord: it may have told before.
    async fn record_refund(
        &self,
        tenant: TenantId,
        asked: &ProviderRefund,
        claimed_until: Timestamp,
        returned: Returned,
    ) -> Result<Option<ProviderRefundView>, Failure> {
        let answer = match returned {
            Returned::Done { reference } => {
                let hear = HearNotice {
                    provider: asked.provider.clone(),
                    event: asked.event(),
                    checkout: None,
                    document: asked.document,
                    what: asked.notice(reference.clone()),
                };
                self.take_in(tenant, asked.customer, hear).await?;
                self.env.fault("refund.before_record").await;
                RefundAnswer::Done { reference }
            }
            Returned::Refused { trouble } => RefundAnswer::Refused { trouble },
            Returned::Unknown { trouble } => RefundAnswer::Unknown { trouble },
        };
        let answer = AnswerRefund { refund: asked.id, claimed_until, answer };
        let recorded =
            self.refund_decided(tenant, &Command::AnswerRefund(asked.customer, answer)).await?;
        Ok(recorded.map(|(view, _)| view))
    }

    /// Carries a command out; nothing where it was too late for it.
    async fn refund_decided(
        &self,
        tenant: TenantId,
        command: &Command,
    ) -> Result<Option<(ProviderRefundView, Option<Timestamp>)>, Failure> {
        match self.carry_out(&Call::new(tenant, Actor::Worker), command).await {
            Ok(Outcome::ProviderRefund { view, claimed_until }) => Ok(Some((*view, claimed_until))),
            Ok(_) => Err(CheckoutRefusal::Unknown.into()),
            Err(failure) if is_not_its_turn(&failure) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// Whether somebody else was faster.
fn is_not_its_turn(failure: &Failure) -> bool {
    let Failure::Refused(Refusal::Checkout(refusal)) = failure else { return false };
    *refusal == CheckoutRefusal::NotItsTurn
}

/// Says in the log what came of it.
fn tell(view: &ProviderRefundView) {
    let (refund, trouble) = (view.refund.id, view.state.trouble.as_deref().unwrap_or_default());
    match view.state.status {
        ProviderRefundStatus::Done => tracing::info!(%refund, "money went back"),
        ProviderRefundStatus::Pending => {
            tracing::warn!(%refund, trouble, "a refund is asked for again later");
        }
        ProviderRefundStatus::Refused => {
            tracing::error!(%refund, trouble, "a provider refused to give money back");
        }
        ProviderRefundStatus::Unknown => {
            tracing::error!(%refund, trouble, "nobody knows whether money went back");
        }
    }
}
