//! The body that asks for a licence, and the command that it becomes.

use crate::dispatch::Asked;
use crate::error::Refused;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::{PayerId, PlanId, ProductId};
use abono_domain::quote::{MONTHS_MAX, Order, QUANTITY_MAX};
use abono_http::json::{self, CanonicalUuid, NumberPolicy, Object};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{self, KnownFormat, ObjectBuilder, SchemaFormat, Type};

/// Which licence is asked for, and who would pay for it.
#[derive(Deserialize, ToSchema)]
#[schema(as = LicenseOrder)]
pub(crate) struct OrderBody {
    /// A plan of the product.
    #[schema(value_type = Reference)]
    plan: Object<Reference>,
    #[schema(schema_with = quantity)]
    quantity: i64,
    /// One of the plan's periods.
    #[schema(schema_with = months)]
    period_in_months: i64,
    /// A payer of the organisation; where none is named, its default payer.
    #[schema(value_type = Option<Reference>)]
    who_pays: Option<Object<Reference>>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = OrderReference)]
struct Reference {
    #[schema(value_type = String, format = Uuid)]
    guid: CanonicalUuid,
}

fn quantity() -> schema::Object {
    up_to(QUANTITY_MAX)
}

fn months() -> schema::Object {
    up_to(MONTHS_MAX)
}

fn up_to(most: i64) -> schema::Object {
    let format = SchemaFormat::KnownFormat(KnownFormat::Int32);
    let integer = ObjectBuilder::new().schema_type(Type::Integer).format(Some(format));
    integer.minimum(Some(1)).maximum(Some(most)).build()
}

/// Reads the command out of a request's body.
pub(crate) fn read(asked: &Asked) -> Result<RequestPayment, Refused> {
    let (bytes, product) = (asked.body()?, asked.product()?);
    if !json::is_json(&asked.parts.headers) {
        return Err(Refused::invalid("Content-Type: expected application/json, in UTF-8"));
    }
    parse(bytes, product)
}

/// Members that the contract doesn't know are left alone, so their numbers may be of any kind.
fn parse(bytes: &[u8], product: ProductId) -> Result<RequestPayment, Refused> {
    let body: OrderBody = json::parse(bytes, NumberPolicy::DecimalsAllowed)
        .map_err(|error| Refused::invalid(error.to_string()))?;
    let order = Order {
        product,
        plan: PlanId(body.plan.0.guid.0),
        quantity: in_range("quantity", body.quantity, QUANTITY_MAX)?,
        months: in_range("period_in_months", body.period_in_months, MONTHS_MAX)?,
    };
    Ok(RequestPayment { order, payer: body.who_pays.map(|payer| PayerId(payer.0.guid.0)) })
}

fn in_range(member: &str, value: i64, most: i64) -> Result<i64, Refused> {
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Refused::invalid(format!("{member}: expected an integer from 1 to {most}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const PLAN: &str = r#""plan":{"guid":"0192F0C1-0000-7000-8000-00000000DEAD"}"#;

    fn info(body: &str) -> String {
        let refused = parse(body.as_bytes(), ProductId(Uuid::nil())).expect_err(body);
        refused.info.unwrap_or_default()
    }

    #[test]
    fn unknown_members_and_nulls_are_left_alone() {
        let body = format!(
            r#"{{{PLAN},"quantity":2,"period_in_months":3,"who_pays":null,"type_of":7,"x":1.5}}"#
        );
        let read = parse(body.as_bytes(), ProductId(Uuid::nil())).expect("an order");
        assert_eq!((read.order.quantity, read.order.months, read.payer), (2, 3, None));
        assert_eq!(read.order.plan.to_string(), "0192f0c1-0000-7000-8000-00000000dead");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        for (members, path) in [
            (r#""quantity":1,"period_in_months":1"#, "plan: "),
            (r#""plan":null,"quantity":1,"period_in_months":1"#, "plan: "),
            (r#""plan":{},"quantity":1,"period_in_months":1"#, "plan.guid: "),
            (r#""plan":{"guid":"x"},"quantity":1,"period_in_months":1"#, "plan.guid: "),
        ] {
            assert!(info(&format!("{{{members}}}")).starts_with(path), "{members}");
        }
        for quantity in ["0", "-1", "100001", "1.5", "1.0", "1e2", "\"3\"", "null", "9e999", "true"]
        {
            let text = info(&format!(r#"{{{PLAN},"quantity":{quantity},"period_in_months":1}}"#));
            assert!(text.starts_with("quantity: "), "{quantity}: {text}");
        }
        for months in ["0", "61", "9223372036854775808"] {
            let text = info(&format!(r#"{{{PLAN},"quantity":1,"period_in_months":{months}}}"#));
            assert!(text.starts_with("period_in_months: "), "{months}: {text}");
        }
    }
}
