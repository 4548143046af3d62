//! The shapes that the contract names, each to and from a tree of values. BokaMera's own have
//! PascalCase names, those of the billing system behind it camelCase ones.

mod article;
mod balance;
mod group;
mod request;
mod termination;

pub use article::{Article, Articles};
pub use balance::{BalanceItem, CustomerBalanceChange, ProductType};
pub use group::{GroupProduct, GroupStatus, ProductGroupResult, ProductGroupType};
pub use request::{CreateNonLicenseProduct, CreateVossUsage, Page, TerminateVossUsage};
pub use termination::{
    Behaviour, CreditKind, CreditOptions, Reason, Source, Termination, TerminationResult, Type,
};

/// Declares a closed list of the contract: each case with its number and its name, which is also
/// that of the variant.
macro_rules! cases {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $case:ident = $number:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$of])* $case),* }

        impl $crate::format::Choice for $name {
            const CASES: &'static [(i32, &'static str, Self)] =
                &[$(($number, stringify!($case), Self::$case)),*];

            fn name(self) -> &'static str {
                match self { $(Self::$case => stringify!($case)),* }
            }
        }
    };
}
use cases;
