//! A seller's file on real books: what differs, what is refused, what is left alone.

use abono_engine::{Engine, Env};
use abono_testkit::{Database, on_each_database};
use abono_tools::apply::{ApplyError, Report, SellerFile, run};

const EXAMPLE: &str = include_str!("../../../docs/seller.example.toml");

async fn books(database: &Database) -> Engine {
    Engine::new(Env::real(), database.store().await)
}

async fn apply(engine: &Engine, text: &str) -> Result<Report, ApplyError> {
    run(engine, &SellerFile::parse(text).expect("a file"), None, false).await
}

async fn refused(engine: &Engine, text: &str) -> String {
    apply(engine, text).await.expect_err("refused").to_string()
}

fn paths(report: &Report) -> Vec<&str> {
    report.differences.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn the_example_is_applied_once_and_then_only_what_differs() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        let file = SellerFile::parse(EXAMPLE).expect("the example");
        let preview = run(&engine, &file, None, true).await.expect("previewed");
        assert!(preview.differences.iter().all(|it| it.before.is_none()));
        assert_eq!(engine.tenants().await.expect("read"), [], "a preview writes nothing");

        let first = apply(&engine, EXAMPLE).await.expect("applied");
        assert_eq!(paths(&first), paths(&preview));
        assert_eq!(apply(&engine, EXAMPLE).await.expect("again").differences, []);

        let dearer = EXAMPLE.replace("list = \"990.00\"", "list = \"1090.00\"");
        let dearer = dearer.replace("name = \"Магазин у дома\"", "name = \"Магазин за углом\"");
        let changed = apply(&engine, &dearer).await.expect("changed");
        let price = "product pos plan start price RUB 1 months from 1 units from always";
        assert_eq!(paths(&changed), [price, "customer shop name"]);
        assert_eq!(apply(&engine, &dearer).await.expect("again").differences, []);
    });
}

#[test]
fn without_ids_each_thing_keeps_the_one_that_it_got() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        let bare: Vec<&str> = EXAMPLE.lines().filter(|line| !line.starts_with("id = ")).collect();
        let bare = bare.join("\n");
        apply(&engine, &bare).await.expect("applied");
        assert_eq!(apply(&engine, &bare).await.expect("again").differences, []);
    });
}

#[test]
fn a_plan_that_is_left_out_is_refused() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        apply(&engine, EXAMPLE).await.expect("applied");
        let plan = EXAMPLE.find("[[product.plan]]\ncode = \"light\"").expect("a plan");
        let customer = EXAMPLE.find("[[customer]]").expect("a customer");
        let removed = format!("{}{}", &EXAMPLE[..plan], &EXAMPLE[customer..]);
        let error = refused(&engine, &removed).await;
        assert!(error.contains("product pos plan light is missing"), "{error}");
    });
}

#[test]
fn a_file_with_one_mistake_changes_nothing() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        apply(&engine, EXAMPLE).await.expect("applied");
        let half = EXAMPLE.replace("Пример Банк", "Другой Банк");
        let half = half.replace("default_payer = \"shop\"", "default_payer = \"nobody\"");
        let error = refused(&engine, &half).await;
        assert!(error.starts_with("customer shop: "), "{error}");
        assert_eq!(apply(&engine, EXAMPLE).await.expect("as before").differences, []);
    });
}

#[test]
fn an_id_or_code_that_belongs_to_another_is_refused_at_once() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        let twin = "\n[[customer]]\ncode = \"shop\"\nname = \"Двойник\"\n";
        let error = refused(&engine, &format!("{EXAMPLE}{twin}")).await;
        assert_eq!(error, "customer shop: its code or id is used twice in the file");
        assert_eq!(engine.tenants().await.expect("read"), [], "nothing was written");

        apply(&engine, EXAMPLE).await.expect("applied");
        let other = EXAMPLE.replace("0000000000c1", "0000000000c2");
        let error = refused(&engine, &other).await;
        assert!(error.starts_with("customer shop: its id is "), "{error}");
        let slug = "slug = \"example\"";
        let other = format!("{slug}\nid = \"0196f7a0-0000-7000-8000-0000000000f1\"");
        let error = refused(&engine, &EXAMPLE.replace(slug, &other)).await;
        assert!(error.starts_with("tenant example: its id is "), "{error}");
    });
}

/// What comes with the subscriptions of the example.
const EXTRAS: &str = r#"
[[product.plan]]
code = "seat"
kind = "license"
article = "SEAT"
external_id = "7f0c"
notice_days = 14
names = { ru = "Рабочее место" }

[[product.plan.price]]
months = 1
list = "100.00"

[[termination_reason]]
code = "price"
names = { ru = "Цена" }

[[termination_reason]]
code = "too-dear"
parent = "price"
external_id = "41"
names = { ru = "Слишком дорого" }

[[customer]]"#;

#[test]
fn what_comes_with_a_subscription_is_applied_once_and_then_only_what_differs() {
    on_each_database(async |database| {
        let engine = books(&database).await;
        apply(&engine, EXAMPLE).await.expect("applied");
        let more = EXAMPLE.replace("[[customer]]", EXTRAS);
        let more = more.replace("features = [\"sales\", \"receipts\"]", "includes = [\"SEAT\"]");
        let added = apply(&engine, &more).await.expect("added");
        for path in [
            "product pos plan start includes",
            "product pos plan seat article",
            "product pos plan seat kind",
            "product pos plan seat notice_days",
            "termination_reason too-dear parent",
        ] {
            assert!(paths(&added).contains(&path), "{path} of {:?}", paths(&added));
        }
        assert_eq!(apply(&engine, &more).await.expect("again").differences, []);

        let other = more.replace("parent = \"price\"", "").replace("includes = [\"SEAT\"]", "");
        let other = other.replace("notice_days = 14", "notice_days = 15");
        let changed = apply(&engine, &other).await.expect("changed");
        assert_eq!(
            paths(&changed),
            [
                "product pos plan seat notice_days",
                "product pos plan start includes",
                "termination_reason too-dear parent",
            ]
        );
        let error = refused(&engine, &more.replace("article = \"SEAT\"\n", "")).await;
        assert!(error.contains("a plan that isn't a main one has an article number"), "{error}");
        let error = refused(&engine, &more.replace("kind = \"license\"", "kind = \"usage\"")).await;
        assert!(error.contains("product pos plan seat kind can't change"), "{error}");
    });
}
