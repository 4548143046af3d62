//! The contract's shapes: views of the domain, member by member in the contract's order. What has
//! no value is left out.

mod change;
mod common;
mod product;
mod subscription;

pub(crate) use change::{ChangeDto, RiskWord};
pub(crate) use common::{Day, IdValue, Instant};
pub(crate) use product::{ProductExtra, SubscriptionProductDto};
pub(crate) use subscription::{SubscriptionDto, SubscriptionExtra};

use crate::error::{Code, Refused};
use abono_http::reply::Reply;
use serde::Serialize;

/// An answer of this shape.
pub(crate) fn reply(status: u16, shape: &impl Serialize) -> Reply {
    match serde_json::to_vec(shape) {
        Ok(body) => Reply::json(status, body),
        // No shape here has a map, the one thing that could not be written.
        Err(_) => Refused::new(Code::Internal).reply(),
    }
}
