//! Attempts to pay at a provider, and what providers tell; beside other commands about the money.

use crate::{Books, prepaid};
use abono_domain::checkout::book::BookNotice;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::checkout::record::{Answer, RecordCheckout};
use abono_domain::checkout::start::StartCheckout;
use abono_domain::checkout::{CheckoutView, Noticed};
use abono_domain::decision::Outcome;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::ids::{CheckoutId, DocumentId};
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_engine::Command;
use abono_testkit::World;
use abono_testkit::seller::{self, BASIC, PRO};

const START: &str = "2026-01-31T10:00:00Z";
const PRICE: Money = Money::new(99_000, Currency::RUB);

fn start(world: &World, document: DocumentId) -> Command {
    let language = Language::parse("en").expect("a language");
    let start = StartCheckout { document, provider: "sandbox".to_owned(), language };
    Command::StartCheckout(world.customer, start)
}

fn hear(world: &World, of: (CheckoutId, DocumentId), event: &str, what: Noticed) -> Command {
    let (provider, event) = ("sandbox".to_owned(), event.to_owned());
    let (checkout, document) = (Some(of.0), of.1);
    Command::HearNotice(world.customer, HearNotice { provider, event, checkout, document, what })
}

async fn started(world: &World, document: DocumentId) -> CheckoutView {
    let outcome = world.run(start(world, document)).await.expect("an attempt");
    let Outcome::Checkout(view) = outcome else { panic!("no attempt: {outcome:?}") };
    *view
}

async fn heard(world: &World, command: Command) -> Vec<BookNotice> {
    let outcome = world.run(command).await.expect("a notice");
    let Outcome::Heard { due, .. } = outcome else { panic!("nothing heard: {outcome:?}") };
    due
}

fn paid(reference: &str) -> Noticed {
    Noticed::Paid { reference: reference.to_owned(), amount: PRICE }
}

/// A world with a request that was paid by card and partly refunded, that isn't booked yet; one
/// with a running attempt, and one without.
pub(crate) async fn world(books: &Books) -> (World, Vec<Command>) {
    let number = books.number();
    let seller = seller::varied();
    let world = World::selling(books.engine.clone(), number, START, seller).await;
    let first = world.invoice(BASIC, 1, 1).await.document.id;
    let own = (started(&world, first).await.checkout.id, first);
    heard(&world, hear(&world, own, "evt-1", paid("pay-1"))).await;
    let back = Noticed::Refunded {
        payment: "pay-1".to_owned(),
        reference: "ref-1".to_owned(),
        amount: Money::new(30_000, Currency::RUB),
    };
    let due = heard(&world, hear(&world, own, "evt-2", back)).await;
    let second = world.invoice(BASIC, 1, 1).await.document.id;
    let running = (started(&world, second).await.checkout.id, second);
    let third = world.invoice(BASIC, 1, 1).await.document.id;
    let (external_id, url) = ("cs-1".to_owned(), "https://pay.example".to_owned());
    let record = RecordCheckout { checkout: running.0, answer: Answer::Open { external_id, url } };
    let won = Noticed::Disputed {
        payment: "pay-1".to_owned(),
        reference: "dis-1".to_owned(),
        amount: PRICE,
    };
    let commands = vec![
        start(&world, third),
        Command::RecordCheckout(world.customer, record),
        hear(&world, running, "evt-3", paid("pay-2")),
        hear(&world, own, "evt-4", won),
        Command::BookNotice(world.customer, due[0]),
        world.payment(second, 50_000, Some("PP-1")),
        world.refund(first, None),
        Command::CancelRequest(world.customer, CancelRequest { document: second }),
        world.grant(PRO, 2, 3),
    ];
    (world, commands)
}

/// What a buyer and an accountant can see, and what was heard and begun.
pub(crate) async fn state(world: &World) -> String {
    let tenant = world.books().await;
    let standing = world.engine.standing(&tenant, world.customer).await.expect("a standing");
    format!("{}\n{:?}", prepaid::state(world).await, standing.balances)
}
