//! A customer, its agreement on a product, and the newest period of its licence.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Loaded, Loading};
use abono_domain::customer::{Customer, CustomerRefusal};
use abono_domain::ids::ProductId;
use abono_domain::licence::{Holding, Period, Subscription};
use abono_store::nouns::{customer, licence};
use abono_store::{OfCustomer, Slot};

/// What was found.
pub(super) struct ProductFacts {
    customer: Customer,
    subscription: Option<Subscription>,
    last_period: Option<Period>,
}

/// What is asked for.
pub(super) struct Asked {
    product: ProductId,
    customer: Slot<Option<Customer>>,
    subscriptions: Slot<Vec<Subscription>>,
    last_period: Slot<Option<Period>>,
}

impl ProductFacts {
    pub(super) fn ask(loading: &mut Loading<'_, OfCustomer>, product: ProductId) -> Asked {
        Asked {
            product,
            customer: loading.add(customer::by_id),
            subscriptions: loading.add(licence::subscriptions),
            last_period: loading
                .add(|tenant, customer| licence::last_period(tenant, customer, product)),
        }
    }

    pub(super) const fn holding(&self) -> Holding<'_> {
        Holding {
            customer: &self.customer,
            subscription: self.subscription.as_ref(),
            last_period: self.last_period.as_ref(),
        }
    }
}

impl Asked {
    pub(super) fn take(self, loaded: &mut Loaded<'_, OfCustomer>) -> Result<ProductFacts, Stop> {
        let customer = loaded.take(self.customer)?;
        let customer = customer.ok_or_else(|| Failure::from(CustomerRefusal::Unknown))?;
        let subscriptions = loaded.take(self.subscriptions)?;
        let subscription = subscriptions.into_iter().find(|s| s.product == self.product);
        Ok(ProductFacts { customer, subscription, last_period: loaded.take(self.last_period)? })
    }
}
