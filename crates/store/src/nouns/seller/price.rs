//! The rows of a price: itself, with its model, and its tiers.

use super::{PRICE_WRITE, Row4, TIER_WRITE};
use crate::db::{Bound, Row, StoreError, bind};
use abono_domain::catalogue::{Price, PricePoint};
use abono_domain::exact::Exact;
use abono_domain::ids::{PlanId, PriceId, TenantId};
use abono_domain::money::Money;
use abono_domain::pricing::{
    Flat, Graduated, Model, Package, Partial, PerUnit, Pricing, Tier, Volume,
};
use abono_domain::tax::Prices;

/// A price without its tiers.
pub(super) fn read(mut row: Row) -> Result<Row4<Price>, StoreError> {
    let owner = row.uuid()?;
    let id = PriceId(row.uuid()?);
    let since = row.int()?;
    let currency = row.currency()?;
    let (months, from_quantity) = (row.int()?, row.int()?);
    let (valid_from, valid_until) = (row.maybe_date()?, row.maybe_date()?);
    let (list, final_price) = (row.int()?, row.int()?);
    let (tax, reaches_existing) = (row.read(Prices::parse)?, row.maybe_date()?);
    let thing = Price {
        id,
        point: PricePoint { currency, months, from_quantity, valid_from },
        list: Money::new(list, currency),
        final_price: Money::new(final_price, currency),
        model: model(&mut row)?,
        tax,
        valid_until,
        reaches_existing,
    };
    Ok(Row4 { owner, since, place: 0, thing })
}

fn model(row: &mut Row) -> Result<Option<Pricing>, StoreError> {
    let word = row.maybe_text()?;
    let (amount, minimum) = (row.maybe_exact()?, row.maybe_exact()?);
    let (size, free) = (row.maybe_exact()?, row.maybe_exact()?);
    let partial = row.maybe_text()?.as_deref().and_then(Partial::parse);
    let tiers = Vec::new();
    let model = match (word.as_deref(), amount) {
        (None, None) => return Ok(None),
        (Some("flat"), Some(amount)) => Model::Flat(Flat { amount }),
        (Some("per_unit"), Some(amount)) => Model::PerUnit(PerUnit { amount }),
        (Some("graduated"), None) => Model::Graduated(Graduated { tiers }),
        (Some("volume"), None) => Model::Volume(Volume { tiers }),
        (Some("package"), Some(amount)) => match (size, free, partial) {
            (Some(size), Some(free), Some(partial)) => {
                Model::Package(Package { size, amount, free, partial })
            }
            _ => return Err(row.wrong()),
        },
        _ => return Err(row.wrong()),
    };
    Ok(Some(Pricing { model, minimum }))
}

pub(super) fn read_tier(mut row: Row) -> Result<Row4<Tier>, StoreError> {
    let (owner, since) = (row.uuid()?, row.int()?);
    let (up_to, unit, flat) = (row.maybe_exact()?, row.maybe_exact()?, row.maybe_exact()?);
    let thing = Tier { up_to, unit, flat, flat_at_zero: row.bool()? };
    Ok(Row4 { owner, since, place: 0, thing })
}

/// A price with its tiers, where its model has any.
pub(super) fn with_tiers(mut price: Price, of: Vec<Tier>) -> Price {
    if let Some(Pricing { model, .. }) = &mut price.model
        && let Model::Graduated(Graduated { tiers }) | Model::Volume(Volume { tiers }) = model
    {
        *tiers = of;
    }
    price
}

/// The rows of a price.
pub(super) fn rows(tenant: TenantId, plan: PlanId, since: i64, price: &Price) -> Vec<Bound> {
    let model = price.model.as_ref().map(|pricing| &pricing.model);
    let (word, amount) = match model {
        None => (None, None),
        Some(Model::Flat(Flat { amount })) => (Some("flat"), Some(amount)),
        Some(Model::PerUnit(PerUnit { amount })) => (Some("per_unit"), Some(amount)),
        Some(Model::Graduated(_)) => (Some("graduated"), None),
        Some(Model::Volume(_)) => (Some("volume"), None),
        Some(Model::Package(Package { amount, .. })) => (Some("package"), Some(amount)),
        // A share of amounts prices no quantity; it can't be published, and has no word here.
        Some(Model::Percentage(_)) => (Some("percentage"), None),
    };
    let package = match model {
        Some(Model::Package(package)) => Some(package),
        _ => None,
    };
    let minimum = price.model.as_ref().and_then(|pricing| pricing.minimum);
    let mut rows = vec![bind!(
        PRICE_WRITE,
        tenant,
        plan,
        price.id,
        since,
        price.point.currency,
        price.point.months,
        price.point.from_quantity,
        price.point.valid_from,
        price.valid_until,
        price.list.minor,
        price.final_price.minor,
        price.tax.as_str(),
        price.reaches_existing,
        word.map(str::to_owned),
        text(amount),
        text(minimum.as_ref()),
        text(package.map(|it| &it.size)),
        text(package.map(|it| &it.free)),
        package.map(|it| it.partial.as_str().to_owned()),
    )];
    if let Some(Model::Graduated(Graduated { tiers }) | Model::Volume(Volume { tiers })) = model {
        rows.extend((1_i64..).zip(tiers).map(|(place, tier)| {
            let (up_to, unit) = (text(tier.up_to.as_ref()), text(tier.unit.as_ref()));
            let (flat, at_zero) = (text(tier.flat.as_ref()), tier.flat_at_zero);
            bind!(TIER_WRITE, tenant, plan, price.id, since, place, up_to, unit, flat, at_zero)
        }));
    }
    rows
}

fn text(figure: Option<&Exact>) -> Option<String> {
    figure.map(Exact::to_string)
}
