//! What is on its way: the tasks of a process, and the wishes.

use super::ask::{Answer, Sent};
use crate::case::What;
use abono_worker::Next;

/// What a task works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// A wish, by its place.
    Wish(usize),
    Worker,
    Ask,
    Letter(usize),
}

pub(super) enum Out {
    Answered(Answer),
    Worked(Option<Next>),
    Asked,
}

/// A wish on its way.
pub(super) struct Open {
    pub(super) sent: Sent,
    pub(super) what: What,
    pub(super) sent_at: i64,
    /// Whether a process works on it.
    pub(super) is_under_way: bool,
    /// Before this instant it isn't sent again.
    pub(super) not_before: i64,
    pub(super) tries: u32,
    /// What was answered, and never reached who asked.
    pub(super) unheard: Option<Answer>,
}
