//! The least that is charged: a line of its own for what is missing.

use super::{Part, PriceRefusal, Share, exacts};
use crate::exact::Exact;
use crate::split::sum;

/// What is missing in `shares` up to `minimum`; nothing where they reach it.
pub(super) fn missing(
    minimum: Option<Exact>,
    shares: &[Share],
) -> Result<Option<Share>, PriceRefusal> {
    let Some(minimum) = minimum else { return Ok(None) };
    let missing = minimum.minus(sum(&exacts(shares)?)?)?;
    Ok((missing > Exact::ZERO).then_some(Share::one(Part::Minimum, missing)))
}
