//! A quote.

use super::{Instant, MoneyDto, ReferenceDto};
use abono_domain::quote::Quote;
use serde::Serialize;
use utoipa::ToSchema;

/// What a licence would cost, and until when it would run.
#[derive(Serialize, ToSchema)]
#[schema(as = CalculatedLicense)]
pub(crate) struct CalculatedLicenseDto {
    plan: ReferenceDto,
    quantity: i64,
    expires_at: Instant,
    total_sum: MoneyDto,
    type_of: &'static str,
}

impl CalculatedLicenseDto {
    pub(crate) fn new(quote: &Quote) -> Self {
        Self {
            plan: ReferenceDto::plan(quote.order.plan.0),
            quantity: quote.order.quantity,
            expires_at: Instant(quote.expires_at),
            total_sum: quote.total.into(),
            type_of: "CalculatedLicense",
        }
    }
}
