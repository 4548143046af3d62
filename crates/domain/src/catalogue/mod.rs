//! What is sold: products, their plans, and the plans' prices.
//!
//! A catalogue belongs to one version of a seller and never changes; a new version is published.

mod price;

pub use price::{Price, PricePoint};

use crate::ids::{PlanId, ProductId};
use crate::language::Names;

/// Everything a seller sells, in the order in which it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The products.
    pub products: Vec<Product>,
}

/// What is sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its identity.
    pub id: ProductId,
    /// Its code, unique in the catalogue.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// No longer sold; what runs goes on.
    pub archived: bool,
    /// Its plans, in the order in which they are shown.
    pub plans: Vec<Plan>,
}

/// A plan of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its identity.
    pub id: PlanId,
    /// Its code, unique in the product.
    pub code: String,
    /// Its names.
    pub names: Names,
    /// The capabilities that it opens.
    pub features: Vec<String>,
    /// No longer sold; what runs goes on.
    pub archived: bool,
    /// Its prices.
    pub prices: Vec<Price>,
}

impl Catalogue {
    /// The product of an id.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    /// The product of a code.
    pub fn product_by_code(&self, code: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.code == code)
    }
}

impl Product {
    /// The plan of an id.
    pub fn plan(&self, id: PlanId) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The plan of a code.
    pub fn plan_by_code(&self, code: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.code == code)
    }
}
