//! The names of files: which there are, and which would survive.

use crate::dice::Dice;
use std::collections::BTreeMap;

/// Names a file's content, whatever the file is called.
pub(crate) type Inode = u64;

enum Pending {
    Link(String, Inode),
    Unlink(String),
}

/// One folder, which holds everything. As on a file system with a journal, what was done to names
/// survives in the order in which it was done: the first so many changes, and none after them.
#[derive(Default)]
pub(crate) struct Directory {
    now: BTreeMap<String, Inode>,
    durable: BTreeMap<String, Inode>,
    pending: Vec<Pending>,
}

impl Directory {
    pub(crate) fn find(&self, name: &str) -> Option<Inode> {
        self.now.get(name).copied()
    }

    pub(crate) fn link(&mut self, name: &str, inode: Inode) {
        self.now.insert(name.to_owned(), inode);
        self.pending.push(Pending::Link(name.to_owned(), inode));
    }

    pub(crate) fn unlink(&mut self, name: &str) {
        self.now.remove(name);
        self.pending.push(Pending::Unlink(name.to_owned()));
    }

    pub(crate) fn sync(&mut self) {
        let changes = self.pending.len();
        self.keep(changes);
    }

    /// The power goes; says how many changes are lost.
    pub(crate) fn lose_power(&mut self, dice: &mut Dice) -> u64 {
        let kept = dice.below(self.pending.len() + 1);
        let lost = self.pending.len() - kept;
        self.keep(kept);
        self.now.clone_from(&self.durable);
        u64::try_from(lost).unwrap_or(u64::MAX)
    }

    /// Whether a content has a name, or may have one again after a power loss.
    pub(crate) fn names(&self, inode: Inode) -> bool {
        self.now.values().chain(self.durable.values()).any(|named| *named == inode)
    }

    fn keep(&mut self, count: usize) {
        for change in self.pending.drain(..).take(count) {
            match change {
                Pending::Link(name, inode) => {
                    self.durable.insert(name, inode);
                }
                Pending::Unlink(name) => {
                    self.durable.remove(&name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_may_vanish_until_the_folder_is_synced_and_an_old_one_come_back() {
        let mut ends = std::collections::BTreeSet::new();
        for seed in 0..50 {
            let mut folder = Directory::default();
            folder.link("old", 1);
            folder.sync();
            folder.link("new", 2);
            folder.unlink("old");
            folder.lose_power(&mut Dice::new(seed));
            ends.insert((folder.find("old"), folder.find("new")));
        }
        // In order: never "old" gone and "new" not there.
        let expected = [(None, Some(2)), (Some(1), None), (Some(1), Some(2))];
        assert_eq!(ends.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_synced_name_stays() {
        let mut folder = Directory::default();
        folder.link("new", 2);
        folder.sync();
        assert_eq!(folder.lose_power(&mut Dice::new(1)), 0);
        assert_eq!(folder.find("new"), Some(2));
    }
}
