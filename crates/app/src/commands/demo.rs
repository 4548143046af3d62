//! `abono demo`: a small real-looking seller, and what to try with it.

use super::{books, key};
use crate::cli::Demo;
use crate::output;
use crate::serving::{self, Routes};
use abono_domain::access::Role;
use abono_domain::catalogue::{Plan, Product};
use abono_domain::customer::Customer;
use abono_domain::ids::{ClockId, CustomerId};
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_store::{DatabaseUrl, migrate};
use abono_tools::apply::{self, SellerFile};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The seller, in the same form as everybody's.
const SELLER: &str = include_str!("../../demo/pos.toml");

pub(crate) async fn run(args: Demo) -> Result<()> {
    serving::log(&args.logs)?;
    let temporary =
        if args.dir.is_none() { Some(TempDir::with_prefix("abono-demo-")?) } else { None };
    let folder = args.dir.clone().or_else(|| temporary.as_ref().map(|t| t.path().to_owned()));
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let default = || DatabaseUrl::Sqlite(folder.join("abono.db"));
    let url = args.database.clone().unwrap_or_else(default);
    migrate(&url).await.with_context(|| format!("migrating {url}"))?;
    let engine = books::open(&url).await?;
    let tenant = seller(&engine, &args).await?;
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", args.listen))?;
    let base_url = serving::base_url(&listener)?;
    let path = folder.join("demo.json");
    let facts = facts(&engine, &tenant, &path, &base_url).await?;
    write(&path, &facts)?;
    invite(&facts, &path, &args, &url);
    serving::serve(listener, engine, Routes { edge: args.edge, demo: true }).await
}

/// The two customers that the demo's tokens are limited to.
const CUSTOMERS: [&str; 2] = ["pekarnya", "kofeynya"];

/// The seller that is there, or the one that is made.
async fn seller(engine: &Engine, args: &Demo) -> Result<Tenant> {
    let proposal = SellerFile::parse(SELLER)?;
    let before = engine.tenant_by_slug(&proposal.slug).await?;
    if before.is_none() && !engine.tenants().await?.is_empty() {
        bail!("these books belong to somebody else: the demo wants books of its own");
    }
    if before.is_some() && args.clock.is_some() {
        output::remark("the books are there already: --clock sets new ones only");
    }
    if let Some(tenant) = before
        && is_complete(engine, &tenant).await?
    {
        return Ok(tenant);
    }
    // Also after a first start that was killed half-way: what is there is not written again.
    let clock = args.clock.map(|start| (ClockId(engine.env().uuid()), start));
    apply::run(engine, &proposal, clock, false).await?;
    engine.tenant_by_slug(&proposal.slug).await?.context("the seller was made")
}

async fn is_complete(engine: &Engine, tenant: &Tenant) -> Result<bool> {
    for code in CUSTOMERS {
        if engine.customer_by_code(tenant, code).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether the books accept the tokens of a `demo.json`: it may have been made for others.
async fn are_accepted(engine: &Engine, facts: &Map<String, Value>) -> Result<bool> {
    let lifepos = facts.get("lifepos");
    let of_buyers = ["token", "other_token"].map(|name| lifepos.and_then(|it| it.get(name)));
    for token in of_buyers.into_iter().chain([facts.get("admin_token")]) {
        let text = token.and_then(Value::as_str).unwrap_or_default();
        if engine.authenticate(text).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What `demo.json` says: what it said before, or new tokens; always with the address of now.
async fn facts(
    engine: &Arc<Engine>,
    tenant: &Tenant,
    path: &Path,
    base_url: &str,
) -> Result<Value> {
    if let Ok(text) = std::fs::read_to_string(path)
        && let Ok(Value::Object(mut facts)) = serde_json::from_str(&text)
        && are_accepted(engine, &facts).await?
    {
        facts.insert("base_url".to_owned(), base_url.into());
        return Ok(Value::Object(facts));
    }
    let [first, other] = CUSTOMERS;
    let first = customer(engine, tenant, first).await?;
    let other = customer(engine, tenant, other).await?;
    let token = async |role, customers, label: &str| {
        let label = label.to_owned();
        let wanted = key::Wanted { role, customers, label, expires_at: None };
        key::make(engine, tenant, wanted).await.map(|token| token.text())
    };
    let seller = engine.seller(tenant.id).await?;
    let product = seller.catalogue.products.first().context("a product")?;
    let payer = first.payer(None).context("a default payer")?;
    let second = first.payers.iter().find(|p| p.id != payer.id).context("a second payer")?;
    Ok(json!({
        "base_url": base_url,
        "admin_token": token(Role::Admin, vec![], "demo: admin").await?,
        "lifepos": {
            "token": token(Role::Buyer, vec![first.id], "demo: buyer").await?,
            "other_token": token(Role::Buyer, vec![other.id], "demo: another buyer").await?,
            "org_guid": first.id.to_string(),
            "other_org_guid": other.id.to_string(),
            "product_guid": product.id.to_string(),
            "plans": plans(product),
            "payer_guid": payer.id.to_string(),
            "second_payer_guid": second.id.to_string(),
        },
    }))
}

async fn customer(engine: &Engine, tenant: &Tenant, code: &str) -> Result<Customer> {
    let id: CustomerId = books::customer(engine, tenant, code).await?;
    engine.customer(tenant, id).await?.context("the customer was made")
}

fn plans(product: &Product) -> Value {
    let periods = |plan: &Plan| {
        let mut months: Vec<i64> = plan.prices.iter().map(|price| price.point.months).collect();
        months.dedup();
        months
    };
    let live = product.plans.iter().filter(|plan| !plan.archived);
    live.map(
        |plan| json!({"guid": plan.id.to_string(), "code": plan.code, "periods": periods(plan)}),
    )
    .collect()
}

/// Writes the file whole or not at all, for its owner's eyes alone.
fn write(path: &Path, facts: &Value) -> Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // A temporary file is made readable by its owner only.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, format!("{facts:#}\n").as_bytes())?;
    file.persist(path).with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}

/// What to try, ready to paste.
fn invite(facts: &Value, path: &Path, args: &Demo, url: &DatabaseUrl) {
    let text = |pointer: &str| facts.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (base, token) = (text("/base_url"), text("/lifepos/token"));
    let profile = format!("{base}/orgs/{}/profile", text("/lifepos/org_guid"));
    let product = format!("{profile}/subscriptions/products/{}", text("/lifepos/product_guid"));
    let plan = text("/lifepos/plans/0/guid");
    let body =
        format!("{{\"plan\":{{\"guid\":\"{plan}\"}},\"quantity\":1,\"period_in_months\":1}}");
    let auth = format!("-H 'Authorization: Bearer {token}'");
    let post = format!("curl -s {auth} -H 'Content-Type: application/json' -d '{body}'");
    let on = database(url);
    output::line(format!("Abono's demo listens on {base}; its facts are in {}.", path.display()));
    output::line("\n# what is sold, and what it costs");
    output::line(format!("curl -s {auth} {profile}/subscriptions/products"));
    output::line("\n# what a month would cost, and until when it would run");
    output::line(format!("{post} '{product}:calculate-license'"));
    output::line("\n# a payment request for it");
    output::line(format!("{post} '{product}:create-invoice'"));
    output::line(
        "\n# the transfer, seen on the bank account; then list again: the licence is active",
    );
    output::line(format!("abono payment record --invoice КО-1 --amount 990.00 --currency RUB{on}"));
    output::line("\n# the proof of the whole books");
    output::line(format!("abono verify{on}"));
    if args.clock.is_some() {
        let admin = text("/admin_token");
        output::line("\n# a month later");
        output::line(format!(
            "curl -s -H 'Authorization: Bearer {admin}' -H 'Content-Type: application/json' \
             -d '{{\"advance\":\"P1M\"}}' {base}/demo/clock"
        ));
    }
    output::line_now("");
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
