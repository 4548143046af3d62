//! The verbs of a subscription that lives in cycles: each names its subscription, and decides on
//! the same facts.

use crate::failure::Failure;
use abono_domain::change::decide_risk::{self, DecideRisk};
use abono_domain::change::execute::{self, ExecuteChange};
use abono_domain::change::request::{self, ChangePlan};
use abono_domain::change::withdraw::{self, WithdrawChange};
use abono_domain::decision::Decision;
use abono_domain::ids::SubscriptionId;
use abono_domain::moment::Moment;
use abono_domain::product_group::add::{self, AddProduct};
use abono_domain::subscription::Facts;
use abono_domain::subscription::bill::{self, BillCycle};
use abono_domain::subscription::end::{self, EndSubscription};
use abono_domain::termination;
use abono_domain::termination::execute::ExecuteTermination;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::withdraw::WithdrawTermination;

/// A command about one subscription.
pub(in crate::commands) trait Verb {
    /// Which.
    fn subscription(&self) -> SubscriptionId;

    /// What comes of it.
    fn decide(&self, facts: &Facts<'_>, moment: Moment) -> Result<Decision, Failure>;
}

macro_rules! verbs {
    ($($command:ty => $decide:path;)*) => {$(
        impl Verb for $command {
            fn subscription(&self) -> SubscriptionId {
                self.subscription
            }

            fn decide(&self, facts: &Facts<'_>, moment: Moment) -> Result<Decision, Failure> {
                Ok($decide(self, facts, moment)?)
            }
        }
    )*};
}
verbs! {
    BillCycle => bill::decide;
    EndSubscription => end::decide;
    ChangePlan => request::decide;
    ExecuteChange => execute::decide;
    WithdrawChange => withdraw::decide;
    DecideRisk => decide_risk::decide;
    AddProduct => add::decide;
    TerminateProduct => termination::request::decide;
    ExecuteTermination => termination::execute::decide;
    WithdrawTermination => termination::withdraw::decide;
}
