//! What a change is, as lines for people and as JSON for programs.

use crate::output;
use abono_domain::change::ChangeView;
use abono_domain::document::{Line, lines};
use abono_domain::ids::PlanId;
use abono_domain::language::Language;
use abono_domain::money::{Money, MoneyError};
use abono_domain::quote::Quote;
use abono_domain::risk::{Decider, Finding, Inputs, Verdict};
use abono_domain::seller::Seller;
use serde_json::{Value, json};

/// How much is said to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// What was decided, and what spoke against it.
    Brief,
    /// What it was measured by and what each rule found, too.
    Full,
}

/// How much is said, and whether a program reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    told: Told,
    as_json: bool,
}

impl Told {
    pub(crate) const fn shown(self, as_json: bool) -> Shown {
        Shown { told: self, as_json }
    }
}

/// A change, and the number of its subscription.
pub(crate) type Of<'a> = (&'a ChangeView, i64);

/// Shows a change.
pub(crate) fn show(of: Of<'_>, seller: &Seller, shown: Shown) {
    if shown.as_json {
        output::line(row(of, seller));
    } else {
        text(of, seller, shown.told).into_iter().for_each(output::line);
    }
}

/// The code of a plan.
pub(crate) fn plan(seller: &Seller, id: PlanId) -> &str {
    let mut products = seller.catalogue.products.iter();
    products.find_map(|product| product.plan(id)).map_or("?", |plan| plan.code.as_str())
}

/// Where a change stands, in one line.
pub(crate) fn headline((view, subscription): Of<'_>, seller: &Seller) -> String {
    let change = &view.change;
    let (from, to) = (plan(seller, change.from), plan(seller, change.to));
    // What is only looked at has no number.
    let number = match change.number {
        0 => String::new(),
        number => format!("change {number}: "),
    };
    let reason = view.reason.as_ref().map_or(String::new(), |why| format!(" ({why})"));
    let (on, status) = (change.effective_on, view.state.status.as_str());
    format!("{number}subscription {subscription}: {from} to {to} on {on}: {status}{reason}")
}

/// A change as lines.
fn text(of: Of<'_>, seller: &Seller, told: Told) -> Vec<String> {
    let (view, _) = of;
    let risk = &view.risk;
    let note = risk.note.as_ref().filter(|note| Some(*note) != view.reason.as_ref());
    let note = note.map_or(String::new(), |note| format!(": {note}"));
    let mut all = vec![headline(of, seller)];
    if view.change.number > 0 {
        all.push(format!("  asked for at {}", view.change.requested_at));
    }
    all.push(format!("  risk: {} by {}{note}", risk.verdict.as_str(), decider(&risk.by)));
    if told == Told::Full {
        all.push(format!("  measured: {}", measured(&risk.inputs)));
    }
    let is_told = |it: &&Finding| told == Told::Full || it.verdict != Verdict::Accepted;
    let finding =
        |it: &Finding| format!("    {}: {} ({})", it.rule, it.verdict.as_str(), it.reason);
    all.extend(risk.findings.iter().filter(is_told).map(finding));
    all
}

fn decider(by: &Decider) -> &str {
    match by {
        Decider::Rules => "the rules",
        Decider::Operator(name) => name,
    }
}

fn measured(inputs: &Inputs) -> String {
    let Inputs { price_before, price_after, overdue, credit, .. } = inputs;
    let Inputs { tenure_days, commitment_days, requests, .. } = inputs;
    format!(
        "price {price_before} to {price_after}, overdue {overdue}, credit {credit}, \
         customer for {tenure_days} days, bound for {commitment_days} days, \
         {requests} changes before"
    )
}

/// A change as JSON.
pub(crate) fn row((view, subscription): Of<'_>, seller: &Seller) -> Value {
    let (change, risk) = (&view.change, &view.risk);
    let inputs = &risk.inputs;
    let findings = risk.findings.iter().map(|it| {
        let (rule, verdict, reason) = (&it.rule, it.verdict.as_str(), &it.reason);
        json!({"rule": rule, "verdict": verdict, "reason": reason})
    });
    json!({
        "change": (change.number > 0).then_some(change.number),
        "subscription": subscription,
        "from": plan(seller, change.from),
        "to": plan(seller, change.to),
        "on": change.effective_on.to_string(),
        "status": view.state.status.as_str(),
        "reason": view.reason,
        "requested_at": change.requested_at.to_string(),
        "updated_at": view.state.updated_at.to_string(),
        "risk": {
            "verdict": risk.verdict.as_str(),
            "by": decider(&risk.by),
            "note": risk.note,
            "decided_at": risk.decided_at.to_string(),
            "lapses_on": risk.lapses_on.map(|day| day.to_string()),
            "price_before": inputs.price_before.decimal(),
            "price_after": inputs.price_after.decimal(),
            "overdue": inputs.overdue.decimal(),
            "credit": inputs.credit.decimal(),
            "currency": inputs.credit.currency.code(),
            "tenure_days": inputs.tenure_days,
            "commitment_days": inputs.commitment_days,
            "requests": inputs.requests,
            "findings": findings.collect::<Vec<_>>(),
        },
    })
}

/// What a change charges and credits, as it would be printed.
pub(crate) struct Quoted {
    positions: Vec<Line>,
    total: Money,
}

impl Quoted {
    pub(crate) fn of(
        quote: &Quote,
        seller: &Seller,
        language: &Language,
    ) -> Result<Self, MoneyError> {
        Ok(Self { positions: lines(quote, seller, language)?, total: quote.total })
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let positions = self.positions.iter();
        let mut all: Vec<String> =
            positions.map(|line| format!("  {}: {}", line.name, line.total)).collect();
        all.push(format!("  total: {}", self.total));
        all
    }

    pub(crate) fn row(&self) -> Value {
        let position = |line: &Line| json!({"name": line.name, "total": line.total.decimal()});
        let positions: Vec<Value> = self.positions.iter().map(position).collect();
        let (total, currency) = (self.total.decimal(), self.total.currency.code());
        json!({"lines": positions, "total": total, "currency": currency})
    }
}
