//! What the pay page shows, and how a buyer pays there.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::links::PayLink;
use crate::views::Printed;
use abono_domain::document::DocumentStatus;
use abono_domain::ids::PlanId;
use abono_domain::language::Language;
use abono_domain::seller::Tenant;
use abono_store::StoreError;
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
        /// Why the last attempt came to nothing.
        declined: Option<String>,
    },
    /// An attempt is under way, and nobody knows yet how it ends.
    Unknown {
        /// What was wrong.
        trouble: Option<String>,
    },
    /// It is paid.
    Paid,
    /// The whole payment went back.
    Refunded,
    /// Voided or expired.
    Canceled,
}

/// A licence that runs, else the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceNow {
    /// Of which plan.
    pub plan: PlanId,
    /// Of how many.
    pub quantity: i64,
    /// From when on.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// What came of wanting to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paying {
    /// The buyer pays there.
    GoTo {
        /// The provider's page.
        url: String,
    },
    /// Nobody knows whether it was started.
    Unknown,
    /// The provider refused to start it, and nothing was started.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// There is nothing to pay any more.
    NotPayable,
    /// Nobody takes cards here.
    NoProvider,
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
        let standing = match printed.view.state.status {
            DocumentStatus::Pending => PayStanding::Payable { declined: None },
            DocumentStatus::Paid | DocumentStatus::Issued => PayStanding::Paid,
            DocumentStatus::Canceled => PayStanding::Canceled,
            DocumentStatus::Refunded => PayStanding::Refunded,
        };
        let issuer = printed.seller.legal_entity(printed.view.document.series.legal_entity);
        let issuer = issuer.ok_or(StoreError::Inconsistent("legal_entity"))?;
        let ends_at = printed.view.document.ends_at(issuer);
        let ends_at = ends_at.map_err(|_| StoreError::Inconsistent("valid_until"))?;
        let now = self.business_time(&tenant).await?;
        let shelf = self.shelf(&tenant, link.customer).await?;
        let product = printed.view.document.charges().next().map(|line| line.licence.product);
        let licence = shelf.zip(product).and_then(|(shelf, product)| shelf.licence(product));
        let licence = licence.map(|it| LicenceNow {
            plan: it.plan,
            quantity: it.quantity,
            starts_at: now,
            ends_at: it.expires_at,
        });
        Ok(Some(PayPage { tenant, printed, standing, ends_at, now, licence }))
    }

    /// Starts a payment of what a link leads to.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn pay(
        &self,
        _link: PayLink,
        _language: &Language,
        _back: String,
    ) -> Result<Paying, Failure> {
        Ok(Paying::NoProvider)
    }

    /// Looks the attempt up that is under way, if any.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn ask_provider(&self, _link: PayLink) -> Result<(), Failure> {
        Ok(())
    }
}
