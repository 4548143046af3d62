//! A step of a document from one status to the next.

use super::{DocumentStatus, DocumentView, Step};
use crate::decision::{Change, Draft};

impl Draft {
    /// Moves a document to another status and writes its state.
    pub(crate) fn step(&mut self, view: &mut DocumentView, to: DocumentStatus) {
        let step = Step {
            document: view.document.id,
            seq: view.state.steps.saturating_add(1),
            from: Some(view.state.status),
            to,
            at: self.moment.now,
        };
        view.state.status = to;
        view.state.steps = step.seq;
        view.state.updated_at = self.moment.now;
        self.push(Change::Stepped(step));
        self.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
}
