//! `abono demo --external-billing`: a second instance behind the first, on the same clock.

mod ends;

use crate::support::{Demo, abono, each_database, must, rows};
use abono_testkit::Database;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const BEHIND: [&str; 1] = ["--external-billing"];
const TIDVY: [&str; 2] = ["--tenant", "tidvy"];

/// The facts of the instance behind.
fn facts(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("behind/demo.json")).expect("its facts");
    serde_json::from_str(&text).expect("JSON")
}

/// Runs a subcommand on the books behind.
fn behind(folder: &Path, args: &[&str]) -> String {
    let url = format!("sqlite:{}", folder.join("behind/abono.db").display());
    let output = abono().args(args).args(["--database", &url]).output().expect("it runs");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What somebody does who may write in the booking software.
struct Writer<'d> {
    demo: &'d Demo,
    company: String,
}

impl<'d> Writer<'d> {
    fn new(demo: &'d Demo) -> Self {
        Self { demo, company: demo.fact("bokamera.company_id") }
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let headers = [
            ("x-api-key", self.demo.fact("bokamera.api_key")),
            ("authorization", format!("Bearer {}", self.demo.fact("bokamera.write_token"))),
        ];
        let (status, text) = self.demo.send(path, &headers, body).expect("an answer");
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Adds an article; gives the id of the product group.
    fn add(&self, article: &str, quantity: i64) -> String {
        let company = &self.company;
        let body = json!({"CompanyId": company, "ArticleNumber": article, "Quantity": quantity});
        self.post("/voss/usage", &body)["id"].as_str().expect("an id").to_owned()
    }

    fn end(&self, group: &str, behaviour: &str, kind: &str) {
        let company = &self.company;
        let body = json!({"CompanyId": company, "Behaviour": behaviour, "CreditKind": kind});
        self.post(&format!("/voss/usage/{group}/termination"), &body);
    }

    /// Moves the clock in front.
    fn passes(&self, time: &str) {
        let admin = self.demo.fact("admin_token");
        self.demo.post(200, "/demo/clock", &admin, &json!({"advance": time}));
    }
}

fn statuses(database: &Database) -> Vec<Value> {
    let rows = rows(database, &[&["outbox", "list"], &TIDVY[..]].concat());
    rows.into_iter().map(|row| row["status"].clone()).collect()
}

/// By which rule something ends is looked at in front alone.
fn but_the_rules(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("termination "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn both_instances_bill_the_same_at_the_same_time() {
    each_database(|database, folder| {
        let start = Some("2026-02-10T10:00:00Z");
        let demo = Demo::start_with(folder, database, start, &BEHIND);
        let names = |facts: &Value| -> Vec<String> {
            facts.as_object().expect("an object").keys().cloned().collect()
        };
        assert_eq!(names(&facts(folder)), names(&demo.facts));
        let writer = Writer::new(&demo);
        let agree = || {
            let show = [&["subscription", "show", "1"], &TIDVY[..]].concat();
            let here = but_the_rules(&must(database, &show));
            assert_eq!(here, but_the_rules(&behind(folder, &show)));
            here
        };
        let before = agree();
        let [first, second] = ["SMS-1000", "SMS-1000"].map(|article| writer.add(article, 1));
        // What asks for notice ends within a cycle and with one, with and without a credit.
        let noticed = ["PAY", "PAY", "PAY"].map(|article| writer.add(article, 1));
        writer.add("SMS", 25);
        writer.end(&first, "Full", "Normal");
        writer.end(&noticed[0], "Prorate", "Internal");
        writer.end(&noticed[1], "None", "Normal");
        for time in ["PT0S", "P10D", "P1M", "P5D"] {
            writer.passes(time);
            assert_ne!(agree(), before);
            assert!(statuses(database).iter().all(|status| status == "delivered"), "{time}");
        }
        writer.end(&second, "Prorate", "Internal");
        writer.end(&noticed[2], "Full", "Normal");
        // At once, before the sender has looked for it.
        writer.passes("P2M");
        agree();
        assert_eq!(statuses(database), ["delivered"; 6 + 5]);
        must(database, &["verify"]);
        behind(folder, &["verify"]);
    });
}

#[test]
fn books_that_were_there_get_an_instance_behind_and_what_waits_for_it_is_kept() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let start = |more: &[&str], clock| Demo::start_with(folder.path(), &database, clock, more);
    let said = || std::fs::read_to_string(folder.path().join("stderr")).expect("what was said");
    let demo = start(&[], Some("2026-02-10T10:00:00Z"));
    Writer::new(&demo).add("HELP", 1);
    Writer::new(&demo).passes("P3D");
    drop(demo);
    let demo = start(&BEHIND, None);
    assert!(said().contains("what was added before isn't known there"), "{}", said());
    let key = demo.fact("bokamera.api_key");
    Writer::new(&demo).add("SMS-1000", 1);
    Writer::new(&demo).passes("P1D");
    assert_eq!(statuses(&database), ["delivered"]);
    drop(demo);
    let demo = start(&[], None);
    assert!(said().contains("waits to be sent until --external-billing"), "{}", said());
    Writer::new(&demo).add("CAL-EXTRA", 1);
    Writer::new(&demo).passes("P1M");
    assert_eq!(statuses(&database), ["delivered", "pending"]);
    drop(demo);
    let own = facts(folder.path());
    let demo = start(&BEHIND, None);
    assert_eq!(statuses(&database), ["delivered"; 2]);
    assert!(!said().contains("isn't known there"), "{}", said());
    assert_eq!(demo.fact("bokamera.api_key"), key);
    assert_eq!(facts(folder.path())["bokamera"], own["bokamera"]);
    let billed = |text: String| {
        let line = text.lines().find(|line| line.contains("billed until")).map(str::to_owned);
        line.expect("it runs")
    };
    let show = [&["subscription", "show", "1"], &TIDVY[..]].concat();
    assert_eq!(billed(must(&database, &show)), billed(behind(folder.path(), &show)));
    must(&database, &["verify"]);
    behind(folder.path(), &["verify"]);
}

#[test]
fn it_ends_as_a_whole_when_it_is_asked_to() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let mut demo = Demo::start_with(folder.path(), &database, None, &BEHIND);
    Writer::new(&demo).add("SMS-1000", 1);
    assert!(demo.ends_when_asked());
    let base_url = facts(folder.path())["base_url"].as_str().expect("an address").to_owned();
    let address = base_url.strip_prefix("http://").expect("an address").to_owned();
    assert!(std::net::TcpStream::connect(address).is_err(), "somebody is still there");
    // What is sent is sent whole, or not at all.
    drop(demo);
    let _demo = Demo::start_with(folder.path(), &database, None, &BEHIND);
    for _ in 0..100 {
        if statuses(&database) == ["delivered"] {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{:?}", statuses(&database));
}

fn refused(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().expect("it runs");
    (status.code(), String::from_utf8(stderr).expect("UTF-8"))
}

#[test]
fn books_that_cannot_be_a_pair_are_not_served() {
    let folder = TempDir::new().expect("a folder");
    let demo = |args: &[&str]| {
        let mut command = abono();
        command.args(["demo", "--listen", "127.0.0.1:0", "--dir"]).arg(folder.path()).args(args);
        refused(&mut command)
    };
    let own = format!("sqlite:{}", folder.path().join("abono.db").display());
    let (code, text) = demo(&["--external-database", &own]);
    assert!(code == Some(2) && text.contains("--external-billing"), "{text}");
    let (code, text) = demo(&["--external-billing", "--external-database", &own]);
    assert!(code == Some(1) && text.contains("books of its own"), "{text}");
    let clocked = Database::sqlite();
    drop(Demo::start(folder.path(), &clocked, Some("2026-02-10T10:00:00Z")));
    let (code, text) = demo(&["--external-billing", "--external-database", &clocked.url_text()]);
    assert!(code == Some(1) && text.contains("a clock moved by hand"), "{text}");
}
