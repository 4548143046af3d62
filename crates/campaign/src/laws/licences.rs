//! What a customer of LIFE POS has and owes, as the plain model says it from what was answered.

use super::Broken;
use crate::sellers::{POS, VALID_DAYS, customer, deal};
use crate::sometimes;
use crate::stage::Story;
use crate::stage::provider::NAME;
use crate::stage::world::World;
use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::PaymentId;
use abono_domain::payment::{Payment, PaymentSource};
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_engine::views::{Filter, PageRequest};
use abono_sim::Marks;
use abono_sim::executor::alone;
use abono_sim::licences::{self, Deed};
use abono_store::nouns::{checkout, payment};
use uuid::Uuid;

const ALL: i64 = i64::MAX / 2;
const DAY: i64 = 86_400_000_000;

/// Whether the books of one customer are what they must be.
pub(super) fn judge(
    engine: &Engine,
    tenant: &Tenant,
    of: usize,
    story: &Story,
    world: &World,
    marks: &mut Marks,
) -> Result<(), Broken> {
    let own = customer(of);
    let failed = |error: &dyn std::fmt::Display| Broken::new("the books can be read", error);
    let page = PageRequest { filter: Filter::ALL, after: None, limit: ALL, count: false };
    let requests = alone(engine.payment_requests(tenant, own, page)).map_err(|it| failed(&it))?;
    let requests = requests.items;
    let mut deeds = requested(of, story, &requests)?;
    let list = payment::list(POS, own, PaymentId(Uuid::nil()), ALL);
    let payments = alone(engine.store().query(list)).map_err(|it| failed(&it))?;
    let attempts = alone(engine.store().query(checkout::of_customer(POS, own)));
    let attempts = attempts.map_err(|it| failed(&it))?;
    let document = |key: Uuid| {
        let attempt = attempts.iter().find(|view| view.checkout.id.0 == key);
        attempt.map(|view| view.checkout.document.0)
    };
    deeds.extend(captured(world, &payments, document)?);
    let transferred = |deed: &Deed| matches!(deed, Deed::Paid { .. });
    let own_deeds = story.bought.iter().filter(|(whose, ..)| *whose == of);
    let own_deeds: Vec<(i64, Deed)> = own_deeds.map(|(_, at, deed)| (*at, deed.clone())).collect();
    let by_bank = payments.iter().filter(|it| it.source == PaymentSource::BankTransfer).count();
    let told = own_deeds.iter().filter(|(_, deed)| transferred(deed)).count();
    if by_bank != told {
        let how = format!("{told} transfers were answered, the books have {by_bank}");
        return Err(Broken::new("what is asked once is done once", how));
    }
    deeds.extend(own_deeds);
    cancellations(story, &requests, &deeds)?;
    deeds.sort_by_key(|(at, _)| *at);
    let checked = licences::check((engine, tenant, own), deeds, VALID_DAYS, marks);
    checked.map_err(|why| Broken::new("the books are what the model of licences says", why))
}

/// Each request that was answered is in the books as it was answered.
fn requested(of: usize, story: &Story, books: &[DocumentView]) -> Result<Vec<(i64, Deed)>, Broken> {
    let own = story.known.requests.iter().filter(|known| known.customer == of);
    own.map(|known| {
        let view = books.iter().find(|view| view.document.id.0 == known.id);
        let lost = || Broken::new("what was answered stays", known.id);
        let document = &view.ok_or_else(lost)?.document;
        let at = document.created_at.as_microsecond();
        let told = (known.total, known.created_at.as_millisecond());
        let kept = (document.total.minor, document.created_at.as_millisecond());
        if told != kept {
            let how = format!("{}: answered {told:?}, kept {kept:?}", known.id);
            return Err(Broken::new("what was answered stays", how));
        }
        Ok((at, Deed::Requested { document: known.id, deal: deal(known.deal) }))
    })
    .collect()
}

/// Every capture of the provider is in the books once, and nothing else is as if it were.
fn captured(
    world: &World,
    payments: &[Payment],
    document: impl Fn(Uuid) -> Option<Uuid>,
) -> Result<Vec<(i64, Deed)>, Broken> {
    let law = "the books have every capture once";
    let provider = world.provider.lock();
    let booked: Vec<&Payment> =
        payments.iter().filter(|it| it.source == PaymentSource::Checkout).collect();
    let own = provider.captures.iter().filter_map(|(reference, capture)| {
        Some((format!("{NAME}/{reference}"), capture, document(capture.key)?))
    });
    let mut deeds = Vec::new();
    for (reference, capture, document) in own {
        let found: Vec<_> = booked.iter().filter(|it| it.reference == reference).collect();
        let [payment] = found[..] else {
            return Err(Broken::new(law, format!("{reference} is there {} times", found.len())));
        };
        if payment.amount.minor != capture.minor {
            return Err(Broken::new(law, format!("{reference}: {payment:?} of {capture:?}")));
        }
        let (at, minor) = (payment.received_at.as_microsecond(), capture.minor);
        deeds.push((at, Deed::Paid { document, minor }));
    }
    if deeds.len() != booked.len() {
        let how = format!("{} of it captured, {} booked", deeds.len(), booked.len());
        return Err(Broken::new(law, how));
    }
    Ok(deeds)
}

/// What was answered as canceled is; and what nobody wanted canceled has expired, or was canceled
/// together with something else.
fn cancellations(
    story: &Story,
    requests: &[DocumentView],
    deeds: &[(i64, Deed)],
) -> Result<(), Broken> {
    for view in requests {
        let (id, status) = (view.document.id.0, view.state.status);
        let is_canceled = status == DocumentStatus::Canceled;
        if story.canceled.contains(&id) && !is_canceled {
            return Err(Broken::new("what was answered stays", format!("{id} is {status:?}")));
        }
        let (made, at) = (view.document.created_at, view.state.updated_at.as_microsecond());
        let lived = at - made.as_microsecond();
        let by_another = deeds.iter().any(|(other, _)| *other == at);
        let is_asked = story.to_cancel.contains(&id);
        if is_canceled && !is_asked && !by_another && lived < VALID_DAYS * DAY {
            return Err(Broken::new("nothing happens that nobody asked for", id));
        }
    }
    let late = deeds.iter().filter(|(_, deed)| matches!(deed, Deed::Paid { .. }));
    for (at, deed) in late {
        let Deed::Paid { document, .. } = deed else { continue };
        let view = requests.iter().find(|view| view.document.id.0 == *document);
        let is_closed = view.is_some_and(|view| {
            view.state.status == DocumentStatus::Canceled
                && view.state.updated_at.as_microsecond() <= *at
        });
        sometimes!("card: captured after the request was closed", is_closed);
    }
    Ok(())
}
