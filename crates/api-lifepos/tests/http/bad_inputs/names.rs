//! Who and what the lines of the table speak of.

use crate::support::{NOW, Shop, order};
use abono_domain::access::Role;
use abono_domain::catalogue::Product;
use abono_domain::ids::{ClockId, CustomerId, PlanId, ProductId, TenantId};
use abono_domain::money::Money;
use abono_domain::seller::Seller;
use abono_engine::Command;
use abono_testkit::{Database, World, seller};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A product that is no longer sold, with a plan that would be.
const PRODUCT_ARCHIVED: (ProductId, PlanId) =
    (ProductId(seller::id(3, 2)), PlanId(seller::id(4, 4)));
/// One more that is sold, with its plan.
const PRODUCT_OTHER: (ProductId, PlanId) = (ProductId(seller::id(3, 3)), PlanId(seller::id(4, 5)));
/// A plan for 90,000,000,000.00, whether a month or sixty.
const MAX_PRICE: PlanId = PlanId(seller::id(4, 6));
/// What only the other seller has.
const PRODUCT_FOREIGN: (ProductId, PlanId) =
    (ProductId(seller::id(3, 9)), PlanId(seller::id(4, 9)));
/// Nobody's.
const UNKNOWN: &str = "00000000-0000-4000-8000-00000000dead";

// JSON Web Tokens, of which none is ours.

/// Ended long ago.
const EXPIRED: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.AAECAw\
    QFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
/// For another audience.
const WRONG_AUD: &str = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJvdGhlciJ\
    9.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
/// With a header member that has to be understood.
const CRIT: &str = "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdfQ.e\
    30.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

/// What stands for what in a line.
#[derive(Clone)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut more = self.clone();
        more.0.insert(name.to_owned(), value.to_owned());
        more
    }

    /// The text with each `{{name}}` replaced, also within what replaced another one.
    pub(crate) fn fill(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("{{") else { return text.to_owned() };
        let Some((name, after)) = rest.split_once("}}") else { return text.to_owned() };
        let value = self.0.get(name).unwrap_or_else(|| panic!("{name}: nothing of this name"));
        format!("{before}{}{}", self.fill(value), self.fill(after))
    }

    fn id(&mut self, name: &str, id: impl ToString) {
        let id = id.to_string();
        self.0.insert(format!("{name}.bare"), id.replace('-', ""));
        self.0.insert(format!("{name}.upper"), id.to_uppercase());
        self.0.insert(name.to_owned(), id);
    }

    /// Makes everything that is spoken of.
    pub(crate) async fn of(shop: &Shop) -> Self {
        let mut names = Self(BTreeMap::new());
        let world = &shop.world;
        for (name, id) in [
            ("unknown", UNKNOWN.parse().expect("a uuid")),
            ("A.org", world.customer.0),
            ("A.other", world.other.0),
            ("A.org2", shop.foreign.0),
            ("A.product", seller::PRODUCT.0),
            ("A.product_other", PRODUCT_OTHER.0.0),
            ("A.product_archived", PRODUCT_ARCHIVED.0.0),
            ("A.product2", PRODUCT_FOREIGN.0.0),
            ("A.plan", seller::BASIC.0),
            ("A.plan_archived", seller::OLD.0),
            ("A.plan_of_archived", PRODUCT_ARCHIVED.1.0),
            ("A.plan_of_other", PRODUCT_OTHER.1.0),
            ("A.plan_max_price", MAX_PRICE.0),
            ("A.plan2", PRODUCT_FOREIGN.1.0),
        ] {
            names.id(name, id);
        }
        for (of, token, org) in [
            ("", &shop.admin, world.customer),
            ("_other", &shop.admin, world.other),
            ("2", &shop.foreign_admin, shop.foreign),
        ] {
            names.id(&format!("A.payer{of}"), payer(shop, token, org).await);
            names.id(&format!("A.invoice{of}"), invoice(shop, token, org).await);
        }
        for (name, text) in [
            ("order", order(1, 1)),
            ("jwt:expired", EXPIRED.to_owned()),
            ("jwt:wrong-aud", WRONG_AUD.to_owned()),
            ("jwt:crit", CRIT.to_owned()),
            ("tok.A.admin", shop.admin.clone()),
            ("tok.A.buyer", shop.buyer.clone()),
            ("tok.A.viewer", shop.viewer.clone()),
            ("tok.B.admin", shop.foreign_admin.clone()),
        ] {
            names.0.insert(name.to_owned(), text);
        }
        for number in 1..=9 {
            let key = Uuid::from_u128(number).to_string();
            names.0.insert(format!("uuid:{number}"), key);
        }
        names
    }
}

/// Two sellers with more to sell than the usual seller of tests.
pub(crate) async fn open(database: &Database) -> Shop {
    let usual = Shop::open(database).await;
    let (first, second) = (usual.world.customer, usual.world.other);
    let world = stand(&usual.world, 5, assortment(), &[first, second]).await;
    let foreign = CustomerId(seller::id(2, 9));
    let mut proposal = seller::seller();
    proposal.catalogue.products.push(product("foreign", PRODUCT_FOREIGN));
    let stranger = stand(&usual.world, 6, proposal, &[foreign]).await;
    let foreign_admin = stranger.token(Role::Admin, &[]).await;
    let admin = world.token(Role::Admin, &[]).await;
    let buyer = world.token(Role::Buyer, &[first]).await;
    let viewer = world.token(Role::Viewer, &[first]).await;
    Shop { world, foreign, foreign_admin, admin, buyer, viewer, ..usual }
}

/// A seller beside others, with its customers.
async fn stand(beside: &World, number: u128, sold: Seller, customers: &[CustomerId]) -> World {
    let world = World { tenant: TenantId(seller::id(1, number)), ..beside.clone() };
    let clock = (ClockId(seller::id(9, number)), NOW.parse().expect("an instant"));
    let mut publish = seller::publish(world.tenant, &format!("pos-{number}"), Some(clock));
    publish.proposal = sold;
    world.run(Command::PublishSeller(Box::new(publish))).await.expect("a seller");
    for (customer, number) in customers.iter().zip(1..) {
        let put = seller::customer(*customer, &format!("customer-{number}"));
        world.run(Command::PutCustomer(put)).await.expect("a customer");
    }
    world
}

/// What the usual seller sells, and one more of everything that a line speaks of.
fn assortment() -> Seller {
    let mut sold = seller::seller();
    let products = &mut sold.catalogue.products;
    let mut dear = products[0].plans[0].clone();
    (dear.id, dear.code) = (MAX_PRICE, "dear".to_owned());
    for (price, months) in dear.prices.iter_mut().zip([1, 60]) {
        price.list = Money::new(9_000_000_000_000, price.list.currency);
        (price.final_price, price.point.months) = (price.list, months);
    }
    products[0].plans.push(dear);
    let archived = Product { archived: true, ..product("gone", PRODUCT_ARCHIVED) };
    products.extend([archived, product("other", PRODUCT_OTHER)]);
    sold
}

/// A product with one plan of the usual one's.
fn product(code: &str, (id, plan): (ProductId, PlanId)) -> Product {
    let mut product = seller::seller().catalogue.products.remove(0);
    product.plans.truncate(1);
    product.plans[0].id = plan;
    Product { id, code: code.to_owned(), ..product }
}

async fn payer(shop: &Shop, token: &str, org: CustomerId) -> String {
    let page = shop.get(token, &format!("/orgs/{org}/legal-entities")).await.json();
    text(&page["items"][0]["guid"])
}

/// A new payment request.
async fn invoice(shop: &Shop, token: &str, org: CustomerId) -> String {
    let product = seller::PRODUCT;
    let path = format!("{}/subscriptions/products/{product}:create-invoice", shop.profile(org));
    let request = http::Request::post(path)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    text(&shop.send(request, order(1, 1)).await.json()["guid"])
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
