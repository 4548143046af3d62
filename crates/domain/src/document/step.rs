//! A document's first status, and its steps from one to the next.

use super::{DocumentStatus, DocumentView, Step};
use crate::decision::{Change, Draft, EventKind};

impl Draft {
    /// Writes a document that was just made, with its first state and step.
    pub(crate) fn open(&mut self, view: DocumentView, event: EventKind) {
        let DocumentView { document, state } = view;
        let (id, kind, total) = (document.id, document.kind, document.total);
        let (to, at) = (state.status, document.created_at);
        self.push(Change::DocumentIssued(Box::new(document)));
        self.push(Change::DocumentStateOpened { document: id, kind, total, state });
        self.push(Change::Stepped(Step { document: id, kind, seq: 1, from: None, to, at }));
        self.event(event, id.0);
    }

    /// Moves a document to another status and writes its state.
    pub(crate) fn step(&mut self, view: &mut DocumentView, to: DocumentStatus) {
        let step = Step {
            document: view.document.id,
            kind: view.document.kind,
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
