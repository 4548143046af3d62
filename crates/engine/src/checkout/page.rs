//! What the pay page shows.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::links::PayLink;
use crate::views::Printed;
use abono_domain::checkout::{CheckoutState, CheckoutStatus};
use abono_domain::document::DocumentStatus;
use abono_domain::ids::PlanId;
use abono_domain::seller::Tenant;
use abono_store::StoreError;
use abono_store::nouns::checkout;
use jiff::Timestamp;

/// What a pay page is made from.
#[derive(Clone, Debug)]
pub struct PayPage {
    /// Whose books.
    pub tenant: Tenant,
    /// The document with what is printed beside it.
    pub printed: Printed,
    /// How it stands.
    pub standing: PayStanding,
    /// The first instant at which it can't be paid any more.
    pub ends_at: Timestamp,
    /// Now, in business time.
    pub now: Timestamp,
    /// The licence of the product that the document sells, as it is now.
    pub licence: Option<LicenceNow>,
}

/// How a document stands for who has its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayStanding {
    /// It can be paid.
    Payable {
        /// Why the last attempt came to nothing; empty where that is nothing for buyers.
        declined: Option<String>,
    },
    /// An attempt is under way, and nobody knows yet how it ends.
    Unknown {
        /// What was wrong.
        trouble: Option<String>,
        /// Whether the provider is known to have taken it on; else paying again asks for that.
        is_open: bool,
    },
    /// It is paid.
    Paid,
    /// The whole payment went back.
    Refunded,
    /// Voided or expired.
    Canceled,
}

/// A licence that runs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceNow {
    /// Of which plan.
    pub plan: PlanId,
    /// Of how many.
    pub quantity: i64,
    /// Until when.
    pub ends_at: Timestamp,
}

impl Engine {
    /// What the page of a link shows; `None` where there is no such document.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn pay_page(&self, link: PayLink) -> Result<Option<PayPage>, Failure> {
        let tenants = self.tenants().await?;
        let Some(tenant) = tenants.into_iter().find(|it| it.id == link.tenant) else {
            return Ok(None);
        };
        let printed = self.printed(&tenant, link.customer, link.document).await?;
        let Some(printed) = printed else { return Ok(None) };
        let document = &printed.view.document;
        let issuer = printed.seller.legal_entity(document.series.legal_entity);
        let issuer = issuer.ok_or(StoreError::Inconsistent("legal_entity"))?;
        let ends_at = document.ends_at(issuer);
        let ends_at = ends_at.map_err(|_| StoreError::Inconsistent("valid_until"))?;
        let now = self.business_time(&tenant).await?;
        let newest = checkout::newest(link.tenant, link.customer, link.document);
        let newest = self.store.query(newest).await?.map(|view| view.state);
        let standing = match printed.view.state.status {
            // Its last day is over, whether the worker has come by or not.
            DocumentStatus::Pending if now >= ends_at => PayStanding::Canceled,
            DocumentStatus::Pending => waiting(newest),
            DocumentStatus::Paid | DocumentStatus::Issued => PayStanding::Paid,
            DocumentStatus::Canceled => PayStanding::Canceled,
            DocumentStatus::Refunded => PayStanding::Refunded,
        };
        let product = document.charges().next().map(|line| line.licence.product);
        let shelf = self.shelf(&tenant, link.customer).await?;
        let licence = shelf.zip(product).and_then(|(shelf, product)| shelf.licence(product));
        let licence = licence.map(|it| {
            let (plan, quantity, ends_at) = (it.plan, it.quantity, it.expires_at);
            LicenceNow { plan, quantity, ends_at }
        });
        Ok(Some(PayPage { tenant, printed, standing, ends_at, now, licence }))
    }
}

/// How a request stands that waits for money, by its newest attempt.
fn waiting(newest: Option<CheckoutState>) -> PayStanding {
    let payable = |declined| PayStanding::Payable { declined };
    let Some(CheckoutState { status, trouble, .. }) = newest else { return payable(None) };
    match status {
        CheckoutStatus::Starting => PayStanding::Unknown { trouble, is_open: false },
        CheckoutStatus::Open => PayStanding::Unknown { trouble, is_open: true },
        // Why a provider takes nothing on is between it and us.
        CheckoutStatus::Refused => payable(Some(String::new())),
        CheckoutStatus::Failed | CheckoutStatus::Expired => {
            payable(Some(trouble.unwrap_or_default()))
        }
        // It was paid in part, or in another currency: there is more to pay.
        CheckoutStatus::Paid => payable(None),
    }
}
