//! Over cycles, notices and ends of every kind, both bill and credit the same.

use super::{BEHIND, TIDVY, Writer, behind, but_the_rules};
use crate::support::{Demo, must};
use abono_testkit::Database;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Both instances, as the command line shows their books.
struct Both<'b> {
    folder: &'b Path,
    front: &'b Database,
}

impl Both<'_> {
    /// What is said in front.
    fn front(&self, words: &str) -> String {
        must(self.front, &[&words.split(' ').collect::<Vec<_>>()[..], &TIDVY].concat())
    }

    /// What is said behind.
    fn behind(&self, words: &str) -> String {
        behind(self.folder, &[&words.split(' ').collect::<Vec<_>>()[..], &TIDVY].concat())
    }

    /// Waits until nothing waits to be sent.
    fn delivered(&self) {
        let is_sent = || self.front("outbox list --status pending").is_empty();
        let sent = (0..400).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            is_sent()
        });
        assert!(sent, "what was queued is never sent");
        assert_eq!(self.front("outbox list --status failed"), "");
    }

    /// When all is sent, the company's product groups and documents are the same, and both books
    /// hold.
    fn agree(&self, when: &str) {
        self.delivered();
        for words in ["group list --subscription 1", "subscription show 1"] {
            let [here, there] = [self.front(words), self.behind(words)];
            assert_eq!(but_the_rules(&here), but_the_rules(&there), "{when}");
        }
        must(self.front, &["verify"]);
        behind(self.folder, &["verify"]);
    }
}

#[test]
fn both_instances_bill_and_credit_the_same_through_cycles_and_notices() {
    let folder = TempDir::new().expect("a folder");
    let database = Database::sqlite();
    let clock = Some("2026-01-10T09:00:00Z");
    let demo = Demo::start_with(folder.path(), &database, clock, &BEHIND);
    let both = Both { folder: folder.path(), front: &database };
    let writer = Writer::new(&demo);
    // PAY has a notice of 30 days, the others have none.
    for plan in ["sms-1000", "sms-1000", "payments", "payments", "extra-calendar"] {
        let add = format!("group add --subscription 1 --product booking --plan {plan}");
        both.front(&add);
    }
    both.agree("all are added");
    let numbers: Vec<String> = both
        .front("group list --subscription 1")
        .lines()
        .filter(|line| line.contains("optional"))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    let [first, second, noticed, at_end, last] = numbers.try_into().expect("five of them");
    let end = |number: &str, how: &str| {
        both.front(&format!("group terminate {number} --subscription 1 {how}"));
    };
    end(&first, "--when now --as internal");
    end(&noticed, "--credit prorate --as internal");
    end(&at_end, "--when period-end");
    both.delivered();
    writer.passes("P9D");
    end(&second, "--when period-end --credit none");
    writer.passes("P24D");
    both.agree("the first of them have ended");
    end(&last, "--when now --credit full");
    writer.passes("P2M");
    both.agree("all have ended");
    let groups = both.behind("group list --subscription 1");
    assert_eq!(groups.matches("optional, terminated").count(), 5, "{groups}");
}

/// The folder of the instance behind is made with the demo.
#[test]
fn the_instance_behind_is_found_again_when_the_demo_starts_again() {
    let folder = TempDir::new().expect("a folder");
    let database = Database::sqlite();
    let both = Both { folder: folder.path(), front: &database };
    let clock = Some("2026-01-10T09:00:00Z");
    let first = Demo::start_with(folder.path(), &database, clock, &BEHIND);
    let add = "group add --subscription 1 --product booking --plan staff";
    both.front(&format!("{add} --quantity 3"));
    both.delivered();
    drop(first);
    let _again = Demo::start_with(folder.path(), &database, None, &BEHIND);
    both.front(&format!("{add} --quantity 4"));
    both.agree("it was started again");
    assert!(folder.path().join("behind/demo.json").exists());
}
