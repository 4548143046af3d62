//! Loads what deciding about money that goes back through a provider has to know: asking for it,
//! claiming it before the call, recording what that came to.

use super::checkout::{BooksAsked, unknown};
use super::record::product_of;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::checkout::CheckoutRefusal;
use abono_domain::checkout::answer_refund::{self, AnswerRefund};
use abono_domain::checkout::ask_refund::{self, AskRefund};
use abono_domain::checkout::claim_refund::{self, ClaimRefund};
use abono_domain::checkout::refund::ProviderRefundView;
use abono_domain::decision::{Claim, Decision};
use abono_domain::ids::{CustomerId, ProviderRefundId};
use abono_domain::moment::Moment;
use abono_store::nouns::checkout::refund;
use abono_store::nouns::unique;

pub(in crate::commands) async fn ask(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &AskRefund,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let product = product_of(attempt, id, command.document).await?;
    let mut loading = attempt.of_customer(id);
    let books = BooksAsked::ask(&mut loading, command.document, product);
    let asked = loading.add(refund::of_customer);
    let reference = command.reference.as_ref().map(|reference| {
        let claim = Claim::refund_reference(reference);
        loading.add_immutable(|tenant| unique::is_taken(tenant, &claim))
    });

    let mut loaded = loading.read().await?;
    let books = books.take(&mut loaded)?;
    let asked = loaded.take(asked)?;
    let taken = reference.map(|slot| loaded.take(slot)).transpose()?;
    let facts = ask_refund::Facts {
        books: books.of(&seller),
        asked: &asked,
        reference_taken: taken.unwrap_or(false),
    };
    loaded.decide(seller.version, |moment| ask_refund::decide(command, &facts, moment))
}

pub(in crate::commands) async fn claim(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &ClaimRefund,
) -> Result<Planned, Stop> {
    let decide = |view: &ProviderRefundView, now| claim_refund::decide(command, view, now);
    decide_on(attempt, id, command.refund, decide).await
}

pub(in crate::commands) async fn answer(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &AnswerRefund,
) -> Result<Planned, Stop> {
    let decide = |view: &ProviderRefundView, now| answer_refund::decide(command, view, now);
    decide_on(attempt, id, command.refund, decide).await
}

async fn decide_on(
    attempt: &Attempt<'_>,
    id: CustomerId,
    of: ProviderRefundId,
    decide: impl FnOnce(&ProviderRefundView, Moment) -> Result<Decision, CheckoutRefusal>,
) -> Result<Planned, Stop> {
    let mut loading = attempt.of_customer(id);
    let view = loading.add(|tenant, customer| refund::by_id(tenant, customer, of));

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unknown)?;
    loaded.decide(0, |moment| decide(&view, moment))
}
