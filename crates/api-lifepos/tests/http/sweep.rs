//! Every route for everybody: a table of what each may, and no route beside it.

use crate::support::{Shop, entries, order};
use abono_domain::access::Role;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::ids::KeyId;
use abono_engine::Command;
use abono_testkit::{Database, on_each_database, seller};
use http::Request;

/// Who may, of those with a token for the organisation.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Least {
    Viewer,
    Buyer,
}

/// Each route: method, path, the weakest role, what it answers, and whether it names an
/// organisation.
pub(crate) const EXPECTED: [(&str, &str, Least, u16, bool); 8] = [
    ("GET", "", Least::Viewer, 200, false),
    ("GET", "/{org_guid}/legal-entities", Least::Viewer, 200, true),
    ("GET", "/{org_guid}/profile/subscriptions/products", Least::Viewer, 200, true),
    (
        "POST",
        "/{org_guid}/profile/subscriptions/products/{product_guid}:calculate-license",
        Least::Viewer,
        201,
        true,
    ),
    (
        "POST",
        "/{org_guid}/profile/subscriptions/products/{product_guid}:create-invoice",
        Least::Buyer,
        201,
        true,
    ),
    ("GET", "/{org_guid}/profile/invoices", Least::Viewer, 200, true),
    ("GET", "/{org_guid}/profile/invoices/{invoice_guid}", Least::Viewer, 200, true),
    ("POST", "/{org_guid}/profile/invoices/{invoice_guid}:cancel", Least::Buyer, 200, true),
];

#[test]
fn each_route_answers_everybody_as_the_table_says() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let mut swept = 0;
        for entry in entries(&shop.world) {
            let path = entry.path.trim_start_matches("/v5").trim_start_matches("/orgs");
            let line = EXPECTED.iter().find(|line| (line.0, line.1) == (&*entry.method, path));
            let line = line.unwrap_or_else(|| panic!("{entry:?} is not in the table"));
            sweep(&shop, &database, &entry.path, line).await;
            swept += 1;
        }
        assert_eq!(swept, 2 * EXPECTED.len(), "each at both bases");
    });
}

async fn sweep(
    shop: &Shop,
    database: &Database,
    path: &str,
    line: &(&str, &str, Least, u16, bool),
) {
    let (method, _, least, status, names_org) = *line;
    let world = &shop.world;
    let own = (status, None);
    let only_buyers = if least == Least::Buyer { (403, Some("NoPermissions")) } else { own };
    let elsewhere = |code: (u16, Option<&'static str>)| if names_org { code } else { own };
    let limited = world.token(Role::Admin, &[world.other]).await;
    let mut cases = vec![
        ("no token", None, (401, Some("Unauthorized"))),
        ("a bad token", Some("bad".to_owned()), (401, Some("Unauthorized"))),
        ("a revoked token", Some(revoked(shop).await), (401, Some("Unauthorized"))),
        ("an expired token", Some(expired(shop, database).await), (401, Some("Unauthorized"))),
        ("a limited viewer", Some(shop.viewer.clone()), only_buyers),
        ("a limited buyer", Some(shop.buyer.clone()), own),
        ("a limited admin", Some(world.token(Role::Admin, &[world.customer]).await), own),
        ("a viewer of the tenant", Some(world.token(Role::Viewer, &[]).await), only_buyers),
        ("a buyer of the tenant", Some(world.token(Role::Buyer, &[]).await), own),
        ("an admin of the tenant", Some(shop.admin.clone()), own),
    ];
    cases.push(("another customer's", Some(limited), elsewhere((403, Some("NoPermissions")))));
    let stranger = shop.foreign_admin.clone();
    cases.push(("another tenant's", Some(stranger), elsewhere((404, Some("NotFound")))));
    for (who, token, (status, code)) in cases {
        let invoice = shop.post(&shop.admin, "create-invoice", &order(1, 1)).await.json();
        let path = path
            .replace("{org_guid}", &world.customer.to_string())
            .replace("{product_guid}", &seller::PRODUCT.to_string())
            .replace("{invoice_guid}", invoice["guid"].as_str().expect("a guid"));
        let request = Request::builder().method(method).uri(&path);
        let request = match &token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        let request = request.header("content-type", "application/json");
        let answer = shop.send(request, order(1, 1)).await;
        assert_eq!(answer.status, status, "{who}: {method} {path}: {}", answer.text);
        if let Some(code) = code {
            assert_eq!(answer.refusal(), (status, code.to_owned()), "{who}: {method} {path}");
        }
    }
}

/// The time of these books stands still, so the token's end is moved instead.
async fn expired(shop: &Shop, database: &Database) -> String {
    let text = shop.world.token(Role::Admin, &[]).await;
    let key = database.uuid(key_of(&text).0);
    let sql = format!("update access_key set expires_at = 1 where id = {key}");
    database.tamper(&sql).await;
    text
}

fn key_of(text: &str) -> KeyId {
    abono_engine::Token::parse(text).expect("a token").key
}

async fn revoked(shop: &Shop) -> String {
    let text = shop.world.token(Role::Admin, &[]).await;
    let revoke = RevokeKey { id: key_of(&text) };
    shop.world.run(Command::RevokeKey(revoke)).await.expect("revoked");
    text
}
