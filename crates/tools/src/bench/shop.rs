//! The books that are measured: a seller with customers, licences, subscriptions and tokens, made
//! by the same commands as everybody's.

use super::BenchError;
use crate::apply::{self, SellerFile};
use abono_domain::access::Role;
use abono_domain::access::create_key::CreateKey;
use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, KeyId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::quote::Order;
use abono_domain::seller::Tenant;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::{Actor, Call, Command, Engine, Token};
use std::fmt::Write;
use std::sync::Arc;

const POS: &str = include_str!("sellers/pos.toml");
const TELECOM: &str = include_str!("sellers/telecom.toml");

/// A seller and those who buy there.
pub(super) struct Shop {
    pub(super) engine: Arc<Engine>,
    pub(super) tenant: Tenant,
    pub(super) customers: Vec<CustomerId>,
}

impl Shop {
    /// A seller of licences that are paid for before they run.
    pub(super) async fn of_licences(
        engine: Arc<Engine>,
        slug: &str,
        customers: usize,
    ) -> Result<Self, BenchError> {
        Self::open(engine, &POS.replace("SLUG", slug), customers).await
    }

    /// A seller of subscriptions that are billed cycle by cycle.
    pub(super) async fn of_subscriptions(
        engine: Arc<Engine>,
        slug: &str,
        customers: usize,
    ) -> Result<Self, BenchError> {
        Self::open(engine, &TELECOM.replace("SLUG", slug), customers).await
    }

    async fn open(engine: Arc<Engine>, file: &str, count: usize) -> Result<Self, BenchError> {
        let mut file = file.to_owned();
        for number in 0..count {
            // Writing to a string never fails.
            let _infallible = write!(
                file,
                "\n[[customer]]\ncode = \"c{number}\"\nname = \"Customer {number}\"\n\
                 default_payer = \"p\"\n\n[[customer.payer]]\ncode = \"p\"\n\
                 name = \"Payer {number}\"\nkind = \"consumer\"\ncountry = \"SE\"\n\
                 tax_id = \"{number}\"\naddress = \"Street {number}\"\n"
            );
        }
        let proposal = SellerFile::parse(&file).map_err(|error| BenchError(error.to_string()))?;
        let applied = apply::run(&engine, &proposal, None, false).await;
        applied.map_err(|error| BenchError(error.to_string()))?;
        let tenant = engine.tenant_by_slug(&proposal.slug).await?;
        let tenant = tenant.ok_or_else(|| BenchError("the seller isn't there".to_owned()))?;
        let mut customers = Vec::with_capacity(count);
        for number in 0..count {
            let found = engine.customer_by_code(&tenant, &format!("c{number}")).await?;
            customers.extend(found);
        }
        Ok(Self { engine, tenant, customers })
    }

    fn call(&self) -> Call {
        Call::new(self.tenant.id, Actor::Operator)
    }

    /// A token that is limited to a customer, or to none.
    pub(super) async fn token(
        &self,
        role: Role,
        customer: Option<CustomerId>,
    ) -> Result<String, BenchError> {
        let env = self.engine.env();
        let token = Token::new(self.tenant.id, KeyId(env.uuid()), env.secret());
        let create = CreateKey {
            id: token.key,
            secret_hash: token.secret_hash(),
            role,
            customers: customer.into_iter().collect(),
            label: "bench".to_owned(),
            expires_at: None,
        };
        self.engine.carry_out(&self.call(), &Command::CreateKey(create)).await?;
        Ok(token.text())
    }

    /// What is sold first, for a month.
    pub(super) async fn order(&self) -> Result<Order, BenchError> {
        let seller = self.engine.seller(self.tenant.id).await?;
        let product = seller.catalogue.products.first();
        let sold = product.and_then(|product| Some((product.id, product.plans.first()?.id)));
        let (product, plan) = sold.ok_or_else(|| BenchError("nothing is sold".to_owned()))?;
        Ok(Order { product, plan, quantity: 1, months: 1 })
    }

    /// Gives a customer a licence.
    pub(super) async fn grant(&self, customer: CustomerId) -> Result<(), BenchError> {
        let give = GrantLicence { order: self.order().await?, reason: "bench".to_owned() };
        self.engine.carry_out(&self.call(), &Command::GrantLicence(customer, give)).await?;
        Ok(())
    }

    /// Starts a customer's subscription, and gives its number.
    pub(super) async fn subscribe(&self, customer: CustomerId) -> Result<i64, BenchError> {
        let order = self.order().await?;
        let start = StartSubscription {
            product: order.product,
            plan: order.plan,
            quantity: 1,
            months: 1,
            billing_day: None,
            sold_on: None,
            origin: Origin::New,
            bundle: None,
            line: LineIdentity::default(),
        };
        let start = Command::StartSubscription(customer, Box::new(start));
        let started = self.engine.carry_out(&self.call(), &start).await?;
        let Outcome::Subscription { agreement, .. } = started else {
            return Err(BenchError("no subscription was started".to_owned()));
        };
        Ok(agreement.subscription.number)
    }

    /// The numbers of the first two plans, that change to each other.
    pub(super) async fn plans(&self) -> Result<[i64; 2], BenchError> {
        let seller = self.engine.seller(self.tenant.id).await?;
        match seller.catalogue.products.first().map(|product| product.plans.as_slice()) {
            Some([first, second, ..]) => Ok([first.number, second.number]),
            _ => Err(BenchError("there are no two plans".to_owned())),
        }
    }
}
