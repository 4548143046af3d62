//! What a customer may use now: the fold of what it was granted.
//!
//! Grants are laid end to end. A grant that comes while the licence runs starts where the last
//! one ends, and counts from the same anchor; after a lapse a new run starts at the grant's own
//! instant. A grant of another plan or quantity takes the place of all that runs: the period is cut
//! there, and a new run starts; where it keeps the end, it keeps the anchor too.

mod cut;
mod fold;
pub mod grant;
mod refusal;
pub mod start_trial;
mod term;
mod unused;

pub use cut::{Cut, after_cuts};
pub use fold::{Licence, Place, fold, held_since, laid, licence_at, place};
pub use refusal::LicenceRefusal;
pub use term::{Term, calendar_period};
pub use unused::{Unused, unused};

use crate::calendar::Anchor;
use crate::customer::Customer;
use crate::document::{DocumentView, LineLicence, PayerSnapshot};
use crate::ids::{
    CustomerId, DocumentId, GrantId, LegalEntityId, PlanId, PriceId, ProductId, SubscriptionId,
};
use crate::ledger::Balance;
use crate::money::Money;
use crate::seller::Seller;
use crate::tax::LineTax;
use crate::words::words;
use jiff::Timestamp;

/// A customer's agreement on a product; its licence hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its identity.
    pub id: SubscriptionId,
    /// Its number in the tenant; given when it is written.
    pub number: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// On what.
    pub product: ProductId,
    /// Since when.
    pub created_at: Timestamp,
    /// Whether it is billed in cycles; else what is bought on it is paid before.
    pub recurring: bool,
}

/// A piece of licence that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its identity.
    pub id: GrantId,
    /// On which agreement.
    pub subscription: SubscriptionId,
    /// Of which plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// For how long.
    pub term: Term,
    /// When it was given.
    pub given_at: Timestamp,
    /// The IANA zone in which its months are counted.
    pub zone: String,
    /// Where it is laid.
    pub placement: Placement,
    /// Why it was given.
    pub origin: Origin,
}

/// Where a grant is laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placement {
    /// Behind what runs; where nothing runs, from the instant at which it is given.
    Behind,
    /// In the place of all that runs, from the instant at which it is given.
    Instead,
    /// In the place of all that runs, up to where that ends.
    Within,
}

words!(Placement { Behind => "behind", Instead => "instead", Within => "within" });

/// Why a grant was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A document was paid.
    Paid(DocumentId),
    /// An invoice or an order confirmation charges it, to be paid later.
    Billed {
        /// Which.
        document: DocumentId,
        /// The position that does, from 1.
        position: i64,
    },
    /// Somebody of the seller gave it, for a reason.
    ByHand(String),
    /// The plan is tried, before anything was bought.
    Trial,
}

/// A grant in its place: half-open in time, without a gap or an overlap inside a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Of which agreement.
    pub subscription: SubscriptionId,
    /// The laying that it belongs to, from 1: whatever moves periods that were laid lays all of
    /// them anew, and the newest laying counts.
    pub laying: i64,
    /// The run, from 1; a lapse or a change starts a new one.
    pub run: i64,
    /// The place in the run, from 1.
    pub seq: i64,
    /// Where the run starts.
    pub anchor: Anchor,
    /// How many months after the anchor it ends.
    pub months_to: i64,
    /// Its first instant.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
    /// The plan.
    pub plan: PlanId,
    /// The quantity.
    pub quantity: i64,
    /// What it comes from.
    pub grant: GrantId,
    /// Whether it has a price: it was paid for, or is billed.
    pub paid: bool,
}

/// A customer, and what it has of one product.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'a> {
    /// Whose.
    pub customer: &'a Customer,
    /// Its agreement on the product, where there is one.
    pub subscription: Option<&'a Subscription>,
    /// The laying that counts, from 1.
    pub laying: i64,
    /// The periods of its licence, oldest first.
    pub periods: &'a [Period],
    /// What was paid for them; a grant by hand has no value.
    pub values: &'a [Value],
    /// Requests that are pending and stand on the licence as it is: they would change it, or follow
    /// it up to a fixed day.
    pub changes: &'a [DocumentView],
    /// The discounts that it was given on documents, of any product, that weren't voided or
    /// refunded.
    pub discounts_used: &'a [DiscountUse],
}

/// What has to be known to give a licence, or to sell one.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// Who gets it, and what it has of the product.
    pub holding: Holding<'a>,
    /// The customer's balances.
    pub balances: &'a [Balance],
}

/// A discount that was given on a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiscountUse {
    /// Which, by its code.
    pub code: String,
    /// On which document.
    pub document: DocumentId,
}

/// What was paid for a grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Which grant.
    pub grant: GrantId,
    /// Which company sold it.
    pub legal_entity: LegalEntityId,
    /// Who paid for it.
    pub payer: PayerSnapshot,
    /// What it gives.
    pub licence: LineLicence,
    /// From when on it was charged, where it ends on a fixed day: it may begin later, when it is
    /// paid.
    pub charged_from: Timestamp,
    /// How many.
    pub quantity: i64,
    /// By which document it was charged.
    pub document: DocumentId,
    /// What was paid for it and didn't go back, tax included.
    pub paid: Money,
    /// What discounts took off its price, as printed.
    pub discount: Money,
    /// By which price of the catalogue.
    pub price: Option<PriceId>,
    /// The tax that was charged.
    pub tax: LineTax,
}
