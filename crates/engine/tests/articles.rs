//! What comes with subscriptions stands in the catalogue, and is not sold by itself.

use abono_domain::catalogue::{Article, PlanKind};
use abono_domain::change::ChangeRefusal;
use abono_domain::change::request::ChangePlan;
use abono_domain::decision::Outcome;
use abono_domain::ids::{PlanId, TerminationReasonId};
use abono_domain::licence::LicenceRefusal;
use abono_domain::licence::grant::GrantLicence;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::quote::{Order, QuoteRefusal};
use abono_domain::refusal::Refusal;
use abono_domain::seller::Difference;
use abono_domain::seller::Seller;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::subscription::SubscriptionRefusal;
use abono_engine::{Command, Failure};
use abono_testkit::articles::{self, FAX, PRICE, SEAT, SIM, SMS, TOO_DEAR};
use abono_testkit::telecom::{self, GB10, MOBILE};
use abono_testkit::{Database, World, on_each_database, seller};

const START: &str = "2026-01-31T10:00:00Z";

async fn world(database: &Database) -> World {
    let engine = World::at(database, START).await.engine;
    telecom::selling(engine, 2, START, articles::seller()).await
}

async fn publish(world: &World, proposal: Seller) -> Result<Vec<Difference>, String> {
    let tenant = world.books().await;
    let clock = Some((tenant.clock, START.parse().expect("an instant")));
    let publish = PublishSeller { proposal, ..seller::publish(tenant.id, &tenant.slug, clock) };
    match world.run(Command::PublishSeller(Box::new(publish))).await {
        Ok(Outcome::Seller { differences, .. }) => Ok(differences),
        Ok(other) => panic!("{other:?}"),
        Err(Failure::Refused(refusal)) => Err(refusal.to_string()),
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn articles_and_reasons_come_back_as_they_were_published() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let seller = world.engine.seller(world.tenant).await.expect("a seller");
        let catalogue = &seller.catalogue;
        let id = |number: &str| catalogue.plan_by_article(number).map(|(_, plan)| plan.id);
        assert_eq!(
            ["GB-10", "SIM-2", "SEAT", "SMS-100", "FAX", "sim"].map(id),
            [Some(GB10), Some(SIM), Some(SEAT), Some(SMS), Some(FAX), None]
        );
        let live: Vec<PlanId> = catalogue.articles().map(|(_, plan)| plan.id).collect();
        assert_eq!(live, [SIM, SEAT, SMS]);
        let (product, main) = catalogue.plan_of_number(telecom::number(GB10)).expect("a plan");
        assert_eq!((product.id, main.id, main.terms.notice_days), (MOBILE, GB10, 30));
        assert_eq!(main.terms.includes, ["SMS-100", "FAX"]);
        let (_, seat) = catalogue.plan_by_article("SEAT").expect("a plan");
        let (number, external_id) = (Some("SEAT".to_owned()), Some("ext-seat".to_owned()));
        assert_eq!(seat.article, Article { kind: PlanKind::License, number, external_id });
        let part = catalogue.termination_reason(TOO_DEAR).expect("a reason");
        assert_eq!(part.parent.as_deref(), Some("price"));
        assert_eq!(part.external_id.as_deref(), Some("ext-too-dear"));
        assert_eq!(part.names.0.len(), 1);
        let reason = catalogue.termination_reason_by_code("price").expect("a reason");
        assert_eq!((reason.id, reason.parent.as_deref()), (PRICE, None));
        assert_eq!(publish(&world, articles::seller()).await, Ok(vec![]), "nothing differs");
    });
}

#[test]
fn each_change_of_an_article_is_shown_and_written() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let mut proposal = articles::seller();
        proposal.settings.external_billing = true;
        let plans = &mut proposal.catalogue.products[0].plans;
        plans[0].terms.notice_days = 0;
        plans[0].terms.includes = vec!["SIM-2".to_owned()];
        let sim = plans.last_mut().expect("the add-on");
        sim.article.number = Some("SIM-2".to_owned());
        sim.article.external_id = None;
        proposal.catalogue.termination_reasons[0].external_id = Some("other".to_owned());
        proposal.catalogue.termination_reasons[1].parent = None;
        let changed = publish(&world, proposal.clone()).await.expect("it is published");
        let said: Vec<String> = changed
            .iter()
            .map(|it| format!("{}: {:?} -> {:?}", it.path, it.before, it.after))
            .collect();
        assert_eq!(
            said,
            [
                "product mobile plan gb10 includes: Some(\"SMS-100, FAX\") -> Some(\"SIM-2\")",
                "product mobile plan gb10 notice_days: Some(\"30\") -> Some(\"0\")",
                "product mobile plan sim external_id: Some(\"ext-sim\") -> None",
                "settings external_billing: Some(\"false\") -> Some(\"true\")",
                "termination_reason price external_id: Some(\"ext-price\") -> Some(\"other\")",
                "termination_reason too-dear parent: Some(\"price\") -> None",
            ]
        );
        assert_eq!(publish(&world, proposal).await, Ok(vec![]), "it is written");
    });
}

type Spoil = fn(&mut Seller);

fn sim(seller: &mut Seller) -> &mut abono_domain::catalogue::Plan {
    seller.catalogue.products[0].plans.last_mut().expect("the add-on")
}

#[test]
fn what_makes_no_article_is_refused_with_its_reason() {
    let refused: [(&str, Spoil); 18] = [
        ("another plan has its article number", |s| {
            sim(s).article.number = Some("FAX".to_owned());
        }),
        ("a plan that isn't a main one has an article number", |s| sim(s).article.number = None),
        ("plan sim article: must have 1 to 64 characters", |s| {
            sim(s).article.number = Some(" ".to_owned());
        }),
        ("plan sim external_id: must have 1 to 64 characters", |s| {
            sim(s).article.external_id = Some("a\u{7}".to_owned());
        }),
        ("plan sim article: must have 1 to 64 characters", |s| {
            sim(s).article.number = Some("a".repeat(65));
        }),
        ("notice_days must be from 0 to 3660", |s| sim(s).terms.notice_days = 3_661),
        ("notice_days must be from 0 to 3660", |s| sim(s).terms.notice_days = -1),
        ("only a main plan has a billing of its own", |s| {
            sim(s).terms.billing = abono_domain::catalogue::Billing::Calendar;
        }),
        ("only a main plan can be tried", |s| {
            sim(s).terms.trial = Some(abono_domain::calendar::Trial::Days(14));
        }),
        ("only a main plan says what a change to it does", |s| {
            sim(s).terms.change = abono_domain::catalogue::ChangeMode::CoTerm;
        }),
        ("only a main plan is changed to other plans", |s| {
            let main = &s.catalogue.products[0].plans[0];
            sim(s).terms.changes_to = main.terms.changes_to.clone();
        }),
        ("only a main plan includes others", |s| {
            sim(s).terms.includes = vec!["FAX".to_owned()];
        }),
        ("includes names article numbers of plans that aren't main ones", |s| {
            s.catalogue.products[0].plans[1].terms.includes = vec!["GB-10".to_owned()];
        }),
        ("`FAX` is not a usable code: 1 to 64 characters, used once", |s| {
            let includes = &mut s.catalogue.products[0].plans[0].terms.includes;
            includes[0] = "FAX".to_owned();
        }),
        ("changes_to names other main plans of the same product", |s| {
            let rules = &mut s.catalogue.products[0].plans[0].terms.changes_to;
            rules.as_mut().expect("rules")[0].to = "sim".to_owned();
        }),
        ("parent is the code of a reason that has no parent itself", |s| {
            s.catalogue.termination_reasons[0].parent = Some("too-dear".to_owned());
        }),
        ("termination_reason price is missing: agreements may stand on it; keep it", |s| {
            s.catalogue.termination_reasons = vec![];
        }),
        ("product mobile plan sim kind can't change", |s| {
            sim(s).article.kind = PlanKind::Usage;
        }),
    ];
    on_each_database(|database| async move {
        let world = world(&database).await;
        for (reason, spoil) in refused {
            let mut proposal = articles::seller();
            spoil(&mut proposal);
            let answer = publish(&world, proposal).await;
            let text = answer.expect_err(reason);
            assert!(text.contains(reason), "{text}, not {reason}");
        }
        let mut shared = articles::seller();
        shared.catalogue.termination_reasons[1].id = TerminationReasonId(SIM.0);
        assert!(publish(&world, shared).await.is_err(), "an id is one thing's");
    });
}

#[test]
fn what_comes_with_a_subscription_is_neither_started_nor_changed_to_nor_bought() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let unknown = QuoteRefusal::UnknownPlan;
        let start = world.run(telecom::start(world.customer, SIM, None)).await;
        let not_started = Refusal::Subscription(SubscriptionRefusal::Quote(unknown.clone()));
        assert_eq!(start, Err(Failure::Refused(not_started)));

        let order = Order { product: MOBILE, plan: SIM, quantity: 1, months: 1 };
        let grant = GrantLicence { order, reason: "a gift".to_owned() };
        let grant = world.run(Command::GrantLicence(world.customer, grant)).await;
        let not_given = Refusal::Licence(LicenceRefusal::Quote(unknown.clone()));
        assert_eq!(grant, Err(Failure::Refused(not_given.clone())));
        let trial = StartTrial { product: MOBILE, plan: SIM, quantity: 1 };
        let trial = world.run(Command::StartTrial(world.customer, trial)).await;
        assert_eq!(trial, Err(Failure::Refused(not_given)));

        world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
        let books = world.books().await;
        let own = world.engine.subscriptions_of(&books, world.customer).await.expect("its own");
        let subscription = own[0].agreement.subscription.id;
        let change = ChangePlan { subscription, plan: SIM, on: None, opinion: None };
        let change = world.run(Command::ChangePlan(world.customer, change)).await;
        let not_changed = Refusal::Change(ChangeRefusal::Incompatible);
        assert_eq!(change, Err(Failure::Refused(not_changed)));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_comes_with_a_subscription_is_not_on_the_shelf() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let books = world.books().await;
        let shelf = world.engine.shelf(&books, world.customer).await.expect("read");
        let shelf = shelf.expect("a shelf");
        let offers = shelf.offers();
        let products: Vec<_> = offers.iter().map(|offer| offer.product.id).collect();
        assert_eq!(products, [MOBILE], "the extras have no main plan");
        assert!(offers[0].plans.iter().all(|(plan, _)| plan.is_main()));
        let seller = &shelf.seller;
        let main = seller.catalogue.products[0].plan(telecom::GB20).expect("a plan");
        let to = seller.catalogue.products[0].changes_from(main);
        assert!(to.iter().all(|plan| plan.is_main()) && !to.is_empty());
    });
}
