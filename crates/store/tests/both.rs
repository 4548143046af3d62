//! One command sequence gives the same answers and the same rows on both databases.

use abono_domain::ids::CustomerId;
use abono_engine::views::{Filter, PageRequest};
use abono_testkit::seller::{BASIC, PRO};
use abono_testkit::{Database, World};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Deed {
    Request { second: bool, pro: bool, quantity: i64, months: i64 },
    Pay { which: usize, minor: i64 },
    Grant { quantity: i64 },
    Clock { day: i64 },
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (any::<bool>(), any::<bool>(), 0_i64..3, 1_i64..4).prop_map(
            |(second, pro, quantity, months)| Deed::Request { second, pro, quantity, months }
        ),
        (0_usize..6, 0_i64..200_000).prop_map(|(which, minor)| Deed::Pay { which, minor }),
        (1_i64..3).prop_map(|quantity| Deed::Grant { quantity }),
        (1_i64..28).prop_map(|day| Deed::Clock { day }),
    ]
}

/// Everything that was answered and everything that can be seen afterwards.
async fn play(database: &Database, deeds: &[Deed]) -> Vec<String> {
    let world = World::at(database, "2026-01-31T10:00:00Z").await;
    let tenant = world.books().await;
    let mut seen = Vec::new();
    for deed in deeds {
        let page = PageRequest { filter: Filter::ALL, after: None, limit: 100, count: true };
        let requests = world.engine.payment_requests(&tenant, world.customer, page).await;
        let requests = requests.expect("a page").items;
        let command = match *deed {
            Deed::Request { second, pro, quantity, months } => {
                let customer: CustomerId = if second { world.other } else { world.customer };
                world.request(customer, if pro { PRO } else { BASIC }, quantity, months)
            }
            Deed::Pay { which, minor } => match requests.get(which) {
                Some(request) => world.payment(request.document.id, minor, None),
                None => continue,
            },
            Deed::Grant { quantity } => world.grant(BASIC, quantity, 1),
            Deed::Clock { day } => world.set_clock(&format!("2026-02-{day:02}T10:00:00Z")),
        };
        seen.push(format!("{:?}", world.run(command).await));
    }
    for customer in [world.customer, world.other] {
        let page = PageRequest { filter: Filter::ALL, after: None, limit: 3, count: true };
        seen.push(format!("{:?}", world.engine.payment_requests(&tenant, customer, page).await));
        seen.push(format!("{:?}", world.engine.shelf(&tenant, customer).await));
    }
    seen.push(format!("{:?}", world.findings().await));
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn both_databases_answer_alike(deeds in prop::collection::vec(deed(), 1..12)) {
        let Some(postgres) = Database::postgres() else { return Ok(()) };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let (here, there) = runtime.block_on(async {
            (play(&Database::sqlite(), &deeds).await, play(&postgres, &deeds).await)
        });
        prop_assert_eq!(here, there);
    }
}
