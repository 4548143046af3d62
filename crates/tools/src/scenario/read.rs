//! The file in the words of the story: times become instants, a seller's file a proposal.

use super::file::{
    AddFile, ChangeFile, DecideFile, EndFile, GrantFile, OrderFile, PayFile, RefundFile,
    ScenarioFile, SellerAt, StartFile, StepFile, TerminateFile, TrialFile, WithdrawTerminationFile,
};
use crate::apply::{Proposal, SellerFile};
use abono_domain::calendar;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::value::Datetime;

/// A life story: who sells, what happens when.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// From which file it comes.
    pub(super) path: PathBuf,
    pub(super) start: Timestamp,
    pub(super) seller: Proposal,
    pub(super) steps: Vec<Step>,
}

/// A step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    /// When; together with the one before where it isn't said.
    pub(super) at: Option<Timestamp>,
    pub(super) refused: Option<String>,
    pub(super) verb: Verb,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Verb {
    List(String),
    Quote(OrderFile),
    Request(OrderFile),
    Cancel(String),
    Pay(PayFile),
    Refund(RefundFile),
    Grant(GrantFile),
    Trial(TrialFile),
    Explain(String),
    Start(StartFile),
    Change(ChangeFile),
    Preview(ChangeFile),
    Withdraw(DecideFile),
    Approve(DecideFile),
    Reject(DecideFile),
    End(EndFile),
    Add(AddFile),
    Terminate(TerminateFile),
    Foresee(TerminateFile),
    WithdrawTermination(WithdrawTerminationFile),
    Apply(Box<Proposal>),
    Wait(String),
}

/// Why a story can't be read or told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}")]
pub struct ScenarioError {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Scenario {
    /// Reads a story from its file, and the sellers' files that it names.
    ///
    /// # Errors
    /// [`ScenarioError`], with the line and the key that is wrong.
    pub fn read(path: &Path) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| trouble(path, 1, format!("it can't be read: {error}")))?;
        Self::parse(path, &text)
    }

    /// Reads a story from a text; paths in it start at the folder of `path`.
    ///
    /// # Errors
    /// As [`Scenario::read`].
    pub fn parse(path: &Path, text: &str) -> Result<Self, ScenarioError> {
        let source = Source { path, text };
        let file: ScenarioFile = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| source.line(&span));
            trouble(path, line, error.message())
        })?;
        let seller = source.seller(file.seller.get_ref(), source.line(&file.seller.span()))?;
        let zone = calendar::zone(&seller.seller.settings.zone);
        let zone = zone.map_err(|error| {
            source.wrong(&file.seller.span(), format!("seller tenant zone: {error}"))
        })?;
        let start = source.instant(&file.start, &zone)?;
        let mut story = Self {
            name: file.name,
            about: file.about,
            path: path.to_owned(),
            start,
            seller,
            steps: Vec::with_capacity(file.step.len()),
        };
        let mut clock = start;
        for step in file.step {
            let step = source.step(step, &zone)?;
            if step.at.is_some_and(|at| at < clock) {
                let text = format!("at: the clock stands at {clock} already and never goes back");
                return Err(trouble(path, step.line, text));
            }
            clock = step.at.unwrap_or(clock);
            story.steps.push(step);
        }
        Ok(story)
    }

    /// Something that went wrong at a step of this story.
    pub(super) fn trouble(&self, line: usize, message: impl Into<String>) -> ScenarioError {
        trouble(&self.path, line, message)
    }
}

fn trouble(path: &Path, line: usize, message: impl Into<String>) -> ScenarioError {
    ScenarioError { file: path.display().to_string(), line, message: message.into() }
}

/// An instant as it stands, or a time on the seller's wall.
pub(super) fn instant(value: &Datetime, zone: &TimeZone) -> Option<Timestamp> {
    let text = value.to_string();
    match (value.date, value.time, value.offset) {
        (Some(_), Some(_), Some(_)) => text.parse().ok(),
        (Some(_), Some(_), None) => {
            let local = text.parse::<DateTime>().ok();
            local.and_then(|local| zone.to_ambiguous_timestamp(local).compatible().ok())
        }
        (Some(_) | None, _, _) => None,
    }
}

/// A file's text, to say where something stands in it.
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(span.start);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&self, span: &Range<usize>, message: impl Into<String>) -> ScenarioError {
        trouble(self.path, self.line(span), message)
    }

    fn seller(&self, at: &SellerAt, line: usize) -> Result<Proposal, ScenarioError> {
        let name = match at {
            SellerAt::Here(file) => {
                let proposal = file.proposal();
                return proposal.map_err(|error| trouble(self.path, line, error.to_string()));
            }
            SellerAt::Path(name) => name,
        };
        let path = self.path.parent().unwrap_or_else(|| Path::new("")).join(name);
        let wrong = |why: String| trouble(self.path, line, format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(&path)
            .map_err(|error| wrong(format!("the seller's file can't be read: {error}")))?;
        SellerFile::parse(&text).map_err(|error| wrong(error.to_string()))
    }

    /// As [`instant`], where it stands in the file.
    fn instant(
        &self,
        written: &Spanned<Datetime>,
        zone: &TimeZone,
    ) -> Result<Timestamp, ScenarioError> {
        let value = written.get_ref();
        let text = value.to_string();
        instant(value, zone).ok_or_else(|| {
            let expected = "an instant such as 2026-01-31T10:00:00Z, or a time on the seller's \
                 wall such as 2026-01-31T13:00:00";
            self.wrong(&written.span(), format!("`{text}` is not {expected}"))
        })
    }

    fn step(&self, step: Spanned<StepFile>, zone: &TimeZone) -> Result<Step, ScenarioError> {
        let line = self.line(&step.span());
        let step = step.into_inner();
        let at = step.at.as_ref().map(|at| self.instant(at, zone)).transpose()?;
        let apply = match step.apply {
            Some(seller) => Some(Verb::Apply(Box::new(self.seller(&seller, line)?))),
            None => None,
        };
        let verbs = [
            step.list.map(Verb::List),
            step.quote.map(Verb::Quote),
            step.request.map(Verb::Request),
            step.cancel.map(Verb::Cancel),
            step.pay.map(Verb::Pay),
            step.refund.map(Verb::Refund),
            step.grant.map(Verb::Grant),
            step.trial.map(Verb::Trial),
            step.explain.map(Verb::Explain),
            step.start.map(Verb::Start),
            step.change.map(Verb::Change),
            step.preview.map(Verb::Preview),
            step.withdraw.map(Verb::Withdraw),
            step.approve.map(Verb::Approve),
            step.reject.map(Verb::Reject),
            step.end.map(Verb::End),
            step.add.map(Verb::Add),
            step.terminate.map(Verb::Terminate),
            step.foresee.map(Verb::Foresee),
            step.withdraw_termination.map(Verb::WithdrawTermination),
            apply,
            step.wait.map(Verb::Wait),
        ];
        let mut said = verbs.into_iter().flatten();
        match (said.next(), said.next()) {
            (Some(verb), None) => Ok(Step { line, at, refused: step.refused, verb }),
            (Some(_), Some(_)) | (None, _) => {
                let verbs = "list, quote, request, cancel, pay, refund, grant, trial, explain, \
                     start, change, preview, withdraw, approve, reject, end, add, terminate, \
                     foresee, withdraw_termination, apply, wait";
                Err(trouble(self.path, line, format!("a step has exactly one of {verbs}")))
            }
        }
    }
}
