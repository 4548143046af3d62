//! A quote: the very request for payment, decided and not written.

use super::refuse_unlisted;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, CalculatedLicenseDto};
use crate::error::Refused;
use crate::order;
use abono_domain::decision::Outcome;
use abono_engine::{Call, Command};
use abono_http::reply::Reply;

pub(crate) async fn calculate(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let order = order::read(asked)?;
    refuse_unlisted(api, asked, &order.order).await?;
    let call = Call { dry_run: true, ..asked.call() };
    let command = Command::RequestPayment(asked.org()?, order);
    match api.engine.carry_out(&call, &command).await? {
        Outcome::PaymentRequest { quote: Some(quote), .. } => {
            Ok(dto::reply(201, &CalculatedLicenseDto::new(&quote)))
        }
        Outcome::PaymentRequest { quote: None, .. }
        | Outcome::Payment(_)
        | Outcome::Checkout(_)
        | Outcome::ProviderRefund { .. }
        | Outcome::Heard { .. }
        | Outcome::Licence { .. }
        | Outcome::Subscription { .. }
        | Outcome::Cycle { .. }
        | Outcome::Change { .. }
        | Outcome::Group(_)
        | Outcome::Termination { .. }
        | Outcome::Delivery { .. }
        | Outcome::Seller { .. }
        | Outcome::Customer { .. }
        | Outcome::Key(_)
        | Outcome::Clock(_) => Err(Refused::internal()),
    }
}
