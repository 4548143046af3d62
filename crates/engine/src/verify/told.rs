//! Attempts to pay at payment providers, and what those told, of one customer.

use abono_domain::checkout::refund::ProviderRefundView;
use abono_domain::checkout::{CheckoutView, Notice, Returned, Undone};
use abono_domain::ids::{CustomerId, NoticeId};
use abono_domain::seller::Tenant;
use abono_store::nouns::checkout::{self, notice, refund};
use abono_store::{ReadBatch, Results, Slot, StoreError};

/// What was found.
pub(super) struct Told {
    pub(super) checkouts: Vec<CheckoutView>,
    /// How many there are, with a state or without.
    pub(super) checkouts_started: i64,
    pub(super) notices: Vec<Notice>,
    pub(super) returned: Vec<Returned>,
    pub(super) undone: Vec<Undone>,
    /// What is due to be booked.
    pub(super) due: Vec<NoticeId>,
    pub(super) refunds: Vec<ProviderRefundView>,
    /// How many there are, with a state or without.
    pub(super) refunds_asked: i64,
}

/// What is asked for.
pub(super) struct Asked {
    checkouts: Slot<Vec<CheckoutView>>,
    checkouts_started: Slot<i64>,
    notices: Slot<Vec<Notice>>,
    returned: Slot<Vec<Returned>>,
    undone: Slot<Vec<Undone>>,
    due: Slot<Vec<NoticeId>>,
    refunds: Slot<Vec<ProviderRefundView>>,
    refunds_asked: Slot<i64>,
}

impl Told {
    pub(super) fn ask(batch: &mut ReadBatch, tenant: &Tenant, id: CustomerId) -> Asked {
        let books = tenant.id;
        Asked {
            checkouts: batch.add(checkout::of_customer(books, id)),
            checkouts_started: batch.add(checkout::count(books, id)),
            notices: batch.add(notice::of_customer(books, id)),
            returned: batch.add(notice::returned(books, id)),
            undone: batch.add(notice::undone(books, id)),
            due: batch.add(notice::due(books, id, tenant.clock)),
            refunds: batch.add(refund::of_customer(books, id)),
            refunds_asked: batch.add(refund::count(books, id)),
        }
    }
}

impl Asked {
    pub(super) fn take(self, results: &mut Results) -> Result<Told, StoreError> {
        Ok(Told {
            checkouts: results.take(self.checkouts)?,
            checkouts_started: results.take(self.checkouts_started)?,
            notices: results.take(self.notices)?,
            returned: results.take(self.returned)?,
            undone: results.take(self.undone)?,
            due: results.take(self.due)?,
            refunds: results.take(self.refunds)?,
            refunds_asked: results.take(self.refunds_asked)?,
        })
    }
}
