//! Every change of a decision as rows to write: one exhaustive match.

use crate::db::Bound;
use crate::nouns::checkout::{self, notice, refund};
use crate::nouns::subscription::{change, product_group, termination};
use crate::nouns::{access, clock, customer, delivery, document, job, journal, ledger, licence};
use crate::nouns::{payment, seller, subscription, tenant};
use abono_domain::decision::{Change, Event};
use abono_domain::ids::{ClockId, CommandId, CustomerId, TenantId};

/// What a decision belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// Whose books.
    pub tenant: TenantId,
    /// The tenant's clock.
    pub clock: ClockId,
    /// Which execution.
    pub command: CommandId,
    /// The customer whose aggregate it changes; nil where it changes none.
    pub customer: CustomerId,
}

/// The rows of one change, each written exactly once.
pub fn apply(context: Context, of: &Change) -> Vec<Bound> {
    let Context { tenant: books, clock: tenant_clock, command, customer: buyer } = context;
    let one = |bound| vec![bound];
    match of {
        Change::TenantOpened(opened) => one(tenant::open(opened)),
        Change::SellerPublished(publication) => seller::publish(books, publication),
        Change::ClockSet(id, to) => one(clock::set(*id, *to)),
        Change::KeyCreated(key) => access::create(books, key),
        Change::KeyRevoked(id, at) => one(access::revoke(books, *id, *at)),
        Change::CustomerCreated(created) => one(customer::create(books, created)),
        Change::ProfileRevised(profile) => customer::revise(books, buyer, command, profile),
        Change::PayerRevised(payer) => one(customer::revise_payer(books, buyer, command, payer)),
        Change::DocumentIssued(issued) => document::issue(books, issued),
        Change::DocumentStateOpened { document, kind, total, state } => {
            one(document::open_state(books, buyer, (*document, *kind), *total, state))
        }
        Change::DocumentStateSet(id, state) => one(document::set_state(books, buyer, *id, state)),
        Change::Stepped(step) => one(document::step(books, buyer, step)),
        Change::PaymentReceived(received) => one(payment::receive(books, received)),
        Change::Allocated(allocation) => one(payment::allocate(books, buyer, allocation)),
        Change::Transferred(transfer) => one(ledger::post(books, transfer)),
        Change::BalanceSet { balance, .. } => one(ledger::set_balance(books, buyer, balance)),
        Change::SubscriptionStarted(started) => one(licence::start(books, started)),
        Change::Agreed(agreement) => one(subscription::agree(books, agreement)),
        Change::SubscriptionOpened(id, state) => one(subscription::open(books, buyer, *id, state)),
        Change::SubscriptionSet(id, state) => one(subscription::set(books, buyer, *id, state)),
        Change::SubscriptionStepped(id, step) => {
            one(subscription::take_step(books, buyer, command, *id, step))
        }
        Change::CycleBilled(id, cycle) => one(subscription::bill(books, buyer, *id, cycle)),
        Change::Committed(id, commitment) => {
            one(subscription::commit(books, buyer, *id, commitment))
        }
        Change::Carried { confirmation, invoice } => {
            one(document::recurring::carry(books, buyer, *confirmation, *invoice))
        }
        Change::GroupAdded(group) => one(product_group::add(books, buyer, group)),
        Change::GroupOpened(id, kind, state) => {
            one(product_group::open(books, buyer, (*id, *kind), state))
        }
        Change::GroupSet(id, state) => one(product_group::set(books, buyer, *id, state)),
        Change::TerminationRequested(asked) => termination::request(books, buyer, command, asked),
        Change::TerminationOpened(id, state) => one(termination::open(books, buyer, *id, state)),
        Change::TerminationSet(id, state) => one(termination::set(books, buyer, *id, state)),
        Change::ChangeRequested(requested) => {
            one(change::request(books, buyer, command, requested))
        }
        Change::ChangeOpened(id, state) => one(change::open(books, buyer, *id, state)),
        Change::ChangeSet(id, state) => one(change::set(books, buyer, *id, state)),
        Change::ChangeStepped(step) => one(change::take_step(books, buyer, command, step)),
        Change::RiskDecided(decision) => change::decide(books, buyer, decision),
        Change::DeliveryQueued(queued, state) => delivery::queue(books, command, queued, state),
        Change::DeliverySet(id, state) => one(delivery::set(books, buyer, *id, state)),
        Change::Granted(grant) => one(licence::give(books, buyer, command, grant)),
        Change::Relaid(id, laying) => one(licence::relay(books, buyer, command, *id, *laying)),
        Change::PeriodLaid(period) => one(licence::lay(books, buyer, period)),
        Change::GrantCut(cut) => one(licence::cut(books, buyer, cut)),
        Change::Refunded(back) => one(payment::refund(books, buyer, back)),
        Change::CheckoutStarted(started) => checkout::start(books, command, started),
        Change::CheckoutSet(id, state) => one(checkout::set(books, buyer, *id, state)),
        Change::NoticeHeard(heard) => one(notice::hear(books, buyer, command, heard)),
        Change::MoneyReturned(returned) => one(notice::take_back(books, buyer, returned)),
        Change::MoneyGivenAgain(undone) => one(notice::give_again(books, buyer, undone)),
        Change::RefundAsked(asked) => refund::ask(books, command, asked),
        Change::RefundSet(id, state) => one(refund::set(books, buyer, *id, state)),
        Change::Happened(event) => one(happened(context, event)),
        Change::JobScheduled(due) => one(job::schedule(books, tenant_clock, buyer, due)),
        Change::JobDone(id) => one(job::done(books, *id)),
    }
}

fn happened(context: Context, event: &Event) -> Bound {
    let customer = (!context.customer.0.is_nil()).then_some(context.customer);
    journal::happened(context.tenant, context.command, customer, event)
}
