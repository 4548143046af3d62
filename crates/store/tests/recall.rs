//! What is answered from memory is what would be read.

use abono_store::nouns::journal;
use abono_store::{ReadBatch, Store, Verdict};
use abono_testkit::batch::{TENANT, batch, command};
use abono_testkit::on_each_database;

async fn recalled(store: &Store, number: u128) -> bool {
    let mut asked = ReadBatch::default();
    let slot = asked.add(journal::by_id(TENANT, command(number)));
    let mut results = store.recall(asked).await.expect("a read");
    results.take(slot).expect("an entry").is_some()
}

#[test]
fn what_anybody_committed_is_seen_by_whoever_asks_afterwards() {
    on_each_database(|database| async move {
        let (one, other) = (database.store().await, database.store().await);
        for number in 1..=5 {
            for store in [&one, &other] {
                assert!(!recalled(store, number).await, "{number}");
                assert!(!recalled(store, number).await, "{number}, from memory");
            }
            assert_eq!(one.commit(batch(number)).await, Verdict::Committed);
            for store in [&one, &other] {
                assert!(recalled(store, number).await, "{number}");
                assert!(recalled(store, number).await, "{number}, from memory");
            }
        }
    });
}
