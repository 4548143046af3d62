//! How processes die and are born again.

use super::node::Node;
use super::{Out, Run, SECOND, Work};
use crate::case::{Fault, What};
use crate::laws::{self, Broken};
use crate::sometimes;

/// So often it is tried to boot, where what goes wrong next hits the boot itself.
const BOOTS_MAX: usize = 40;
/// So often the whole proof is made after a power loss; the rest is left to the end.
const PROOFS_MAX: u64 = 2;

impl Run<'_> {
    pub(super) fn boot_all(&mut self) -> Result<(), Broken> {
        while self.nodes.len() < self.case.nodes {
            let node = self.boot_one()?;
            self.nodes.push(node);
        }
        Ok(())
    }

    /// A new process; the power may go while it boots.
    pub(super) fn boot_one(&mut self) -> Result<Node<Work, Out>, Broken> {
        let mut why = String::new();
        for _ in 0..BOOTS_MAX {
            self.owners += 1;
            let owner = self.owners;
            match Node::boot(&self.world, owner) {
                Ok(node) => return Ok(node),
                Err(error) => why = format!("{error:#}"),
            }
            self.world.disk.kill(owner);
            let losses = self.world.disk.stats().power_losses;
            if losses > self.passed.power_losses {
                sometimes!("the power went while nodes booted", true);
                self.passed.power_losses = losses;
                self.passed.faults += 1;
                for place in (0..self.nodes.len()).rev() {
                    self.kill(place);
                }
                self.world.disk.restart();
            }
        }
        Err(Broken::new("a process boots after any crash", why))
    }

    /// What the case has go wrong at this step.
    pub(super) fn strike(&mut self, place: usize) -> Result<(), Broken> {
        for fault in self.faults_at_step() {
            self.passed.faults += 1;
            match fault {
                Fault::Kill(_) => self.kill(place),
                Fault::Clock(_, seconds) => self.world.clock.jump(seconds),
                Fault::Stall(_, hours) => {
                    for place in (0..self.nodes.len()).rev() {
                        self.kill(place);
                    }
                    sometimes!("all processes were dead for days", hours > 24);
                    let now = self.world.clock.now();
                    let due = self.work_at.is_some_and(|at| at < now + hours * 3_600 * SECOND);
                    sometimes!("work was due while nobody lived", due);
                    self.world.clock.pass(hours * 3_600 * SECOND);
                }
                Fault::Power(_)
                | Fault::Io(_)
                | Fault::Full(_)
                | Fault::LostCommit(_)
                | Fault::LostAnswer(_)
                | Fault::Provider(..)
                | Fault::Refusal(_)
                | Fault::Letter(..) => {}
            }
        }
        self.boot_all()
    }

    /// The process is gone: its tasks, its connections and the transaction it was in.
    pub(super) fn kill(&mut self, place: usize) {
        if place >= self.nodes.len() {
            return;
        }
        let node = self.nodes.remove(place);
        self.passed.kills += 1;
        self.world.disk.kill(node.owner);
        for task in &node.tasks {
            sometimes!("a process was killed in a commit", task.commits > 0 && !self.is_calm);
            self.lose_touch(task.work);
        }
        let own = self.world.disk.as_owner(node.owner);
        drop(node);
        drop(own);
        self.work_at = Some(0);
    }

    /// Whoever waits for a task waits in vain.
    pub(super) fn lose_touch(&mut self, work: Work) {
        let number = match work {
            Work::Wish(number) => number,
            Work::Letter(letter) => {
                sometimes!("a process was killed in a callback", true);
                return self.world.provider.lock().again(letter);
            }
            Work::Worker => {
                sometimes!("a process was killed in the worker", true);
                return;
            }
            Work::Ask => {
                self.ask_at = 0;
                return;
            }
        };
        let again_at = self.world.clock.now() + 2 * SECOND;
        let Some(open) = self.open.get_mut(&number) else { return };
        (open.is_under_way, open.not_before) = (false, again_at);
        let is_http = matches!(open.sent, super::Sent::Http(_));
        let is_click = matches!(open.what, What::Card(..));
        sometimes!("a process was killed in a click", is_click);
        sometimes!("a process was killed in a request by HTTP", is_http && !is_click);
        sometimes!("a process was killed in an operator's command", !is_http);
    }

    /// The power went: every process with it. What is left must be whole.
    pub(super) fn power_went(&mut self) -> Result<(), Broken> {
        sometimes!("the power went", true);
        let in_commit = self.nodes.iter().flat_map(|node| &node.tasks).any(|it| it.commits > 0);
        sometimes!("the power went in a commit", in_commit);
        self.passed.power_losses = self.world.disk.stats().power_losses;
        self.passed.faults += 1;
        for place in (0..self.nodes.len()).rev() {
            self.kill(place);
        }
        self.world.disk.restart();
        self.boot_all()?;
        self.world.look(|| laws::whole(&self.world.disk))?;
        if self.passed.power_losses <= PROOFS_MAX {
            let Some(node) = self.nodes.first() else { return Ok(()) };
            let _own = self.world.disk.as_owner(node.owner);
            self.world.look(|| laws::proof(&node.engine))?;
        }
        Ok(())
    }
}
