//! What a step does: the same commands as everybody gives, by the same engine.

use super::file::{GrantFile, OrderFile, PayFile, RefundFile, TrialFile};
use super::read::Verb;
use super::run::Teller;
use super::{say, state};
use crate::apply::{self, ApplyError, Proposal};
use abono_domain::decision::Outcome;
use abono_domain::document::DocumentKind;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{CustomerId, DocumentId, PayerId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, RefundTo};
use abono_domain::quote::Order;
use abono_engine::views::Shelf;
use abono_engine::{Actor, Call, Command, Failure};

/// Why a step has no answer.
pub(super) enum NoAnswer {
    /// It was refused, and nothing was changed.
    Refused(String),
    /// The story is wrong, or the books failed.
    Trouble(String),
}

impl From<Failure> for NoAnswer {
    fn from(failure: Failure) -> Self {
        let text = failure.to_string();
        if matches!(failure, Failure::Refused(_)) {
            Self::Refused(text)
        } else {
            Self::Trouble(text)
        }
    }
}

impl From<ApplyError> for NoAnswer {
    fn from(error: ApplyError) -> Self {
        let text = error.to_string();
        match error {
            ApplyError::Part { failure, .. } if !matches!(*failure, Failure::Refused(_)) => {
                Self::Trouble(text)
            }
            ApplyError::Part { .. } | ApplyError::OtherId { .. } | ApplyError::Twice { .. } => {
                Self::Refused(text)
            }
        }
    }
}

pub(super) fn trouble<T>(text: String) -> Result<T, NoAnswer> {
    Err(NoAnswer::Trouble(text))
}

impl Teller<'_> {
    /// Does what a step says; gives back what was answered.
    pub(super) async fn act(&mut self, verb: &Verb) -> Result<Vec<String>, NoAnswer> {
        match verb {
            Verb::List(customer) => Ok(say::shelf(&self.shelf(customer).await?)),
            Verb::Quote(order) => self.order(order, true).await,
            Verb::Request(order) => self.order(order, false).await,
            Verb::Cancel(name) => {
                let (customer, document) = self.request(name)?;
                let command = Command::CancelRequest(customer, CancelRequest { document });
                let outcome = self.carry_out(&command, false).await?;
                Ok(self.status(&outcome))
            }
            Verb::Pay(payment) => self.pay(payment).await,
            Verb::Refund(refund) => self.refund(refund).await,
            Verb::Grant(grant) => self.grant(grant).await,
            Verb::Trial(trial) => self.trial(trial).await,
            Verb::Explain(name) => self.explain(name).await,
            Verb::Start(start) => self.start(start).await,
            Verb::Change(change) => self.change(change, false).await,
            Verb::Preview(change) => self.change(change, true).await,
            Verb::Withdraw(which) => self.withdraw(which).await,
            Verb::Approve(which) => self.decide(which, true).await,
            Verb::Reject(which) => self.decide(which, false).await,
            Verb::End(end) => self.end_subscription(end).await,
            Verb::Add(product) => self.add(product).await,
            Verb::Terminate(product) => self.terminate(product, false).await,
            Verb::Foresee(product) => self.terminate(product, true).await,
            Verb::WithdrawTermination(which) => self.withdraw_termination(which).await,
            Verb::Apply(proposal) => self.apply(proposal).await,
            Verb::Wait(_) => Ok(Vec::new()),
        }
    }

    pub(super) async fn carry_out(
        &self,
        command: &Command,
        dry_run: bool,
    ) -> Result<Outcome, NoAnswer> {
        let call = Call { dry_run, ..Call::new(self.tenant.id, Actor::Operator) };
        Ok(self.engine.carry_out(&call, command).await?)
    }

    fn customer(&self, code: &str) -> Result<CustomerId, NoAnswer> {
        match self.customers.get(code) {
            Some(id) => Ok(*id),
            None => trouble(format!("there is no customer `{code}`")),
        }
    }

    pub(super) async fn shelf(&self, code: &str) -> Result<Shelf, NoAnswer> {
        let id = self.customer(code)?;
        match self.engine.shelf(&self.tenant, id).await? {
            Some(shelf) => Ok(shelf),
            None => trouble(format!("the customer `{code}` is not in the books")),
        }
    }

    async fn order(&mut self, wanted: &OrderFile, dry_run: bool) -> Result<Vec<String>, NoAnswer> {
        let shelf = self.shelf(&wanted.customer).await?;
        let order = named(&shelf, &wanted.product, &wanted.plan, wanted.quantity, wanted.months)?;
        let payer = wanted.payer.as_deref().map(|code| payer(&shelf, code)).transpose()?;
        let command = Command::RequestPayment(shelf.customer.id, RequestPayment { order, payer });
        let outcome = self.carry_out(&command, dry_run).await?;
        let zone = state::zone_of(&shelf);
        if dry_run {
            return Ok(say::quote(&outcome, &zone));
        }
        if let (Some(name), Outcome::PaymentRequest { view, .. }) = (&wanted.name, &outcome) {
            let known = (shelf.customer.id, view.document.id);
            if self.requests.insert(name.clone(), known).is_some() {
                return trouble(format!("two requests are called `{name}`"));
            }
        }
        Ok(say::outcome(&outcome, &zone))
    }

    async fn pay(&self, payment: &PayFile) -> Result<Vec<String>, NoAnswer> {
        let (customer, document) = self.payable(&payment.request).await?;
        let request = (customer, document);
        let amount = self.amount(request, &payment.amount, payment.currency.as_deref()).await?;
        let source = PaymentSource::BankTransfer;
        let reference = payment.reference.clone();
        let record = RecordPayment { document, amount, source, reference };
        let outcome = self.carry_out(&Command::RecordPayment(customer, record), false).await?;
        Ok(say::outcome(&outcome, &jiff::tz::TimeZone::UTC))
    }

    async fn refund(&self, back: &RefundFile) -> Result<Vec<String>, NoAnswer> {
        let (customer, document) = self.request(&back.request)?;
        let amount = match &back.amount {
            Some(text) => Some(self.amount((customer, document), text, None).await?),
            None => None,
        };
        let (quantity, months) = (back.quantity, back.months);
        let (reference, reason) = (back.reference.clone(), back.reason.clone());
        let to = RefundTo::Bank;
        let refund = RefundPayment { document, amount, quantity, months, to, reference, reason };
        let outcome = self.carry_out(&Command::RefundPayment(customer, refund), false).await?;
        Ok(say::refunded(&outcome))
    }

    /// An amount as it is written, in the currency that is named or that of the request.
    async fn amount(
        &self,
        (customer, document): (CustomerId, DocumentId),
        text: &str,
        code: Option<&str>,
    ) -> Result<Money, NoAnswer> {
        let found = self.engine.document(&self.tenant, customer, document).await?;
        let known = found.map(|view| view.document.total.currency);
        let currency: Option<Currency> = code.map_or(known, |code| code.parse().ok());
        let amount = currency.and_then(|currency| Money::parse(text, currency).ok());
        match amount {
            Some(amount) => Ok(amount),
            None => {
                let code = code.unwrap_or("the request's currency");
                trouble(format!("`{text}` is not an amount of {code}"))
            }
        }
    }

    /// A request by its name in the story, or any document by its number as printed.
    async fn payable(&self, name: &str) -> Result<(CustomerId, DocumentId), NoAnswer> {
        for kind in [DocumentKind::Invoice, DocumentKind::OrderConfirmation] {
            let found = self.engine.find_documents(&self.tenant, kind, name).await?;
            if let Some(found) = found.first() {
                return Ok(*found);
            }
        }
        self.request(name)
    }

    async fn grant(&self, grant: &GrantFile) -> Result<Vec<String>, NoAnswer> {
        let shelf = self.shelf(&grant.customer).await?;
        let order = named(&shelf, &grant.product, &grant.plan, grant.quantity, grant.months)?;
        let give = GrantLicence { order, reason: grant.reason.clone() };
        let command = Command::GrantLicence(shelf.customer.id, give);
        let outcome = self.carry_out(&command, false).await?;
        Ok(say::outcome(&outcome, &state::zone_of(&shelf)))
    }

    async fn trial(&self, trial: &TrialFile) -> Result<Vec<String>, NoAnswer> {
        let shelf = self.shelf(&trial.customer).await?;
        let quantity = trial.quantity;
        let Order { product, plan, .. } = named(&shelf, &trial.product, &trial.plan, quantity, 1)?;
        let start = StartTrial { product, plan, quantity };
        let command = Command::StartTrial(shelf.customer.id, start);
        let outcome = self.carry_out(&command, false).await?;
        Ok(say::outcome(&outcome, &state::zone_of(&shelf)))
    }

    async fn explain(&self, name: &str) -> Result<Vec<String>, NoAnswer> {
        let (customer, document) = self.payable(name).await?;
        match self.engine.explain(&self.tenant, customer, document).await? {
            Some(because) => Ok(say::because(&because, 0)),
            None => trouble(format!("`{name}` is not in the books")),
        }
    }

    /// Publishes, and waits in machine time until every node would use it.
    async fn apply(&mut self, proposal: &Proposal) -> Result<Vec<String>, NoAnswer> {
        let proposal = Proposal { slug: self.tenant.slug.clone(), ..proposal.clone() };
        let report = apply::run(self.engine, &proposal, None, false).await?;
        if let Some(from) = report.active_from {
            self.machine.reach(from);
        }
        self.meet(&proposal).await?;
        Ok(say::differences(&report.differences))
    }

    /// A request that was voided is told in one line.
    fn status(&self, outcome: &Outcome) -> Vec<String> {
        let mut lines = say::outcome(outcome, &jiff::tz::TimeZone::UTC);
        lines.truncate(1);
        lines
    }
}

pub(super) fn named(
    shelf: &Shelf,
    product: &str,
    plan: &str,
    quantity: i64,
    months: i64,
) -> Result<Order, NoAnswer> {
    let Some(found) = shelf.seller.catalogue.product_by_code(product) else {
        return trouble(format!("there is no product `{product}`"));
    };
    match found.plan_by_code(plan) {
        Some(plan) => Ok(Order { product: found.id, plan: plan.id, quantity, months }),
        None => trouble(format!("the product `{product}` has no plan `{plan}`")),
    }
}

fn payer(shelf: &Shelf, code: &str) -> Result<PayerId, NoAnswer> {
    match shelf.customer.payers.iter().find(|payer| payer.code == code) {
        Some(payer) => Ok(payer.id),
        None => trouble(format!("`{}` has no payer `{code}`", shelf.customer.code)),
    }
}
