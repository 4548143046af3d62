//! How nodes are killed, and how time passes over them.

use super::{Failed, Run, Trade, Work};

/// Longer than any call lasts, in microseconds.
const NIGHT: i64 = 3_600_000_000;

impl<T: Trade> Run<'_, T> {
    /// Now and then nothing happens for a while. No call lasts so long as a night: what hangs is
    /// given up before.
    pub(super) fn rest(&mut self) -> Result<(), Failed> {
        let lull = self.trade.lull(&self.dice);
        for place in 0..if lull > NIGHT { self.nodes.len() } else { 0 } {
            self.kill(place)?;
        }
        self.machine.pass(lull);
        Ok(())
    }

    /// The process is gone: its tasks, its connections and the transaction it was in.
    pub(super) fn kill(&mut self, place: usize) -> Result<(), Failed> {
        self.passed.kills += 1;
        let Some(node) = self.nodes.get_mut(place) else { return Ok(()) };
        for task in std::mem::take(&mut node.tasks) {
            let name = match task.work {
                Work::Client(number) => {
                    let client = self.clients.get_mut(number);
                    client.map_or("nobody", |client| {
                        client.lost_touch();
                        client.waits_for().map_or("nobody", |wish| self.trade.name(wish))
                    })
                }
                Work::Clock => {
                    self.clock_moves = false;
                    "the clock"
                }
                Work::Seller => {
                    self.publishes = false;
                    "the seller"
                }
                Work::Worker | Work::HastyWorker => "the worker",
                Work::Errand => "an errand",
            };
            if task.commits > 0 {
                self.passed.marks.hit(format!("killed in a commit of {name}"));
            } else if let Some(point) = task.at.filter(|point| !point.starts_with("commit.")) {
                self.passed.marks.hit(format!("killed after {point}"));
            }
        }
        let node = self.boot()?;
        self.nodes[place] = node;
        Ok(())
    }
}
