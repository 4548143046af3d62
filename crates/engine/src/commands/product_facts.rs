//! A customer, its agreement on a product, its licence and what was paid for it, and the requests
//! that would change it.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Loaded, Loading, Planned};
use abono_domain::customer::{Customer, CustomerRefusal};
use abono_domain::decision::Decision;
use abono_domain::document::DocumentView;
use abono_domain::ids::{CustomerId, ProductId};
use abono_domain::licence::{DiscountUse, Facts, Holding, Period, Subscription, Value};
use abono_domain::moment::Moment;
use abono_store::nouns::licence::{self, value};
use abono_store::nouns::{customer, document, ledger};
use abono_store::{OfCustomer, Slot};

/// Loads what giving or selling a licence of the product has to know, and decides on it.
pub(in crate::commands) async fn decide_on<E: Into<Failure>>(
    attempt: &Attempt<'_>,
    id: CustomerId,
    product: ProductId,
    decide: impl FnOnce(&Facts<'_>, Moment) -> Result<Decision, E>,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let product = ProductFacts::ask(&mut loading, product);

    let mut loaded = loading.read().await?;
    let balances = loaded.take(balances)?;
    let product = product.take(&mut loaded)?;
    let facts = Facts { seller: &seller, holding: product.holding(), balances: &balances };
    loaded.decide(seller.version, |moment| decide(&facts, moment))
}

/// What was found.
pub(in crate::commands) struct ProductFacts {
    customer: Customer,
    subscription: Option<Subscription>,
    laying: i64,
    periods: Vec<Period>,
    values: Vec<Value>,
    changes: Vec<DocumentView>,
    discounts_used: Vec<DiscountUse>,
}

/// What is asked for.
pub(in crate::commands) struct Asked {
    product: ProductId,
    customer: Slot<Option<Customer>>,
    subscriptions: Slot<Vec<Subscription>>,
    laying: Slot<i64>,
    periods: Slot<Vec<Period>>,
    values: Slot<Vec<Value>>,
    changes: Slot<Vec<DocumentView>>,
    discounts_used: Slot<Vec<DiscountUse>>,
}

impl ProductFacts {
    pub(in crate::commands) fn ask(
        loading: &mut Loading<'_, OfCustomer>,
        product: ProductId,
    ) -> Asked {
        Asked {
            product,
            customer: loading.add(customer::by_id),
            subscriptions: loading.add(licence::subscriptions),
            laying: loading.add(|tenant, customer| licence::laying(tenant, customer, product)),
            periods: loading.add(|tenant, customer| licence::of_product(tenant, customer, product)),
            values: loading.add(|tenant, customer| value::of_product(tenant, customer, product)),
            changes: loading
                .add(|tenant, customer| document::pending_changes(tenant, customer, product)),
            discounts_used: loading.add(licence::discount_uses),
        }
    }

    /// The agreement on the product.
    pub(in crate::commands) const fn subscription(&self) -> Option<&Subscription> {
        self.subscription.as_ref()
    }

    pub(in crate::commands) fn holding(&self) -> Holding<'_> {
        Holding {
            customer: &self.customer,
            subscription: self.subscription.as_ref(),
            laying: self.laying,
            periods: &self.periods,
            values: &self.values,
            changes: &self.changes,
            discounts_used: &self.discounts_used,
        }
    }
}

impl Asked {
    pub(in crate::commands) fn take(
        self,
        loaded: &mut Loaded<'_, OfCustomer>,
    ) -> Result<ProductFacts, Stop> {
        let customer = loaded.take(self.customer)?;
        let customer = customer.ok_or_else(|| Failure::from(CustomerRefusal::Unknown))?;
        let subscriptions = loaded.take(self.subscriptions)?;
        let subscription =
            subscriptions.into_iter().find(|s| s.product == self.product && !s.recurring);
        Ok(ProductFacts {
            customer,
            subscription,
            laying: loaded.take(self.laying)?,
            periods: loaded.take(self.periods)?,
            values: loaded.take(self.values)?,
            changes: loaded.take(self.changes)?,
            discounts_used: loaded.take(self.discounts_used)?,
        })
    }
}
