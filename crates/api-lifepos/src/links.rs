//! The links by which buyers pay: to the pay page, and to the printed payment request.

use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::TenantId;
use abono_engine::Engine;
use abono_engine::links::PayLink;
use std::sync::Arc;

/// Makes the links of a seller's payment requests.
#[derive(Clone)]
pub(crate) struct Links {
    pub(crate) engine: Arc<Engine>,
    /// Where the pages are; `None` where there are none.
    pub(crate) public_url: Option<Arc<str>>,
    pub(crate) tenant: TenantId,
}

/// The links of one payment request.
pub(crate) struct LinksDto {
    pub(crate) card: String,
    pub(crate) transaction: String,
}

impl Links {
    /// The links of a payment request; `None` where nothing is due, or nobody can make them.
    pub(crate) fn of(&self, view: &DocumentView) -> Option<LinksDto> {
        // What is canceled or refunded keeps them: the pages say what happened.
        if view.state.status == DocumentStatus::Paid {
            return None;
        }
        let (customer, document) = (view.document.customer, view.document.id);
        let token = self.engine.pay_token(PayLink { tenant: self.tenant, customer, document })?;
        let card = format!("{}/pay/{token}", self.public_url.as_deref()?);
        let transaction = format!("{card}/print");
        Some(LinksDto { card, transaction })
    }
}
