//! The file as it is written: TOML, every key known, times as TOML has them.

use crate::apply::SellerFile;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use toml::Spanned;
use toml::value::Datetime;

/// A story's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScenarioFile {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) start: Spanned<Datetime>,
    pub(super) seller: Spanned<SellerAt>,
    #[serde(default)]
    pub(super) step: Vec<Spanned<StepFile>>,
}

/// A seller: the path of its file, or the same members in place.
#[derive(Debug)]
pub(super) enum SellerAt {
    Path(String),
    Here(Box<SellerFile>),
}

/// A step: when, one verb, and what it must be refused with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepFile {
    pub(super) at: Option<Spanned<Datetime>>,
    pub(super) refused: Option<String>,
    pub(super) list: Option<String>,
    pub(super) quote: Option<OrderFile>,
    pub(super) request: Option<OrderFile>,
    pub(super) cancel: Option<String>,
    pub(super) pay: Option<PayFile>,
    pub(super) refund: Option<RefundFile>,
    pub(super) grant: Option<GrantFile>,
    pub(super) trial: Option<TrialFile>,
    pub(super) explain: Option<String>,
    pub(super) start: Option<StartFile>,
    pub(super) change: Option<ChangeFile>,
    pub(super) preview: Option<ChangeFile>,
    pub(super) withdraw: Option<DecideFile>,
    pub(super) approve: Option<DecideFile>,
    pub(super) reject: Option<DecideFile>,
    pub(super) end: Option<EndFile>,
    pub(super) add: Option<AddFile>,
    pub(super) terminate: Option<TerminateFile>,
    pub(super) foresee: Option<TerminateFile>,
    pub(super) withdraw_termination: Option<WithdrawTerminationFile>,
    pub(super) apply: Option<SellerAt>,
    pub(super) wait: Option<String>,
}

/// What is bought, by whom, and how it is called later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderFile {
    pub(super) name: Option<String>,
    pub(super) customer: String,
    pub(super) payer: Option<String>,
    pub(super) product: String,
    pub(super) plan: String,
    #[serde(default = "one")]
    pub(super) quantity: i64,
    pub(super) months: i64,
}

/// Money that comes in for a request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PayFile {
    pub(super) request: String,
    pub(super) amount: String,
    pub(super) currency: Option<String>,
    pub(super) reference: Option<String>,
}

/// Money that goes back for a request, and what is left of what it gave.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RefundFile {
    pub(super) request: String,
    pub(super) amount: Option<String>,
    pub(super) quantity: Option<i64>,
    pub(super) months: Option<i64>,
    pub(super) reference: Option<String>,
    pub(super) reason: String,
}

/// A licence that is given by hand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantFile {
    pub(super) customer: String,
    pub(super) product: String,
    pub(super) plan: String,
    #[serde(default = "one")]
    pub(super) quantity: i64,
    pub(super) months: i64,
    pub(super) reason: String,
}

/// A plan that is tried.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrialFile {
    pub(super) customer: String,
    pub(super) product: String,
    pub(super) plan: String,
    #[serde(default = "one")]
    pub(super) quantity: i64,
}

/// A subscription that lives in cycles, and how it is called later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartFile {
    pub(super) name: String,
    pub(super) customer: String,
    pub(super) product: String,
    pub(super) plan: String,
    #[serde(default = "one")]
    pub(super) quantity: i64,
    #[serde(default = "one")]
    pub(super) months: i64,
    pub(super) billing_day: Option<i64>,
    pub(super) bundle: Option<String>,
}

/// Another plan of a subscription, and how the change is called later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeFile {
    pub(super) name: Option<String>,
    pub(super) subscription: String,
    pub(super) plan: String,
    pub(super) on: Option<Datetime>,
}

/// What becomes of a change, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideFile {
    pub(super) change: String,
    pub(super) by: Option<String>,
    pub(super) note: Option<String>,
}

/// The end of a subscription, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndFile {
    pub(super) subscription: String,
    pub(super) reason: String,
}

/// A product that is added to a subscription, and how it is called later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddFile {
    pub(super) name: String,
    pub(super) subscription: String,
    pub(super) product: String,
    pub(super) plan: String,
    #[serde(default = "one")]
    pub(super) quantity: i64,
}

/// The end of what was added: when, what comes back and how that is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TerminateFile {
    pub(super) product: String,
    pub(super) when: Option<String>,
    pub(super) credit: Option<String>,
    #[serde(rename = "as")]
    pub(super) kind: Option<String>,
    pub(super) anchor: Option<Datetime>,
    pub(super) reason: Option<String>,
    pub(super) comment: Option<String>,
    #[serde(default)]
    pub(super) texts: Vec<String>,
}

/// A termination that is taken back, by what it would end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WithdrawTerminationFile {
    pub(super) product: String,
}

const fn one() -> i64 {
    1
}

/// By hand, because of two shapes tried in turn neither would say what is wrong with it.
impl<'de> Deserialize<'de> for SellerAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SellerVisitor)
    }
}

struct SellerVisitor;

impl<'de> Visitor<'de> for SellerVisitor {
    type Value = SellerAt;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the path of a seller's file, or a table with the members of one")
    }

    fn visit_str<E: Error>(self, path: &str) -> Result<SellerAt, E> {
        Ok(SellerAt::Path(path.to_owned()))
    }

    fn visit_map<M: MapAccess<'de>>(self, members: M) -> Result<SellerAt, M::Error> {
        let file = SellerFile::deserialize(MapAccessDeserializer::new(members))?;
        Ok(SellerAt::Here(Box::new(file)))
    }
}
