//! Attempts to pay at a provider, and what providers tell; beside other commands about the money.

use crate::{Books, prepaid};
use abono_domain::checkout::answer_refund::{AnswerRefund, RefundAnswer};
use abono_domain::checkout::ask_refund::AskRefund;
use abono_domain::checkout::book::BookNotice;
use abono_domain::checkout::claim_refund::ClaimRefund;
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

fn ask(world: &World, document: DocumentId, minor: i64) -> Command {
    let amount = Some(Money::new(minor, Currency::RUB));
    let reason = "by agreement".to_owned();
    let ask = AskRefund { document, payment: None, amount, reference: None, reason };
    Command::AskRefund(world.customer, ask)
}

/// A claim of money that is to go back, and what was claimed before.
async fn going_back(world: &World, document: DocumentId) -> [Command; 2] {
    let mut ids = Vec::new();
    for minor in [10_000, 20_000] {
        let asked = world.run(ask(world, document, minor)).await.expect("it is asked for");
        let Outcome::ProviderRefund { view, .. } = asked else { panic!("not asked: {asked:?}") };
        ids.push(view.refund.id);
    }
    let claim = |refund| {
        let claim = ClaimRefund { refund, hindrance: None };
        Command::ClaimRefund(world.customer, claim)
    };
    let claimed = world.run(claim(ids[1])).await.expect("a claim");
    let Outcome::ProviderRefund { claimed_until, .. } = claimed else { panic!("{claimed:?}") };
    let claimed_until = claimed_until.expect("it is claimed");
    let answer = RefundAnswer::Unknown { trouble: "no answer came".to_owned() };
    let answer = AnswerRefund { refund: ids[1], claimed_until, answer };
    [claim(ids[0]), Command::AnswerRefund(world.customer, answer)]
}

/// A world with a request that was paid by card and partly refunded, that isn't booked yet; one
/// with a running attempt, and one without; and one of which money is to go back.
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
    let fourth = world.invoice(BASIC, 1, 1).await.document.id;
    let paid_back = (started(&world, fourth).await.checkout.id, fourth);
    heard(&world, hear(&world, paid_back, "evt-5", paid("pay-4"))).await;
    let [claim, answer] = going_back(&world, fourth).await;
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
        ask(&world, fourth, 30_000),
        claim,
        answer,
    ];
    (world, commands)
}

/// What a buyer and an accountant can see, and what was heard and begun.
pub(crate) async fn state(world: &World) -> String {
    let tenant = world.books().await;
    let standing = world.engine.standing(&tenant, world.customer).await.expect("a standing");
    let refunds = world.engine.provider_refunds_of(&tenant, world.customer).await;
    let refunds = refunds.expect("what goes back").into_iter();
    let refunds: Vec<_> = refunds
        .map(|it| (it.refund.amount, it.state.status, it.state.calls, it.state.trouble))
        .collect();
    format!("{}\n{:?}\n{refunds:?}", prepaid::state(world).await, standing.balances)
}
