//! What is terminated: when it ends, what comes back, why, and what is in the way. 21 % of tax are
//! inside the prices, and outside of every figure here.

use crate::support::{House, NOBODY, SEAT_ID, SIM_ID, SMS_ID, end, id, subscribe};
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::product_group::GroupKind;
use abono_testkit::articles::{PRICE, TOO_DEAR};
use abono_testkit::{Database, on_each_database, telecom};
use serde_json::{Value, json};

/// Half of February is left.
const LATER: &str = "2026-02-15T12:00:00Z";

/// Everything that comes back, as it is said for the only item and for the whole.
fn total(ended: &Value) -> Value {
    let change = &ended["customerBalanceChange"];
    let items = change["items"].as_array().expect("items");
    let sum = items.first().map_or(json!(0), |item| item["totalAmount"].clone());
    assert_eq!((sum, items.len() < 2), (change["totalAmount"].clone(), true), "{change}");
    change["totalAmount"].clone()
}

#[test]
fn what_comes_back_is_all_or_nothing_or_what_is_unused_however_it_is_said() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        // Of 5.00 for February all, nothing, and 14 of 28 days; 4.13 and 2.07 of that are no tax.
        let lines = [("Full", json!(-4.13)), ("None", json!(0)), ("Prorate", json!(-2.07))];
        let mut groups = Vec::new();
        for _ in 0..6 {
            groups.push(id(&house.add(&house.write, SIM_ID).await));
        }
        house.world.live_until(LATER).await;
        let mut groups = groups.into_iter();
        for (behaviour, expected) in lines {
            for kind in ["Normal", "Internal"] {
                let group = groups.next().expect("one more");
                let ended = house.terminate(&house.write, &group, (behaviour, kind)).await.good();
                assert_eq!(total(&ended), expected, "{behaviour} {kind}");
                assert_eq!(ended["scheduledDate"], "2026-02-15T12:00:00");
                let options = json!({"behaviour": behaviour, "creditKind": kind});
                assert_eq!(ended["creditOptions"], options);
            }
        }
        // Each normal credit has a note of its own.
        assert_eq!(notes(&house).await, [[500], [250]]);
        house.holds().await;
        // The next invoice nets what was credited internally: 5.00 and 2.50.
        house.world.live_until("2026-03-01T12:00:00Z").await;
        let own = invoices(&house).await;
        assert_eq!(own.last().expect("an invoice"), &[1_200, -500, -250]);
        house.holds().await;
    });
}

/// The lines of all invoices, oldest first.
async fn invoices(house: &House) -> Vec<Vec<i64>> {
    let tenant = house.world.books().await;
    let all = house.world.engine.cycle_documents(&tenant, house.world.customer).await;
    let all = all.expect("documents");
    let own = all.iter().filter(|it| it.document.kind == DocumentKind::Invoice);
    own.map(lines).collect()
}

/// The lines of all credit notes, oldest first.
async fn notes(house: &House) -> Vec<Vec<i64>> {
    let tenant = house.world.books().await;
    let all = house.world.engine.credit_notes(&tenant, house.world.customer).await;
    all.expect("credit notes").iter().map(lines).collect()
}

fn lines(view: &DocumentView) -> Vec<i64> {
    view.document.lines.iter().map(|line| line.total.minor).collect()
}

#[tokio::test]
async fn the_answer_has_each_member_in_the_contracts_order() {
    let house = House::open(&Database::sqlite()).await;
    let group = id(&house.add(&house.write, SEAT_ID).await);
    let answer = house.terminate(&house.write, &group, ("3", "2")).await;
    let nothing = json!({"items": [], "totalAmount": 0, "totalDiscountAmount": 0});
    let expected = json!({
        "scheduledDate": "2026-01-17T12:00:00",
        "reason": {
            "reasonId": "00000000-0000-0000-0000-000000000000",
            "reasonName": "",
            "reasonExternalId": "",
            "subReasonName": "",
            "subReasonExternalId": "",
            "comment": "",
        },
        "creditOptions": {"behaviour": "None", "creditKind": "Internal"},
        "customerBalanceChange": nothing,
    });
    assert_eq!((answer.status, answer.text), (200, expected.to_string()));
}

#[test]
fn a_reason_is_named_with_the_one_that_it_is_a_part_of() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        for (reason, comment, language, expected) in [
            (
                PRICE,
                "a pity",
                "en",
                json!({
                    "reasonId": PRICE.0.to_string(),
                    "reasonName": "The price",
                    "reasonExternalId": "ext-price",
                    "subReasonName": "",
                    "subReasonExternalId": "",
                    "comment": "a pity",
                }),
            ),
            (
                TOO_DEAR,
                "",
                "sv",
                json!({
                    "reasonId": PRICE.0.to_string(),
                    "reasonName": "Priset",
                    "reasonExternalId": "ext-price",
                    "subReasonId": TOO_DEAR.0.to_string(),
                    "subReasonName": "För dyrt",
                    "subReasonExternalId": "ext-too-dear",
                    "comment": "",
                }),
            ),
        ] {
            let group = id(&house.add(&house.write, SIM_ID).await);
            let body = json!({
                "TerminationReasonId": reason.0.to_string(),
                "TerminationReasonComment": comment,
                "Behaviour": "None",
                "CreditKind": "Normal",
            });
            let request = house.request(&house.write, ("POST", &end(&group)));
            let request = request.header("x-language", language);
            let ended = house.send(request, body.to_string()).await.good();
            assert_eq!(ended["reason"], expected);
        }
        house.holds().await;
    });
}

#[test]
fn what_has_a_notice_ends_later_and_is_credited_for_the_cycle_of_that_day() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let group = id(&house.add(&house.write, SMS_ID).await);
        let ended = house.terminate(&house.write, &group, ("Prorate", "Normal")).await.good();
        // 30 days after 17 January, midnight in Madrid.
        assert_eq!(ended["scheduledDate"], "2026-02-15T23:00:00");
        // 13 of 28 days of 1.00 are 0.46, of which 0.38 is no tax.
        assert_eq!(total(&ended), json!(-0.38));
        let digest = database.digest().await;
        let again = house.terminate(&house.write, &group, ("None", "Normal")).await;
        assert_eq!(again.refused(), (409, "Conflict".to_owned()));
        assert_eq!(database.digest().await, digest);
        house.world.live_until("2026-02-20T12:00:00Z").await;
        let added = house.world.added().await;
        assert_eq!(
            added.groups[0].state.ended_at,
            Some("2026-02-15T23:00:00Z".parse().expect("it"))
        );
        assert_eq!(notes(&house).await, [[46]]);
        house.holds().await;
    });
}

#[test]
fn what_has_to_wait_for_a_cycle_to_be_billed_says_when_to_come_back_and_no_other_conflict_does() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let group = id(&house.add(&house.write, SIM_ID).await);
        let later = "2026-02-01T12:00:00Z";
        house.world.run(house.world.set_clock(later)).await.expect("the clock is moved");
        let ends = async || house.terminate(&house.write, &group, ("None", "Normal")).await;
        for early in [house.add(&house.write, SEAT_ID).await, ends().await] {
            assert_eq!(early.refused(), (409, "Conflict".to_owned()));
            assert_eq!(early.headers["retry-after"], "1");
        }
        house.world.live_until(later).await;
        house.add(&house.write, SEAT_ID).await.good();
        ends().await.good();
        let ended = ends().await;
        assert_eq!(ended.refused(), (409, "Conflict".to_owned()));
        assert!(!ended.headers.contains_key("retry-after"), "it stays so");
        house.holds().await;
    });
}

#[test]
fn what_has_ended_or_comes_with_the_plan_or_is_anothers_is_left_alone() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let ended = id(&house.add(&house.write, SIM_ID).await);
        house.terminate(&house.write, &ended, ("None", "Normal")).await.good();
        // The second company's plan includes something.
        subscribe(&house.world, house.world.other, telecom::GB10).await;
        let second = abono_testkit::World { customer: house.world.other, ..house.world.clone() };
        let added = second.added().await.groups;
        assert_eq!(added.iter().map(|it| it.group.kind).collect::<Vec<_>>(), [GroupKind::Included]);
        let included = added[0].group.subscription.id.to_string();
        let optional = id(&house.add(&house.other, SIM_ID).await);
        let parent = second.subscribed().await.to_string();
        let digest = database.digest().await;
        for (token, group, status, code) in [
            (&house.write, &*ended, 409, "Conflict"),
            (&house.other, &*included, 409, "Conflict"),
            (&house.write, &*included, 404, "NotFound"),
            (&house.write, &*optional, 404, "NotFound"),
            (&house.other, &*ended, 404, "NotFound"),
            (&house.other, &*parent, 404, "NotFound"),
            (&house.write, NOBODY, 404, "NotFound"),
        ] {
            let answer = house.terminate(token, group, ("Full", "Normal")).await;
            assert_eq!(answer.refused(), (status, code.to_owned()), "{group}");
        }
        let unknown = house.terminate(&house.write, NOBODY, ("Full", "Normal")).await;
        let foreign = house.terminate(&house.write, &optional, ("Full", "Normal")).await;
        assert_eq!(unknown.text, foreign.text, "another's looks like nobody's");
        assert_eq!(database.digest().await, digest);
        house.holds().await;
    });
}

#[test]
fn what_can_not_be_read_or_is_too_long_is_said_by_its_member() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let group = id(&house.add(&house.write, SIM_ID).await);
        let digest = database.digest().await;
        for (member, value) in [
            ("Behaviour", Value::Null),
            ("Behaviour", json!("Half")),
            ("Behaviour", json!(4)),
            ("CreditKind", Value::Null),
            ("CreditKind", json!("Other")),
            ("TerminationReasonId", json!("dear")),
            ("TerminationReasonId", json!(NOBODY)),
            ("TerminationReasonComment", json!("é".repeat(501))),
            ("TerminationReasonComment", json!({"a": 1})),
            ("InvoiceLineTexts", json!(vec!["x"; 11])),
            ("InvoiceLineTexts", json!(["é".repeat(201)])),
            ("InvoiceLineTexts", json!([{"a": 1}])),
        ] {
            let mut body = json!({"Behaviour": "None", "CreditKind": "Normal"});
            body[member] = value;
            let answer = house.ask(&house.write, ("POST", &end(&group)), &body).await;
            assert_eq!(answer.refused().0, 400, "{body}: {}", answer.text);
            assert_eq!(answer.fields(), [member], "{body}");
        }
        for path in [end("7"), end("00000000-0000-0000-0000-000000000000"), end("%20")] {
            let body = json!({"Behaviour": "None", "CreditKind": "Normal"});
            let answer = house.ask(&house.write, ("POST", &path), &body).await;
            assert_eq!((answer.refused().0, answer.fields()), (400, vec!["Id".to_owned()]));
        }
        assert_eq!(database.digest().await, digest);
        let body = json!({
            "Id": NOBODY,
            "TerminationReasonComment": "é".repeat(500),
            "InvoiceLineTexts": ["é".repeat(200), "", "x", "x", "x", "x", "x", "x", "x", "x"],
            "Behaviour": "full",
            "CreditKind": "INTERNAL",
        });
        let ended = house.ask(&house.write, ("POST", &end(&group)), &body).await.good();
        assert_eq!(ended["creditOptions"], json!({"behaviour": "Full", "creditKind": "Internal"}));
        house.holds().await;
    });
}

#[tokio::test]
async fn a_group_is_named_in_any_spelling_of_its_id() {
    let house = House::open(&Database::sqlite()).await;
    for spell in [
        |id: &str| id.to_uppercase(),
        |id: &str| id.replace('-', ""),
        |id: &str| format!("%7B{id}%7D"),
    ] {
        let group = id(&house.add(&house.write, SIM_ID).await);
        house.terminate(&house.write, &spell(&group), ("None", "Normal")).await.good();
    }
}

#[test]
fn when_it_ended_in_front_is_a_superadmins_word_alone() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let group = id(&house.add(&house.write, SEAT_ID).await);
        house.world.live_until(LATER).await;
        let company = house.world.customer.0;
        let body = json!({
            "CompanyId": company, "Behaviour": "None", "CreditKind": "Normal",
            "EndsAt": "2026-01-31T23:00:00.000000Z",
        });
        let path = end(&group);
        let line = ("POST", path.as_str());
        let (status, code) = house.ask(&house.write, line, &body).await.refused();
        assert_eq!((status, code.as_str()), (403, "Forbidden"));
        let ended = house.ask(&house.superadmin, line, &body).await.good();
        // All of February, 2.00 with its tax.
        assert_eq!(total(&ended), json!(-1.65));
        assert_eq!(ended["scheduledDate"], "2026-01-31T23:00:00");
        assert_eq!(ended["creditOptions"], json!({"behaviour": "None", "creditKind": "Normal"}));
        house.holds().await;
    });
}
