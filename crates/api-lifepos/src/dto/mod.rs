//! The contract's shapes: views of the domain, member by member in the contract's order.

mod common;
mod invoice;
mod license;
mod organization;
mod page;
mod product;

pub(crate) use common::{Guid, Instant, MoneyDto, Naming, ReferenceDto, is_listed};
pub(crate) use invoice::{InvoiceDto, Titles};
pub(crate) use license::CalculatedLicenseDto;
pub(crate) use organization::{LegalEntityDto, OrganizationDto};
pub(crate) use page::PageDto;
pub(crate) use product::ProductDto;

use crate::error::Refused;
use crate::language::Speech;
use abono_http::reply::Reply;
use serde::Serialize;

/// An answer of this shape.
pub(crate) fn reply(status: u16, shape: &impl Serialize) -> Reply {
    match serde_json::to_vec(shape) {
        Ok(body) => Reply::json(status, body),
        // No shape here has a map, the one thing that could not be written.
        Err(_) => Refused::internal().reply(Speech::En),
    }
}
