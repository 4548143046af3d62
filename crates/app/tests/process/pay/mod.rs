//! From the links in an invoice to the licence, as a browser goes: through the pay page, the
//! sandbox's page and the message that the sandbox tells.

mod print;
mod stripe;

use crate::support::{Demo, abono, each_database, must, refused, rows};
use abono_testkit::Database;
use serde_json::{Value, json};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const CLOCK: Option<&str> = Some("2026-01-31T10:00:00Z");

/// A browser that goes where it is led one step at a time.
pub(crate) struct Browser(ureq::Agent);

/// Status, where it leads on, what the browser may do there, and the page.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) policy: String,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self(config.timeout_global(Some(Duration::from_secs(20))).build().into())
    }

    pub(crate) fn get(&self, url: &str) -> Shown {
        shown(self.0.get(url).call())
    }

    /// Tells what Stripe tells; gives the status.
    pub(crate) fn tell(&self, url: &str, signature: &str, body: &str) -> u16 {
        shown(self.0.post(url).header("stripe-signature", signature).send(body)).status
    }

    /// Sends a form.
    pub(crate) fn send(&self, url: &str, form: &str) -> Shown {
        let request = self.0.post(url).header("content-type", "application/x-www-form-urlencoded");
        shown(request.send(form))
    }
}

fn shown(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Shown {
    let mut answer = answer.expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).map(|it| it.to_str().expect("a text"));
        value.unwrap_or_default().to_owned()
    };
    let (location, policy) = (header("location"), header("content-security-policy"));
    let text = answer.body_mut().read_to_string().expect("a page");
    Shown { status: answer.status().as_u16(), location, policy, text }
}

impl Demo {
    fn profile(&self) -> String {
        format!("/orgs/{}/profile", self.fact("lifepos.org_guid"))
    }

    pub(crate) fn buy(&self) -> Value {
        let product = self.fact("lifepos.product_guid");
        let path = format!("{}/subscriptions/products/{product}:create-invoice", self.profile());
        let plan = json!({"guid": self.fact("lifepos.plans.0.guid")});
        let order = json!({"plan": plan, "quantity": 1, "period_in_months": 1});
        self.post(201, &path, &self.fact("lifepos.token"), &order)
    }

    /// Waits until an invoice stands like this.
    pub(crate) fn wait_for(&self, invoice: &Value, status: &str) {
        let guid = invoice["guid"].as_str().expect("a guid");
        let path = format!("{}/invoices/{guid}", self.profile());
        let look = || self.get(&path, &self.fact("lifepos.token"))["status"].clone();
        for _ in 0..1_000 {
            if look() == status {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it is {}, and not {status}", look());
    }

    pub(crate) fn licence(&self) -> Value {
        let path = format!("{}/subscriptions/products", self.profile());
        self.get(&path, &self.fact("lifepos.token"))[0]["acquired_license"].clone()
    }
}

/// The links of an invoice: to pay by card, and to print.
pub(crate) fn links(invoice: &Value) -> [String; 2] {
    ["payment_by_card_link", "payment_by_transaction_link"]
        .map(|name| invoice[name].as_str().expect("a link").to_owned())
}

#[test]
fn an_invoice_is_paid_through_its_link_however_the_provider_behaves() {
    each_database(|database, folder| {
        let (demo, browser) = (Demo::start(folder, database, CLOCK), Browser::new());
        for (choice, status) in [
            ("outcome=approve", "Paid"),
            ("outcome=approve&twice=on&late=1", "Paid"),
            ("outcome=decline", "Pending"),
        ] {
            let invoice = demo.buy();
            let [card, print] = links(&invoice);
            assert!(card.starts_with(&format!("{}/pay/", demo.fact("base_url"))), "{card}");
            let number = invoice["number"].as_str().expect("a number");
            for link in [&card, &print] {
                let page = browser.get(link);
                assert_eq!(page.status, 200, "{link}");
                assert!(page.text.contains(number), "{}", page.text);
            }
            let led = browser.send(&card, "");
            assert_eq!(led.status, 303, "{}", led.text);
            assert_eq!(browser.get(&led.location).status, 200);
            let back = browser.send(&led.location, choice);
            assert_eq!(back.status, 303, "{}", back.text);
            assert!(back.location.starts_with(&format!("{card}/back")), "{}", back.location);
            demo.wait_for(&invoice, status);
            assert_eq!(browser.get(&back.location).status, 200);
        }
        assert_eq!(demo.licence()["expires_at"], "2026-03-31T10:00:00.000Z", "paid twice");
        must(database, &["verify"]);
    });
}

/// What is asked on the command line, as the sandbox has answered it by now.
fn given_back(database: &Database, invoice: &str, options: &[&str]) -> Vec<Value> {
    let ask = ["payment", "refund", "--invoice", invoice, "--through-provider", "--reason", "why"];
    let asked = rows(database, &[&ask, options].concat());
    assert_eq!(asked[0]["status"], "pending");
    for _ in 0..1_500 {
        let all = rows(database, &["payment", "refunds", "--invoice", invoice]);
        if all.iter().all(|it| it["status"] != "pending") {
            return all;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the sandbox was never asked");
}

#[test]
fn money_goes_back_through_the_provider_by_which_it_came() {
    each_database(|database, folder| {
        let (demo, browser) = (Demo::start(folder, database, CLOCK), Browser::new());
        let invoice = demo.buy();
        let guid = invoice["guid"].as_str().expect("a guid");
        let ask = ["payment", "refund", "--invoice", guid, "--through-provider", "--reason", "why"];
        let said = refused(database, &ask);
        assert!(said.contains("without --through-provider"), "{said}");
        let led = browser.send(&links(&invoice)[0], "");
        browser.send(&led.location, "outcome=approve");
        demo.wait_for(&invoice, "Paid");
        let all = given_back(database, guid, &["--amount", "90.00", "--reference", "R-1"]);
        assert_eq!((&all[0]["status"], &all[0]["provider"]), (&json!("done"), &json!("sandbox")));
        demo.wait_for(&invoice, "Paid");
        assert_eq!(demo.licence()["expires_at"], "2026-02-28T10:00:00.000Z");
        let said = refused(database, &[&ask[..], &["--reference", "R-1"]].concat());
        assert!(said.contains("already recorded"), "{said}");
        let all = given_back(database, guid, &[]);
        let done = |it: &Value| it["status"] == "done" && it["trouble"].is_null();
        assert!(all.len() == 2 && all.iter().all(done), "{all:?}");
        demo.wait_for(&invoice, "Refunded");
        assert!(demo.licence().is_null(), "{}", demo.licence());
        let said = refused(database, &ask);
        assert!(said.contains("at most 0.00"), "{said}");
        let said = must(database, &["payment", "refunds", "--invoice", guid]);
        assert!(said.lines().count() == 2 && said.contains("through sandbox  done"), "{said}");
        must(database, &["verify"]);
    });
}

#[test]
fn links_stay_and_open_what_they_were_made_for_alone() {
    each_database(|database, folder| {
        let (demo, browser) = (Demo::start(folder, database, CLOCK), Browser::new());
        let invoice = demo.buy();
        let paths = links(&invoice).map(|link| link.replace(&demo.fact("base_url"), ""));
        let secret = folder.join("abono.secret");
        assert_eq!(mode(&secret), 0o600);
        drop(demo);
        let demo = Demo::start(folder, database, None);
        let open = |path: &str| browser.get(&format!("{}{path}", demo.fact("base_url"))).status;
        let [card, print] = &paths;
        assert_eq!([open(card), open(print)], [200, 200], "after a new start");
        let unknown = format!("/pay/{}", "A".repeat(86));
        let changed =
            format!("{}{}", &card[..card.len() - 1], if card.ends_with('A') { "Q" } else { "A" });
        for path in [&unknown, &changed, &card[..card.len() - 2].to_owned()] {
            assert_eq!([open(path), open(&format!("{path}/print"))], [404, 404], "{path}");
        }
        drop(demo);
        std::fs::remove_file(&secret).expect("the secret is lost");
        let demo = Demo::start(folder, database, None);
        let url = format!("{}{card}", demo.fact("base_url"));
        assert_eq!(browser.get(&url).status, 404, "another secret, other links");
    });
}

#[test]
fn what_would_give_links_away_or_lead_nowhere_keeps_the_server_from_starting() {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let books = format!("sqlite:{}", path("abono.db"));
    let serve = |args: &[&str]| {
        let own = ["serve", "--listen", "127.0.0.1:0", "--database", &books];
        let ended = abono().args(own).args(args).output().expect("the binary runs");
        assert!(ended.stdout.is_empty(), "{args:?} is refused and serves");
        (ended.status.code(), String::from_utf8(ended.stderr).expect("UTF-8"))
    };
    let open = path("open");
    std::fs::write(&open, "0a".repeat(32)).expect("it is written");
    std::fs::set_permissions(&open, Permissions::from_mode(0o644)).expect("it is set");
    let (code, said) = serve(&["--secret-file", &open]);
    assert!(code == Some(1) && said.contains(&format!("chmod 600 {open}")), "{said}");
    assert!(!said.contains("0a0a"), "{said}");
    let (code, said) = serve(&["--public-url", "https://pay.example/abono"]);
    assert!(code == Some(2) && said.contains("without a path"), "{said}");
    assert!(!Path::new(&path("abono.db")).exists(), "nothing was made");
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("a file").permissions().mode() & 0o777
}
