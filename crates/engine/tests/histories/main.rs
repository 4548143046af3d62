//! Random lives of one customer, decided and carried out in memory: thousands of histories, and
//! after each step of each of them the laws of money and time.

mod books;
mod model;

use abono_domain::decision::Outcome;
use abono_domain::document::explain::Because;
use abono_domain::document::request_payment::{self, RequestPayment};
use abono_domain::document::{
    Document, DocumentKind, DocumentStatus, DocumentView, cancel, expire, lines,
};
use abono_domain::exact::Exact;
use abono_domain::ids::{DocumentId, JobId, PlanId};
use abono_domain::ledger::Account;
use abono_domain::licence::grant::{self, GrantLicence};
use abono_domain::licence::start_trial::{self, StartTrial};
use abono_domain::licence::{Facts, Origin, Placement, Term};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::{self, RecordPayment};
use abono_domain::payment::refund::{self, RefundPayment};
use abono_domain::payment::{PaymentRefusal, PaymentSource, RefundTo};
use abono_domain::quote::{self, Order, Parties};
use abono_domain::tax::TaxRate;
use abono_testkit::seller::{CLOUD, FLAT, PACKED, SEATS, TIERED};
use books::Books;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What may happen. Numbers pick one of what is there.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait { hours: i64 },
    Request { plan: usize, quantity: i64, months: i64 },
    Pay { which: usize, percent: i64 },
    Refund { which: usize, percent: i64, keep: Option<i64> },
    Cancel { which: usize },
    Gift { plan: usize, months: i64 },
    Trial { quantity: i64 },
}

const PLANS: [PlanId; 4] = [TIERED, SEATS, PACKED, FLAT];
const ZONES: [&str; 5] =
    ["Europe/Moscow", "Europe/Madrid", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"];

fn any_step() -> impl Strategy<Value = Step> {
    let months = prop::sample::select(vec![1_i64, 1, 1, 3, 12]);
    let hours = prop_oneof![0..20_i64, 20..100_i64, 100..900_i64];
    let back = prop::sample::select(vec![100_i64, 100, 40, 7]);
    prop_oneof![
        3 => hours.prop_map(|hours| Step::Wait { hours }),
        4 => (0..4_usize, 1..25_i64, months)
            .prop_map(|(plan, quantity, months)| Step::Request { plan, quantity, months }),
        5 => (0..8_usize, prop::sample::select(vec![100_i64, 100, 100, 30, 140]))
            .prop_map(|(which, percent)| Step::Pay { which, percent }),
        2 => (0..8_usize, back, prop::option::of(1..9_i64))
            .prop_map(|(which, percent, keep)| Step::Refund { which, percent, keep }),
        1 => (0..8_usize).prop_map(|which| Step::Cancel { which }),
        1 => (0..4_usize, 1..4_i64).prop_map(|(plan, months)| Step::Gift { plan, months }),
        1 => (1..5_i64).prop_map(|quantity| Step::Trial { quantity }),
    ]
}

impl Books {
    fn step(&mut self, step: Step) {
        match step {
            Step::Wait { hours } => self.wait(hours),
            Step::Request { plan, quantity, months } => {
                let order = Order { product: CLOUD, plan: PLANS[plan], quantity, months };
                self.request(order);
            }
            Step::Pay { which, percent } => self.pay(which, percent),
            Step::Refund { which, percent, keep } => self.refund(which, percent, keep),
            Step::Cancel { which } => self.cancel(which),
            Step::Gift { plan, months } => {
                let order = Order { product: CLOUD, plan: PLANS[plan], quantity: 1, months };
                let give = GrantLicence { order, reason: "a gift".to_owned() };
                let (moment, facts) = (self.moment(), self.facts());
                let holding = self.holding(&facts);
                let balances = facts.balances.as_slice();
                let facts = Facts { seller: &self.seller, holding, balances };
                let decided = grant::decide(&give, &facts, moment).expect("a gift");
                self.carry_out(decided);
            }
            Step::Trial { quantity } => {
                let start = StartTrial { product: CLOUD, plan: TIERED, quantity };
                let (moment, facts) = (self.moment(), self.facts());
                let holding = self.holding(&facts);
                let balances = facts.balances.as_slice();
                let facts = Facts { seller: &self.seller, holding, balances };
                let decided = start_trial::decide(&start, &facts, moment);
                assert_eq!(decided.is_ok(), self.grants.is_empty(), "tried once, and first");
                if let Ok(decided) = decided {
                    self.carry_out(decided);
                }
            }
        }
    }

    /// Time passes, and the requests whose last day is over expire.
    fn wait(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
        let issuer = self.seller.issuer().expect("a company").clone();
        let is_over = |view: &&DocumentView| {
            view.state.status == DocumentStatus::Pending
                && view.document.ends_at(&issuer).expect("in range") <= self.now
        };
        let over: Vec<DocumentId> =
            self.documents.iter().filter(is_over).map(|view| view.document.id).collect();
        for document in over {
            let command = expire::ExpireRequest { document, job: JobId(Uuid::nil()) };
            let (moment, facts) = (self.moment(), self.facts());
            let (view, balances) = (self.view(document), facts.balances.as_slice());
            let facts = expire::Facts { seller: &self.seller, view, balances };
            let decided = expire::decide(&command, &facts, moment).expect("it is over");
            self.carry_out(decided);
        }
    }

    /// Asks for money, after a quote for the same: the positions are the same, and so is the end
    /// where it is paid at once.
    fn request(&mut self, order: Order) {
        let (moment, facts) = (self.moment(), self.facts());
        let holding = self.holding(&facts);
        let payer = holding.customer.payer(None).expect("a payer");
        let (seller, issuer) = (&self.seller, self.seller.issuer().expect("a company"));
        let parties =
            Parties { seller, issuer, country: &payer.identity.country, kind: payer.kind };
        let quoted = quote::calculate(&order, parties, holding, moment.now);
        let balances = facts.balances.as_slice();
        let known = Facts { seller, holding, balances };
        let command = RequestPayment { order, payer: None };
        let decided = request_payment::decide(&command, &known, moment);
        let (Ok(quoted), Ok(decided)) = (&quoted, decided) else {
            assert!(quoted.is_err(), "a quote that can't be asked for");
            return;
        };
        let Outcome::PaymentRequest { view, quote: Some(made) } = &decided.outcome else {
            panic!("not a request")
        };
        let language = &holding.customer.profile.language;
        assert_eq!(**made, *quoted);
        assert_eq!(lines(quoted, seller, language), Ok(view.document.lines.clone()));
        assert_eq!(view.document.total, quoted.total);
        assert_explained(&view.document, self);
        let (is_paid, ends_at) = (view.state.status == DocumentStatus::Paid, quoted.expires_at);
        self.carry_out(decided);
        if is_paid {
            assert_eq!(self.periods.last().map(|period| period.ends_at), Some(ends_at));
        }
    }

    fn pay(&mut self, which: usize, percent: i64) {
        let requests: Vec<_> = (self.documents.iter())
            .filter(|view| view.document.kind == DocumentKind::PaymentRequest)
            .collect();
        let Some(view) = requests.iter().rev().nth(which % 4) else { return };
        let (document, due) = (view.document.id, view.outstanding().minor);
        let amount = Money::new((due * percent / 100).max(1), Currency::RUB);
        let source = PaymentSource::BankTransfer;
        let command = RecordPayment { document, amount, source, reference: None };
        let (moment, facts) = (self.moment(), self.facts());
        let known = record::Facts {
            seller: &self.seller,
            holding: self.holding(&facts),
            view: self.view(document),
            balances: &facts.balances,
            reference_taken: false,
        };
        let decided = record::decide(&command, &known, moment).expect("money always counts");
        let was = self.view(document).state.status;
        self.carry_out(decided);
        let view = self.view(document);
        if was == DocumentStatus::Pending && view.state.status == DocumentStatus::Paid {
            self.assert_given(&view.document);
        }
    }

    /// What was just paid gave what was asked for: up to the fixed end, behind what it was to
    /// follow.
    fn assert_given(&self, document: &Document) {
        let charge = document.charges().next().expect("a charge");
        let given = self.periods.last().expect("a period");
        assert_eq!((given.plan, given.quantity), (charge.licence.plan, charge.quantity));
        if let Term::Until { ends_at, follows, .. } = charge.licence.term {
            assert_eq!(given.ends_at, ends_at);
            let follows = follows.filter(|_| document.placement == Placement::Behind);
            assert_eq!(given.starts_at, follows.unwrap_or(self.now));
        }
    }

    fn refund(&mut self, which: usize, percent: i64, keep: Option<i64>) {
        let paid: Vec<_> =
            self.documents_of(DocumentKind::PaymentRequest, DocumentStatus::Paid).collect();
        let Some(view) = paid.iter().rev().nth(which % 4) else { return };
        let document = view.document.id;
        let left = view.state.paid.minus(view.state.refunded).expect("in range");
        let part = (percent < 100).then(|| left.share(percent, 100).expect("in range"));
        let command = RefundPayment {
            document,
            amount: part,
            quantity: part.and(keep),
            months: None,
            to: if which.is_multiple_of(2) { RefundTo::Bank } else { RefundTo::Credit },
            reference: None,
            reason: "by agreement".to_owned(),
        };
        let (moment, facts) = (self.moment(), self.facts());
        let is_left_over = |it: &&DocumentView| {
            it.document.follows == Some(document) && it.document.refund.is_none()
        };
        let left_over: Vec<_> = self.documents.iter().filter(is_left_over).cloned().collect();
        let refunds: Vec<_> =
            self.refunds.iter().filter(|refund| refund.document == document).cloned().collect();
        let posted = self.posted(document);
        let known = refund::Facts {
            seller: &self.seller,
            holding: self.holding(&facts),
            grants: &self.grants,
            cuts: &self.cuts,
            view: self.view(document),
            credited: &self.credited(),
            refunds: &refunds,
            left_over: &left_over,
            posted: &posted,
            balances: &facts.balances,
            reference_taken: false,
            is_under_way: false,
        };
        match refund::decide(&command, &known, moment) {
            Ok(decided) => {
                self.carry_out(decided);
            }
            Err(
                PaymentRefusal::ChangedLater
                | PaymentRefusal::FollowedByFixedEnd
                | PaymentRefusal::CreditUsed
                | PaymentRefusal::BadKeep { .. }
                | PaymentRefusal::NotPositive,
            ) => {}
            Err(refusal) => panic!("{refusal}"),
        }
    }

    fn cancel(&mut self, which: usize) {
        let pending: Vec<_> =
            self.documents_of(DocumentKind::PaymentRequest, DocumentStatus::Pending).collect();
        let Some(view) = pending.get(which) else { return };
        let document = view.document.id;
        let moment = self.moment();
        let facts = cancel::Facts { view: self.view(document) };
        let decided = cancel::decide(&cancel::CancelRequest { document }, &facts, moment);
        if let Ok(decided) = decided {
            self.carry_out(decided);
        }
    }
}

/// The derivation names every position and tax, and no rounding in it moves more than half a unit.
fn assert_explained(document: &Document, books: &Books) {
    let because = document.because(&books.seller, &BTreeMap::new(), &[]).expect("in range");
    assert_eq!(because.of.len(), document.lines.len() + document.taxes.len());
    assert_eq!(because.is, document.total.to_string());
    assert_rounded(&because);
}

fn assert_rounded(because: &Because) {
    if because.what == "rounding" {
        let (above, below) = because.is.split_once('/').unwrap_or((&because.is, "1"));
        let figure = |text: &str| Exact::parse(text).expect("a figure");
        let residue = figure(above).over(figure(below)).expect("in range");
        let half = Exact::ratio(1, 200).expect("a ratio");
        assert!(residue <= half && residue.negated().expect("in range") <= half, "{because:?}");
    }
    because.of.iter().for_each(assert_rounded);
}

/// What must hold at any time.
fn assert_laws(books: &Books) {
    let laid = books.periods.iter().map(|it| (it.starts_at, it.ends_at, it.plan, it.quantity));
    assert_eq!(laid.collect::<Vec<_>>(), model::pieces(books), "the fold of the grants");
    let back: i64 = books
        .refunds
        .iter()
        .filter(|refund| refund.to == RefundTo::Bank)
        .map(|refund| refund.amount.minor)
        .sum();
    assert_eq!(-books.balance(Account::CashBank), books.payments - back, "cash");
    assert!(books.balance(Account::CustomerCredit) >= 0, "credit");
    let waiting: i64 = books
        .documents_of(DocumentKind::PaymentRequest, DocumentStatus::Pending)
        .map(|view| view.state.paid.minor)
        .sum();
    assert_eq!(books.balance(Account::CustomerAllocated), waiting, "set aside");
    assert_tax(books);
    assert_credited_once(books);
    assert_not_stretched(books);
    assert_waiting_fits(books);
}

/// What waits and stands on the licence as it is would still be what was asked for.
fn assert_waiting_fits(books: &Books) {
    let facts = books.facts();
    let holding = books.holding(&facts);
    for waiting in &facts.changes {
        let fits = waiting.document.still_fits(holding, books.now);
        let is_over = waiting.document.charges().any(|line| match line.licence.term {
            Term::Until { ends_at, follows, .. } => {
                ends_at <= books.now || follows.is_some_and(|follows| follows <= books.now)
            }
            Term::Months(_) | Term::Days(_) => false,
        });
        assert!(fits == Ok(true) || is_over, "{waiting:?}");
    }
}

/// What ends on a fixed day is never more than was asked for: it begins where it was to, or later.
fn assert_not_stretched(books: &Books) {
    for period in &books.periods {
        let grant = books.grants.iter().find(|it| it.id == period.grant).expect("a grant");
        if let Term::Until { follows, .. } = grant.term {
            let follows = follows.filter(|_| grant.placement == Placement::Behind);
            assert!(period.starts_at >= follows.unwrap_or(grant.given_at), "{period:?}");
        }
    }
}

/// The tax that is owed is what the documents say, to the kopeck: what was sold, less the credit
/// notes.
fn assert_tax(books: &Books) {
    let mut owed: BTreeMap<TaxRate, i64> = BTreeMap::new();
    for view in &books.documents {
        let sign = match (view.document.kind, view.state.status) {
            (DocumentKind::PaymentRequest, DocumentStatus::Paid | DocumentStatus::Refunded) => 1,
            (DocumentKind::CreditNote, DocumentStatus::Issued) => -1,
            _ => continue,
        };
        for tax in &view.document.taxes {
            if let Some(rate) = tax.of.rate {
                *owed.entry(rate).or_default() += sign * tax.tax.minor;
            }
        }
    }
    for (rate, minor) in owed {
        assert_eq!(books.balance(Account::TaxPayable(rate)), minor, "tax of {rate}");
    }
}

/// No more of a grant is credited than was paid for it and didn't go back.
fn assert_credited_once(books: &Books) {
    for value in books.facts().values {
        let counts = |view: &&DocumentView| {
            matches!(view.state.status, DocumentStatus::Paid | DocumentStatus::Issued)
        };
        let lines = books.documents.iter().filter(counts).flat_map(|view| view.document.credits());
        let own = lines.filter(|(_, credit)| credit.grant == value.grant);
        let credited: i64 = own.map(|(line, _)| line.total.minor.abs()).sum();
        assert!(credited <= value.paid.minor, "{credited} of {}", value.paid);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn the_laws_hold_after_every_step_of_a_life(
        steps in prop::collection::vec(any_step(), 1..30),
        zone in prop::sample::select(&ZONES[..]),
        start in 1_640_000_000_i64..1_900_000_000,
    ) {
        let start = Timestamp::from_second(start).expect("an instant");
        let mut books = Books::new(zone, start);
        for step in steps {
            books.step(step);
            assert_laws(&books);
        }
    }
}

/// The dice reach the hard places: without this, laws that nothing touches would hold too.
#[test]
fn random_lives_reach_every_kind_of_document_term_and_refund() {
    let mut seen = BTreeMap::<&str, u32>::new();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let lives = prop::collection::vec(any_step(), 1..30);
    for _ in 0..1_500 {
        let steps = lives.new_tree(&mut runner).expect("a life").current();
        let mut books =
            Books::new("Europe/Madrid", Timestamp::from_second(1_769_000_000).expect("now"));
        steps.into_iter().for_each(|step| books.step(step));
        for mark in marks(&books) {
            *seen.entry(mark).or_default() += 1;
        }
    }
    for mark in [
        "change",
        "change up to the end",
        "credit note",
        "refund",
        "part refund",
        "cut",
        "refund of a change",
        "stub",
        "trial",
        "discount",
        "goodwill",
        "undone credit note",
    ] {
        assert!(seen.get(mark).is_some_and(|times| *times > 5), "{mark}: {seen:?}");
    }
}

fn marks(books: &Books) -> Vec<&'static str> {
    let mut marks = Vec::new();
    for view in &books.documents {
        let (document, status) = (&view.document, view.state.status);
        let is_paid = status == DocumentStatus::Paid;
        let is_change = document.placement != Placement::Behind;
        let charge = document.charges().next();
        let all = [
            ("change", is_paid && document.placement == Placement::Instead),
            ("change up to the end", is_paid && document.placement == Placement::Within),
            ("credit note", status == DocumentStatus::Issued),
            (
                "undone credit note",
                document.kind == DocumentKind::CreditNote && status == DocumentStatus::Canceled,
            ),
            ("refund", status == DocumentStatus::Refunded),
            ("part refund", is_paid && view.state.refunded.minor > 0),
            ("refund of a change", is_change && status == DocumentStatus::Refunded),
            ("stub", is_paid && !is_change && charge.is_some_and(|line| line.part.is_some())),
            ("discount", is_paid && charge.is_some_and(|line| !line.discounts.is_empty())),
        ];
        marks.extend(all.iter().filter(|(_, is_seen)| *is_seen).map(|(mark, _)| *mark));
    }
    let trials = books.grants.iter().any(|grant| grant.origin == Origin::Trial);
    let more = [
        ("trial", trials && books.grants.len() > 1),
        ("cut", books.cuts.iter().any(|cut| cut.quantity > 0)),
        ("goodwill", books.balance(Account::Goodwill) != 0),
    ];
    marks.extend(more.iter().filter(|(_, is_seen)| *is_seen).map(|(mark, _)| *mark));
    marks
}
