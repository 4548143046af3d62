//! The market of subscriptions that live in cycles: they are started, changed, billed, paid and
//! ended, while the seller publishes and the clock jumps over days and months.

mod books;
mod compare;
mod declined;
mod market;
mod model;
mod replay;
mod wall;
mod wish;

pub use market::{Limits, Market, Plan, Risk, Version};
pub use model::{Deed, Order};

use crate::dice::Dice;
use crate::run::{self, Answered, Failed, Marks, Passed, Sent, Settings, Step, Trade, printed};
use abono_domain::document::{DocumentKind, DocumentStatus, DocumentView};
use abono_domain::ids::{CustomerId, TenantId};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::RecordPayment;
use abono_domain::seller::Tenant;
use abono_engine::{Call, Command, Engine, Executed, Failure};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use wish::{Known, KnownChange, KnownSubscription, What, Wish};

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
    run::run(settings, Cycles::new(market), file, worker)
}

/// Whether the books of a market are what the model says after `deeds`: whose, when, and what.
///
/// # Errors
/// What differs.
pub fn check(
    market: &Market,
    deeds: Vec<(CustomerId, i64, Deed)>,
    (engine, tenant): (&Engine, &Tenant),
    marks: &mut Marks,
) -> Result<(), Failed> {
    compare::compare(&Cycles { deeds, ..Cycles::new(market) }, engine, tenant, marks)
}

struct Cycles<'a> {
    market: &'a Market,
    later: Vec<Command>,
    known: Known,
    /// What was answered: whose books, when, what.
    deeds: Vec<(CustomerId, i64, Deed)>,
    /// Requests that were answered with a change that had been asked for before.
    again: Vec<(CustomerId, Deed)>,
    /// What was declined, between which instants of the machine, and why.
    declined: Vec<(Wish, (i64, i64), String)>,
    /// Where the clock was sent to.
    clocks: Vec<i64>,
    /// Since when each later version counts, on the machine's clock.
    published: Vec<i64>,
}

impl<'a> Cycles<'a> {
    fn new(market: &'a Market) -> Self {
        Self {
            market,
            later: market.versions.iter().map(|version| version.publish.clone()).collect(),
            known: Known::default(),
            deeds: Vec::new(),
            again: Vec::new(),
            declined: Vec::new(),
            clocks: Vec::new(),
            published: Vec::new(),
        }
    }
}

impl Trade for Cycles<'_> {
    type Wish = Wish;

    fn tenant(&self) -> TenantId {
        self.market.tenant
    }

    fn opening(&self) -> &[Command] {
        &self.market.opening
    }

    fn publications(&self) -> &[Command] {
        &self.later
    }

    fn choose(&self, _: usize, clock: Timestamp, dice: &Dice) -> Wish {
        wish::choose(self.market, &self.known, wall::day(clock.as_microsecond()), dice)
    }

    fn name(&self, wish: &Wish) -> &'static str {
        wish.command(self.market).map_or("record_payment", |command| command.name())
    }

    fn send(&self, engine: Arc<Engine>, call: Call, wish: Wish, name: String) -> Sent {
        let command = wish.command(self.market);
        Box::pin(async move {
            match (command, &wish.what) {
                (Some(command), _) => engine.execute(&call, &command, printed()).await.map(Some),
                (None, What::Pay { which, part }) => {
                    pay(&engine, &call, wish.customer, (*which, *part), name).await
                }
                (None, _) => Ok(None),
            }
        })
    }

    fn learn(&mut self, _: usize, wish: &Wish, answered: &Answered) {
        let customer = wish.customer;
        let deed = wish.deed(answered.id, answered.figure);
        match &wish.what {
            What::Start(order) => {
                let (id, plan, billing_day) = (answered.id, order.plan, order.billing_day);
                let started = KnownSubscription { customer, id, plan, billing_day };
                self.known.subscriptions.push(started);
            }
            What::Change { subscription, to, on } => {
                let (subscription, id) = (*subscription, answered.id);
                self.known.asked.push((customer, subscription, *to, *on));
                let is_known = self.known.changes.iter().any(|it| it.id == id);
                if is_known || answered.figure != answered.at {
                    self.again.push((customer, deed));
                    return;
                }
                let word = answered.word.clone();
                self.known.changes.push(KnownChange { customer, subscription, id, word });
                let own = self.known.subscriptions.iter_mut().find(|it| it.id == subscription);
                if let Some(own) = own.filter(|_| answered.word == "done") {
                    own.plan = *to;
                }
            }
            What::Withdraw { change, .. } | What::Decide { change, .. } => {
                for known in self.known.changes.iter_mut().filter(|it| it.id == *change) {
                    known.word.clone_from(&answered.word);
                }
            }
            What::End { .. } | What::Pay { .. } => {}
        }
        self.deeds.push((customer, answered.at, deed));
    }

    fn declined(&mut self, wish: &Wish, between: (i64, i64), why: String) {
        self.declined.push((wish.clone(), between, why));
    }

    fn published(&mut self, at: i64) {
        self.published.push(at);
    }

    fn clock_sent(&mut self, to: Timestamp) {
        self.clocks.push(to.as_microsecond());
    }

    /// Some hours, some days, or over more than a cycle.
    fn jump(&self, dice: &Dice) -> i64 {
        let most = [40, 40, 24 * 20, 24 * 20, 24 * 100].get(dice.below(5)).copied().unwrap_or(40);
        i64::try_from(1 + dice.below(most)).unwrap_or(1)
    }

    /// At least a day, so that what is held is tried again.
    fn last_jump(&self, dice: &Dice) -> i64 {
        i64::try_from(26 + dice.below(24 * 60)).unwrap_or(26)
    }

    fn compare(&self, engine: &Engine, tenant: &Tenant, marks: &mut Marks) -> Result<(), Failed> {
        compare::compare(self, engine, tenant, marks)
    }
}

/// Pays a part of an invoice: of an open one, or of any where none is.
async fn pay(
    engine: &Engine,
    call: &Call,
    customer: CustomerId,
    (which, part): (usize, usize),
    name: String,
) -> Result<Option<Executed>, Failure> {
    let tenants = engine.tenants().await?;
    let Some(tenant) = tenants.iter().find(|tenant| tenant.id == call.tenant) else {
        return Ok(None);
    };
    let documents = engine.cycle_documents(tenant, customer).await?;
    let is_invoice = |view: &&DocumentView| view.document.kind == DocumentKind::Invoice;
    let is_open = |view: &&DocumentView| view.state.status == DocumentStatus::Pending;
    let open: Vec<&DocumentView> = documents.iter().filter(is_invoice).filter(is_open).collect();
    let any = open.get(which).copied().or_else(|| documents.iter().find(is_invoice));
    let Some(view) = any else { return Ok(None) };
    let due = view.outstanding().minor;
    let minor = [due, due, due / 2, due + 700].get(part).copied().unwrap_or(due).max(1);
    let record = RecordPayment {
        document: view.document.id,
        amount: Money::new(minor, Currency::EUR),
        source: PaymentSource::BankTransfer,
        reference: Some(name),
    };
    let command = Command::RecordPayment(customer, record);
    engine.execute(call, &command, printed()).await.map(Some)
}
