//! Sellers and customers: a new version is used when every node has seen it, what would break
//! running agreements is refused, what doesn't change isn't written.

use abono_domain::decision::Outcome;
use abono_domain::ids::TenantId;
use abono_domain::refusal::Refusal;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{Difference, SellerRefusal};
use abono_engine::{Call, Command, Engine, Env, Failure};
use abono_testkit::seller::{self, BASIC};
use abono_testkit::{MACHINE, World, on_each_database};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

async fn publish(
    world: &World,
    change: impl FnOnce(&mut PublishSeller),
) -> Result<Outcome, Failure> {
    let tenant = world.books().await;
    let clock = Some((tenant.clock, Timestamp::UNIX_EPOCH));
    let mut publish = seller::publish(world.tenant, &tenant.slug, clock);
    change(&mut publish);
    world.run(Command::PublishSeller(Box::new(publish))).await
}

fn differences(outcome: Outcome) -> Vec<Difference> {
    let (Outcome::Seller { differences, .. } | Outcome::Customer { differences, .. }) = outcome
    else {
        panic!("{outcome:?}")
    };
    differences
}

#[test]
fn a_new_price_counts_when_every_node_has_seen_it_and_only_from_then_on() {
    on_each_database(|database| async move {
        let start: Timestamp = MACHINE.parse().expect("an instant");
        let machine = Arc::new(AtomicI64::new(start.as_microsecond()));
        let clock = machine.clone();
        let now =
            move || Timestamp::from_microsecond(clock.load(Ordering::Relaxed)).expect("in range");
        let env = Env::seeded(Box::new(now), 1);
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World::beside(engine, 1, "2026-01-31T10:00:00Z").await;
        assert_eq!(world.invoice(BASIC, 1, 1).await.document.total.minor, 99_000);

        let dearer = |publish: &mut PublishSeller| {
            let price = &mut publish.proposal.catalogue.products[0].plans[0].prices[0];
            price.list.minor = 120_000;
            price.final_price.minor = 120_000;
        };
        let changed = differences(publish(&world, dearer).await.expect("it is published"));
        assert_eq!(changed.len(), 1);
        assert!(changed[0].path.contains("plan basic price RUB 1 months"), "{changed:?}");
        assert!(differences(publish(&world, dearer).await.expect("the same again")).is_empty());
        assert_eq!(world.invoice(BASIC, 1, 1).await.document.total.minor, 99_000);

        let lease = SignedDuration::from_secs(5);
        machine.fetch_add(i64::try_from(lease.as_micros()).expect("small"), Ordering::Relaxed);
        let dear = world.invoice(BASIC, 1, 1).await;
        assert_eq!(dear.document.total.minor, 120_000);
        assert_eq!(dear.document.seller_version, 2);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_would_break_running_agreements_is_refused() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        type Change = fn(&mut PublishSeller);
        let refused: [(&str, Change); 10] = [
            ("another slug", |p| p.tenant.slug = "renamed".to_owned()),
            ("a plan left out", |p| drop(p.proposal.catalogue.products[0].plans.remove(2))),
            ("a product left out", |p| p.proposal.catalogue.products.clear()),
            ("a company left out", |p| p.proposal.legal_entities[0].code = "other".to_owned()),
            ("another tax number", |p| {
                p.proposal.legal_entities[0].identity.tax_id = "7724051595".to_owned();
            }),
            ("a wrong tax number", |p| {
                p.proposal.legal_entities[0].identity.tax_id = "7716450029".to_owned();
            }),
            ("another currency", |p| {
                p.proposal.settings.currency = abono_domain::money::Currency::EUR;
            }),
            ("another id", |p| p.proposal.catalogue.products[0].id.0 = seller::id(3, 9)),
            ("two prices at one point", |p| {
                let prices = &mut p.proposal.catalogue.products[0].plans[0].prices;
                prices.push(prices[0].clone());
            }),
            ("a price above the list", |p| {
                p.proposal.catalogue.products[0].plans[0].prices[0].final_price.minor += 1;
            }),
        ];
        for (what, change) in refused {
            let answer = publish(&world, change).await;
            assert!(
                matches!(answer, Err(Failure::Refused(Refusal::Seller(_)))),
                "{what}: {answer:?}"
            );
        }
        let archived =
            publish(&world, |p| p.proposal.catalogue.products[0].plans[0].archived = true);
        assert_eq!(differences(archived.await.expect("archiving is fine")).len(), 1);
    });
}

#[test]
fn a_slug_is_one_tenants() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let slug = world.books().await.slug;
        let other = TenantId(seller::id(1, 77));
        let call = Call::new(other, abono_engine::Actor::Operator);
        let publish = Command::PublishSeller(Box::new(seller::publish(other, &slug, None)));
        let answer = world.engine.carry_out(&call, &publish).await;
        let taken = Refusal::Seller(SellerRefusal::SlugTaken(slug));
        assert_eq!(answer, Err(Failure::Refused(taken)));
    });
}

#[test]
fn a_customer_is_revised_and_what_its_documents_stand_on_stays() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let before = world.invoice(BASIC, 1, 1).await.document.payer;
        let mut put = seller::customer(world.customer, "first");
        put.proposal.payers[0].identity.name = "ООО «Новое имя»".to_owned();
        let changed =
            differences(world.run(Command::PutCustomer(put.clone())).await.expect("it is revised"));
        assert_eq!(changed.len(), 1);
        assert!(differences(world.run(Command::PutCustomer(put)).await.expect("again")).is_empty());
        let after = world.invoice(BASIC, 1, 1).await.document.payer;
        assert_eq!((before.revision, after.revision), (1, 2));
        assert_eq!((before.id, before.name.as_str()), (after.id, "ООО «first»"));

        let mut moved = seller::customer(world.customer, "first");
        moved.proposal.profile.zone = "Pacific/Kiritimati".to_owned();
        moved.proposal.profile.language =
            abono_domain::language::Language::parse("en").expect("a language");
        world.run(Command::PutCustomer(moved)).await.expect("it is revised");
        assert_eq!(world.findings().await, [""; 0]);
        let mut other = seller::customer(world.customer, "renamed");
        assert!(world.run(Command::PutCustomer(other.clone())).await.is_err());
        other = seller::customer(world.customer, "first");
        other.proposal.payers[0].identity.tax_registration = None;
        assert!(world.run(Command::PutCustomer(other)).await.is_err());
        assert_eq!(world.findings().await, [""; 0]);
    });
}
