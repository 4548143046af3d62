//! The shapes that the contract names, to a tree and back.
//!
//! BokaMera's own shapes have names in PascalCase, those of the billing system behind it (VOSS) in
//! camelCase. Every one can be written and read, since we are both: what their clients call, and a
//! client of such a billing system.
//!
//! What either source of the contract calls required is always written: a text that nobody gave is
//! "", and no termination is `null` where other nulls are left out.

mod article;
mod balance_change;
mod choices;
mod product_group;
mod requests;
mod termination;

pub use article::InvoiceArticle;
pub use balance_change::{CustomerBalanceChange, CustomerBalanceChangeItem};
pub use choices::{
    CreditBehaviour, CreditKind, ProductGroupStatus, ProductGroupType, ProductType,
    TerminationSource, TerminationType,
};
pub use product_group::{CreateSubscriptionProductGroupResult, SubscriptionProduct};
pub use requests::{
    CreateNonLicenseProduct, CreateVossUsage, CreateVossUsageTermination, QueryBase,
};
pub use termination::{
    CreateVossUsageTerminationResult, CreditOptions, SubscriptionItemTermination, TerminationReason,
};
