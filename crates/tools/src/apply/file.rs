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
    pub(super) discount: Vec<Discount>,
    #[serde(default)]
    pub(super) bundle: Vec<Bundle>,
    #[serde(default)]
    pub(super) termination_reason: Vec<TerminationReason>,
    #[serde(default)]
    pub(super) risk: Risk,
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
    #[serde(default = "fifteen")]
    pub(super) invoice_due_days: i64,
    pub(super) tax_rounding: Option<String>,
    #[serde(default)]
    pub(super) external_billing: bool,
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
    pub(super) credit_note_prefix: Option<String>,
    pub(super) invoice_prefix: Option<String>,
    pub(super) order_confirmation_prefix: Option<String>,
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
    pub(super) tax_class: Option<String>,
    pub(super) nature: Option<String>,
    pub(super) billing: Option<String>,
    pub(super) trial: Option<Trial>,
    pub(super) change: Option<String>,
    pub(super) credit: Option<String>,
    pub(super) day_count: Option<String>,
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
    pub(super) billing: Option<String>,
    pub(super) trial: Option<Trial>,
    pub(super) change: Option<String>,
    pub(super) credit: Option<String>,
    pub(super) day_count: Option<String>,
    pub(super) number: Option<i64>,
    pub(super) changes_to: Option<BTreeMap<String, String>>,
    pub(super) commitment: Option<Commitment>,
    pub(super) kind: Option<String>,
    pub(super) article: Option<String>,
    pub(super) external_id: Option<String>,
    #[serde(default)]
    pub(super) notice_days: i64,
    #[serde(default)]
    pub(super) includes: Vec<String>,
    #[serde(default)]
    pub(super) price: Vec<Price>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commitment {
    pub(super) months: i64,
    pub(super) penalty: String,
    pub(super) currency: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bundle {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) number: Option<i64>,
    pub(super) names: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerminationReason {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) names: BTreeMap<String, String>,
    pub(super) external_id: Option<String>,
    pub(super) parent: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Risk {
    pub(super) valid_days: Option<i64>,
    pub(super) service_fallback: Option<String>,
    #[serde(default)]
    pub(super) rule: Vec<Rule>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) code: String,
    pub(super) measure: String,
    #[serde(default)]
    pub(super) in_days: i64,
    pub(super) review: Option<String>,
    pub(super) rejected: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trial {
    pub(super) days: Option<u32>,
    pub(super) months: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    pub(super) currency: Option<String>,
    pub(super) months: i64,
    #[serde(default = "one")]
    pub(super) from_quantity: i64,
    pub(super) list: Option<String>,
    #[serde(rename = "final")]
    pub(super) final_price: Option<String>,
    pub(super) tax: Option<String>,
    pub(super) model: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) tiers: Option<Vec<Tier>>,
    pub(super) size: Option<String>,
    pub(super) free: Option<String>,
    pub(super) partial: Option<String>,
    pub(super) minimum: Option<String>,
    pub(super) valid_from: Option<Datetime>,
    pub(super) valid_until: Option<Datetime>,
    pub(super) reaches_existing: Option<Datetime>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub(super) up_to: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) flat: Option<String>,
    #[serde(default)]
    pub(super) flat_at_zero: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Discount {
    pub(super) code: String,
    pub(super) id: Option<Uuid>,
    pub(super) names: BTreeMap<String, String>,
    pub(super) percent: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) on: Option<String>,
    pub(super) periods: Option<i64>,
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
    pub(super) discounts: Vec<String>,
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
    #[serde(default)]
    pub(super) tax_id: String,
    pub(super) tax_registration: Option<String>,
    pub(super) registration_number: Option<String>,
    pub(super) address: String,
    pub(super) kind: Option<String>,
}

const fn five() -> i64 {
    5
}

const fn fifteen() -> i64 {
    15
}

const fn one() -> i64 {
    1
}
