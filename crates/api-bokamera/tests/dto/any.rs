//! Shapes of any content.

use abono_api_bokamera::dto::{
    CreateNonLicenseProduct, CreateSubscriptionProductGroupResult, CreateVossUsage,
    CreateVossUsageTermination, CreateVossUsageTerminationResult, CreditOptions,
    CustomerBalanceChange, CustomerBalanceChangeItem, InvoiceArticle, QueryBase,
    SubscriptionItemTermination, SubscriptionProduct, TerminationReason,
};
use abono_api_bokamera::format::{Choice, Decimal};
use jiff::Timestamp;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

/// What XML can carry.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zåäö ,:\"{}\\[\\]\r\n\t&<>'=-]{0,8}",
        "[\\t\\n\\r -\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]{0,6}",
    ]
}

/// An id that is not the zero id, which counts as left out.
fn id() -> impl Strategy<Value = Uuid> {
    (1_u128..).prop_map(Uuid::from_u128)
}

/// A second of the years 1 to 9999.
fn moment() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_i64..=253_402_300_799)
        .prop_map(|second| Timestamp::from_second(second).expect("a second of those years"))
}

fn amount() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..4).prop_map(|(minor, exponent)| {
        Decimal::parse(&format!("{minor}e-{exponent}")).expect("an amount")
    })
}

fn case<T: Choice + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::sample::select(T::CASES).prop_map(|case| case.2)
}

fn products() -> impl Strategy<Value = Vec<SubscriptionProduct>> {
    let product = (id(), text(), text(), text());
    let product = product.prop_map(|(id, name, external_id, article_number)| SubscriptionProduct {
        id,
        name,
        external_id,
        article_number,
    });
    prop::collection::vec(product, 0..4)
}

fn item() -> impl Strategy<Value = CustomerBalanceChangeItem> {
    let texts = (text(), text());
    let ids = (id(), id(), id());
    let amounts = (amount(), amount(), amount(), amount());
    (case(), texts, ids, amounts).prop_map(|(kind, texts, ids, amounts)| {
        CustomerBalanceChangeItem {
            kind,
            id: ids.0,
            name: texts.0,
            product_group_id: ids.1,
            product_group_name: texts.1,
            quantity: amounts.0,
            amount: amounts.1,
            discount_amount: amounts.2,
            total_amount: amounts.3,
            invoice_recipient_customer_id: ids.2,
        }
    })
}

pub(crate) fn balance_change() -> impl Strategy<Value = CustomerBalanceChange> {
    (prop::collection::vec(item(), 0..4), amount(), amount()).prop_map(
        |(items, total_amount, total_discount_amount)| CustomerBalanceChange {
            items,
            total_amount,
            total_discount_amount,
        },
    )
}

fn reason() -> impl Strategy<Value = TerminationReason> {
    let texts = (text(), text(), text(), text(), text());
    (id(), option::of(id()), texts).prop_map(|(reason_id, sub_reason_id, texts)| {
        TerminationReason {
            reason_id,
            reason_name: texts.0,
            reason_external_id: texts.1,
            sub_reason_id,
            sub_reason_name: texts.2,
            sub_reason_external_id: texts.3,
            comment: texts.4,
        }
    })
}

fn credit_options() -> impl Strategy<Value = CreditOptions> {
    (case(), case(), option::of(moment())).prop_map(
        |(behaviour, credit_kind, prorate_time_anchor)| CreditOptions {
            behaviour,
            credit_kind,
            prorate_time_anchor,
        },
    )
}

pub(crate) fn termination() -> impl Strategy<Value = SubscriptionItemTermination> {
    (case(), case(), moment(), reason(), credit_options()).prop_map(
        |(kind, source, scheduled_date, reason, credit_options)| SubscriptionItemTermination {
            kind,
            source,
            scheduled_date,
            reason,
            credit_options,
        },
    )
}

pub(crate) fn product_group() -> impl Strategy<Value = CreateSubscriptionProductGroupResult> {
    let cases = (case(), case());
    let rest = (option::of(termination()), moment(), balance_change());
    (cases, id(), text(), products(), rest).prop_map(|(cases, id, name, products, rest)| {
        CreateSubscriptionProductGroupResult {
            product_group_type: cases.0,
            status: cases.1,
            id,
            name,
            products,
            termination: rest.0,
            created: rest.1,
            customer_balance_change: rest.2,
        }
    })
}

pub(crate) fn ended() -> impl Strategy<Value = CreateVossUsageTerminationResult> {
    (moment(), reason(), credit_options(), balance_change()).prop_map(
        |(scheduled_date, reason, credit_options, customer_balance_change)| {
            CreateVossUsageTerminationResult {
                scheduled_date,
                reason,
                credit_options,
                customer_balance_change,
            }
        },
    )
}

pub(crate) fn article() -> impl Strategy<Value = InvoiceArticle> {
    (text(), option::of(any::<i32>()), any::<i32>(), any::<i32>()).prop_map(
        |(name, license_type_id, license_product_type_id, id)| InvoiceArticle {
            name,
            license_type_id,
            license_product_type_id,
            id,
        },
    )
}

pub(crate) fn addition() -> impl Strategy<Value = CreateNonLicenseProduct> {
    (option::of(id()), 1..=i32::MAX).prop_map(|(company_id, invoice_article_id)| {
        CreateNonLicenseProduct { company_id, invoice_article_id }
    })
}

pub(crate) fn usage() -> impl Strategy<Value = CreateVossUsage> {
    (option::of(id()), "[A-Z]{1,3}-[0-9]{1,4}", any::<i32>()).prop_map(
        |(company_id, article_number, quantity)| CreateVossUsage {
            company_id,
            article_number,
            quantity,
        },
    )
}

pub(crate) fn usage_termination() -> impl Strategy<Value = CreateVossUsageTermination> {
    let (lines, ends) = (prop::collection::vec(text(), 0..3), option::of(moment()));
    (option::of(id()), id(), lines, text(), option::of(id()), (case(), case(), ends)).prop_map(
        |(company_id, id, lines, comment, reason, (behaviour, credit_kind, ends_at))| {
            CreateVossUsageTermination {
                company_id,
                id,
                invoice_line_texts: lines,
                termination_reason_comment: comment,
                termination_reason_id: reason,
                behaviour,
                credit_kind,
                ends_at,
            }
        },
    )
}

pub(crate) fn query_base() -> impl Strategy<Value = QueryBase> {
    let numbers = (option::of(any::<i32>()), option::of(any::<i32>()));
    let texts = [(); 4].map(|()| option::of(text()));
    (numbers, texts).prop_map(|((skip, take), [order_by, order_by_desc, include, fields])| {
        QueryBase { skip, take, order_by, order_by_desc, include, fields }
    })
}
