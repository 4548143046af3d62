//! How a product group ends (C.1, C.4).

use super::{CustomerBalanceChange, cases};
use crate::format::{Choice, Fields, FromNode, Node, Shape, ToNode, namespace};
use jiff::Timestamp;
use uuid::Uuid;

cases! {
    /// By which rule its day is found.
    Type {
        /// With the cycle of the subscription.
        AtSubscriptionBillingPeriodEnd = 1,
        /// When nothing binds it any more.
        AtBindingPeriodEnd = 2,
        /// At once.
        Immediately = 3,
    }
}

cases! {
    /// What brought it about.
    Source {
        /// Somebody asked for it.
        Direct = 1,
        /// The plan ran out.
        Plan = 2,
        /// The subscription ended.
        CustomerExpiration = 3,
        /// Another plan doesn't have it any more.
        Update = 4,
        /// It wasn't paid for.
        Unpaid = 5,
    }
}

cases! {
    /// How much comes back.
    Behaviour {
        /// What is unused.
        Prorate = 1,
        /// All of the running cycle.
        Full = 2,
        /// Nothing.
        None = 3,
    }
}

cases! {
    /// How that is said.
    CreditKind {
        /// By a credit note of its own.
        Normal = 1,
        /// By lines that the next invoice nets.
        Internal = 2,
    }
}

/// How a product group ends, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// By which rule its day was found.
    pub kind: Type,
    /// What brought it about.
    pub source: Source,
    /// When.
    pub scheduled_date: Timestamp,
    /// Why.
    pub reason: Reason,
    /// What comes back.
    pub credit_options: CreditOptions,
}

/// Why a product group ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// By the list of reasons; the zero id where none was named.
    pub reason_id: Uuid,
    /// Its name.
    pub reason_name: String,
    /// What an outside system calls it.
    pub reason_external_id: String,
    /// By the finer list below that.
    pub sub_reason_id: Option<Uuid>,
    /// Its name.
    pub sub_reason_name: String,
    /// What an outside system calls it.
    pub sub_reason_external_id: String,
    /// In somebody's words.
    pub comment: String,
}

/// What comes back, and how that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditOptions {
    /// How much.
    pub behaviour: Behaviour,
    /// How.
    pub credit_kind: CreditKind,
    /// From when on what is unused comes back, where that isn't the end itself.
    pub prorate_time_anchor: Option<Timestamp>,
}

/// What the request to terminate is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationResult {
    /// When it ends.
    pub scheduled_date: Timestamp,
    /// Why.
    pub reason: Reason,
    /// What comes back.
    pub credit_options: CreditOptions,
    /// What that changes.
    pub customer_balance_change: CustomerBalanceChange,
}

impl ToNode for Termination {
    const SHAPE: &'static Shape = &Shape {
        name: "SubscriptionItemTermination",
        namespace: namespace::VOSS,
        members: &["type", "source", "scheduledDate", "reason", "creditOptions"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::Enum(self.kind.name()),
            Node::Enum(self.source.name()),
            Node::instant(self.scheduled_date),
            self.reason.to_node(),
            self.credit_options.to_node(),
        ]
    }
}

impl FromNode for Termination {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let kind = fields.required("type", Fields::choice);
        let source = fields.required("source", Fields::choice);
        let scheduled_date = fields.required("scheduledDate", Fields::date_time);
        let reason = fields.required("reason", Fields::object);
        let credit_options = fields.required("creditOptions", Fields::object);
        Some(Self {
            kind: kind?,
            source: source?,
            scheduled_date: scheduled_date?,
            reason: reason?,
            credit_options: credit_options?,
        })
    }
}

impl ToNode for Reason {
    const SHAPE: &'static Shape = &Shape {
        name: "SubscriptionItemTerminationReason",
        namespace: namespace::VOSS,
        members: &[
            "reasonId",
            "reasonName",
            "reasonExternalId",
            "subReasonId",
            "subReasonName",
            "subReasonExternalId",
            "comment",
        ],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::Guid(self.reason_id),
            Node::text(&*self.reason_name),
            Node::text(&*self.reason_external_id),
            Node::or_null(self.sub_reason_id, Node::Guid),
            Node::text(&*self.sub_reason_name),
            Node::text(&*self.sub_reason_external_id),
            Node::text(&*self.comment),
        ]
    }
}

impl FromNode for Reason {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let reason_id = fields.required("reasonId", Fields::guid);
        let mut text = |name| fields.text(name).unwrap_or_default();
        let (reason_name, reason_external_id) = (text("reasonName"), text("reasonExternalId"));
        let sub_reason_name = text("subReasonName");
        let sub_reason_external_id = text("subReasonExternalId");
        let comment = text("comment");
        let sub_reason_id = fields.guid_if_any("subReasonId");
        Some(Self {
            reason_id: reason_id?,
            reason_name,
            reason_external_id,
            sub_reason_id,
            sub_reason_name,
            sub_reason_external_id,
            comment,
        })
    }
}

impl ToNode for CreditOptions {
    const SHAPE: &'static Shape = &Shape {
        name: "CreditOptions",
        namespace: namespace::VOSS,
        members: &["behaviour", "creditKind", "prorateTimeAnchor"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::Enum(self.behaviour.name()),
            Node::Enum(self.credit_kind.name()),
            Node::or_null(self.prorate_time_anchor, Node::instant),
        ]
    }
}

impl FromNode for CreditOptions {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let behaviour = fields.required("behaviour", Fields::choice);
        let credit_kind = fields.required("creditKind", Fields::choice);
        let prorate_time_anchor = fields.date_time("prorateTimeAnchor");
        Some(Self { behaviour: behaviour?, credit_kind: credit_kind?, prorate_time_anchor })
    }
}

impl ToNode for TerminationResult {
    const SHAPE: &'static Shape = &Shape {
        name: "TerminateSubscriptionProductGroupResult",
        namespace: namespace::VOSS,
        members: &["scheduledDate", "reason", "creditOptions", "customerBalanceChange"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::instant(self.scheduled_date),
            self.reason.to_node(),
            self.credit_options.to_node(),
            self.customer_balance_change.to_node(),
        ]
    }
}

impl FromNode for TerminationResult {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let scheduled_date = fields.required("scheduledDate", Fields::date_time);
        let reason = fields.required("reason", Fields::object);
        let credit_options = fields.required("creditOptions", Fields::object);
        let change = fields.required("customerBalanceChange", Fields::object);
        Some(Self {
            scheduled_date: scheduled_date?,
            reason: reason?,
            credit_options: credit_options?,
            customer_balance_change: change?,
        })
    }
}
