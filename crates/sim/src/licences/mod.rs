//! The market of licences that are paid for before they run: payment requests, payments, gifts,
//! refunds and what expires.

mod compare;
mod market;
mod model;

pub use compare::check;
pub use market::{Deal, Market};
pub use model::Deed;

use crate::dice::Dice;
use crate::run::{self, Answered, Failed, Marks, Passed, Sent, Settings, Step, Trade, printed};
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{CustomerId, DocumentId, TenantId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, RefundTo};
use abono_domain::quote::Order;
use abono_domain::seller::Tenant;
use abono_engine::{Call, Command, Engine};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Runs a seed on migrated, empty books in `file`.
///
/// # Errors
/// What doesn't hold.
pub fn run(
    settings: Settings,
    market: &Market,
    file: &Path,
    worker: Step,
) -> Result<Passed, Failed> {
    run::run(settings, Licences::new(market, settings.clients), file, worker)
}

/// What a client wants of a customer.
#[derive(Clone, Copy, Debug)]
struct Wish {
    customer: CustomerId,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Request(Deal),
    Cancel(Uuid),
    Refund(Uuid),
    Pay(Uuid, i64),
    Grant(Deal),
}

struct Licences<'a> {
    market: &'a Market,
    /// Of each client the requests it knows of, each with whose it is and what it costs.
    known: Vec<Vec<(CustomerId, Uuid, i64)>>,
    /// What was answered: whose books, when, what.
    deeds: Vec<(CustomerId, i64, Deed)>,
}

impl<'a> Licences<'a> {
    fn new(market: &'a Market, clients: usize) -> Self {
        Self { market, known: vec![Vec::new(); clients], deeds: Vec::new() }
    }

    fn command(&self, wish: Wish, name: String) -> Command {
        let customer = wish.customer;
        let order = |deal: Deal| Order {
            product: self.market.product,
            plan: deal.plan,
            quantity: deal.quantity,
            months: deal.months,
        };
        match wish.what {
            What::Request(deal) => {
                let command = RequestPayment { order: order(deal), payer: None };
                Command::RequestPayment(customer, command)
            }
            What::Cancel(document) => {
                let document = DocumentId(document);
                Command::CancelRequest(customer, CancelRequest { document })
            }
            What::Refund(document) => {
                let document = DocumentId(document);
                let (amount, quantity, months) = (None, None, None);
                let to = RefundTo::Bank;
                let (reference, reason) = (Some(name), "by agreement".to_owned());
                let refund =
                    RefundPayment { document, amount, quantity, months, to, reference, reason };
                Command::RefundPayment(customer, refund)
            }
            What::Grant(deal) => {
                Command::GrantLicence(customer, GrantLicence { order: order(deal), reason: name })
            }
            What::Pay(document, minor) => Command::RecordPayment(
                customer,
                RecordPayment {
                    document: DocumentId(document),
                    amount: Money::new(minor, Currency::RUB),
                    source: PaymentSource::BankTransfer,
                    reference: Some(name),
                },
            ),
        }
    }
}

impl Trade for Licences<'_> {
    type Wish = Wish;

    fn tenant(&self) -> TenantId {
        self.market.tenant
    }

    fn opening(&self) -> &[Command] {
        &self.market.opening
    }

    fn choose(&self, client: usize, _: Timestamp, dice: &Dice) -> Wish {
        let market = self.market;
        let any = dice.below(market.customers.len());
        let customer = market.customers.get(any).copied().unwrap_or(CustomerId(Uuid::nil()));
        let deal = market.deals.get(dice.below(market.deals.len())).copied();
        let known = self.known.get(client).map_or(&[][..], Vec::as_slice);
        let known = known.get(dice.below(known.len())).copied();
        let (customer, what) = match (dice.below(11), known, deal) {
            (10, Some((customer, document, _)), _) => (customer, What::Refund(document)),
            (0, Some((customer, document, _)), _) => (customer, What::Cancel(document)),
            (1..=4, Some((customer, document, total)), _) => {
                let part = [total, total / 2, total / 3 + 1, total + 1_000];
                let minor = part.get(dice.below(4)).copied().unwrap_or(total).max(1);
                (customer, What::Pay(document, minor))
            }
            (5, _, Some(deal)) => (customer, What::Grant(deal)),
            (_, _, Some(deal)) => (customer, What::Request(deal)),
            (_, _, None) => (customer, What::Pay(Uuid::nil(), 1)),
        };
        Wish { customer, what }
    }

    fn name(&self, wish: &Wish) -> &'static str {
        self.command(*wish, String::new()).name()
    }

    fn send(&self, engine: Arc<Engine>, call: Call, wish: Wish, name: String) -> Sent {
        let command = self.command(wish, name);
        Box::pin(async move { engine.execute(&call, &command, printed()).await.map(Some) })
    }

    fn learn(&mut self, client: usize, wish: &Wish, answered: &Answered) {
        let document = answered.id;
        let deed = match wish.what {
            What::Request(deal) => {
                if let Some(known) = self.known.get_mut(client) {
                    known.push((wish.customer, document, deal.total));
                }
                Deed::Requested { document, deal }
            }
            What::Cancel(document) => Deed::Canceled { document },
            What::Refund(document) => Deed::Refunded { document },
            What::Pay(document, minor) => Deed::Paid { document, minor },
            What::Grant(deal) => Deed::Granted(deal),
        };
        self.deeds.push((wish.customer, answered.at, deed));
    }

    fn jump(&self, dice: &Dice) -> i64 {
        i64::try_from(1 + dice.below(24 * 12)).unwrap_or(1)
    }

    fn last_jump(&self, _: &Dice) -> i64 {
        0
    }

    fn compare(&self, engine: &Engine, tenant: &Tenant, marks: &mut Marks) -> Result<(), Failed> {
        compare::compare(self, engine, tenant, marks)
    }
}
