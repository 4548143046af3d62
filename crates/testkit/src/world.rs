//! A small world: an engine over a database, a seller, customers, and clocks moved by hand.

use crate::database::Database;
use crate::seller;
use abono_domain::access::Role;
use abono_domain::access::create_key::CreateKey;
use abono_domain::decision::Outcome;
use abono_domain::document::DocumentView;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{ClockId, CustomerId, DocumentId, KeyId, PlanId, TenantId};
use abono_domain::licence::Licence;
use abono_domain::licence::grant::GrantLicence;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, PaymentView, RefundTo};
use abono_domain::quote::Order;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{Seller, Tenant};
use abono_engine::verify::Report;
use abono_engine::{Actor, Call, Command, Engine, Env, Failure, Token};
use jiff::Timestamp;
use std::sync::Arc;

/// An engine, a seller, and how to buy there.
#[derive(Clone)]
pub struct World {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Whose books.
    pub tenant: TenantId,
    /// A customer.
    pub customer: CustomerId,
    /// Another one.
    pub other: CustomerId,
}

/// What the pay links of a world are made with.
pub const LINK_KEY: [u8; 32] = [7; 32];

/// The machine time of tests that don't move it.
pub const MACHINE: &str = "2026-01-30T00:00:00Z";

impl World {
    /// A world whose business time stands at `start`.
    pub async fn at(database: &Database, start: &str) -> Self {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let env = Env::seeded(Box::new(move || machine), 1).with_link_key(LINK_KEY);
        Self::beside(Arc::new(Engine::new(env, database.store().await)), 1, start).await
    }

    /// A world with books of its own, number `number`, beside others in one database.
    pub async fn beside(engine: Arc<Engine>, number: u128, start: &str) -> Self {
        Self::selling(engine, number, start, seller::seller()).await
    }

    /// The same, with another seller.
    pub async fn selling(engine: Arc<Engine>, number: u128, start: &str, seller: Seller) -> Self {
        let clock = (ClockId(seller::id(9, number)), start.parse().expect("an instant"));
        Self::open(engine, number, Some(clock), seller).await
    }

    /// The same, where every way of selling is used, and the customer has discounts.
    pub async fn varied(engine: Arc<Engine>, number: u128, start: &str) -> Self {
        let world = Self::selling(engine, number, start, seller::varied()).await;
        let mut put = seller::customer(world.customer, "first");
        put.proposal.profile.discounts = vec!["welcome".to_owned(), "loyal".to_owned()];
        world.run(Command::PutCustomer(put)).await.expect("the discounts");
        world
    }

    /// A world in real time.
    pub async fn real(database: &Database) -> Self {
        let engine = Engine::new(Env::real(), database.store().await);
        Self::open(Arc::new(engine), 1, None, seller::seller()).await
    }

    /// The seller and its customers in an engine.
    pub async fn open(
        engine: Arc<Engine>,
        number: u128,
        clock: Option<(ClockId, Timestamp)>,
        proposal: Seller,
    ) -> Self {
        let world = Self {
            engine,
            tenant: TenantId(seller::id(1, number)),
            customer: CustomerId(seller::id(2, 1)),
            other: CustomerId(seller::id(2, 2)),
        };
        let slug = format!("pos-{number}");
        let publish = PublishSeller { proposal, ..seller::publish(world.tenant, &slug, clock) };
        world.run(Command::PublishSeller(Box::new(publish))).await.expect("the seller");
        for (id, code) in [(world.customer, "first"), (world.other, "second")] {
            let put = Command::PutCustomer(seller::customer(id, code));
            world.run(put).await.expect("a customer");
        }
        world
    }

    /// The same books through another node.
    pub async fn node(&self, database: &Database, seed: u64) -> Self {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let env = Env::seeded(Box::new(move || machine), seed).with_link_key(LINK_KEY);
        Self { engine: Arc::new(Engine::new(env, database.store().await)), ..self.clone() }
    }

    /// A call of the operator.
    pub const fn call(&self) -> Call {
        Call::new(self.tenant, Actor::Operator)
    }

    /// Carries a command out.
    pub async fn run(&self, command: Command) -> Result<Outcome, Failure> {
        self.engine.carry_out(&self.call(), &command).await
    }

    /// A token of this tenant; for all its customers where none is named.
    pub async fn token(&self, role: Role, customers: &[CustomerId]) -> String {
        let id = KeyId(self.engine.env().uuid());
        let token = Token::new(self.tenant, id, self.engine.env().secret());
        let (secret_hash, customers) = (token.secret_hash(), customers.to_vec());
        let label = String::new();
        let create = CreateKey { id, secret_hash, role, customers, label, expires_at: None };
        self.run(Command::CreateKey(create)).await.expect("a token");
        token.text()
    }

    /// The command that asks a customer for money.
    pub fn request(
        &self,
        customer: CustomerId,
        plan: PlanId,
        quantity: i64,
        months: i64,
    ) -> Command {
        let order = Order { product: seller::PRODUCT, plan, quantity, months };
        Command::RequestPayment(customer, RequestPayment { order, payer: None })
    }

    /// Asks the customer for money.
    pub async fn invoice(&self, plan: PlanId, quantity: i64, months: i64) -> DocumentView {
        let command = self.request(self.customer, plan, quantity, months);
        request_of(self.run(command).await.expect("a payment request"))
    }

    /// The command that records a payment in kopecks.
    pub fn payment(&self, document: DocumentId, minor: i64, reference: Option<&str>) -> Command {
        Command::RecordPayment(
            self.customer,
            RecordPayment {
                document,
                amount: Money::new(minor, Currency::RUB),
                source: PaymentSource::BankTransfer,
                reference: reference.map(str::to_owned),
            },
        )
    }

    /// Records a payment of the customer.
    pub async fn pay(&self, document: DocumentId, minor: i64) -> PaymentView {
        let outcome = self.run(self.payment(document, minor, None)).await.expect("a payment");
        let Outcome::Payment(view) = outcome else { panic!("not a payment: {outcome:?}") };
        view
    }

    /// The command that gives back what the customer paid for a document, or a part of it.
    pub fn refund(&self, document: DocumentId, minor: Option<i64>) -> Command {
        let refund = RefundPayment {
            document,
            amount: minor.map(|minor| Money::new(minor, Currency::RUB)),
            quantity: None,
            months: None,
            to: RefundTo::Bank,
            reference: None,
            reason: "by agreement".to_owned(),
        };
        Command::RefundPayment(self.customer, refund)
    }

    /// The command that gives the customer a licence by hand.
    pub fn grant(&self, plan: PlanId, quantity: i64, months: i64) -> Command {
        let order = Order { product: seller::PRODUCT, plan, quantity, months };
        Command::GrantLicence(self.customer, GrantLicence { order, reason: "a gift".to_owned() })
    }

    /// The command that moves the clock.
    pub fn set_clock(&self, to: &str) -> Command {
        let to = to.parse().expect("an instant");
        Command::SetClock(abono_domain::clock::set::SetClock { to })
    }

    /// The customer's licence now.
    pub async fn licence(&self) -> Option<Licence> {
        let shelf = self.engine.shelf(&self.books().await, self.customer).await.expect("a shelf");
        shelf.and_then(|shelf| shelf.licence(seller::PRODUCT))
    }

    /// The tenant.
    pub async fn books(&self) -> Tenant {
        let tenants = self.engine.tenants().await.expect("tenants");
        tenants.into_iter().find(|tenant| tenant.id == self.tenant).expect("the tenant")
    }

    /// What a proof of these books finds, as text.
    pub async fn findings(&self) -> Vec<String> {
        let (mut report, books) = (Report::default(), self.books().await);
        let mut quiet = |_: &_| {};
        let proof = self.engine.verify_tenant(&books, &mut report, &mut quiet);
        proof.await.expect("a report");
        report.findings.into_iter().map(|f| format!("{}: {}", f.place, f.problem)).collect()
    }
}

/// The request in an outcome.
pub fn request_of(outcome: Outcome) -> DocumentView {
    let Outcome::PaymentRequest { view, .. } = outcome else {
        panic!("not a payment request: {outcome:?}")
    };
    view
}
