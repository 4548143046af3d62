//! What a customer sees of a seller: what is sold, and what it has.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::calendar;
use abono_domain::catalogue::{Plan, Price, Product};
use abono_domain::customer::Customer;
use abono_domain::ids::{CustomerId, ProductId};
use abono_domain::licence::{Licence, Period, Subscription, held_since, licence_at};
use abono_domain::money::Money;
use abono_domain::quote::{Parties, tax_of, with_tax};
use abono_domain::seller::{Seller, Tenant};
use abono_domain::tax::CustomerKind;
use abono_store::nouns::{clock, customer, licence, root};
use abono_store::{ReadBatch, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A seller as one customer sees it now.
#[derive(Debug)]
pub struct Shelf {
    /// The seller.
    pub seller: Arc<Seller>,
    /// The customer.
    pub customer: Customer,
    /// Now, in business time.
    pub now: Timestamp,
    /// Today, on the customer's wall.
    pub today: Date,
    zone: TimeZone,
    subscriptions: Vec<Subscription>,
    periods: Vec<Period>,
}

/// A product that is shown: it is sold, or the customer has it.
#[derive(Debug)]
pub struct Offer<'s> {
    /// The product.
    pub product: &'s Product,
    /// Its plans that are sold, each with its prices in the customer's currency.
    pub plans: Vec<(&'s Plan, Vec<Shown<'s>>)>,
    /// What the customer has of it.
    pub licence: Option<Licence>,
    /// When the last paid period that is over ended.
    pub last_paid_until: Option<Timestamp>,
}

/// A price as a customer would pay it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown<'s> {
    /// The price.
    pub price: &'s Price,
    /// The list price of one unit, tax included.
    pub list: Money,
    /// What one unit costs, tax included.
    pub final_price: Money,
}

impl Engine {
    /// The shelf of a customer; `None` where there is no such customer.
    ///
    /// # Errors
    /// [`Failure::NothingPublished`] or [`Failure::Store`].
    pub async fn shelf(&self, tenant: &Tenant, id: CustomerId) -> Result<Option<Shelf>, Failure> {
        let seller = self.seller(tenant.id).await?;
        let mut batch = ReadBatch::default();
        let root = batch.add(root::of_customer(tenant.id, id));
        let clock = batch.add(clock::stands_at(tenant.clock));
        let buyer = batch.add(customer::by_id(tenant.id, id));
        let subscriptions = batch.add(licence::subscriptions(tenant.id, id));
        let periods = batch.add(licence::periods(tenant.id, id));
        let mut results = self.store.recall(batch).await?;
        let Some(customer) = results.take(buyer)? else { return Ok(None) };
        let zone = customer.zone().map_err(|_| StoreError::Inconsistent("zone"))?;
        let clock = results.take(clock)?.unwrap_or_else(|| self.env.machine());
        // Decisions about a customer may be a little ahead of a clock that stands still.
        let now = results.take(root)?.map_or(clock, |root| root.last_moment.max(clock));
        Ok(Some(Shelf {
            seller,
            today: zone.to_datetime(now).date(),
            zone,
            now,
            customer,
            subscriptions: results.take(subscriptions)?,
            periods: results.take(periods)?,
        }))
    }
}

impl Shelf {
    fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// What is shown, in the catalogue's order; not what only comes with a subscription.
    pub fn offers(&self) -> Vec<Offer<'_>> {
        let products = self.seller.catalogue.products.iter();
        let offers = products.filter(|it| it.is_subscribed_to()).map(|it| self.offer(it));
        offers.filter(|offer| !offer.product.archived || offer.licence.is_some()).collect()
    }

    fn offer<'s>(&'s self, product: &'s Product) -> Offer<'s> {
        let currency = self.customer.profile.currency;
        let sold = |plan: &&Plan| !plan.archived && !product.archived && plan.is_main();
        let plans = product.plans.iter().filter(sold);
        let periods = self.periods_of(product.id);
        let shown = |plan: &'s Plan| {
            let since = held_since(&periods, plan.id, self.now).map(|at| self.day(at));
            let prices = plan.shown_prices(currency, self.today, since);
            (plan, prices.into_iter().filter_map(|price| self.shown(product, price)).collect())
        };
        Offer {
            product,
            plans: plans.map(shown).collect(),
            licence: self.licence(product.id),
            last_paid_until: self.last_paid_until(product.id),
        }
    }

    /// A price with the tax of who pays where nobody is named, or of a consumer at home; `None`
    /// where it can't be reckoned, and then it can't be bought.
    fn shown<'s>(&'s self, product: &Product, price: &'s Price) -> Option<Shown<'s>> {
        let issuer = self.seller.issuer()?;
        let payer = self.customer.payer(None);
        let parties = Parties {
            seller: &self.seller,
            issuer,
            country: payer.map_or(&issuer.identity.country, |payer| &payer.identity.country),
            kind: payer.map_or(CustomerKind::Consumer, |payer| payer.kind),
        };
        let day = calendar::zone(&issuer.zone).ok()?.to_datetime(self.now).date();
        let tax = tax_of(product, parties, day).ok()?;
        let with_tax = |amount| with_tax(price, tax, amount).ok();
        let (list, final_price) = (with_tax(price.list)?, with_tax(price.final_price)?);
        Some(Shown { price, list, final_price })
    }

    /// The customer's running licence of a product.
    pub fn licence(&self, product: ProductId) -> Option<Licence> {
        licence_at(&self.periods_of(product), self.now)
    }

    /// The periods of the customer's agreement on a product that is paid before: the only one. What
    /// is billed in cycles is bought and changed elsewhere.
    fn periods_of(&self, product: ProductId) -> Vec<Period> {
        let own = self.subscriptions.iter().find(|s| s.product == product && !s.recurring);
        let own = |period: &&Period| own.is_some_and(|own| own.id == period.subscription);
        self.periods.iter().filter(own).cloned().collect()
    }

    fn last_paid_until(&self, product: ProductId) -> Option<Timestamp> {
        let periods = self.periods_of(product);
        let over = periods.iter().filter(|period| period.paid && period.ends_at <= self.now);
        over.map(|period| period.ends_at).max()
    }
}
