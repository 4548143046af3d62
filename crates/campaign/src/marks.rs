//! The hard places that a campaign has to come by, or its passing says little.

use std::cell::RefCell;
use std::collections::BTreeMap;

thread_local! {
    static REACHED: RefCell<BTreeMap<&'static str, u64>> = const { RefCell::new(BTreeMap::new()) };
}

/// Marks that a hard place was reached, where `condition` says so. The name stands in
/// [`ALL`](crate::marks::ALL).
#[macro_export]
macro_rules! sometimes {
    ($name:literal, $condition:expr) => {{
        const _: () = assert!($crate::marks::is_known($name), "it stands in marks::ALL");
        if $condition {
            $crate::marks::reach($name);
        }
    }};
}

/// Every mark.
pub const ALL: &[&str] = &[
    "a commit's answer was lost",
    "a disk operation failed",
    "a disk was full",
    "a key came again with its first answer",
    "a leap day was lived through",
    "a process was killed in a callback",
    "a process was killed in a click",
    "a process was killed in a commit",
    "a process was killed in a request by HTTP",
    "a process was killed in an operator's command",
    "a process was killed in the worker",
    "a request expired",
    "a sector was torn",
    "a write was lost",
    "all processes were dead for days",
    "an answer never reached its client",
    "asked the provider about an attempt",
    "cancel: declined",
    "cancel: done",
    "card: captured",
    "card: captured after the request was closed",
    "card: found out by asking",
    "card: led back",
    "card: refused",
    "change: accepted",
    "change: declined",
    "change: rejected",
    "change: replaced",
    "change: to be looked at",
    "credit paid a request at once",
    "cycles: at the end of a month",
    "cycles: clocks turned",
    "cycles: ended",
    "decide: done",
    "foreign: as unknown",
    "grant: done",
    "letter: heard twice",
    "letter: late",
    "letter: never sent",
    "letter: not heard at first",
    "list: agrees",
    "quote: agrees",
    "refund: declined",
    "refund: done",
    "request: a change of what runs",
    "request: done",
    "settle: done",
    "settle: more than is due",
    "start: done",
    "the clock jumped back",
    "the clock jumped forward",
    "the power went",
    "the power went in a commit",
    "the provider lost an answer",
    "the provider lost a call",
    "the power went while nodes booted",
    "transfer: a part",
    "transfer: more than is due",
    "two nodes at work",
    "two on one customer at once",
    "withdraw: done",
    "work was due while nobody lived",
    "year's end",
];

/// Whether a name is a mark's.
pub const fn is_known(name: &str) -> bool {
    let mut place = 0;
    while place < ALL.len() {
        if same(ALL[place].as_bytes(), name.as_bytes()) {
            return true;
        }
        place += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut place = 0;
    while place < a.len() && place < b.len() {
        if a[place] != b[place] {
            return false;
        }
        place += 1;
    }
    a.len() == b.len()
}

/// Counts that a place was reached.
pub fn reach(name: &'static str) {
    REACHED.with_borrow_mut(|reached| *reached.entry(name).or_default() += 1);
}

/// What was reached since this was asked last, and how often.
pub fn take() -> BTreeMap<&'static str, u64> {
    REACHED.take()
}
