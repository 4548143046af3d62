//! Customers whose money needs no counting: nothing was too much, too late or came back. For these
//! it is plain, from what the provider and the bank know, how each request must stand.

use super::compare::Own;
use super::truth::Capture;
use crate::run::Marks;
use abono_domain::document::DocumentStatus;
use abono_domain::ids::DocumentId;

/// Whether each request stands as it must, where that is plain.
pub(super) fn compare(
    own: &Own<'_>,
    status: impl Fn(DocumentId) -> Option<DocumentStatus>,
    marks: &mut Marks,
) -> Result<(), String> {
    for request in &own.requests {
        if own.captures.iter().filter(|(id, _)| *id == request.document).count() > 1 {
            marks.hit("two attempts that were both paid");
        }
    }
    let is_plain = own.requests.iter().all(|it| {
        let is_canceled = status(it.document) == Some(DocumentStatus::Canceled);
        plain(own, it.document, it.total, is_canceled)
    });
    if !is_plain {
        marks.hit("a customer whose money had to be counted");
        return Ok(());
    }
    marks.hit("a customer whose requests are plain");
    for request in &own.requests {
        let (id, books) = (request.document, status(request.document));
        let expected = match (money(own, id), returned(own, id)) {
            (money, _) if money < request.total => {
                if books == Some(DocumentStatus::Canceled) {
                    continue;
                }
                DocumentStatus::Pending
            }
            (_, back) if back >= request.total => {
                marks.hit("a plain request that was given back");
                DocumentStatus::Refunded
            }
            _ => DocumentStatus::Paid,
        };
        if books != Some(expected) {
            return Err(format!("request {id} is {books:?}, and must be {expected:?}"));
        }
    }
    Ok(())
}

/// Whether a request leaves no credit behind: its price came in at most, and what went back was of
/// one payment that paid all of it.
fn plain(own: &Own<'_>, id: DocumentId, total: i64, is_canceled: bool) -> bool {
    let money = money(own, id);
    let of = own.captures.iter().filter(|(of, _)| *of == id);
    let is_quiet = |capture: &Capture| {
        let mut backs = capture.refunds.iter().chain(&capture.dispute);
        let is_whole = capture.dispute.as_ref().is_none_or(|it| it.minor == capture.minor);
        let is_last = backs.clone().count() == 0 || capture.minor == total;
        backs.all(|back| !back.undone) && is_whole && is_last
    };
    let all_quiet = of.map(|(_, capture)| *capture).all(is_quiet);
    money <= total && !(is_canceled && money > 0) && all_quiet
}

/// What came in for a request.
fn money(own: &Own<'_>, id: DocumentId) -> i64 {
    let captured = own.captures.iter().filter(|(of, _)| *of == id).map(|(_, it)| it.minor);
    let transferred = own.transfers.iter().filter(|(of, _)| *of == id).map(|(_, minor)| minor);
    captured.sum::<i64>() + transferred.sum::<i64>()
}

/// What went back of it.
fn returned(own: &Own<'_>, id: DocumentId) -> i64 {
    let of = own.captures.iter().filter(|(of, _)| *of == id);
    let backs = of.flat_map(|(_, it)| it.refunds.iter().chain(&it.dispute));
    backs.map(|back| back.minor).sum()
}
