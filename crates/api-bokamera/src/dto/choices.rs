//! The closed lists of the contract, each case with its number.

use crate::format::Choice;

/// A list whose cases are named on the wire as they are here.
macro_rules! choices {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$case_doc:meta])* $case:ident = $number:literal,)+ }
    )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$case_doc])* $case,)+
        }

        impl Choice for $name {
            const CASES: &'static [(i32, &'static str, Self)] =
                &[$(($number, stringify!($case), Self::$case),)+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$case => stringify!($case),)+
                }
            }
        }
    )+ };
}

choices! {
    /// How a product group came to a subscription.
    ProductGroupType {
        /// It was added.
        Optional = 1,
        /// It is part of the plan.
        Included = 2,
    }

    /// Whether a product group is in use.
    ProductGroupStatus {
        /// It is.
        Active = 1,
        /// It was ended.
        Terminated = 2,
    }

    /// What kind of product a line is about. The numbers are not in the contract.
    ProductType {
        /// The plan itself.
        Main = 1,
        /// Sold beside it.
        Addon = 2,
        /// Sold by a quantity that stays.
        License = 3,
        /// Sold by a quantity of what is used. VOSS counts it anew each period; here it is billed
        /// with each cycle as it was added, until it is terminated.
        Usage = 4,
    }

    /// When a termination takes effect.
    TerminationType {
        /// With the running billing period.
        AtSubscriptionBillingPeriodEnd = 1,
        /// With the binding period.
        AtBindingPeriodEnd = 2,
        /// At once.
        Immediately = 3,
    }

    /// What ended it.
    TerminationSource {
        /// Its own termination.
        Direct = 1,
        /// The end of the plan.
        Plan = 2,
        /// The end of the customer.
        CustomerExpiration = 3,
        /// A change of the subscription.
        Update = 4,
        /// A debt.
        Unpaid = 5,
    }

    /// How much of what was billed is given back.
    CreditBehaviour {
        /// The days that are left.
        Prorate = 1,
        /// The whole period.
        Full = 2,
        /// Nothing.
        None = 3,
    }

    /// On which document it is given back.
    CreditKind {
        /// A credit note of its own.
        Normal = 1,
        /// The next invoice.
        Internal = 2,
    }
}
