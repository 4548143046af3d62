//! The market of payments by card: buyers who click twice and come back, a payment provider that
//! answers twice, late or never, refunds and disputes, and money that comes by transfer besides.
//!
//! The model is the provider's own truth and what the clients were answered: each attempt is
//! charged at most once, the books have every cent once, and a licence runs only where its request
//! is paid, or where it was given.

mod compare;
mod mail;
mod outside;
mod provider;
mod simple;
mod truth;

use crate::dice::Dice;
use crate::licences::Market;
use crate::nodes::Machine;
use crate::run::{
    self, Answered, Errand, Failed, Marks, Passed, Sent, Settings, Step, Trade, failed, printed,
};
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{CustomerId, DocumentId, TenantId};
use abono_domain::language::Language;
use abono_domain::licence::grant::GrantLicence;
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::RecordPayment;
use abono_domain::quote::Order;
use abono_domain::seller::Tenant;
use abono_engine::checkout::Paying;
use abono_engine::links::PayLink;
use abono_engine::payments::PaymentProvider;
use abono_engine::{Call, Command, Engine, Executed, Failure};
use abono_store::nouns::checkout;
use jiff::Timestamp;
use provider::{NAME, Provider, rub};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Runs a seed on migrated, empty books in `file`; every deal is of one plan. `ask` is the worker's
/// step that asks providers.
///
/// # Errors
/// What doesn't hold.
pub fn run(
    settings: Settings,
    market: &Market,
    file: &Path,
    (worker, ask): (Step, Step),
) -> Result<Passed, Failed> {
    let provider = Arc::new(Provider::new(settings.seed, settings.lost_per_mille));
    let (requests, transfers, granted) = (Vec::new(), Vec::new(), Vec::new());
    let trade = Checkouts { market, ask, provider, requests, transfers, granted };
    run::run(settings, trade, file, worker)
}

/// A payment request that a client was told of.
#[derive(Clone, Copy, Debug)]
struct Request {
    customer: CustomerId,
    document: DocumentId,
    total: i64,
}

/// What a client wants.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Request(CustomerId, i64),
    /// In the first language, or in the second.
    Pay(Request, bool),
    ComeBack(Request),
    Transfer(Request, i64),
    Cancel(Request),
    Grant(CustomerId),
}

struct Checkouts<'a> {
    market: &'a Market,
    ask: Step,
    provider: Arc<Provider>,
    /// All clients know all requests: several click at once.
    requests: Vec<Request>,
    /// What came by transfer.
    transfers: Vec<(Request, i64)>,
    /// Who was given a licence.
    granted: Vec<CustomerId>,
}

/// So often everything is told, and all providers asked, before what is still open is a finding.
const ROUNDS: usize = 20;
const MINUTE: i64 = 60_000_000;

impl Checkouts<'_> {
    fn command(&self, wish: Wish, name: String) -> Option<(CustomerId, Command)> {
        let order = |months: i64| {
            let deal = self.market.deals.iter().find(|deal| deal.months == months)?;
            let (product, plan, quantity) = (self.market.product, deal.plan, deal.quantity);
            Some(Order { product, plan, quantity, months })
        };
        Some(match wish {
            Wish::Request(customer, months) => {
                let request = RequestPayment { order: order(months)?, payer: None };
                (customer, Command::RequestPayment(customer, request))
            }
            Wish::Transfer(Request { customer, document, .. }, minor) => {
                let (source, reference) = (PaymentSource::BankTransfer, Some(name));
                let record = RecordPayment { document, amount: rub(minor), source, reference };
                (customer, Command::RecordPayment(customer, record))
            }
            Wish::Cancel(Request { customer, document, .. }) => {
                (customer, Command::CancelRequest(customer, CancelRequest { document }))
            }
            Wish::Grant(customer) => {
                let grant = GrantLicence { order: order(1)?, reason: name };
                (customer, Command::GrantLicence(customer, grant))
            }
            Wish::Pay(..) | Wish::ComeBack(_) => return None,
        })
    }

    const fn link(&self, request: Request) -> PayLink {
        let Request { customer, document, .. } = request;
        PayLink { tenant: self.market.tenant, customer, document }
    }
}

/// A buyer clicks, and is led to the provider, or not.
async fn pay(
    engine: Arc<Engine>,
    provider: Arc<Provider>,
    link: PayLink,
    in_first: bool,
) -> Result<Option<Executed>, Failure> {
    let code = if in_first { "ru" } else { "en" };
    let Some(language) = Language::parse(code) else { return Ok(None) };
    let back = |language: &Language| format!("https://shop.example/{}", language.as_str());
    let paying = engine.pay(link, &language, back).await?;
    let mut inner = provider.lock();
    let what = match paying {
        Paying::GoTo { url } => {
            inner.show(&url);
            "a buyer was led to the provider"
        }
        Paying::Unknown => "a buyer was told that nobody knows",
        Paying::Refused { .. } => "a buyer was told that it is refused",
        Paying::NotPayable => "a buyer was told that there is nothing to pay",
        Paying::NoProvider => "a buyer was told that no cards are taken",
    };
    inner.marks.hit(what);
    Ok(None)
}

impl Trade for Checkouts<'_> {
    type Wish = Wish;

    fn tenant(&self) -> TenantId {
        self.market.tenant
    }

    fn opening(&self) -> &[Command] {
        &self.market.opening
    }

    fn choose(&self, _: usize, _: Timestamp, dice: &Dice) -> Wish {
        let market = self.market;
        let customer = market.customers.get(dice.below(market.customers.len())).copied();
        let customer = customer.unwrap_or(CustomerId(Uuid::nil()));
        let months = market.deals.get(dice.below(market.deals.len())).map_or(1, |it| it.months);
        // The newest are wanted most.
        let back = dice.below(self.requests.len().min(5));
        let Some(request) = self.requests.iter().rev().nth(back).copied() else {
            return Wish::Request(customer, months);
        };
        match dice.below(24) {
            0..=5 => Wish::Request(customer, months),
            6..=15 => Wish::Pay(request, dice.per_mille(700)),
            16..=19 => Wish::ComeBack(request),
            20..=21 => {
                let total = request.total;
                let part = [total, total / 2, total / 3].get(dice.below(3)).copied();
                Wish::Transfer(request, part.unwrap_or(total))
            }
            22 => Wish::Cancel(request),
            _ => Wish::Grant(customer),
        }
    }

    fn name(&self, wish: &Wish) -> &'static str {
        match wish {
            Wish::Pay(..) => "a click",
            Wish::ComeBack(_) => "a return",
            Wish::Request(..) | Wish::Transfer(..) | Wish::Cancel(_) | Wish::Grant(_) => {
                self.command(*wish, String::new()).map_or("nobody", |(_, it)| it.name())
            }
        }
    }

    fn send(&self, engine: Arc<Engine>, call: Call, wish: Wish, name: String) -> Sent {
        let command = self.command(wish, name);
        match wish {
            Wish::Pay(request, in_first) => {
                let link = self.link(request);
                Box::pin(pay(engine, self.provider.clone(), link, in_first))
            }
            Wish::ComeBack(request) => {
                let link = self.link(request);
                Box::pin(async move { engine.ask_provider(link).await.map(|()| None) })
            }
            Wish::Request(..) | Wish::Transfer(..) | Wish::Cancel(_) | Wish::Grant(_) => {
                Box::pin(async move {
                    let Some((_, command)) = command else { return Ok(None) };
                    engine.execute(&call, &command, printed()).await.map(Some)
                })
            }
        }
    }

    fn learn(&mut self, _: usize, wish: &Wish, answered: &Answered) {
        match *wish {
            Wish::Request(customer, months) => {
                let deal = self.market.deals.iter().find(|deal| deal.months == months);
                let (document, total) = (DocumentId(answered.id), deal.map_or(0, |it| it.total));
                self.requests.push(Request { customer, document, total });
            }
            Wish::Transfer(request, minor) => self.transfers.push((request, minor)),
            Wish::Grant(customer) => self.granted.push(customer),
            Wish::Cancel(_) | Wish::Pay(..) | Wish::ComeBack(_) => {}
        }
    }

    fn provider(&self) -> Option<Arc<dyn PaymentProvider>> {
        Some(self.provider.clone())
    }

    fn errand(&mut self, engine: &Arc<Engine>, now: i64) -> Option<Errand> {
        let provider = &self.provider;
        provider.pass(now);
        match provider.dice.below(1_000) {
            0..=8 => {
                let next = provider.lock().mail.next(now, &provider.dice)?;
                Some(Box::pin(provider.clone().deliver(engine.clone(), next)))
            }
            9..=11 => Some((self.ask)(engine.clone())),
            12..=31 => {
                provider.live();
                None
            }
            _ => None,
        }
    }

    fn is_hard(&self, point: &str) -> bool {
        point.starts_with("checkout.") || point.starts_with("notice.")
    }

    fn lull(&self, dice: &Dice) -> i64 {
        let minutes = match dice.below(4_000) {
            0 => 24 * 60 + dice.below(10 * 60),
            1..=20 => 1 + dice.below(10),
            _ => 0,
        };
        i64::try_from(minutes).unwrap_or(0) * MINUTE
    }

    fn settle(&mut self, engine: &Arc<Engine>, machine: &Machine) -> Result<(), Failed> {
        use crate::executor::alone;
        let provider = &self.provider;
        provider.end_all();
        for _ in 0..ROUNDS {
            let all = provider.lock().mail.all(&provider.dice);
            for place in all {
                alone(provider.clone().deliver(engine.clone(), place));
            }
            machine.pass(120 * MINUTE);
            alone((self.ask)(engine.clone()));
            let due = checkout::due(self.market.tenant, Timestamp::MAX, 1);
            let open = alone(engine.store().query(due)).map_err(failed)?;
            if open.is_empty() && provider.lock().mail.first().is_none() {
                return Ok(());
            }
        }
        let inner = provider.lock();
        Err(Failed(format!("it is never heard, or asked about: {:?}", inner.mail.first())))
    }

    fn jump(&self, dice: &Dice) -> i64 {
        i64::try_from(1 + dice.below(72)).unwrap_or(1)
    }

    fn last_jump(&self, _: &Dice) -> i64 {
        0
    }

    fn compare(&self, engine: &Engine, tenant: &Tenant, marks: &mut Marks) -> Result<(), Failed> {
        compare::compare(self, engine, tenant, marks)
    }
}
