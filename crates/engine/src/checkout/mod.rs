//! How a buyer pays at a payment provider: an attempt is written, the provider is called with its
//! key, and what comes of it is written; no transaction is open meanwhile. What nobody heard the
//! end of is asked for again with the same key.

mod hear;
mod page;
mod refund;

pub use hear::{Deaf, Heard};
pub use page::{LicenceNow, PayPage, PayStanding};

use crate::commands::Command;
use crate::engine::Engine;
use crate::execute::{Actor, Call};
use crate::failure::Failure;
use crate::links::PayLink;
use crate::payments::{self, PaymentProvider, Standing, Started};
use abono_domain::checkout::hear::HearNotice;
use abono_domain::checkout::record::{Answer, RecordCheckout};
use abono_domain::checkout::start::StartCheckout;
use abono_domain::checkout::{CheckoutRefusal, CheckoutStatus, CheckoutView, Noticed};
use abono_domain::decision::Outcome;
use abono_domain::ids::{CheckoutId, CustomerId, TenantId};
use abono_domain::language::Language;
use abono_domain::refusal::Refusal;
use abono_store::nouns::{checkout, document};
use std::sync::Arc;

/// What came of wanting to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paying {
    /// The buyer pays there.
    GoTo {
        /// The provider's page.
        url: String,
    },
    /// Nobody knows whether it was started.
    Unknown,
    /// The provider refused to start it, and nothing was started.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// There is nothing to pay any more.
    NotPayable,
    /// Nobody takes cards here.
    NoProvider,
}

/// How often one call begins anew, because what ran before has ended meanwhile.
const TRIES: u32 = 3;

impl Engine {
    /// Leads a buyer on to paying: to the attempt that runs, or to a new one. `back` makes the
    /// address to which the provider sends the buyer back, in the attempt's language: an attempt is
    /// started again with the very contents that it began with.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn pay(
        &self,
        link: PayLink,
        language: &Language,
        back: impl Fn(&Language) -> String + Send + Sync,
    ) -> Result<Paying, Failure> {
        let Some(provider) = self.env.first_payment_provider().cloned() else {
            return Ok(Paying::NoProvider);
        };
        for _ in 0..TRIES {
            let Some(view) = self.attempt(link, provider.name(), language).await? else {
                return Ok(Paying::NotPayable);
            };
            let view = self.go_on(link.tenant, &provider, view, &back).await?;
            let trouble = view.state.trouble.unwrap_or_default();
            match (view.state.status, view.state.url) {
                (CheckoutStatus::Open, Some(url)) => return Ok(Paying::GoTo { url }),
                (CheckoutStatus::Refused, _) => return Ok(Paying::Refused { trouble }),
                (CheckoutStatus::Starting | CheckoutStatus::Open, _) => return Ok(Paying::Unknown),
                (CheckoutStatus::Paid, _) => return Ok(Paying::NotPayable),
                // It ended meanwhile: the buyer wants another one.
                (CheckoutStatus::Expired | CheckoutStatus::Failed, _) => {}
            }
        }
        Ok(Paying::Unknown)
    }

    /// Starts an attempt whose start nobody heard the end of; asks about any other, and where
    /// nobody can say, starts it again while the provider still knows its key: it is the same one.
    async fn go_on(
        &self,
        tenant: TenantId,
        provider: &Arc<dyn PaymentProvider>,
        view: CheckoutView,
        back: &(impl Fn(&Language) -> String + Sync),
    ) -> Result<CheckoutView, Failure> {
        let again = back(&view.checkout.language);
        if view.state.status == CheckoutStatus::Starting {
            return self.start(tenant, provider, view, again).await;
        }
        let view = self.ask(tenant, provider, view).await?;
        let is_unknown = view.state.status == CheckoutStatus::Open && view.state.trouble.is_some();
        if is_unknown && view.checkout.is_fresh(self.env.machine()) {
            return self.start(tenant, provider, view, again).await;
        }
        Ok(view)
    }

    /// Asks the provider how the attempt stands that is under way; nothing where none is.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn ask_provider(&self, link: PayLink) -> Result<(), Failure> {
        let newest = checkout::newest(link.tenant, link.customer, link.document);
        let newest = self.store.query(newest).await?;
        if let Some(view) = newest.filter(|it| it.state.status == CheckoutStatus::Open)
            && let Some(provider) = self.env.payment_provider(&view.checkout.provider).cloned()
        {
            self.ask(link.tenant, &provider, view).await?;
        }
        Ok(())
    }

    /// The attempt that runs over what is due, or a new one; nothing where there is nothing to pay
    /// any more.
    async fn attempt(
        &self,
        link: PayLink,
        provider: &str,
        language: &Language,
    ) -> Result<Option<CheckoutView>, Failure> {
        let (document, provider) = (link.document, provider.to_owned());
        let start = StartCheckout { document, provider, language: language.clone() };
        let call = Call::new(link.tenant, Actor::Buyer);
        match self.carry_out(&call, &Command::StartCheckout(link.customer, start)).await {
            Ok(Outcome::Checkout(view)) => Ok(Some(*view)),
            // The customer's credit has paid it, or it can't be paid any more.
            Ok(_) => Ok(None),
            Err(Failure::Refused(Refusal::Checkout(CheckoutRefusal::NotPayable))) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Calls the provider to start an attempt, or to start it again: under its key it is one.
    async fn start(
        &self,
        tenant: TenantId,
        provider: &Arc<dyn PaymentProvider>,
        view: CheckoutView,
        back: String,
    ) -> Result<CheckoutView, Failure> {
        let of = &view.checkout;
        let request = document::request(tenant, of.customer, of.document);
        let request = self.store.query(request).await?.ok_or(CheckoutRefusal::NotPayable)?;
        let checkout = payments::Checkout {
            key: of.id.0,
            amount: of.amount,
            description: request.document.number(),
            language: of.language.clone(),
            back,
        };
        self.env.fault("checkout.before_start").await;
        let mut started = provider.start(checkout).await;
        if self.env.fault("checkout.after_start").await {
            started = Started::Unknown { trouble: "the answer was lost".to_owned() };
        }
        let answer = match started {
            Started::Ready { external_id, url } => Answer::Open { external_id, url },
            Started::Refused { trouble } => Answer::Refused { trouble },
            Started::Unknown { trouble } => Answer::Unknown { trouble },
        };
        self.record(tenant, (of.customer, of.id), answer).await
    }

    /// Asks the provider how an attempt stands, and writes what it says. News about money are heard
    /// like what it tells of its own accord.
    async fn ask(
        &self,
        tenant: TenantId,
        provider: &Arc<dyn PaymentProvider>,
        view: CheckoutView,
    ) -> Result<CheckoutView, Failure> {
        let Some(external_id) = view.state.external_id.clone() else { return Ok(view) };
        self.env.fault("checkout.before_look_up").await;
        let mut standing = provider.look_up(external_id.clone()).await;
        if self.env.fault("checkout.after_look_up").await {
            standing = Standing::Unknown { trouble: "the answer was lost".to_owned() };
        }
        let of = (view.checkout.customer, view.checkout.id);
        let (what, event) = match standing {
            Standing::Open { url } => {
                return self.record(tenant, of, Answer::Open { external_id, url }).await;
            }
            Standing::Unknown { trouble } => {
                return self.record(tenant, of, Answer::Unknown { trouble }).await;
            }
            Standing::Paid { reference, amount } => (Noticed::Paid { reference, amount }, "paid"),
            Standing::Ended { why } => (Noticed::Failed { why }, "ended"),
        };
        let hear = HearNotice {
            provider: view.checkout.provider.clone(),
            // An event of ours: no provider's begins so.
            event: format!("look-up:{}:{event}", view.checkout.id),
            checkout: Some(view.checkout.id),
            document: view.checkout.document,
            what,
        };
        let trouble = match self.take_in(tenant, of.0, hear).await {
            Ok(()) => "it was heard before, of another attempt or of none".to_owned(),
            Err(Failure::Refused(refusal)) => {
                tracing::error!(checkout = %of.1, %refusal, "a payment was not recorded");
                refusal.to_string()
            }
            Err(failure) => return Err(failure),
        };
        let found = self.store.query(checkout::by_id(tenant, of.0, of.1)).await?;
        let view = found.ok_or(CheckoutRefusal::Unknown)?;
        if view.state.status.is_running() {
            // It was no news: asked again at once, it would be told for ever.
            return self.record(tenant, of, Answer::Unknown { trouble }).await;
        }
        Ok(view)
    }

    async fn record(
        &self,
        tenant: TenantId,
        (customer, checkout): (CustomerId, CheckoutId),
        answer: Answer,
    ) -> Result<CheckoutView, Failure> {
        let command = Command::RecordCheckout(customer, RecordCheckout { checkout, answer });
        let outcome = self.carry_out(&Call::new(tenant, Actor::Worker), &command).await?;
        let Outcome::Checkout(view) = outcome else { return Err(CheckoutRefusal::Unknown.into()) };
        Ok(*view)
    }

    /// Asks providers about up to `limit` attempts of a tenant whose end nobody has told; says how
    /// many there were.
    ///
    /// # Errors
    /// [`Failure::Store`]. One that can't be asked about is tried again later.
    pub async fn ask_about_checkouts(
        &self,
        tenant: TenantId,
        limit: usize,
    ) -> Result<usize, Failure> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let due = self.store.query(checkout::due(tenant, self.env.machine(), limit)).await?;
        for (customer, id) in &due {
            let found = self.store.query(checkout::by_id(tenant, *customer, *id)).await?;
            let Some(view) = found else { continue };
            let provider = self.env.payment_provider(&view.checkout.provider).cloned();
            let asked = match provider {
                Some(provider) => self.ask(tenant, &provider, view).await.map(|_| ()),
                None => {
                    let trouble = "the provider is not configured any more".to_owned();
                    let answer = Answer::Unknown { trouble };
                    self.record(tenant, (*customer, *id), answer).await.map(|_| ())
                }
            };
            if let Err(failure) = asked {
                tracing::warn!(checkout = %id, %failure, "a provider could not be asked");
            }
        }
        Ok(due.len())
    }
}
