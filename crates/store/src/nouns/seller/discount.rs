//! The row of a discount.

use super::{DISCOUNT_WRITE, Row4};
use crate::db::{Bound, Row, StoreError, bind};
use abono_domain::catalogue::Discount;
use abono_domain::discount::{Discount as Off, On};
use abono_domain::ids::{DiscountId, TenantId};
use abono_domain::language::Names;
use abono_domain::money::Money;

/// A discount without its names.
pub(super) fn read(mut row: Row) -> Result<Row4<Discount>, StoreError> {
    let (owner, since, place) = (row.uuid()?, row.int()?, row.int()?);
    let code = row.text()?;
    let (percent, amount, currency) = (row.maybe_exact()?, row.maybe_int()?, row.maybe_text()?);
    let currency = currency.map(|it| it.parse().map_err(|_| row.wrong())).transpose()?;
    let off = match (percent, amount, currency) {
        (Some(percent), None, None) => Off::Percent(percent),
        (None, Some(minor), Some(currency)) => Off::Amount(Money::new(minor, currency)),
        _ => return Err(row.wrong()),
    };
    let thing = Discount {
        id: DiscountId(owner),
        code,
        names: Names::default(),
        off,
        on: row.read(On::parse)?,
        periods: row.maybe_int()?,
        valid_from: row.maybe_date()?,
        valid_until: row.maybe_date()?,
    };
    Ok(Row4 { owner, since, place, thing })
}

pub(super) fn row(tenant: TenantId, since: i64, place: i64, discount: &Discount) -> Bound {
    let (percent, amount, currency) = match discount.off {
        Off::Percent(percent) => (Some(percent.to_string()), None, None),
        Off::Amount(amount) => (None, Some(amount.minor), Some(amount.currency.to_string())),
    };
    bind!(
        DISCOUNT_WRITE,
        tenant,
        discount.id,
        since,
        place,
        discount.code.as_str(),
        percent,
        amount,
        currency,
        discount.on.as_str(),
        discount.periods,
        discount.valid_from,
        discount.valid_until,
    )
}
