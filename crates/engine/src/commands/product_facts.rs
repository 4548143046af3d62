//! A customer's agreement on a product and the newest period of its licence.

use crate::failure::Failure;
use crate::loading::{Loaded, Loading};
use abono_domain::ids::ProductId;
use abono_domain::licence::{Period, Subscription};
use abono_store::nouns::licence;
use abono_store::{OfCustomer, Slot};

/// What was found.
pub(super) struct ProductFacts {
    pub(super) subscription: Option<Subscription>,
    pub(super) last_period: Option<Period>,
}

/// What is asked for.
pub(super) struct Asked {
    product: ProductId,
    subscriptions: Slot<Vec<Subscription>>,
    last_period: Slot<Option<Period>>,
}

impl ProductFacts {
    pub(super) fn ask(loading: &mut Loading<'_, OfCustomer>, product: ProductId) -> Asked {
        Asked {
            product,
            subscriptions: loading.add(licence::subscriptions),
            last_period: loading
                .add(|tenant, customer| licence::last_period(tenant, customer, product)),
        }
    }
}

impl Asked {
    pub(super) fn take(self, loaded: &mut Loaded<'_, OfCustomer>) -> Result<ProductFacts, Failure> {
        let subscriptions = loaded.take(self.subscriptions)?;
        let subscription = subscriptions.into_iter().find(|s| s.product == self.product);
        Ok(ProductFacts { subscription, last_period: loaded.take(self.last_period)? })
    }
}
