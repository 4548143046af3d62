//! What is in one file: what reads see, what would survive, and what lies between.

use crate::dice::Dice;

/// The unit in which a disk keeps or loses what was written.
pub(crate) const SECTOR: usize = 512;

/// A change that was made and not synced.
enum Pending {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// The bytes of one file.
#[derive(Default)]
pub(crate) struct Content {
    now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Pending>,
}

/// What became of the sectors that were not synced, but for those that were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Losses {
    /// Sectors that hold garbage now.
    pub(crate) torn: u64,
    /// Sectors, and truncations, as if they had never been written.
    pub(crate) lost: u64,
}

impl Content {
    /// A file that was on the disk before.
    pub(crate) fn durable(bytes: Vec<u8>) -> Self {
        Self { now: bytes.clone(), durable: bytes, pending: Vec::new() }
    }

    pub(crate) fn now(&self) -> &[u8] {
        &self.now
    }

    /// Writes, for now.
    pub(crate) fn write(&mut self, offset: usize, bytes: &[u8]) {
        lay(&mut self.now, offset, bytes);
        self.pending.push(Pending::Write(offset, bytes.to_vec()));
    }

    /// Cuts to a length, for now.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.now.resize(length, 0);
        self.pending.push(Pending::Truncate(length));
    }

    /// Makes everything durable that was written.
    pub(crate) fn sync(&mut self) {
        for change in self.pending.drain(..) {
            match change {
                Pending::Write(offset, bytes) => lay(&mut self.durable, offset, &bytes),
                Pending::Truncate(length) => self.durable.resize(length, 0),
            }
        }
    }

    /// A sync that fails: reads go on seeing what was written, but the system takes its pages for
    /// clean from now on, so that no later sync writes them. Each sector is on the disk, or not.
    pub(crate) fn sync_in_vain(&mut self, dice: &mut Dice) -> Losses {
        self.settle(dice)
    }

    /// The power goes: reads see what survived.
    pub(crate) fn lose_power(&mut self, dice: &mut Dice) -> Losses {
        let losses = self.settle(dice);
        self.now.clone_from(&self.durable);
        losses
    }

    /// Decides of everything pending whether it is on the disk: partly out of order, each sector
    /// kept (5 of 10), garbage (1) or lost (4), each truncation kept or lost. Garbage takes the
    /// whole sector, also where only a part of it was written.
    fn settle(&mut self, dice: &mut Dice) -> Losses {
        let mut pending = std::mem::take(&mut self.pending);
        for place in 1..pending.len() {
            if dice.below(4) == 0 {
                pending.swap(place - 1, place);
            }
        }
        let mut losses = Losses::default();
        for change in pending {
            match change {
                Pending::Write(offset, bytes) => self.tear(dice, offset, &bytes, &mut losses),
                Pending::Truncate(length) if dice.below(2) == 0 => self.durable.resize(length, 0),
                Pending::Truncate(_) => losses.lost += 1,
            }
        }
        losses
    }

    fn tear(&mut self, dice: &mut Dice, offset: usize, bytes: &[u8], losses: &mut Losses) {
        let mut done = 0;
        while done < bytes.len() {
            let from = offset + done;
            let length = (SECTOR - from % SECTOR).min(bytes.len() - done);
            match dice.below(10) {
                0..5 => lay(&mut self.durable, from, &bytes[done..done + length]),
                5 => {
                    losses.torn += 1;
                    let first = from - from % SECTOR;
                    let end = (first + SECTOR).min(self.durable.len().max(from + length));
                    let mut garbage = vec![0; end - first];
                    dice.fill(&mut garbage);
                    lay(&mut self.durable, first, &garbage);
                }
                _ => losses.lost += 1,
            }
            done += length;
        }
    }
}

/// Puts bytes at an offset; what lies between the end and them is zeros.
fn lay(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 8 * SECTOR;

    /// A synced page of ones, then a page of twos over it that was not synced.
    fn overwritten() -> Content {
        let mut content = Content::default();
        content.write(0, &[1; PAGE]);
        content.sync();
        content.write(0, &[2; PAGE]);
        content
    }

    #[test]
    fn what_was_synced_survives_and_what_was_not_is_kept_lost_or_torn() {
        let (mut kept, mut lost, mut torn) = (0, 0, 0);
        for seed in 0..100 {
            let mut content = overwritten();
            let losses = content.lose_power(&mut Dice::new(seed));
            assert_eq!(content.now().len(), PAGE);
            let mut garbage = 0;
            for sector in content.now().chunks(SECTOR) {
                match sector {
                    all if all.iter().all(|byte| *byte == 1) => lost += 1,
                    all if all.iter().all(|byte| *byte == 2) => kept += 1,
                    _ => garbage += 1,
                }
            }
            assert_eq!(losses.torn, garbage);
            torn += garbage;
        }
        // Of 800 sectors: about 400, 320 and 80.
        assert!((350..450).contains(&kept), "{kept}");
        assert!((270..370).contains(&lost), "{lost}");
        assert!((50..110).contains(&torn), "{torn}");
        let mut synced = overwritten();
        synced.sync();
        assert_eq!(synced.lose_power(&mut Dice::new(1)), Losses::default());
        assert_eq!(synced.now(), [2; PAGE]);
    }

    #[test]
    fn a_part_of_a_sector_that_is_torn_takes_its_neighbour_with_it() {
        let damaged = (0..100).filter(|seed| {
            let mut content = Content::default();
            content.write(0, &[1; SECTOR]);
            content.sync();
            content.write(SECTOR / 2, &[2; SECTOR / 2]);
            content.lose_power(&mut Dice::new(*seed));
            content.now()[..SECTOR / 2] != [1; SECTOR / 2]
        });
        assert!(damaged.count() > 0);
    }

    #[test]
    fn what_a_failed_sync_left_out_is_seen_until_the_power_goes_and_never_written() {
        let lost = (0..100).filter(|seed| {
            let mut dice = Dice::new(*seed);
            let mut content = overwritten();
            content.sync_in_vain(&mut dice);
            content.sync();
            assert_eq!(content.now(), [2; PAGE]);
            content.lose_power(&mut dice);
            content.now() != [2; PAGE]
        });
        assert!(lost.count() > 90);
    }

    #[test]
    fn a_truncation_may_be_lost() {
        let mut lengths: Vec<usize> = (0..50)
            .map(|seed| {
                let mut content = overwritten();
                content.sync();
                content.truncate(0);
                content.lose_power(&mut Dice::new(seed));
                content.now().len()
            })
            .collect();
        lengths.sort_unstable();
        lengths.dedup();
        assert_eq!(lengths, [0, PAGE]);
    }
}
