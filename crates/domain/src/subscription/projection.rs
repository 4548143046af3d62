//! What a cycle that isn't billed yet will give and cost, as if it was billed now.

use super::{Agreement, Cycle, SubscriptionRefusal};
use crate::calendar::Anchor;
use crate::customer::Payer;
use crate::document::{LineLicence, PayerSnapshot};
use crate::ids::{DocumentId, GrantId};
use crate::licence::{Period, Value};
use crate::money::Money;
use crate::quote::{Quote, QuoteRefusal};
use crate::seller::Seller;
use jiff::Timestamp;
use uuid::Uuid;

/// The period and the value of a quote for all of a cycle.
///
/// # Errors
/// [`SubscriptionRefusal`], for a plan that isn't in the catalogue any more.
pub(crate) fn projected(
    (seller, agreement): (&Seller, &Agreement),
    quote: &Quote,
    payer: &Payer,
    (cycle, starts_at): (&Cycle, Timestamp),
) -> Result<(Period, Value), SubscriptionRefusal> {
    let (order, charge) = (&quote.order, &quote.charge);
    let ends_at = agreement.midnight(cycle.part.to)?;
    let sold = seller.catalogue.product(order.product).and_then(|it| it.plan(order.plan));
    let grant = GrantId(Uuid::nil());
    let period = Period {
        subscription: agreement.subscription.id,
        laying: 1,
        run: 1,
        seq: 1,
        anchor: Anchor::new(ends_at, agreement.zone()?),
        months_to: 0,
        starts_at,
        ends_at,
        plan: order.plan,
        quantity: order.quantity,
        grant,
        paid: true,
    };
    let value = Value {
        grant,
        legal_entity: agreement.legal_entity,
        payer: PayerSnapshot::of(payer),
        licence: LineLicence {
            product: order.product,
            plan: order.plan,
            term: quote.lay.term,
            credit: sold.ok_or(QuoteRefusal::UnknownPlan)?.terms.credit,
        },
        charged_from: starts_at,
        quantity: order.quantity,
        document: DocumentId(Uuid::nil()),
        paid: charge.total,
        discount: Money::sum(charge.total.currency, charge.discounts.iter().map(|it| it.amount))?,
        price: Some(charge.price.id),
        tax: charge.tax,
    };
    Ok((period, value))
}
