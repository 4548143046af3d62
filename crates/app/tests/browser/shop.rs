//! A shop with one invoice, and what its buyer does on the pages.

use crate::support::{Demo, must};
use abono_testkit::Database;
use abono_testkit::browser::Page;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The button that leads to the provider, and the one that asks how it stands there.
pub(crate) const PAY: &str = "main form[method=post]:not([action$='/ask']) button";
pub(crate) const ASK: &str = "main form[method=post][action$='/ask'] button";

/// The sandbox's button, and what can be chosen before.
pub(crate) const CONTINUE: &str = "main form[action^='/sandbox/'] button";
pub(crate) const APPROVE: &str = "input[name=outcome][value=approve]";
pub(crate) const DECLINE: &str = "input[name=outcome][value=decline]";
pub(crate) const LATER: &str = "input[name=outcome][value=later]";

/// The demo, in which somebody has ordered a licence for a month.
pub(crate) struct Shop {
    pub(crate) demo: Demo,
    pub(crate) database: Database,
    folder: TempDir,
    invoice: Value,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
        let demo = Demo::start(folder.path(), &database, Some("2026-01-31T10:00:00Z"));
        let mut shop = Self { demo, database, folder, invoice: Value::Null };
        shop.invoice = shop.order();
        shop
    }

    /// One request for one more invoice.
    pub(crate) fn order(&self) -> Value {
        let product = self.demo.fact("lifepos.product_guid");
        let path = self.path(&format!("subscriptions/products/{product}:create-invoice"));
        let plan = self.demo.fact("lifepos.plans.0.guid");
        let body = json!({"plan": {"guid": plan}, "quantity": 1, "period_in_months": 1});
        self.demo.post(201, &path, &self.token(), &body)
    }

    fn path(&self, path: &str) -> String {
        format!("/orgs/{}/profile/{path}", self.demo.fact("lifepos.org_guid"))
    }

    fn token(&self) -> String {
        self.demo.fact("lifepos.token")
    }

    /// A link of the invoice: `card` or `transaction`.
    pub(crate) fn link(&self, kind: &str) -> String {
        let link = &self.invoice[format!("payment_by_{kind}_link")];
        let link = link.as_str().unwrap_or_else(|| panic!("no link for {kind}: {}", self.invoice));
        assert!(link.starts_with(&self.demo.fact("base_url")), "{link} leads elsewhere");
        link.to_owned()
    }

    /// The same in a language.
    pub(crate) fn link_in(&self, kind: &str, language: &str) -> String {
        let link = self.link(kind);
        format!("{link}{}lang={language}", if link.contains('?') { '&' } else { '?' })
    }

    pub(crate) fn number(&self) -> &str {
        self.invoice["number"].as_str().expect("a number")
    }

    /// The buyer thinks better of it.
    pub(crate) fn cancel(&self) {
        let path = self.path(&format!("invoices/{}:cancel", self.guid()));
        self.demo.post(200, &path, &self.token(), &json!({}));
    }

    fn guid(&self) -> &str {
        self.invoice["guid"].as_str().expect("a guid")
    }

    /// How the contract's client sees it: the status of the invoice, until when the licence runs.
    pub(crate) fn seen(&self) -> (String, Option<String>) {
        let path = self.path(&format!("invoices/{}", self.guid()));
        let invoice = self.demo.get(&path, &self.token());
        let products = self.demo.get(&self.path("subscriptions/products"), &self.token());
        let expires = products[0]["acquired_license"]["expires_at"].as_str();
        let status = invoice["status"].as_str().expect("a status");
        (status.to_owned(), expires.map(|at| at.chars().take(10).collect()))
    }

    /// Nothing is paid and no licence runs.
    pub(crate) fn must_be_unpaid(&self) {
        assert_eq!(self.seen(), ("Pending".to_owned(), None));
        must(&self.database, &["verify"]);
    }

    /// It is paid once, and the licence runs for one month.
    pub(crate) fn must_be_paid(&self) {
        assert_eq!(self.seen(), ("Paid".to_owned(), Some("2026-02-28".to_owned())));
        must(&self.database, &["verify"]);
    }

    /// The page has asked nobody else for anything, nothing was refused to it, and it doesn't stick
    /// out to the side.
    pub(crate) fn must_be_sound(&self, page: &Page<'_>) {
        assert_eq!(page.console(), [""; 0]);
        let base = self.demo.fact("base_url");
        let strangers: Vec<String> =
            page.requests().into_iter().filter(|it| !it.starts_with(&base)).collect();
        assert_eq!(strangers, [""; 0], "asked from elsewhere");
        assert!(!crate::scrolls_sideways(page), "{} is too wide", page.url());
    }
}

impl Drop for Shop {
    /// What the demo said may explain why a test failed.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = std::fs::read_to_string(self.folder.path().join("stderr"));
            let answer = self.demo.try_get("/healthz", "");
            eprintln!("the demo answers {answer:?} and said: {}", said.unwrap_or_default());
        }
    }
}

/// From the pay page to the sandbox.
pub(crate) fn go_to_sandbox(page: &Page<'_>) {
    page.loads(|| page.click(PAY));
    page.wait_for_url("/sandbox/");
}

/// Makes a choice in the sandbox, which leads back.
pub(crate) fn choose(page: &Page<'_>, outcome: &str) {
    page.click(outcome);
    page.loads(|| page.click(CONTINUE));
    page.wait_for_url("/pay/");
}

/// The page is an end: nothing is left to be sent, and in English it says that it is paid and until
/// when the licence runs.
pub(crate) fn must_say_paid(page: &Page<'_>) {
    assert_eq!(page.count("form"), 0, "{}", page.text("body"));
    let text = page.text("main");
    for expected in ["Paid", "28 February 2026"] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}
