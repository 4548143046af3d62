//! Random lives of one subscription to which products are added and of which they are terminated,
//! decided and carried out in memory: thousands of them, and after each step the laws of money and
//! time.

mod books;
mod far;
mod laws;
mod proved;
mod seller;

use abono_domain::change::execute::{self, ExecuteChange};
use abono_domain::change::request::{self, ChangePlan};
use abono_domain::decision::{Decision, Job, JobKind, Outcome};
use abono_domain::document::DocumentKind;
use abono_domain::ids::{PlanId, SubscriptionId, TerminationId};
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::{self, RecordPayment};
use abono_domain::product_group::add::{self, AddProduct};
use abono_domain::product_group::{BalanceChange, Group, GroupKind};
use abono_domain::proration::Behaviour;
use abono_domain::subscription::bill::{self, BillCycle};
use abono_domain::subscription::end::{self, EndSubscription};
use abono_domain::subscription::start::{self, StartFacts, StartSubscription};
use abono_domain::subscription::{Facts, LineIdentity, Origin, Status};
use abono_domain::termination::execute::{self as execute_termination, ExecuteTermination};
use abono_domain::termination::request::{self as terminate, TerminateProduct};
use abono_domain::termination::withdraw::{self, WithdrawTermination};
use abono_domain::termination::{CreditKind, TerminationStatus, TerminationType};
use abono_testkit::groups;
use abono_testkit::telecom::{GB10, GB20, GB50, MOBILE};
use books::Books;
use jiff::{SignedDuration, Timestamp, ToSpan};
use laws::{assert_all_is_carried, assert_laws, assert_sums, assert_told};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use seller::{ARTICLES, Setup, any_setup};
use std::collections::BTreeMap;

/// What may happen. Numbers pick one of what is there.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Time passes; what falls due is done then, or all of it afterwards.
    Wait {
        hours: i64,
        is_late: bool,
    },
    Add {
        article: usize,
        quantity: i64,
    },
    Terminate {
        which: usize,
        asked: Asked,
    },
    Withdraw {
        which: usize,
    },
    Change {
        plan: usize,
        days: Option<i64>,
    },
    Pay {
        percent: i64,
    },
    End,
}

/// How a termination is asked for.
#[derive(Clone, Copy, Debug)]
struct Asked {
    kind: Option<TerminationType>,
    behaviour: Option<Behaviour>,
    credit: CreditKind,
    anchor: Option<i64>,
}

const PLANS: [PlanId; 3] = [GB10, GB20, GB50];

fn any_asked() -> impl Strategy<Value = Asked> {
    let kind = prop::sample::select(vec![
        None,
        Some(TerminationType::Immediately),
        Some(TerminationType::Immediately),
        Some(TerminationType::AtBindingPeriodEnd),
        Some(TerminationType::AtSubscriptionBillingPeriodEnd),
    ]);
    let behaviour = prop::sample::select(vec![
        None,
        Some(Behaviour::Prorate),
        Some(Behaviour::Full),
        Some(Behaviour::None),
    ]);
    let credit = prop::sample::select(vec![CreditKind::Normal, CreditKind::Internal]);
    (kind, behaviour, credit, prop::option::weighted(0.2, -900..900_i64))
        .prop_map(|(kind, behaviour, credit, anchor)| Asked { kind, behaviour, credit, anchor })
}

fn any_step() -> impl Strategy<Value = Step> {
    let hours = prop_oneof![0..20_i64, 20..400_i64, 400..1_500_i64];
    prop_oneof![
        7 => (hours, prop::bool::weighted(0.3))
            .prop_map(|(hours, is_late)| Step::Wait { hours, is_late }),
        4 => (0..3_usize, 1..30_i64)
            .prop_map(|(article, quantity)| Step::Add { article, quantity }),
        6 => (0..4_usize, any_asked())
            .prop_map(|(which, asked)| Step::Terminate { which, asked }),
        1 => (0..3_usize).prop_map(|which| Step::Withdraw { which }),
        1 => (0..3_usize, prop::option::of(0..80_i64))
            .prop_map(|(plan, days)| Step::Change { plan, days }),
        1 => (20..150_i64).prop_map(|percent| Step::Pay { percent }),
        1 => prop::bool::weighted(0.2)
            .prop_map(|ends| if ends { Step::End } else { Step::Pay { percent: 100 } }),
    ]
}

/// A life: its books, and what it was told that terminations will change.
struct Life {
    setup: Setup,
    books: Books,
    foreseen: BTreeMap<TerminationId, BalanceChange>,
    marks: BTreeMap<&'static str, u32>,
}

impl Life {
    fn begin(setup: &Setup) -> Self {
        let mut books = Books::new(setup);
        let command = StartSubscription {
            product: MOBILE,
            plan: GB20,
            quantity: 1,
            months: setup.months,
            billing_day: setup.billing_day,
            sold_on: None,
            origin: Origin::New,
            bundle: None,
            line: LineIdentity::default(),
        };
        let (moment, known) = (books.moment(), books.known());
        let facts = StartFacts {
            seller: &books.seller,
            holding: books.holding(&known),
            open_invoices: &[],
            balances: &[],
        };
        let decided = start::decide(&command, &facts, moment).expect("it starts");
        books.carry_out(decided);
        Self { setup: setup.clone(), books, foreseen: BTreeMap::new(), marks: BTreeMap::new() }
    }

    /// Whether some cycle is billed before the one at whose instant something happens.
    fn is_far(&self, at: Timestamp) -> bool {
        let agreement = self.books.agreement();
        let next = agreement.cycle_on(self.books.state().billed_until).expect("a cycle");
        agreement.midnight(next.part.to).expect("an instant") < at
    }

    fn mark(&mut self, what: &'static str) {
        *self.marks.entry(what).or_default() += 1;
    }

    /// Decides on what is known, and carries it out unless it is refused.
    fn decide<E: std::fmt::Display>(
        &mut self,
        decide: impl FnOnce(&Facts<'_>, abono_domain::moment::Moment) -> Result<Decision, E>,
    ) -> Result<Outcome, String> {
        let (moment, known) = (self.books.moment(), self.books.known());
        let decided = decide(&self.books.facts(&known), moment);
        let outcome = self.books.carry_out(decided.map_err(|refusal| refusal.to_string())?);
        assert_told(&self.books, &outcome);
        Ok(outcome)
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Wait { hours, is_late } => {
                self.pass(self.books.now + SignedDuration::from_hours(hours), is_late);
            }
            Step::Add { article, quantity } => self.add(article, quantity),
            Step::Terminate { which, asked } => self.terminate(which, asked),
            Step::Withdraw { which } => self.withdraw(which),
            Step::Change { plan, days } => self.change(plan, days),
            Step::Pay { percent } => self.pay(percent),
            Step::End => {
                let subscription = self.own();
                let command = EndSubscription { subscription, reason: "moves".to_owned() };
                if self.decide(|facts, moment| end::decide(&command, facts, moment)).is_ok() {
                    self.mark("end");
                }
            }
        }
    }

    fn own(&self) -> SubscriptionId {
        self.books.agreement().subscription.id
    }

    /// Lets time pass, stopping wherever work falls due unless it is done late.
    fn pass(&mut self, to: Timestamp, is_late: bool) {
        loop {
            let due = self.books.jobs.values().map(|job| job.due_at).min();
            let stop = due.filter(|due| !is_late && *due < to);
            self.books.now = self.books.now.max(stop.unwrap_or(to));
            self.work();
            if stop.is_none() {
                return;
            }
        }
    }

    /// Does what is due, in its turn; what isn't its turn is tried again.
    fn work(&mut self) {
        for _ in 0..10_000 {
            let now = self.books.now;
            let due = self.books.jobs.values().filter(|job| job.due_at <= now);
            let mut due: Vec<Job> = due.cloned().collect();
            due.sort_by_key(|job| (job.due_at, job.kind.turn(), job.id));
            if due.is_empty() {
                return;
            }
            let done = due.into_iter().any(|job| self.work_on(job).is_ok());
            assert!(done, "what is due is never done");
        }
        panic!("work never ends");
    }

    fn work_on(&mut self, job: Job) -> Result<(), String> {
        let subscription = self.own();
        let outcome = match job.kind {
            JobKind::BillCycle(_) => {
                let command = BillCycle { subscription, job: job.id };
                self.decide(|facts, moment| bill::decide(&command, facts, moment))
            }
            JobKind::ExecuteChange(change) => {
                let command = ExecuteChange { subscription, change, job: job.id };
                self.decide(|facts, moment| execute::decide(&command, facts, moment))
            }
            JobKind::ExecuteTermination(termination) => {
                let command = ExecuteTermination { subscription, termination, job: job.id };
                self.decide(|facts, moment| execute_termination::decide(&command, facts, moment))
            }
            JobKind::ExpireRequest(_) | JobKind::BookNotice(_) => panic!("{job:?}"),
        }?;
        if let Outcome::Cycle { held, .. } = &outcome {
            assert_eq!(*held, None, "there is a price for everything");
        }
        if let Outcome::Change { .. } = &outcome {
            self.disturb();
        }
        if let Outcome::Termination { view, change } = &outcome {
            let foreseen = self.foreseen.remove(&view.termination.id);
            if view.state.status == TerminationStatus::Done {
                if let Some(foreseen) = &foreseen {
                    assert_eq!(foreseen, change, "what was shown is what is done");
                }
                let some = change.total.minor < 0;
                self.mark(if some { "later, credited" } else { "later" });
            }
        }
        assert_laws(&self.books, &self.setup);
        Ok(())
    }

    fn add(&mut self, article: usize, quantity: i64) {
        let command = AddProduct { quantity, ..groups::add(self.own(), ARTICLES[article]) };
        let added = self.decide(|facts, moment| add::decide(&command, facts, moment));
        if added.is_ok() {
            self.disturb();
            self.mark("added");
        } else {
            let is_over = self.books.state().status == Status::Ended;
            assert!(is_over || self.books.state().ends_on.is_some(), "{added:?}");
        }
    }

    fn terminate(&mut self, which: usize, asked: Asked) {
        let groups = self.books.groups();
        // One that is over is asked for now and then.
        let is_asked =
            |it: &&Group| it.group.kind == GroupKind::Optional && (which == 0 || it.is_active());
        let Some(group) = groups.iter().filter(is_asked).rev().nth(which) else { return };
        let prorates = asked.behaviour.is_none_or(|it| it == Behaviour::Prorate);
        let anchor = asked.anchor.filter(|_| prorates);
        let command = TerminateProduct {
            behaviour: asked.behaviour.or(anchor.map(|_| Behaviour::Prorate)),
            credit: asked.credit,
            anchor: anchor.map(|hours| self.books.now + SignedDuration::from_hours(hours)),
            ..groups::terminate(self.own(), group.id(), asked.kind)
        };
        let (active, id) = (group.is_active(), group.id());
        self.assert_same_figure(&command);
        match self.decide(|facts, moment| terminate::decide(&command, facts, moment)) {
            Ok(Outcome::Termination { view, change }) => {
                assert!(active, "what has ended ends no more");
                assert_sums(&change);
                let kind = (view.state.status, command.credit, change.total.minor < 0);
                match kind {
                    (TerminationStatus::Scheduled, ..) => {
                        let counts = self.setup.has_limits() && change.total.minor < 0;
                        if counts && self.is_far(view.termination.scheduled_at) {
                            self.mark("far ahead, at a discount of some periods");
                        }
                        self.foreseen.insert(view.termination.id, change);
                    }
                    (_, CreditKind::Normal, true) => self.mark("now, by a note"),
                    (_, CreditKind::Internal, true) => self.mark("now, on the next invoice"),
                    (_, _, false) => self.mark("now, nothing back"),
                }
            }
            Ok(other) => panic!("{other:?}"),
            Err(why) if why.contains("bound until") => self.mark("bound"),
            Err(why) => {
                let waits = self.books.terminations.iter();
                let waits = waits.clone().any(|it| it.termination.group == id && it.is_scheduled());
                assert!(!active || waits, "{why}");
            }
        }
    }

    /// What is bought in between takes of the periods for which a discount is given: what was
    /// shown for a later day was shown without that.
    fn disturb(&mut self) {
        if self.setup.has_limits() {
            self.foreseen.clear();
        }
    }

    /// However a credit is said, it is the same figure.
    fn assert_same_figure(&self, command: &TerminateProduct) {
        let known = self.books.known();
        let facts = self.books.facts(&known);
        let moment = abono_domain::moment::Moment {
            now: self.books.now,
            machine: self.books.now,
            command: abono_domain::ids::CommandId(uuid::Uuid::nil()),
        };
        let figures = [CreditKind::Normal, CreditKind::Internal].map(|credit| {
            let command = TerminateProduct { credit, ..command.clone() };
            let decided = terminate::decide(&command, &facts, moment)?;
            let Outcome::Termination { view, change } = decided.outcome else {
                panic!("{:?}", decided.outcome)
            };
            Ok((view.termination.scheduled_at, change))
        });
        let [normal, internal]: [Result<_, abono_domain::termination::TerminationRefusal>; 2] =
            figures;
        assert_eq!(normal, internal);
    }

    fn withdraw(&mut self, which: usize) {
        let waiting = self.books.terminations.iter().filter(|it| it.is_scheduled());
        let Some(view) = waiting.clone().nth(which) else { return };
        let termination = view.termination.id;
        let command = WithdrawTermination { subscription: self.own(), termination };
        let decided = self.decide(|facts, moment| withdraw::decide(&command, facts, moment));
        decided.expect("it waits");
        self.mark("withdrawn");
    }

    fn change(&mut self, plan: usize, days: Option<i64>) {
        let today = self.books.agreement().day(self.books.now).expect("a day");
        let on = days.map(|days| today.checked_add(days.days()).expect("a day"));
        let (subscription, plan) = (self.own(), PLANS[plan]);
        let command = ChangePlan { subscription, plan, on, opinion: None };
        if self.decide(|facts, moment| request::decide(&command, facts, moment)).is_ok() {
            self.disturb();
            self.mark("change");
        }
    }

    /// Pays the oldest invoice that is open.
    fn pay(&mut self, percent: i64) {
        let (moment, known) = (self.books.moment(), self.books.known());
        let open =
            self.books.documents.iter().filter(|it| {
                it.document.kind == DocumentKind::Invoice && it.outstanding().minor > 0
            });
        let Some(view) = open.clone().next() else { return };
        let due = view.outstanding();
        let amount = due.share(percent, 100).expect("in range");
        if amount.minor == 0 {
            return;
        }
        let source = PaymentSource::BankTransfer;
        let command = RecordPayment { document: view.document.id, amount, source, reference: None };
        let facts = record::Facts {
            seller: &self.books.seller,
            holding: self.books.holding(&known),
            view,
            balances: &known.balances,
            reference_taken: false,
        };
        let decided = record::decide(&command, &facts, moment).expect("money always counts");
        self.books.carry_out(decided);
    }

    /// Ends the subscription, where it doesn't yet, and lives until it is over.
    fn finish(&mut self) {
        self.step(Step::End);
        for _ in 0..3 {
            if self.books.state().status == Status::Active {
                self.step(Step::End);
                let until = self.books.state().billed_until;
                let at = self.books.agreement().midnight(until).expect("an instant");
                self.pass(at + SignedDuration::from_hours(1), false);
            }
        }
        // What waits for a later day is overtaken, or has nothing left to do.
        self.pass(self.books.now + SignedDuration::from_hours(24 * 800), false);
        assert_eq!(self.books.state().status, Status::Ended);
        assert!(self.books.groups().iter().all(|group| !group.is_active()));
        assert_all_is_carried(&self.books);
    }
}

fn live(setup: &Setup, steps: Vec<Step>) -> Life {
    let mut life = Life::begin(setup);
    for step in steps {
        life.step(step);
        assert_laws(&life.books, &life.setup);
    }
    life.finish();
    life
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn the_laws_hold_after_every_step_of_a_life(
        setup in any_setup(),
        steps in prop::collection::vec(any_step(), 1..40),
    ) {
        live(&setup, steps);
    }
}

/// The dice reach the hard places: without this, laws that nothing touches would hold too.
#[test]
fn random_lives_reach_every_way_in_which_a_product_ends() {
    let mut seen = BTreeMap::<&str, u32>::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let lives = (any_setup(), prop::collection::vec(any_step(), 1..40));
    for _ in 0..400 {
        let (setup, steps) = lives.new_tree(&mut runner).expect("a life").current();
        for (mark, times) in live(&setup, steps).marks {
            *seen.entry(mark).or_default() += times;
        }
    }
    for mark in [
        "added",
        "now, by a note",
        "now, on the next invoice",
        "now, nothing back",
        "later",
        "later, credited",
        "far ahead, at a discount of some periods",
        "bound",
        "withdrawn",
        "change",
        "end",
    ] {
        assert!(seen.get(mark).is_some_and(|times| *times > 10), "{mark}: {seen:?}");
    }
}
