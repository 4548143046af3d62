//! What clients asked for and were told, and whether it is true of the books.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A client's idempotency key, and the customer it is used for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) customer: usize,
}

/// An invoice, as it was answered or as it is in the books.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Invoice {
    pub(crate) guid: String,
    pub(crate) number: String,
}

/// What the clients remember.
#[derive(Default)]
struct Memory {
    /// The bytes of each answer, and the invoice in them.
    answered: BTreeMap<Asked, (String, Invoice)>,
    /// Asked, and not answered yet.
    open: BTreeSet<Asked>,
    /// Answered only when they were asked again.
    settled: usize,
    /// Keys that were answered with different bytes.
    contradicted: BTreeSet<String>,
    /// When each answer was asked for, and when it came.
    waits: Vec<(Instant, Instant)>,
}

/// What all clients were told, over all lives of the servers.
#[derive(Default)]
pub(crate) struct Log(Mutex<Memory>);

impl Log {
    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.0.lock().expect("no client panicked"))
    }

    /// A client is about to ask.
    pub(crate) fn asks(&self, asked: &Asked) {
        self.with(|it| it.open.insert(asked.clone()));
    }

    /// A client was answered what it has asked for since `began`.
    pub(crate) fn hears(&self, asked: &Asked, bytes: String, invoice: Invoice, began: Instant) {
        self.with(|it| {
            it.open.remove(asked);
            it.waits.push((began, Instant::now()));
            match it.answered.get(asked) {
                Some((before, _)) if *before != bytes => {
                    it.contradicted.insert(asked.key.clone());
                }
                Some(_) => {}
                None => {
                    it.answered.insert(asked.clone(), (bytes, invoice));
                }
            }
        });
    }

    /// Those who wait for an answer; by asking again, theirs is found out.
    pub(crate) fn unknown(&self) -> Vec<Asked> {
        self.with(|it| {
            it.settled += it.open.len();
            it.open.iter().cloned().collect()
        })
    }

    /// What was answered under keys that begin so.
    pub(crate) fn answered(&self, prefix: &str) -> Vec<Asked> {
        let begins = |asked: &&Asked| asked.key.starts_with(prefix);
        self.with(|it| it.answered.keys().filter(begins).cloned().collect())
    }

    /// For how long each waited who was waiting at a moment, shortest first.
    pub(crate) fn waits_over(&self, moment: Instant) -> Vec<Duration> {
        self.with(|it| {
            let over = it.waits.iter().filter(|(began, ended)| *began <= moment && moment < *ended);
            let mut waits: Vec<Duration> = over.map(|(began, ended)| *ended - *began).collect();
            waits.sort_unstable();
            waits
        })
    }

    /// Compares what was told with what is in the books.
    pub(crate) fn judge(&self, books: &[Invoice]) -> Judgement {
        self.with(|it| it.judge(books))
    }
}

impl Memory {
    fn judge(&self, books: &[Invoice]) -> Judgement {
        let there: BTreeSet<&Invoice> = books.iter().collect();
        let lost = self.answered.iter().filter(|(_, (_, told))| !there.contains(told));
        let lost: BTreeSet<String> = lost.map(|(asked, _)| asked.key.clone()).collect();
        let told: BTreeSet<&Invoice> = self.answered.values().map(|(_, told)| told).collect();
        // A second invoice for one key is one that nobody was told of.
        let untold = there.iter().filter(|invoice| !told.contains(*invoice)).count();
        let shared = self.answered.len() - told.len();
        let numbers: BTreeSet<&str> = books.iter().map(|it| it.number.as_str()).collect();
        let digits =
            |number: &&str| number.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
        let drawn: BTreeSet<usize> = numbers.iter().filter_map(digits).collect();
        let dense = drawn.into_iter().eq(1..=books.len());
        Judgement {
            answered: self.answered.len(),
            settled: self.settled,
            unknown: self.open.len(),
            lost: lost.union(&self.contradicted).cloned().collect(),
            twice: untold + shared + (books.len() - numbers.len()),
            dense,
        }
    }
}

/// Whether what was told is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// Keys that were answered.
    pub(crate) answered: usize,
    /// Of these, those that had to be asked again.
    pub(crate) settled: usize,
    /// Keys that are not answered yet.
    pub(crate) unknown: usize,
    /// Keys whose answer isn't in the books, or isn't given again.
    pub(crate) lost: BTreeSet<String>,
    /// Invoices more than there should be, and numbers that were given twice.
    pub(crate) twice: usize,
    /// The numbers are 1 and on, without a gap.
    pub(crate) dense: bool,
}

impl Judgement {
    /// Nothing is open, lost or there twice.
    pub(crate) fn holds(&self) -> bool {
        self.unknown == 0 && self.lost.is_empty() && self.twice == 0 && self.dense
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { answered, settled, unknown, lost, twice, dense } = self;
        let gaps = if *dense { "without a gap" } else { "WITH A GAP" };
        write!(
            f,
            "{answered} answered, {settled} of them by asking again, {unknown} unknown, {} lost, \
             {twice} twice, numbers {gaps}",
            lost.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(number: usize) -> Invoice {
        Invoice { guid: format!("guid-{number}"), number: format!("R-{number}") }
    }

    fn asked(key: &str) -> Asked {
        Asked { key: key.to_owned(), customer: 0 }
    }

    fn log(keys: &[&str]) -> Log {
        let log = Log::default();
        for (number, key) in (1..).zip(keys) {
            log.asks(&asked(key));
            log.hears(&asked(key), format!("bytes-{number}"), invoice(number), Instant::now());
        }
        log
    }

    #[test]
    fn what_was_told_and_is_there_holds() {
        let judgement = log(&["a", "b"]).judge(&[invoice(1), invoice(2)]);
        assert!(judgement.holds(), "{judgement}");
        assert_eq!(judgement.answered, 2);
    }

    #[test]
    fn an_answer_that_is_not_in_the_books_is_lost() {
        let judgement = log(&["a", "b", "never"]).judge(&[invoice(1), invoice(2)]);
        assert_eq!(judgement.lost, BTreeSet::from(["never".to_owned()]));
        assert!(!judgement.holds());
    }

    #[test]
    fn an_answer_that_is_another_the_second_time_is_lost() {
        let log = log(&["a"]);
        log.hears(&asked("a"), "other bytes".to_owned(), invoice(1), Instant::now());
        assert_eq!(log.judge(&[invoice(1)]).lost.len(), 1);
    }

    #[test]
    fn an_invoice_that_nobody_was_told_of_is_there_twice() {
        let judgement = log(&["a"]).judge(&[invoice(1), invoice(2)]);
        assert_eq!((judgement.lost.len(), judgement.twice), (0, 1));
        assert!(!judgement.holds());
    }

    #[test]
    fn one_invoice_for_two_keys_is_told_twice() {
        let log = log(&["a"]);
        log.hears(&asked("b"), "bytes-1".to_owned(), invoice(1), Instant::now());
        assert_eq!(log.judge(&[invoice(1)]).twice, 1);
    }

    #[test]
    fn a_number_that_is_left_out_or_given_twice_is_found() {
        let gap = Log::default();
        gap.hears(&asked("a"), String::new(), invoice(1), Instant::now());
        gap.hears(&asked("b"), String::new(), invoice(3), Instant::now());
        assert!(!gap.judge(&[invoice(1), invoice(3)]).holds());
        let same = Invoice { guid: "other".to_owned(), ..invoice(1) };
        let twice = Log::default();
        twice.hears(&asked("a"), String::new(), invoice(1), Instant::now());
        twice.hears(&asked("b"), String::new(), same.clone(), Instant::now());
        assert_eq!(twice.judge(&[invoice(1), same]).twice, 1);
    }

    #[test]
    fn what_is_open_is_not_proved() {
        let log = log(&["a"]);
        log.asks(&asked("b"));
        assert!(!log.judge(&[invoice(1)]).holds());
        assert_eq!(log.unknown(), [asked("b")]);
    }
}
