//! Bad input of every kind, sent byte for byte over a socket: each is answered as the contract
//! says, and no row of the database is another one afterwards.
//!
//! `tests/data/bad_inputs.jsonl` is the table, one case a line; [`case`] says what a line may have.
//! Where a line says `deviation`, an input of its kind is often answered otherwise, and that is the
//! reason why not here. In its texts stand names in double braces:
//!
//! - `A` is the seller who is asked. `A.org` is its customer, and `A.other` another one of its;
//!   `A.product` and `A.plan` are what is sold, `A.product_other` and `A.plan_of_other` also, in
//!   each other's place what doesn't belong together; `A.product_archived`, `A.plan_archived` and
//!   `A.plan_of_archived` are sold no longer; `A.plan_max_price` costs 9,000,000,000,000 kopecks;
//! - `A.payer` and `A.invoice` are the customer's; `A.payer_other` and `A.invoice_other` are the
//!   other customer's;
//! - a 2 is another seller's: `A.org2`, `A.product2`, `A.plan2`, `A.payer2`, `A.invoice2`;
//! - `unknown` is nobody's id. `.bare` after the name of an id is the same without dashes, `.upper`
//!   in capital letters;
//! - `tok.A.admin` is a token for all customers of the seller, `tok.A.buyer` and `tok.A.viewer` are
//!   for `A.org` only, `tok.B.admin` is the other seller's; `jwt:..` are tokens of another form;
//! - `order` is a good body, `uuid:1` to `uuid:9` are idempotency keys, `host` is the server's
//!   address, and `each` is what the line has a list of.

mod case;
mod names;
mod wire;

use crate::support::Shop;
use abono_testkit::{Database, on_each_database};
use case::{By, Case, Effect, Expect, table};
use names::Names;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Arc;
use wire::{Heard, Manner, Servers, Then, exchange};

/// What of our inside must never be in an answer.
const INSIDE: [&str; 7] = ["select ", "sqlite", "postgres", ".rs", "abono_", "panic", "secret"];

#[test]
fn every_bad_input_is_answered_by_the_table_and_changes_nothing() {
    on_each_database(async |database: Database| {
        let shop = names::open(&database).await;
        let names = Names::of(&shop).await;
        let servers = Servers::start(&shop.world.engine).await;
        let digest = database.digest().await;
        let heard = BTreeMap::new();
        let mut bench = Bench { database: &database, shop: &shop, digest, heard };
        let mut wrong = Vec::new();
        for case in table() {
            let address = servers.address(case.to);
            let requests = case.requests(&names.with("host", &address.to_string()));
            let found = bench.replay(&case, address, requests).await;
            wrong.extend(found.iter().map(|fault| format!("{}, {}: {fault}", case.id, case.why)));
        }
        assert!(wrong.is_empty(), "on {}:\n{}", database.kind(), wrong.join("\n"));
        let path = format!("/orgs/{}/profile/invoices", shop.world.customer);
        for manner in [Manner::Usual, Manner::Impatient] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\
                 Authorization: Bearer {}\r\n\r\n",
                shop.viewer
            );
            let heard = exchange(servers.address(manner), request.as_bytes(), Then::Waits).await;
            assert_eq!(heard.status, 200, "it still answers: {heard:?}");
        }
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn the_table_has_each_case_once_and_says_why() {
    let mut ids = BTreeSet::new();
    for case in table() {
        assert!(ids.insert(case.id.clone()), "{} stands twice", case.id);
        assert!(!case.why.is_empty() && case.deviation.is_none_or(|why| !why.is_empty()));
        assert!(!case.expect.status.is_empty(), "{}", case.id);
    }
}

/// Where cases are tried, and what was answered to those before.
struct Bench<'a> {
    database: &'a Database,
    shop: &'a Shop,
    /// Of the database as it is.
    digest: String,
    heard: BTreeMap<String, String>,
}

impl Bench<'_> {
    /// What is wrong with what is answered, and with what became of it: a row that is written is
    /// never again as it was, so it is enough to look when all of a line's requests were sent.
    async fn replay(
        &mut self,
        case: &Case,
        address: SocketAddr,
        requests: Vec<(String, Vec<u8>)>,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        let invoices = match case.expect.effect {
            Effect::None => None,
            Effect::Invoice => Some(self.invoices().await),
        };
        for (each, bytes) in requests {
            let found = self.send(case, address, bytes.into()).await;
            wrong.extend(found.iter().map(|fault| format!("{each:?}: {fault}")));
        }
        let after = self.database.digest().await;
        if (after == self.digest) != invoices.is_none() {
            wrong.push("the database is as it should not be".to_owned());
        }
        self.digest = after;
        if let Some(before) = invoices {
            let made = self.invoices().await - before;
            wrong.extend((made != 1).then(|| format!("{made} invoices came to be")));
        }
        wrong
    }

    /// Sends a request, as often as the line says.
    async fn send(&mut self, case: &Case, address: SocketAddr, bytes: Arc<[u8]>) -> Vec<String> {
        let send = || {
            let (bytes, then) = (bytes.clone(), case.then);
            tokio::spawn(async move { exchange(address, &bytes, then).await })
        };
        let sent: Vec<_> = (0..case.times).map(|_| send()).collect();
        let (mut wrong, mut bodies) = (Vec::new(), BTreeSet::new());
        for answer in sent {
            match answer.await {
                Ok(heard) => {
                    let found = faults(&case.expect, &heard);
                    wrong.extend(found.map(|fault| format!("{fault}: {heard:?}")));
                    bodies.insert(heard.body);
                }
                Err(panic) => wrong.push(panic.to_string()),
            }
        }
        if bodies.len() != 1 {
            wrong.push(format!("not one answer for all: {bodies:?}"));
        }
        if case.expect.same_as.as_ref().is_some_and(|it| !bodies.contains(&self.heard[it])) {
            wrong.push("another answer than to that one".to_owned());
        }
        self.heard.extend(bodies.pop_first().map(|body| (case.id.clone(), body)));
        wrong
    }

    /// How many invoices the customer has.
    async fn invoices(&self) -> i64 {
        let path = format!("/orgs/{}/profile/invoices", self.shop.world.customer);
        let path = format!("{path}?include_items_total=true&items_per_page=1");
        let page = self.shop.get(&self.shop.viewer, &path).await.json();
        page["items_total"].as_i64().expect("a total")
    }
}

/// What is wrong with an answer: the first thing that is.
fn faults(expect: &Expect, heard: &Heard) -> Option<String> {
    let Heard { status, body, .. } = heard;
    if !expect.status.contains(status) {
        return Some("another status".to_owned());
    }
    let lower = body.to_lowercase();
    let said = INSIDE.iter().find(|inside| lower.contains(**inside)).copied();
    if let Some(text) = said.or(expect.has_not.iter().map(|it| &**it).find(|it| body.contains(it)))
    {
        return Some(format!("it says `{text}`"));
    }
    if let Some(text) = expect.has.iter().find(|text| !body.contains(*text)) {
        return Some(format!("it doesn't say `{text}`"));
    }
    let is_refused = |(name, value): &(&String, &Option<String>)| {
        heard.header(name).is_some_and(|sent| value.as_ref().is_none_or(|value| sent == value))
    };
    if let Some((name, _)) = expect.headers_not.iter().find(is_refused) {
        return Some(format!("it has the header `{name}`"));
    }
    let holds = match (expect.by, status) {
        (By::Server, _) => body.is_empty(),
        (By::Nobody, _) => heard.header("content-type") == Some("application/problem+json"),
        (By::Contract, 0 | 200..300) => true,
        (By::Contract, _) => is_envelope(expect, heard).is_some_and(|holds| holds),
    };
    (!holds).then(|| "not in the words that are expected".to_owned())
}

/// Whether it is exactly the contract's body, with the expected code and info.
fn is_envelope(expect: &Expect, heard: &Heard) -> Option<bool> {
    let envelope: Value = serde_json::from_str(&heard.body).ok()?;
    let members: Vec<_> = envelope.as_object()?.keys().collect();
    let info = envelope["info"].as_str();
    let begins =
        expect.info.as_ref().is_none_or(|it| info.is_some_and(|info| info.starts_with(it)));
    Some(
        heard.header("content-type") == Some("application/json")
            && heard.header("x-request-id").is_some_and(|id| !id.is_empty())
            && members == ["code", "message", "info"]
            && !envelope["message"].as_str()?.is_empty()
            && (envelope["info"].is_null() || info.is_some())
            && envelope["code"].as_str() == expect.code.as_deref()
            && begins,
    )
}
