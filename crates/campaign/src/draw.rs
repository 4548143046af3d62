//! Draws a case from a seed: of all that can be wanted and go wrong, each seed has a share of its
//! own.

use crate::case::{Buyer, Case, Fault, Lost, Post, What, Wish};
use abono_sim::Dice;

/// When runs begin, each in front of something hard: a month's end, a leap day, clocks that turn, a
/// year's end, a summer.
const STARTS: [i64; 6] = [
    1_769_853_600, // 2026-01-31
    1_833_962_400, // 2028-02-12
    1_774_000_800, // 2026-03-20
    1_792_663_200, // 2026-10-22
    1_796_774_400, // 2026-12-09
    1_783_500_000, // 2026-07-08
];
const DAY: i64 = 86_400;
/// Deals that LIFE POS sells here.
pub(crate) const DEALS: usize = 5;
/// Plans of the telecom.
pub(crate) const PLANS: usize = 6;

/// The case of a seed.
pub fn case(seed: u64, days: i64) -> Case {
    let dice = Dice::new(seed ^ 0x00ca_5e00);
    let start = STARTS[dice.below(STARTS.len())] + int(&dice, 20 * DAY);
    let nodes = 1 + dice.below(2);
    let mut wishes = wishes(&dice, days);
    wishes.sort_by_key(|wish| wish.at);
    let faults = faults(&dice, wishes.len());
    Case { seed, days, start, nodes, wishes, faults }
}

fn int(dice: &Dice, end: i64) -> i64 {
    i64::try_from(dice.below(usize::try_from(end).unwrap_or(0))).unwrap_or(0)
}

/// Some sixty in 400 days, often several at once.
fn wishes(dice: &Dice, days: i64) -> Vec<Wish> {
    // One seed in four has one seller alone.
    let (pos, telecom) = match dice.below(8) {
        0 => (true, false),
        1 => (false, true),
        _ => (true, true),
    };
    let mut weights = [6, 6, 3, 3, 2, 6, 5, 2, 2, 8, 2, 3, 2, 1, 6];
    for weight in &mut weights {
        // Each seed leaves some of it out.
        *weight *= usize::from(!dice.per_mille(200));
    }
    let mut all = Vec::new();
    for of in 0..if telecom { 2 } else { 0 } {
        let at = int(dice, 3 * DAY);
        all.push(Wish { at, of, what: begin(dice) });
    }
    for of in 0..if pos { 2 } else { 0 } {
        all.push(Wish { at: int(dice, 3 * DAY), of, what: What::Request(dice.below(DEALS)) });
    }
    let count = (days / 10).clamp(6, 60) + int(dice, 16);
    let mut at = int(dice, DAY);
    for _ in 0..count {
        // A third comes at the same time as another.
        if !dice.per_mille(350) {
            at = int(dice, days * DAY);
        }
        let is_pos = pos && (!telecom || dice.per_mille(550));
        let what = if is_pos { buy(dice, &weights) } else { subscribe(dice, &weights) };
        let of = dice.below(2);
        all.push(Wish { at, of, what });
        all.extend(follow(dice, what).map(|(later, what)| Wish { at: at + later, of, what }));
    }
    all
}

/// What somebody who got this mostly wants next, and how much later.
fn follow(dice: &Dice, what: What) -> Option<(i64, What)> {
    let soon = [0, 2, 600, DAY, 4 * DAY, 9 * DAY][dice.below(6)];
    let what = if let What::Request(_) = what {
        match dice.below(10) {
            0..=3 => What::Card(0, Buyer::Pays),
            4 => What::Card(0, Buyer::PaysLate),
            5..=6 => What::Transfer(0, dice.below(4)),
            7 => What::Cancel(0),
            _ => return None,
        }
    } else if let What::Transfer(..) = what
        && dice.per_mille(200)
    {
        What::Refund(0)
    } else if let What::Card(newest, _) = what
        && dice.per_mille(300)
    {
        What::Card(newest, Buyer::Pays)
    } else if let What::Change(..) = what {
        match dice.below(10) {
            0..=3 => What::Decide(0, dice.per_mille(700)),
            4..=5 => What::Withdraw(0),
            _ => return None,
        }
    } else {
        return None;
    };
    Some((soon, what))
}

fn pick(dice: &Dice, weights: &[usize]) -> usize {
    let mut left = dice.below(weights.iter().sum());
    for (place, weight) in weights.iter().enumerate() {
        match left.checked_sub(*weight) {
            Some(rest) => left = rest,
            None => return place,
        }
    }
    0
}

fn buy(dice: &Dice, weights: &[usize; 15]) -> What {
    let newest = dice.below(3);
    match pick(dice, &weights[..9]) {
        0 => What::Quote(dice.below(DEALS)),
        1 => What::Request(dice.below(DEALS)),
        2 => What::List,
        3 => What::Cancel(newest),
        4 => What::Foreign(newest),
        5 => {
            let buyers = [Buyer::Pays, Buyer::Pays, Buyer::PaysLate, Buyer::Leaves];
            What::Card(newest, buyers[dice.below(4)])
        }
        6 => What::Transfer(newest, dice.below(4)),
        7 => What::Grant(dice.below(DEALS)),
        _ => What::Refund(newest),
    }
}

fn begin(dice: &Dice) -> What {
    let quantity = 1 + int(dice, 3);
    let days = [None, None, Some(1), Some(29), Some(31)];
    What::Start(dice.below(PLANS), quantity, days[dice.below(5)])
}

fn subscribe(dice: &Dice, weights: &[usize; 15]) -> What {
    match pick(dice, &weights[9..]) {
        0 => {
            let on = (!dice.per_mille(500)).then(|| int(dice, 50));
            What::Change(dice.below(3), dice.below(PLANS), on)
        }
        1 => What::Look(dice.below(3)),
        2 => What::Decide(dice.below(3), dice.per_mille(700)),
        3 => What::Withdraw(dice.below(3)),
        4 if dice.per_mille(500) => What::End(dice.below(3)),
        4 => begin(dice),
        _ => What::Settle(dice.below(3), dice.below(4)),
    }
}

/// Between two faults of the disk there are at least so many operations, or nothing ever boots.
const DISK_REST: u64 = 80;

/// In one seed of five nothing goes wrong; in one, one kind of thing; in one of ten, everything.
fn faults(dice: &Dice, wishes: usize) -> Vec<Fault> {
    const KINDS: usize = 11;
    let (mut kinds, rate) = match dice.below(10) {
        0 | 1 => return Vec::new(),
        2 | 3 => ([false; KINDS], 1),
        4..=8 => ([false; KINDS], 1),
        _ => ([true; KINDS], 4),
    };
    kinds[dice.below(KINDS)] = true;
    if rate == 1 && dice.per_mille(700) {
        kinds.iter_mut().for_each(|kind| *kind |= dice.per_mille(500));
    }
    let most = wishes as u64;
    let mut all = Vec::new();
    // What it is counted by, and so how many of those there are for each wish, about.
    let mut spread = |kind: usize, of_wish: u64, each: u64, make: &dyn Fn(u64) -> Fault| {
        let (end, mut at) = (most * of_wish, 0);
        if !kinds[kind] {
            return;
        }
        loop {
            at += 1 + dice.roll() % (2 * each / rate).max(1);
            if at > end {
                break;
            }
            all.push(make(at));
        }
    };
    spread(0, 120, 900, &|at| Fault::Power(at + DISK_REST));
    spread(1, 120, 1_500, &|at| Fault::Io(at + DISK_REST));
    spread(2, 120, 1_500, &|at| Fault::Full(at + DISK_REST));
    spread(3, 40, 120, &Fault::Kill);
    spread(4, 2, 12, &Fault::LostCommit);
    spread(5, 1, 6, &Fault::LostAnswer);
    let lost = || if dice.per_mille(500) { Lost::Request } else { Lost::Answer };
    spread(6, 1, 2, &|at| Fault::Provider(at, lost()));
    spread(7, 1, 2, &Fault::Refusal);
    let post = || [Post::Twice, Post::Late, Post::Never][dice.below(3)];
    spread(8, 1, 1, &|at| Fault::Letter(at, post()));
    spread(9, 40, 500, &|at| Fault::Clock(at, int(dice, 7_200) - 3_600));
    spread(10, 40, 1_200, &|at| Fault::Stall(at, 1 + int(dice, 72)));
    all
}
