//! What stands on the wire, to the letter.

use abono_api_bokamera::dto::{
    CreateNonLicenseProduct, CreateSubscriptionProductGroupResult, CreateVossUsage,
    CreateVossUsageTermination, CreditBehaviour, CreditKind, CreditOptions, CustomerBalanceChange,
    CustomerBalanceChangeItem, InvoiceArticle, ProductGroupStatus, ProductGroupType, ProductType,
    SubscriptionItemTermination, SubscriptionProduct, TerminationReason, TerminationSource,
    TerminationType,
};
use abono_api_bokamera::format::{
    Choice, Decimal, FieldError, Format, FromNode, Node, ResponseStatus, ToNode, bind, query, read,
    write,
};
use http::HeaderMap;
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn amount(text: &str) -> Decimal {
    Decimal::parse(text).expect("an amount")
}

fn group(termination: Option<SubscriptionItemTermination>) -> CreateSubscriptionProductGroupResult {
    CreateSubscriptionProductGroupResult {
        product_group_type: ProductGroupType::Optional,
        status: ProductGroupStatus::Active,
        id: id(1),
        name: "SMS, 100".to_owned(),
        products: vec![SubscriptionProduct {
            id: id(2),
            name: "SMS".to_owned(),
            external_id: String::new(),
            article_number: "SMS-100".to_owned(),
        }],
        termination,
        created: "2026-01-31T10:00:00.5Z".parse().expect("an instant"),
        customer_balance_change: CustomerBalanceChange {
            items: vec![CustomerBalanceChangeItem {
                kind: ProductType::Addon,
                id: id(2),
                name: "SMS".to_owned(),
                product_group_id: id(1),
                product_group_name: "SMS, 100".to_owned(),
                quantity: amount("1"),
                amount: amount("19.90"),
                discount_amount: amount("0"),
                total_amount: amount("19.90"),
                invoice_recipient_customer_id: id(3),
            }],
            total_amount: amount("19.90"),
            total_discount_amount: amount("0.00"),
        },
    }
}

fn termination() -> SubscriptionItemTermination {
    SubscriptionItemTermination {
        kind: TerminationType::Immediately,
        source: TerminationSource::Direct,
        scheduled_date: "2026-02-28T00:00:00Z".parse().expect("an instant"),
        reason: TerminationReason {
            reason_id: id(4),
            reason_name: String::new(),
            reason_external_id: String::new(),
            sub_reason_id: None,
            sub_reason_name: String::new(),
            sub_reason_external_id: String::new(),
            comment: "moved".to_owned(),
        },
        credit_options: CreditOptions {
            behaviour: CreditBehaviour::Prorate,
            credit_kind: CreditKind::Normal,
            prorate_time_anchor: None,
        },
    }
}

#[test]
fn a_group_without_termination_says_so() {
    let one = "00000000-0000-0000-0000-00000000000";
    let expected = format!(
        "{{\"productGroupType\":\"Optional\",\"status\":\"Active\",\"id\":\"{one}1\",\
         \"name\":\"SMS, 100\",\"products\":[{{\"id\":\"{one}2\",\"name\":\"SMS\",\
         \"externalId\":\"\",\"articleNumber\":\"SMS-100\"}}],\"termination\":null,\
         \"created\":\"2026-01-31T10:00:00\",\"customerBalanceChange\":{{\"items\":[{{\
         \"type\":\"Addon\",\"id\":\"{one}2\",\"name\":\"SMS\",\"productGroupId\":\"{one}1\",\
         \"productGroupName\":\"SMS, 100\",\"quantity\":1,\"amount\":19.9,\"discountAmount\":0,\
         \"totalAmount\":19.9,\"invoiceRecipientCustomerId\":\"{one}3\"}}],\"totalAmount\":19.9,\
         \"totalDiscountAmount\":0}}}}"
    );
    let node = group(None).to_node();
    assert_eq!(write(&node, Format::Json), expected);
    assert!(write(&node, Format::Jsv).contains(",termination:null,"));
    assert!(write(&node, Format::Xml).contains("<termination i:nil=\"true\"/>"));
    let row = format!("{one}2,SMS,,SMS-100\r\n");
    assert_eq!(write(&node, Format::Csv), format!("id,name,externalId,articleNumber\r\n{row}"));
}

#[test]
fn a_termination_has_every_text_of_its_reason() {
    let text = write(&group(Some(termination())).to_node(), Format::Json);
    let reason = id(4);
    let expected = format!(
        "\"termination\":{{\"type\":\"Immediately\",\"source\":\"Direct\",\
         \"scheduledDate\":\"2026-02-28T00:00:00\",\"reason\":{{\"reasonId\":\"{reason}\",\
         \"reasonName\":\"\",\"reasonExternalId\":\"\",\"subReasonName\":\"\",\
         \"subReasonExternalId\":\"\",\"comment\":\"moved\"}},\"creditOptions\":{{\
         \"behaviour\":\"Prorate\",\"creditKind\":\"Normal\"}}}},"
    );
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn articles_are_in_pascal_case_and_have_no_type_where_they_have_none() {
    let article = InvoiceArticle {
        name: "SMS".to_owned(),
        license_type_id: None,
        license_product_type_id: 2,
        id: 7,
    };
    let node = Node::list(&[article]);
    assert_eq!(write(&node, Format::Json), r#"[{"Name":"SMS","LicenseProductTypeId":2,"Id":7}]"#);
    assert_eq!(
        write(&node, Format::Csv),
        "Name,LicenseTypeId,LicenseProductTypeId,Id\r\nSMS,,2,7\r\n"
    );
}

#[test]
fn the_sample_request_of_the_page_is_written_and_is_refused_for_its_article() {
    let sample =
        r#"{"CompanyId":"00000000-0000-0000-0000-000000000000","InvoiceArticleId":0}"#.to_owned();
    let request = CreateNonLicenseProduct { company_id: Some(id(0)), invoice_article_id: 0 };
    assert_eq!(write(&request.to_node(), Format::Jsonl), format!("{sample}\n"));
    let status = refusal::<CreateNonLicenseProduct>(&sample);
    assert_eq!(status.errors, [FieldError::empty("InvoiceArticleId")]);
}

fn parsed<T: FromNode>(json: &str) -> Result<T, ResponseStatus> {
    bind(&[&read(&HeaderMap::new(), json.as_bytes()).expect(json)])
}

fn refusal<T: FromNode + std::fmt::Debug>(json: &str) -> ResponseStatus {
    parsed::<T>(json).expect_err(json)
}

#[test]
fn a_request_without_what_it_needs_names_each_member() {
    let named = |status: ResponseStatus| -> Vec<String> {
        status.errors.into_iter().map(|it| it.field_name).collect()
    };
    assert_eq!(named(refusal::<CreateNonLicenseProduct>("{}")), ["InvoiceArticleId"]);
    let usage = r#"{"CompanyId":null,"ArticleNumber":" "}"#;
    assert_eq!(named(refusal::<CreateVossUsage>(usage)), ["ArticleNumber", "Quantity"]);
    let termination = r#"{"Behaviour":"Half","CreditKind":3}"#;
    assert_eq!(
        named(refusal::<CreateVossUsageTermination>(termination)),
        ["Id", "Behaviour", "CreditKind"]
    );
}

#[test]
fn a_termination_takes_its_group_from_the_path() {
    let path = query(&format!("Id={}", id(9))).expect("pairs");
    let company = id(8);
    let body = format!(
        r#"{{"companyid":"{company}","id":"{company}","behaviour":"none","creditkind":"2"}}"#
    );
    let body = read(&HeaderMap::new(), body.as_bytes()).expect("JSON");
    let request: CreateVossUsageTermination = bind(&[&path, &body]).expect("a request");
    assert_eq!((request.company_id, request.id), (Some(company), id(9)));
    assert_eq!(
        (request.behaviour, request.credit_kind),
        (CreditBehaviour::None, CreditKind::Internal)
    );
    assert_eq!(request.invoice_line_texts, Vec::<String>::new());
}

/// Names and numbers of one list.
fn cases<T: Choice>() -> Vec<(i32, &'static str)> {
    T::CASES
        .iter()
        .map(|(number, name, case)| {
            assert_eq!(case.name(), *name);
            (*number, *name)
        })
        .collect()
}

#[test]
fn the_lists_have_the_names_and_numbers_of_the_contract() {
    assert_eq!(cases::<ProductGroupType>(), [(1, "Optional"), (2, "Included")]);
    assert_eq!(cases::<ProductGroupStatus>(), [(1, "Active"), (2, "Terminated")]);
    assert_eq!(
        cases::<TerminationType>(),
        [(1, "AtSubscriptionBillingPeriodEnd"), (2, "AtBindingPeriodEnd"), (3, "Immediately")]
    );
    assert_eq!(
        cases::<TerminationSource>(),
        [(1, "Direct"), (2, "Plan"), (3, "CustomerExpiration"), (4, "Update"), (5, "Unpaid")]
    );
    assert_eq!(cases::<CreditBehaviour>(), [(1, "Prorate"), (2, "Full"), (3, "None")]);
    assert_eq!(cases::<CreditKind>(), [(1, "Normal"), (2, "Internal")]);
    let names: Vec<_> = cases::<ProductType>().into_iter().map(|case| case.1).collect();
    assert_eq!(names, ["Main", "Addon", "License", "Usage"]);
}
