//! The sandbox as its page knows it.

use abono_connect::sandbox::{self, Sandbox, Shown};
use abono_pages::sandbox::{Choice, Manners, State, Test, TestProvider};
use std::sync::Arc;
use uuid::Uuid;

/// What the page shows and does. What is chosen there, the teller tells.
pub(super) struct SandboxPage(pub(super) Arc<Sandbox>);

impl TestProvider for SandboxPage {
    fn shown(&self, key: Uuid) -> Option<Test> {
        let Shown { checkout, state } = self.0.shown(key)?;
        let state = match state {
            sandbox::State::Open => State::Open,
            sandbox::State::Paid => State::Paid,
            sandbox::State::Declined => State::Declined,
            sandbox::State::Expired => State::Expired,
        };
        Some(Test { checkout, state })
    }

    fn choose(&self, key: Uuid, choice: Choice) {
        let choice = match choice {
            Choice::Approve => sandbox::Choice::Approve,
            Choice::Decline => sandbox::Choice::Decline,
            Choice::Later => sandbox::Choice::Later,
        };
        // The page has just shown it; how it stands now, the provider tells.
        let _state = self.0.choose(key, choice);
    }

    fn behave(&self, manners: Manners) {
        let Manners { twice, late, reversed, lost_answers } = manners;
        self.0.behave(sandbox::Manners { twice, late, reversed, lost_answers });
    }
}
