//! Product groups, terminations and what they change, in the contract's shapes and in a language.

use crate::dto::{
    self, CreateSubscriptionProductGroupResult, CreateVossUsageTerminationResult, CreditBehaviour,
    CreditOptions, CustomerBalanceChange, CustomerBalanceChangeItem, ProductGroupStatus,
    ProductGroupType, ProductType, SubscriptionItemTermination, SubscriptionProduct,
    TerminationReason,
};
use crate::format::Decimal;
use abono_domain::catalogue::{self, Plan, PlanKind};
use abono_domain::language::{Language, Names};
use abono_domain::product_group::{self, BalanceChange, GroupKind, GroupView};
use abono_domain::proration::Behaviour;
use abono_domain::seller::Seller;
use abono_domain::termination::{
    self, CreditKind, Termination, TerminationSource, TerminationType,
};
use std::sync::Arc;
use uuid::Uuid;

/// What names are taken from, and in which language.
pub(super) struct Shown {
    pub(super) seller: Arc<Seller>,
    pub(super) language: Option<Language>,
}

impl Shown {
    /// A name in the language, else in the seller's own.
    pub(super) fn name(&self, names: &Names) -> String {
        let own = &self.seller.settings.language;
        let wanted = self.language.as_ref().unwrap_or(own);
        names.in_language(wanted, own).unwrap_or_default().to_owned()
    }

    fn plan(
        &self,
        product: abono_domain::ids::ProductId,
        plan: abono_domain::ids::PlanId,
    ) -> Option<&Plan> {
        self.seller.catalogue.product(product)?.plan(plan)
    }

    /// A product group; `None` where its plan isn't in the catalogue, which can't be.
    pub(super) fn group(&self, view: &GroupView) -> Option<CreateSubscriptionProductGroupResult> {
        let group = &view.group;
        let plan = self.plan(group.subscription.product, group.plan)?;
        let name = self.name(&plan.names);
        let text = |said: &Option<String>| said.clone().unwrap_or_default();
        Some(CreateSubscriptionProductGroupResult {
            product_group_type: match group.kind {
                GroupKind::Optional => ProductGroupType::Optional,
                GroupKind::Included => ProductGroupType::Included,
            },
            status: match view.state.status {
                product_group::GroupStatus::Active => ProductGroupStatus::Active,
                product_group::GroupStatus::Terminated => ProductGroupStatus::Terminated,
            },
            id: group.subscription.id.0,
            name: name.clone(),
            products: vec![SubscriptionProduct {
                id: plan.id.0,
                name,
                external_id: text(&plan.article.external_id),
                article_number: text(&plan.article.number),
            }],
            termination: view.termination.as_ref().map(|it| self.termination(&it.termination)),
            created: group.subscription.created_at,
            customer_balance_change: self.change(&view.change),
        })
    }

    fn termination(&self, termination: &Termination) -> SubscriptionItemTermination {
        SubscriptionItemTermination {
            kind: match termination.kind {
                TerminationType::AtSubscriptionBillingPeriodEnd => {
                    dto::TerminationType::AtSubscriptionBillingPeriodEnd
                }
                TerminationType::AtBindingPeriodEnd => dto::TerminationType::AtBindingPeriodEnd,
                TerminationType::Immediately => dto::TerminationType::Immediately,
            },
            source: match termination.source {
                TerminationSource::Direct => dto::TerminationSource::Direct,
                TerminationSource::Plan => dto::TerminationSource::Plan,
                TerminationSource::CustomerExpiration => dto::TerminationSource::CustomerExpiration,
                TerminationSource::Update => dto::TerminationSource::Update,
                TerminationSource::Unpaid => dto::TerminationSource::Unpaid,
            },
            scheduled_date: termination.scheduled_at,
            reason: self.reason(termination),
            credit_options: options(&termination.credit),
        }
    }

    /// What the request to terminate is answered with.
    pub(super) fn termination_result(
        &self,
        termination: &Termination,
        change: &BalanceChange,
    ) -> CreateVossUsageTerminationResult {
        CreateVossUsageTerminationResult {
            scheduled_date: termination.scheduled_at,
            reason: self.reason(termination),
            credit_options: options(&termination.credit),
            customer_balance_change: self.change(change),
        }
    }

    /// A reason that is part of another one is the finer of the two.
    fn reason(&self, termination: &Termination) -> TerminationReason {
        let catalogue = &self.seller.catalogue;
        let comment = termination.comment.clone();
        let own = termination.reason.and_then(|id| catalogue.termination_reason(id));
        let Some(own) = own else { return unsaid(comment) };
        let above = own.parent.as_ref().and_then(|it| catalogue.termination_reason_by_code(it));
        let external_id =
            |it: &catalogue::TerminationReason| it.external_id.clone().unwrap_or_default();
        let main = above.unwrap_or(own);
        let sub = above.map(|_| own);
        TerminationReason {
            reason_id: main.id.0,
            reason_name: self.name(&main.names),
            reason_external_id: external_id(main),
            sub_reason_id: sub.map(|it| it.id.0),
            sub_reason_name: sub.map(|it| self.name(&it.names)).unwrap_or_default(),
            sub_reason_external_id: sub.map(external_id).unwrap_or_default(),
            comment,
        }
    }

    fn change(&self, change: &BalanceChange) -> CustomerBalanceChange {
        CustomerBalanceChange {
            items: change.items.iter().map(|item| self.item(item)).collect(),
            total_amount: Decimal::of(change.total),
            total_discount_amount: Decimal::of(change.discount),
        }
    }

    fn item(&self, item: &product_group::BalanceItem) -> CustomerBalanceChangeItem {
        let plan = self.plan(item.product, item.plan);
        let name = plan.map(|plan| self.name(&plan.names)).unwrap_or_default();
        CustomerBalanceChangeItem {
            kind: product_type(plan.map(|plan| plan.article.kind).unwrap_or_default()),
            id: item.plan.0,
            name: name.clone(),
            product_group_id: item.group.0,
            product_group_name: name,
            quantity: Decimal::whole(item.quantity),
            amount: Decimal::of(item.amount),
            discount_amount: Decimal::of(item.discount),
            total_amount: Decimal::of(item.total),
            invoice_recipient_customer_id: item.recipient.0,
        }
    }
}

/// No reason of the list; the members are there all the same.
const fn unsaid(comment: String) -> TerminationReason {
    TerminationReason {
        reason_id: Uuid::nil(),
        reason_name: String::new(),
        reason_external_id: String::new(),
        sub_reason_id: None,
        sub_reason_name: String::new(),
        sub_reason_external_id: String::new(),
        comment,
    }
}

/// What a plan is to a subscription.
pub(super) const fn product_type(kind: PlanKind) -> ProductType {
    match kind {
        PlanKind::Main => ProductType::Main,
        PlanKind::Addon => ProductType::Addon,
        PlanKind::License => ProductType::License,
        PlanKind::Usage => ProductType::Usage,
    }
}

fn options(credit: &termination::CreditOptions) -> CreditOptions {
    CreditOptions {
        behaviour: match credit.behaviour {
            Behaviour::Prorate => CreditBehaviour::Prorate,
            Behaviour::Full => CreditBehaviour::Full,
            Behaviour::None => CreditBehaviour::None,
        },
        credit_kind: match credit.kind {
            CreditKind::Normal => dto::CreditKind::Normal,
            CreditKind::Internal => dto::CreditKind::Internal,
        },
        prorate_time_anchor: credit.anchor,
    }
}
