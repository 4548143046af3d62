//! How a product group ends.

use super::balance_change::CustomerBalanceChange;
use super::choices::{CreditBehaviour, CreditKind, TerminationSource, TerminationType};
use crate::format::{Fields, FromNode, Node, Shape, ToNode, namespace};
use jiff::Timestamp;
use uuid::Uuid;

/// A termination that has been scheduled or has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionItemTermination {
    /// When it takes effect, as a rule.
    pub kind: TerminationType,
    /// What ended it.
    pub source: TerminationSource,
    /// The same rule as a date.
    pub scheduled_date: Timestamp,
    /// Why.
    pub reason: TerminationReason,
    /// What is given back.
    pub credit_options: CreditOptions,
}

/// Why something ends. Texts that nobody gave are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationReason {
    /// The reason of a list.
    pub reason_id: Uuid,
    /// What it is called.
    pub reason_name: String,
    /// What another system calls it.
    pub reason_external_id: String,
    /// A finer reason below it.
    pub sub_reason_id: Option<Uuid>,
    /// What that is called.
    pub sub_reason_name: String,
    /// What another system calls that.
    pub sub_reason_external_id: String,
    /// In somebody's own words.
    pub comment: String,
}

/// What is given back, and on which document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditOptions {
    /// How much.
    pub behaviour: CreditBehaviour,
    /// On what.
    pub credit_kind: CreditKind,
    /// From when on the days that are left are counted, where it is not the scheduled date.
    pub prorate_time_anchor: Option<Timestamp>,
}

/// What a termination by its own request answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateVossUsageTerminationResult {
    /// When it takes effect.
    pub scheduled_date: Timestamp,
    /// Why.
    pub reason: TerminationReason,
    /// What is given back.
    pub credit_options: CreditOptions,
    /// The money side.
    pub customer_balance_change: CustomerBalanceChange,
}

impl ToNode for SubscriptionItemTermination {
    const SHAPE: &'static Shape = &Shape {
        name: "SubscriptionItemTermination",
        namespace: namespace::VOSS,
        members: &["type", "source", "scheduledDate", "reason", "creditOptions"],
    };

    fn values(&self) -> Vec<Node> {
        vec![
            Node::case(self.kind),
            Node::case(self.source),
            Node::instant(self.scheduled_date),
            self.reason.to_node(),
            self.credit_options.to_node(),
        ]
    }
}

impl FromNode for SubscriptionItemTermination {
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

impl ToNode for TerminationReason {
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

impl FromNode for TerminationReason {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let reason_id = fields.required("reasonId", Fields::guid);
        let reason_name = fields.text_or_empty("reasonName");
        let reason_external_id = fields.text_or_empty("reasonExternalId");
        let sub_reason_id = fields.guid("subReasonId");
        let sub_reason_name = fields.text_or_empty("subReasonName");
        let sub_reason_external_id = fields.text_or_empty("subReasonExternalId");
        let comment = fields.text_or_empty("comment");
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
            Node::case(self.behaviour),
            Node::case(self.credit_kind),
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

impl ToNode for CreateVossUsageTerminationResult {
    const SHAPE: &'static Shape = &Shape {
        name: "CreateVossUsageTerminationResult",
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

impl FromNode for CreateVossUsageTerminationResult {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let scheduled_date = fields.required("scheduledDate", Fields::date_time);
        let reason = fields.required("reason", Fields::object);
        let credit_options = fields.required("creditOptions", Fields::object);
        let customer_balance_change = fields.required("customerBalanceChange", Fields::object);
        Some(Self {
            scheduled_date: scheduled_date?,
            reason: reason?,
            credit_options: credit_options?,
            customer_balance_change: customer_balance_change?,
        })
    }
}
