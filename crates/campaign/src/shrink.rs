//! Makes a case that breaks a law smaller, as long as it breaks one.

use crate::case::Case;
use crate::laws::Broken;
use crate::stage::play;

/// So often a case is played at most while it is made smaller.
const TRIES_MAX: usize = 400;

/// The smallest case that was found, the law that it breaks, and how often something was played.
pub fn shrink(case: Case, broken: Broken) -> (Case, Broken, usize) {
    let mut smaller = Smaller { case, broken, tries: 0 };
    smaller.shorten();
    let (faults, wishes) = (smaller.case.faults.clone(), smaller.case.wishes.clone());
    smaller.thin(faults, |case, faults| case.faults = faults);
    smaller.thin(wishes, |case, wishes| case.wishes = wishes);
    (smaller.case, smaller.broken, smaller.tries)
}

struct Smaller {
    case: Case,
    broken: Broken,
    tries: usize,
}

impl Smaller {
    /// Takes a case that breaks the same law.
    fn takes(&mut self, case: Case) -> bool {
        if self.tries >= TRIES_MAX {
            return false;
        }
        self.tries += 1;
        match play(&case) {
            Err(broken) if broken.law == self.broken.law => {
                (self.case, self.broken) = (case, broken);
                true
            }
            Ok(_) | Err(_) => false,
        }
    }

    /// Fewer days, without what comes after them; then one process, and no faults at all.
    fn shorten(&mut self) {
        while self.case.days > 1 {
            let mut case = self.case.clone();
            case.days /= 2;
            let end = case.days * 86_400;
            case.wishes.retain(|wish| wish.at < end);
            if !self.takes(case) {
                break;
            }
        }
        let alone = Case { nodes: 1, ..self.case.clone() };
        self.takes(alone);
        let calm = Case { faults: Vec::new(), ..self.case.clone() };
        self.takes(calm);
    }

    /// Leaves out parts of a list, halves first and single members last (ddmin).
    fn thin<T: Clone>(&mut self, mut list: Vec<T>, put: fn(&mut Case, Vec<T>)) {
        let mut size = list.len().div_ceil(2);
        while size > 0 && !list.is_empty() {
            let mut from = 0;
            while from < list.len() {
                let mut fewer = list.clone();
                fewer.drain(from..(from + size).min(list.len()));
                let mut case = self.case.clone();
                put(&mut case, fewer.clone());
                if self.takes(case) { list = fewer } else { from += size }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }
}
