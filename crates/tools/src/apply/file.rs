//! The file as it is written: TOML, every table and key known, amounts as decimal text.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::value::Datetime;
use uuid::Uuid;

/// A seller's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellerFile {
    pub(super) tenant: Tenant,
    #[serde(default)]
    pub(super) legal_entity: Vec<LegalEntity>,
    #[serde(default)]
    pub(super) product: Vec<Product>,
    #[serde(default)]
    pub(super) customer: Vec<Customer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tenant {
    pub(super) slug: String,
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) currency: String,
    pub(super) zone: String,
    #[serde(default = "five")]
    pub(super) payment_request_days: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LegalEntity {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) tax_id: String,
    pub(super) tax_registration: Option<String>,
    pub(super) registration_number: Option<String>,
    pub(super) address: String,
    pub(super) zone: Option<String>,
    pub(super) tax_regime: String,
    #[serde(default)]
    pub(super) payment_request_prefix: String,
    #[serde(default)]
    pub(super) bank_account: Vec<BankAccount>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BankAccount {
    pub(super) bank_name: String,
    pub(super) bank_code: String,
    pub(super) account: String,
    pub(super) correspondent_account: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Product {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) names: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) plan: Vec<Plan>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) names: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) features: Vec<String>,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default)]
    pub(super) price: Vec<Price>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    pub(super) currency: Option<String>,
    pub(super) months: i64,
    #[serde(default = "one")]
    pub(super) from_quantity: i64,
    pub(super) list: String,
    #[serde(rename = "final")]
    pub(super) final_price: Option<String>,
    pub(super) valid_from: Option<Datetime>,
    pub(super) valid_until: Option<Datetime>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) language: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) default_payer: Option<String>,
    #[serde(default)]
    pub(super) payer: Vec<Payer>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payer {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) tax_id: String,
    pub(super) tax_registration: Option<String>,
    pub(super) registration_number: Option<String>,
    pub(super) address: String,
}

const fn five() -> i64 {
    5
}

const fn one() -> i64 {
    1
}
