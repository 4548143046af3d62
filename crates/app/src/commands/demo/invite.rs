//! What to try with the demo, ready to paste.

use super::behind::Behind;
use super::instance::Place;
use crate::cli::Demo;
use crate::output;
use abono_store::DatabaseUrl;
use serde_json::Value;

/// Says where the demo listens, and what to try.
pub(super) fn say(facts: &Value, place: &Place, args: &Demo, behind: Option<&Behind>) {
    let facts = Facts(facts);
    let base = facts.text("/base_url");
    let on = database(&place.url);
    let path = place.facts();
    output::line(format!("Abono's demo listens on {base}; its facts are in {}.", path.display()));
    if let Some(behind) = behind {
        let (own, path) = (Facts(&behind.facts), behind.place.facts());
        let (base, path) = (own.text("/base_url"), path.display());
        output::line(format!("The instance behind it listens on {base}; its facts are in {path}."));
    }
    licences(&facts, &on);
    lines(&facts, &on);
    articles(&facts, &on);
    if let Some(behind) = behind {
        deliveries(&on, &database(&behind.place.url));
    }
    output::line("\n# the proof of the whole books");
    output::line(format!("abono verify{on}"));
    if args.clock.is_some() {
        let admin = facts.text("/admin_token");
        output::line("\n# a month later, for all of them");
        output::line(format!(
            "curl -s -H 'Authorization: Bearer {admin}' -H 'Content-Type: application/json' \
             -d '{{\"advance\":\"P1M\"}}' {base}/demo/clock"
        ));
    }
    output::line_now("");
}

/// The facts, by the places of their values.
struct Facts<'f>(&'f Value);

impl Facts<'_> {
    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, pointer: &str) -> i64 {
        self.0.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
    }
}

/// From the list to a licence, with the Russian seller.
fn licences(facts: &Facts<'_>, on: &str) {
    let profile =
        format!("{}/orgs/{}/profile", facts.text("/base_url"), facts.text("/lifepos/org_guid"));
    let product =
        format!("{profile}/subscriptions/products/{}", facts.text("/lifepos/product_guid"));
    let plan = facts.text("/lifepos/plans/0/guid");
    let body =
        format!("{{\"plan\":{{\"guid\":\"{plan}\"}},\"quantity\":1,\"period_in_months\":1}}");
    let auth = format!("-H 'Authorization: Bearer {}'", facts.text("/lifepos/token"));
    let post = format!("curl -s {auth} -H 'Content-Type: application/json' -d '{body}'");
    output::line("\n# KASSA, point-of-sale software: what is sold, and what it costs");
    output::line(format!("curl -s {auth} {profile}/subscriptions/products"));
    output::line("\n# what a month would cost, and until when it would run");
    output::line(format!("{post} '{product}:calculate-license'"));
    output::line("\n# a payment request for it");
    output::line(format!("{post} '{product}:create-invoice'"));
    output::line(
        "\n# the transfer, seen on the bank account; then list again: the licence is active",
    );
    output::line(format!(
        "abono payment record --invoice КО-1 --amount 990.00 --currency RUB --tenant {}{on}",
        super::kassa::SLUG
    ));
}

/// A line's tariff and its changes, with the Spanish telecom.
fn lines(facts: &Facts<'_>, on: &str) {
    let org = facts.text("/masstack/org");
    let line = facts.number("/masstack/subscription_id");
    let products =
        format!("{}/v2/orgs/{org}/subscriptions/{line}/products", facts.text("/base_url"));
    let auth = format!("-H 'Authorization: Bearer {}'", facts.text("/masstack/token"));
    let put = |pointer: &str| {
        let body = format!("{{\"productId\":{}}}", facts.number(pointer));
        let json = "-H 'Content-Type: application/json'";
        format!("curl -s -i -X PUT {auth} {json} -d '{body}' {products}")
    };
    let include = "--data-urlencode \
        'query={\"include\":[\"compatibilities\",\"historical_changes\"]}'";
    output::line(
        "\n# LINEA NORTE, a telecom: a line's tariff, what it changes to, what was in force",
    );
    output::line(format!("curl -s -G {auth} {include} {products}"));
    output::line("\n# a dearer tariff: 201, in force at once");
    output::line(put("/masstack/product_ids/3"));
    output::line("\n# a much dearer one: 202, somebody has to look at it");
    output::line(put("/masstack/review_product_id"));
    output::line("\n# the log of all changes; what has to be looked at, with the reasons");
    output::line(format!("abono change list --tenant {org}{on}"));
    output::line(format!("abono risk list --tenant {org}{on}"));
    output::line("\n# a line: what is agreed, billed, changed and bound");
    output::line(format!("abono subscription show {line} --tenant {org}{on}"));
}

/// What comes with a company's subscription, with the Swedish seller of booking software.
fn articles(facts: &Facts<'_>, on: &str) {
    let (base, slug) = (facts.text("/base_url"), super::tidvy::SLUG);
    let auth = format!(
        "-H 'x-api-key: {}' -H 'Authorization: Bearer {}'",
        facts.text("/bokamera/api_key"),
        facts.text("/bokamera/write_token")
    );
    let send = |method: &str, body: &str, path: &str| {
        let json = "-H 'Content-Type: application/json'";
        format!("curl -s -X {method} {auth} {json} -d '{body}' {base}{path}")
    };
    let company = facts.text("/bokamera/company_id");
    let article = facts.number("/bokamera/article_id");
    let usage = facts.text("/bokamera/usage_article_number");
    output::line("\n# TIDVY, booking software: what can be added to a company's subscription");
    output::line(format!("curl -s {auth} {base}/company/invoice/article"));
    output::line("\n# a package, billed from now to the end of the cycle and then with each cycle");
    let add = format!("{{\"CompanyId\":\"{company}\",\"InvoiceArticleId\":{article}}}");
    output::line(send("PUT", &add, "/licenses/company"));
    output::line("\n# 25 text messages, billed likewise; their id is kept for what follows");
    let used =
        format!("{{\"CompanyId\":\"{company}\",\"ArticleNumber\":\"{usage}\",\"Quantity\":25}}");
    let used = send("POST", &used, "/voss/usage");
    output::line(format!(
        "group=$({used} | grep -o '\"id\":\"[^\"]*\"' | head -1 | cut -d '\"' -f 4); echo $group"
    ));
    output::line("\n# it is taken back, with all of what it cost");
    let end = format!(
        "{{\"CompanyId\":\"{company}\",\"TerminationReasonId\":\"{}\",\"Behaviour\":\"Full\",\
         \"CreditKind\":\"Normal\"}}",
        super::tidvy::REASON
    );
    output::line(send("POST", &end, "/voss/usage/$group/termination"));
    output::line("\n# the company's subscription: what is agreed, in force and billed");
    output::line(format!("abono subscription show 1 --tenant {slug}{on}"));
}

/// What of it travels to the instance behind.
fn deliveries(on: &str, behind: &str) {
    let slug = super::tidvy::SLUG;
    output::line("\n# what travels to the instance behind, and as what it is known there");
    output::line(format!("abono outbox list --tenant {slug}{on}"));
    output::line("\n# the same company's subscription there; the proof of the books behind");
    output::line(format!("abono subscription show 1 --tenant {slug}{behind}"));
    output::line(format!("abono verify{behind}"));
}

/// The option that names the books. A server's address may hold a password, which is not printed.
fn database(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            format!(" --database 'sqlite:{}'", path.display())
        }
        DatabaseUrl::Postgres(url) if has_password(url) => {
            "   # with the demo's ABONO_DATABASE".to_owned()
        }
        DatabaseUrl::Postgres(url) => format!(" --database '{url}'"),
    }
}

fn has_password(url: &str) -> bool {
    let user = url.rsplit_once('@').and_then(|(head, _)| head.split_once("://"));
    user.is_some_and(|(_, user)| user.contains(':')) || url.contains("password=")
}
