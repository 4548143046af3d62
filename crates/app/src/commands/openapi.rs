//! `abono openapi lifepos`.

use crate::cli::{Openapi, OpenapiLifepos};
use crate::output;
use abono_api_lifepos::openapi::{Sold, SoldPlan, describe};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use uuid::Uuid;

pub(crate) fn run(verb: Openapi) -> Result<()> {
    match verb {
        Openapi::Lifepos(args) => lifepos(args),
    }
}

fn lifepos(args: OpenapiLifepos) -> Result<()> {
    let sold = args.demo.as_deref().map(sold).transpose()?;
    output::line(describe(sold.as_ref())?);
    Ok(())
}

/// What the demo sells, as its file says.
fn sold(path: &Path) -> Result<Sold> {
    let read = || -> Result<Sold> {
        let text = std::fs::read_to_string(path)?;
        let facts: Value = serde_json::from_str(&text)?;
        let lifepos = &facts["lifepos"];
        let plans = lifepos["plans"].as_array().context("`lifepos.plans` is missing")?;
        Ok(Sold {
            orgs: vec![guid(lifepos, "org_guid")?],
            products: vec![guid(lifepos, "product_guid")?],
            plans: plans.iter().map(plan).collect::<Result<_>>()?,
            payers: vec![guid(lifepos, "payer_guid")?, guid(lifepos, "second_payer_guid")?],
        })
    };
    read().with_context(|| format!("reading the demo's facts in {}", path.display()))
}

fn plan(facts: &Value) -> Result<SoldPlan> {
    let periods = facts["periods"].as_array().context("a plan has no `periods`")?;
    let months = |period: &Value| period.as_i64().context("a period is no number of months");
    let periods = periods.iter().map(months).collect::<Result<_>>()?;
    Ok(SoldPlan { guid: guid(facts, "guid")?, periods })
}

fn guid(facts: &Value, name: &str) -> Result<Uuid> {
    let text = facts[name].as_str().with_context(|| format!("`{name}` is missing"))?;
    Uuid::try_parse(text).with_context(|| format!("`{name}` is no uuid"))
}
