//! What is paid before it is used: requests, payments, licences; and the tenant's own commands.

use crate::Books;
use abono_domain::access::Role;
use abono_domain::access::create_key::CreateKey;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::document::DocumentView;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::document::expire::ExpireRequest;
use abono_domain::ids::KeyId;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::seller::Tenant;
use abono_engine::Command;
use abono_engine::views::After;
use abono_testkit::World;
use abono_testkit::seller::{self, BASIC, CLOUD, PRO, TIERED};

/// One of each command, on the same customer or the same tenant; first those that can be pairs.
fn all(
    world: &World,
    tenant: &Tenant,
    request: &DocumentView,
    paid: &DocumentView,
) -> Vec<Command> {
    let job = abono_domain::ids::JobId(uuid::Uuid::nil());
    let mut put = seller::customer(world.customer, "first");
    put.proposal.profile.zone = "Asia/Vladivostok".to_owned();
    let mut publish = seller::publish(
        world.tenant,
        &tenant.slug,
        Some((tenant.clock, jiff::Timestamp::UNIX_EPOCH)),
    );
    publish.proposal = seller::varied();
    publish.proposal.catalogue.products[0].plans[0].prices[0].final_price.minor = 1;
    let key = CreateKey {
        id: KeyId(seller::id(7, 2)),
        secret_hash: [1; 32],
        role: Role::Viewer,
        customers: vec![],
        label: String::new(),
        expires_at: None,
    };
    let commands = vec![
        world.request(world.customer, BASIC, 1, 1),
        Command::CancelRequest(world.customer, CancelRequest { document: request.document.id }),
        world.payment(request.document.id, 99_000, Some("PP-1")),
        world.refund(paid.document.id, None),
        Command::ExpireRequest(
            world.customer,
            ExpireRequest { document: request.document.id, job },
        ),
        world.grant(PRO, 2, 3),
        Command::StartTrial(
            world.customer,
            StartTrial { product: CLOUD, plan: TIERED, quantity: 1 },
        ),
        Command::PutCustomer(put),
        Command::PublishSeller(Box::new(publish)),
        Command::CreateKey(key),
        Command::RevokeKey(RevokeKey { id: KeyId(seller::id(7, 1)) }),
        world.set_clock("2026-06-01T00:00:00Z"),
    ];
    commands
}

const START: &str = "2026-01-31T10:00:00Z";

/// A world in which each command can be carried out: a pending request with a due job, a token.
pub(crate) async fn world(books: &Books) -> (World, Vec<Command>) {
    let number = books.number();
    let world = World::selling(books.engine.clone(), number, START, seller::varied()).await;
    let paid = world.invoice(BASIC, 1, 1).await;
    world.pay(paid.document.id, 99_000).await;
    let request = world.invoice(BASIC, 1, 1).await;
    let key = CreateKey {
        id: KeyId(seller::id(7, 1)),
        secret_hash: [0; 32],
        role: Role::Buyer,
        customers: vec![world.customer],
        label: String::new(),
        expires_at: None,
    };
    world.run(Command::CreateKey(key)).await.expect("a token");
    world.run(world.set_clock("2026-03-01T00:00:00Z")).await.expect("the clock");
    let tenant = world.books().await;
    let due = world
        .engine
        .due_work(&tenant, After::NOTHING, 10)
        .await
        .expect("due work")
        .commands
        .remove(0);
    let mut commands = all(&world, &tenant, &request, &paid);
    for command in &mut commands {
        if matches!(command, Command::ExpireRequest(..)) {
            *command = due.clone();
        }
    }
    (world, commands)
}

/// What a buyer and an accountant can see, without identities and instants, which differ.
pub(crate) async fn state(world: &World) -> String {
    let tenant = world.books().await;
    let page = abono_engine::views::PageRequest {
        filter: abono_engine::views::Filter::ALL,
        after: None,
        limit: 100,
        count: true,
    };
    let requests = world.engine.payment_requests(&tenant, world.customer, page).await;
    let mut seen: Vec<String> = requests
        .expect("requests")
        .items
        .iter()
        .map(|view| {
            let (document, state) = (&view.document, &view.state);
            let lines: Vec<_> =
                document.lines.iter().map(|l| (&l.name, l.unit_price, l.total)).collect();
            format!("{} {:?} {:?} {lines:?}", document.number(), state.status, state.paid)
        })
        .collect();
    let licence = world.licence().await.map(|l| (l.plan, l.quantity, l.expires_at.as_second()));
    let customer = world.engine.customer(&tenant, world.customer).await.expect("a customer");
    seen.push(format!("{licence:?} {:?}", customer.map(|c| (c.profile.zone, c.payers.len()))));
    let keys = world.engine.keys(world.tenant).await.expect("tokens");
    seen.push(format!(
        "{:?}",
        keys.iter().map(|k| (k.id, k.revoked_at.is_some())).collect::<Vec<_>>()
    ));
    seen.push(format!("{:?}", world.findings().await));
    seen.join("\n")
}
