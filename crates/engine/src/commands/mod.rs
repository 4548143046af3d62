//! Every command, and how its facts are loaded: one file each; those about a subscription that
//! lives in cycles load the same.

mod cancel_request;
mod create_key;
mod delivery;
mod expire_request;
mod grant_licence;
mod payment;
mod product_facts;
mod publish_seller;
mod put_customer;
mod recurring;
mod request_payment;
mod revoke_key;
mod set_clock;
mod start_trial;

use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::access::create_key::CreateKey;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::execute::ExecuteChange;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::checkout::answer_refund::AnswerRefund;
use abono_domain::checkout::ask_refund::AskRefund;
use abono_domain::checkout::book::BookNotice;
use abono_domain::checkout::claim_refund::ClaimRefund;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::checkout::record::RecordCheckout;
use abono_domain::checkout::start::StartCheckout;
use abono_domain::clock::set::SetClock;
use abono_domain::customer::put::PutCustomer;
use abono_domain::delivery::claim::ClaimDelivery;
use abono_domain::delivery::record::RecordDelivery;
use abono_domain::delivery::replay::ReplayDelivery;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::expire::ExpireRequest;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::CustomerId;
use abono_domain::licence::grant::GrantLicence;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::product_group::add::AddProduct;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::subscription::bill::BillCycle;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::termination::execute::ExecuteTermination;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::withdraw::WithdrawTermination;

/// Everything that can be asked to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make a payment request for a customer.
    RequestPayment(CustomerId, RequestPayment),
    /// Void a customer's request that nobody has paid for.
    CancelRequest(CustomerId, CancelRequest),
    /// Record a payment of a customer.
    RecordPayment(CustomerId, RecordPayment),
    /// Give back what a customer paid for a document.
    RefundPayment(CustomerId, RefundPayment),
    /// Begin to pay a customer's request at a payment provider.
    StartCheckout(CustomerId, StartCheckout),
    /// Record what a call about that came to.
    RecordCheckout(CustomerId, RecordCheckout),
    /// Hear what a payment provider told.
    HearNotice(CustomerId, HearNotice),
    /// Book money that it took back, or gave again.
    BookNotice(CustomerId, BookNotice),
    /// Ask for money of a customer's to go back through the provider by which it came.
    AskRefund(CustomerId, AskRefund),
    /// Claim that, before the provider is called.
    ClaimRefund(CustomerId, ClaimRefund),
    /// Record what the call came to.
    AnswerRefund(CustomerId, AnswerRefund),
    /// Close a customer's request whose last day is over.
    ExpireRequest(CustomerId, ExpireRequest),
    /// Give a customer a licence by hand.
    GrantLicence(CustomerId, GrantLicence),
    /// Let a customer try a plan.
    StartTrial(CustomerId, StartTrial),
    /// Start a customer's subscription that lives in cycles.
    StartSubscription(CustomerId, Box<StartSubscription>),
    /// Bill a subscription's next cycle.
    BillCycle(CustomerId, BillCycle),
    /// End a subscription with its cycle.
    EndSubscription(CustomerId, EndSubscription),
    /// Ask for another plan of a subscription.
    ChangePlan(CustomerId, ChangePlan),
    /// Carry a change out whose day has begun.
    ExecuteChange(CustomerId, ExecuteChange),
    /// Take a change back.
    WithdrawChange(CustomerId, WithdrawChange),
    /// Approve a change or reject it.
    DecideRisk(CustomerId, DecideRisk),
    /// Add a product to a subscription.
    AddProduct(CustomerId, AddProduct),
    /// Ask for the end of what was added.
    TerminateProduct(CustomerId, Box<TerminateProduct>),
    /// Carry a termination out whose day has begun.
    ExecuteTermination(CustomerId, ExecuteTermination),
    /// Take a termination back.
    WithdrawTermination(CustomerId, WithdrawTermination),
    /// Claim a delivery to the billing system behind, before it is sent.
    ClaimDelivery(CustomerId, ClaimDelivery),
    /// Record what came of sending it.
    RecordDelivery(CustomerId, RecordDelivery),
    /// Have a delivery sent again that has failed.
    ReplayDelivery(CustomerId, ReplayDelivery),
    /// Make or revise a customer.
    PutCustomer(PutCustomer),
    /// Publish a seller.
    PublishSeller(Box<PublishSeller>),
    /// Make an access token.
    CreateKey(CreateKey),
    /// Revoke an access token.
    RevokeKey(RevokeKey),
    /// Move the tenant's clock.
    SetClock(SetClock),
}

impl Command {
    /// Its name in the journal.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RequestPayment(..) => REQUEST_PAYMENT,
            Self::CancelRequest(..) => "cancel_request",
            Self::RecordPayment(..) => RECORD_PAYMENT,
            Self::RefundPayment(..) => "refund_payment",
            Self::StartCheckout(..) => "start_checkout",
            Self::RecordCheckout(..) => "record_checkout",
            Self::HearNotice(..) => HEAR_NOTICE,
            Self::BookNotice(..) => "book_notice",
            Self::AskRefund(..) => ASK_REFUND,
            Self::ClaimRefund(..) => "claim_refund",
            Self::AnswerRefund(..) => "answer_refund",
            Self::ExpireRequest(..) => "expire_request",
            Self::GrantLicence(..) => GRANT_LICENCE,
            Self::StartTrial(..) => START_TRIAL,
            Self::StartSubscription(..) => START_SUBSCRIPTION,
            Self::BillCycle(..) => "bill_cycle",
            Self::EndSubscription(..) => "end_subscription",
            Self::ChangePlan(..) => "change_plan",
            Self::ExecuteChange(..) => "execute_change",
            Self::WithdrawChange(..) => "withdraw_change",
            Self::DecideRisk(..) => "decide_risk",
            Self::AddProduct(..) => "add_product",
            Self::TerminateProduct(..) => "terminate_product",
            Self::ExecuteTermination(..) => "execute_termination",
            Self::WithdrawTermination(..) => "withdraw_termination",
            Self::ClaimDelivery(..) => "claim_delivery",
            Self::RecordDelivery(..) => "record_delivery",
            Self::ReplayDelivery(..) => "replay_delivery",
            Self::PutCustomer(_) => "put_customer",
            Self::PublishSeller(_) => "publish_seller",
            Self::CreateKey(_) => "create_key",
            Self::RevokeKey(_) => "revoke_key",
            Self::SetClock(_) => "set_clock",
        }
    }

    /// The customer whose aggregate it changes; `None` where it is the tenant's.
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::RequestPayment(customer, _)
            | Self::CancelRequest(customer, _)
            | Self::RecordPayment(customer, _)
            | Self::RefundPayment(customer, _)
            | Self::StartCheckout(customer, _)
            | Self::RecordCheckout(customer, _)
            | Self::HearNotice(customer, _)
            | Self::BookNotice(customer, _)
            | Self::AskRefund(customer, _)
            | Self::ClaimRefund(customer, _)
            | Self::AnswerRefund(customer, _)
            | Self::ExpireRequest(customer, _)
            | Self::GrantLicence(customer, _)
            | Self::StartTrial(customer, _)
            | Self::StartSubscription(customer, _)
            | Self::BillCycle(customer, _)
            | Self::EndSubscription(customer, _)
            | Self::ChangePlan(customer, _)
            | Self::ExecuteChange(customer, _)
            | Self::WithdrawChange(customer, _)
            | Self::DecideRisk(customer, _)
            | Self::AddProduct(customer, _)
            | Self::TerminateProduct(customer, _)
            | Self::ExecuteTermination(customer, _)
            | Self::WithdrawTermination(customer, _)
            | Self::ClaimDelivery(customer, _)
            | Self::RecordDelivery(customer, _)
            | Self::ReplayDelivery(customer, _) => Some(*customer),
            Self::PutCustomer(put) => Some(put.proposal.id),
            Self::PublishSeller(_)
            | Self::CreateKey(_)
            | Self::RevokeKey(_)
            | Self::SetClock(_) => None,
        }
    }

    pub(crate) async fn plan(&self, attempt: &Attempt<'_>) -> Result<Planned, Stop> {
        match self {
            Self::RequestPayment(customer, command) => {
                request_payment::plan(attempt, *customer, command).await
            }
            Self::CancelRequest(customer, command) => {
                cancel_request::plan(attempt, *customer, command).await
            }
            Self::RecordPayment(customer, command) => {
                payment::record::plan(attempt, *customer, command).await
            }
            Self::RefundPayment(customer, command) => {
                payment::refund::plan(attempt, *customer, command).await
            }
            Self::StartCheckout(customer, command) => {
                payment::checkout::start(attempt, *customer, command).await
            }
            Self::RecordCheckout(customer, command) => {
                payment::checkout::record(attempt, *customer, command).await
            }
            Self::HearNotice(customer, command) => {
                payment::checkout::hear(attempt, *customer, command).await
            }
            Self::BookNotice(customer, command) => {
                payment::checkout::book(attempt, *customer, command).await
            }
            Self::AskRefund(of, verb) => payment::give_back::ask(attempt, *of, verb).await,
            Self::ClaimRefund(of, verb) => payment::give_back::claim(attempt, *of, verb).await,
            Self::AnswerRefund(of, verb) => payment::give_back::answer(attempt, *of, verb).await,
            Self::ExpireRequest(customer, command) => {
                expire_request::plan(attempt, *customer, command).await
            }
            Self::GrantLicence(customer, command) => {
                grant_licence::plan(attempt, *customer, command).await
            }
            Self::StartTrial(customer, command) => {
                start_trial::plan(attempt, *customer, command).await
            }
            Self::StartSubscription(customer, command) => {
                recurring::start_subscription::plan(attempt, *customer, command).await
            }
            Self::BillCycle(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::EndSubscription(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::ChangePlan(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::ExecuteChange(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::WithdrawChange(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::DecideRisk(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::AddProduct(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::TerminateProduct(of, verb) => recurring::plan(attempt, *of, verb.as_ref()).await,
            Self::ExecuteTermination(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::WithdrawTermination(of, verb) => recurring::plan(attempt, *of, verb).await,
            Self::ClaimDelivery(customer, command) => {
                delivery::claim(attempt, *customer, command).await
            }
            Self::RecordDelivery(customer, command) => {
                delivery::record(attempt, *customer, command).await
            }
            Self::ReplayDelivery(customer, command) => {
                delivery::replay(attempt, *customer, command).await
            }
            Self::PutCustomer(command) => put_customer::plan(attempt, command).await,
            Self::PublishSeller(command) => publish_seller::plan(attempt, command).await,
            Self::CreateKey(command) => create_key::plan(attempt, command).await,
            Self::RevokeKey(command) => revoke_key::plan(attempt, command).await,
            Self::SetClock(command) => set_clock::plan(attempt, command).await,
        }
    }
}

/// Names in the journal that the proofs look for.
pub(crate) const REQUEST_PAYMENT: &str = "request_payment";
pub(crate) const RECORD_PAYMENT: &str = "record_payment";
pub(crate) const HEAR_NOTICE: &str = "hear_notice";
pub(crate) const ASK_REFUND: &str = "ask_refund";
pub(crate) const GRANT_LICENCE: &str = "grant_licence";
pub(crate) const START_TRIAL: &str = "start_trial";
pub(crate) const START_SUBSCRIPTION: &str = "start_subscription";
