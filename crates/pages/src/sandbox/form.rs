//! What the form of the test provider's page sends.

use super::{Choice, LATE_MAX, LOST_MAX, Manners};
use crate::asked::Form;
use std::time::Duration;

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) choice: Choice,
    /// How the provider shall behave; `None` where nothing is said of it, so that it goes on as it
    /// does.
    pub(crate) manners: Option<Manners>,
}

/// What a form says; `None` where it says no outcome, or what can't be.
pub(crate) fn read(form: &Form) -> Option<Sent> {
    let choice = match form.get("outcome")? {
        "approve" => Choice::Approve,
        "decline" => Choice::Decline,
        "later" => Choice::Later,
        _ => return None,
    };
    let is_said = ["twice", "reversed", "late", "lost"].iter().any(|it| form.get(it).is_some());
    let manners = if is_said { Some(manners(form)?) } else { None };
    Some(Sent { choice, manners })
}

/// A box that isn't ticked isn't sent, so what isn't said is off.
fn manners(form: &Form) -> Option<Manners> {
    let seconds = number(form, "late", LATE_MAX.as_secs())?;
    let lost = number(form, "lost", LOST_MAX.into())?;
    Some(Manners {
        twice: form.get("twice").is_some(),
        late: Duration::from_secs(seconds),
        reversed: form.get("reversed").is_some(),
        lost_answers: u32::try_from(lost).ok()?,
    })
}

/// A number up to `most`; 0 where none is said.
fn number(form: &Form, name: &str, most: u64) -> Option<u64> {
    match form.get(name).map(str::trim) {
        None | Some("") => Some(0),
        Some(text) => text.parse().ok().filter(|number| *number <= most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(body: &str) -> Option<Sent> {
        read(&Form::parse(body.as_bytes()).expect("a form"))
    }

    #[test]
    fn an_outcome_alone_leaves_the_provider_as_it_is() {
        for (outcome, choice) in
            [("approve", Choice::Approve), ("decline", Choice::Decline), ("later", Choice::Later)]
        {
            let body = format!("outcome={outcome}&other=1");
            assert_eq!(sent(&body), Some(Sent { choice, manners: None }));
        }
    }

    #[test]
    fn the_whole_form_says_how_the_provider_behaves() {
        let manners = |body| sent(body).and_then(|sent| sent.manners);
        let quiet = Manners::default();
        assert_eq!(manners("outcome=approve&late=0&lost="), Some(quiet));
        let late = Duration::from_secs(90);
        assert_eq!(
            manners("outcome=later&twice=on&reversed=on&late=90&lost=2"),
            Some(Manners { twice: true, late, reversed: true, lost_answers: 2 })
        );
    }

    #[test]
    fn what_can_not_be_is_refused() {
        for body in [
            "",
            "outcome=",
            "outcome=Approve",
            "outcome=approve&late=-1",
            "outcome=approve&late=3601",
            "outcome=approve&late=1.5",
            "outcome=approve&lost=21",
            "outcome=approve&lost=x",
        ] {
            assert_eq!(sent(body), None, "{body}");
        }
    }
}
