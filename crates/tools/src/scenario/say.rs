//! What was answered, as lines for people: numbers and codes, never an id.

use super::file::{GrantFile, OrderFile, PayFile, RefundFile, TrialFile};
use super::read::Verb;
use super::{say_changes, say_groups, state};
use abono_domain::decision::Outcome;
use abono_domain::document::explain::Because;
use abono_domain::document::{Document, DocumentStatus, DocumentView, Line};
use abono_domain::payment::PaymentView;
use abono_domain::quote::Quote;
use abono_domain::seller::Difference;
use abono_domain::tax::TaxCategory;
use abono_engine::views::{Shelf, Shown};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// An instant on a wall, and the same in UTC, to the second: decisions at one instant are told
/// apart by microseconds that nobody needs to read.
pub(super) fn instant(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z");
    format!("{local} ({}Z)", at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S"))
}

/// What a step does, as its headline.
pub(super) fn headline(verb: &Verb) -> String {
    match verb {
        Verb::List(customer) => format!("list what {customer} can buy"),
        Verb::Quote(order) => format!("quote {}", wanted(order)),
        Verb::Request(order) => {
            let called = order.name.as_ref().map_or(String::new(), |name| format!(" \"{name}\""));
            format!("request{called} {}", wanted(order))
        }
        Verb::Cancel(name) => format!("cancel \"{name}\""),
        Verb::Pay(PayFile { request, amount, currency, reference }) => {
            let currency = currency.as_ref().map_or(String::new(), |code| format!(" {code}"));
            let reference = reference.as_ref().map_or(String::new(), |it| format!(", as {it}"));
            format!("pay {amount}{currency} for \"{request}\"{reference}")
        }
        Verb::Refund(RefundFile { request, amount, quantity, months, reference, reason }) => {
            let amount = amount.as_deref().unwrap_or("what is left");
            let units = quantity.map_or(String::new(), |left| format!(", leaving x {left}"));
            let months =
                months.map_or(String::new(), |left| format!(", leaving {}", self::months(left)));
            let reference = reference.as_ref().map_or(String::new(), |it| format!(", as {it}"));
            format!("refund {amount} of \"{request}\"{units}{months}{reference}: {reason}")
        }
        Verb::Grant(GrantFile { customer, product, plan, quantity, months, reason }) => {
            format!(
                "grant {customer}: {product} {plan} x {quantity}, {}: {reason}",
                self::months(*months)
            )
        }
        Verb::Trial(TrialFile { customer, product, plan, quantity }) => {
            format!("trial for {customer}: {product} {plan} x {quantity}")
        }
        Verb::Explain(name) => format!("explain \"{name}\""),
        Verb::Start(file) => say_changes::start(file),
        Verb::Change(file) => say_changes::asked("change", file),
        Verb::Preview(file) => say_changes::asked("preview", file),
        Verb::Withdraw(file) => say_changes::decided("withdraw", file),
        Verb::Approve(file) => say_changes::decided("approve", file),
        Verb::Reject(file) => say_changes::decided("reject", file),
        Verb::End(file) => say_changes::ended(file),
        Verb::Add(file) => say_groups::add(file),
        Verb::Terminate(file) => say_groups::asked("terminate", file),
        Verb::Foresee(file) => say_groups::asked("foresee the end of", file),
        Verb::WithdrawTermination(file) => {
            format!("withdraw the termination of \"{}\"", file.product)
        }
        Verb::Apply(_) => "apply a seller's file".to_owned(),
        Verb::Wait(what) => format!("wait: {what}"),
    }
}

fn wanted(order: &OrderFile) -> String {
    let OrderFile { customer, product, plan, quantity, months, payer, name: _ } = order;
    let payer = payer.as_ref().map_or(String::new(), |payer| format!(", paid by {payer}"));
    format!("for {customer}: {product} {plan} x {quantity}, {}{payer}", self::months(*months))
}

/// What came of a command. `zone` is that of the customer.
pub(super) fn outcome(outcome: &Outcome, zone: &TimeZone) -> Vec<String> {
    match outcome {
        Outcome::PaymentRequest { view, quote } => {
            let mut lines = vec![document_head(view)];
            lines.extend(document_body(&view.document));
            let runs = match view.state.status {
                DocumentStatus::Paid => RUNS,
                DocumentStatus::Pending
                | DocumentStatus::Canceled
                | DocumentStatus::Refunded
                | DocumentStatus::Issued => "paid now, it would run until",
            };
            let end = |quote: &Quote| format!("{runs} {}", instant(quote.expires_at, zone));
            lines.extend(quote.as_deref().map(end));
            lines
        }
        Outcome::Payment(view) => payment(view),
        Outcome::Licence { .. } => vec!["it is given".to_owned()],
        Outcome::Seller { differences, .. } | Outcome::Customer { differences, .. } => {
            self::differences(differences)
        }
        // These are told by what they change.
        Outcome::Subscription { .. } | Outcome::Cycle { .. } | Outcome::Change { .. } => Vec::new(),
        Outcome::Group(_) | Outcome::Termination { .. } => Vec::new(),
        Outcome::Checkout(_) | Outcome::Heard { .. } | Outcome::ProviderRefund { .. } => Vec::new(),
        Outcome::Delivery { .. } | Outcome::Key(_) | Outcome::Clock(_) => Vec::new(),
    }
}

/// What went back for a request.
pub(super) fn refunded(outcome: &Outcome) -> Vec<String> {
    let Outcome::PaymentRequest { view, .. } = outcome else { return Vec::new() };
    let (number, state) = (view.document.number(), &view.state);
    vec![format!("{number} is {}; {} went back in all", state.status.as_str(), state.refunded)]
}

/// A quote is the request that would be made, without its number.
pub(super) fn quote(outcome: &Outcome, zone: &TimeZone) -> Vec<String> {
    let mut lines = self::outcome(outcome, zone);
    if let Some(head) = lines.first_mut() {
        *head = "it would be:".to_owned();
    }
    // Where the credit covers it, the request that would be made would be paid.
    let last = lines.last_mut().filter(|last| last.starts_with(RUNS));
    if let Some(last) = last {
        *last = last.replacen(RUNS, WOULD_RUN, 1);
    }
    lines
}

const RUNS: &str = "it runs until";
const WOULD_RUN: &str = "paid now, it would run until";

fn document_head(view: &DocumentView) -> String {
    let document = &view.document;
    let (number, status) = (document.number(), view.state.status.as_str());
    let on = document.issued.on;
    let until = document.valid_until.map_or(String::new(), |day| format!(", payable until {day}"));
    format!("{number} of {on} to {}: {status}{until}", document.payer.name)
}

/// The derivation of a document, a line for each step, deeper ones further in.
pub(super) fn because(because: &Because, depth: usize) -> Vec<String> {
    let Because { what, is, rule, of } = because;
    let rule = if rule.is_empty() { String::new() } else { format!(" ({rule})") };
    let mut lines = vec![format!("{}{what}: {is}{rule}", "  ".repeat(depth))];
    lines.extend(of.iter().flat_map(|step| self::because(step, depth + 1)));
    lines
}

fn document_body(document: &Document) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(document.lines.iter().map(line));
    for tax in &document.taxes {
        // The rate says all of the two that are charged at home.
        let category = tax.of.category;
        let category = match [TaxCategory::Standard, TaxCategory::Exempt].contains(&category) {
            true => String::new(),
            false => format!(" ({})", category.as_str()),
        };
        let rate = tax.of.rate.map_or("no tax".to_owned(), |rate| format!("tax {rate}"));
        let rate = format!("{rate}{category}");
        let (base, tax) = (tax.base.decimal(), tax.tax.decimal());
        lines.push(format!("{rate}: {tax} on {base}"));
    }
    lines.push(format!("total {}", document.total));
    lines
}

/// A position: name, quantity, price, and what it comes to.
pub(super) fn line(line: &Line) -> String {
    let (price, total) = (line.unit_price.decimal(), line.total);
    let taken = line.discounts.iter().map(|it| format!(" - {} {}", it.code, it.amount.decimal()));
    let taken: String = taken.collect();
    let added = match line.tax_added.minor {
        0 => String::new(),
        _ => format!(" + tax {}", line.tax_added.decimal()),
    };
    // What is a part of a period, not the same for each unit, or without tax, says what it comes
    // to.
    let full = line.unit_price.times(line.quantity).ok();
    let part = match full == Some(line.subtotal) {
        true => String::new(),
        false => format!(" -> {}", line.subtotal.decimal()),
    };
    format!("{}: {} x {price}{part}{taken}{added} = {total}", line.name, line.quantity)
}

pub(super) fn months(count: i64) -> String {
    if count == 1 { "1 month".to_owned() } else { format!("{count} months") }
}

fn payment(view: &PaymentView) -> Vec<String> {
    let (amount, document) = (view.payment.amount, &view.document);
    let number = document.document.number();
    vec![format!(
        "{amount} came in: {} for {number}, which is {}; the credit is {}",
        view.allocated,
        document.state.status.as_str(),
        view.credit
    )]
}

/// What changed in what is sold, or in a customer.
pub(super) fn differences(differences: &[Difference]) -> Vec<String> {
    let facts = |side: fn(&Difference) -> &Option<String>| {
        let one = |it: &Difference| Some((it.path.clone(), side(it).clone()?));
        differences.iter().filter_map(one).collect::<state::Facts>()
    };
    match state::changes(&facts(|it| &it.before), &facts(|it| &it.after)) {
        nothing if nothing.is_empty() => vec!["nothing changes".to_owned()],
        changes => changes,
    }
}

/// What is on a customer's shelf.
pub(super) fn shelf(shelf: &Shelf) -> Vec<String> {
    let settings = &shelf.seller.settings;
    let language = &shelf.customer.profile.language;
    let name = |names: &abono_domain::language::Names, code: &str| {
        names.in_language(language, &settings.language).unwrap_or(code).to_owned()
    };
    let mut lines = Vec::new();
    for offer in shelf.offers() {
        let product = name(&offer.product.names, &offer.product.code);
        lines.push(format!("{} ({product})", offer.product.code));
        for (plan, prices) in &offer.plans {
            lines.push(format!("  {} ({})", plan.code, name(&plan.names, &plan.code)));
            lines.extend(prices.iter().map(|price| format!("    {}", self::price(price))));
        }
    }
    lines
}

fn price(shown: &Shown<'_>) -> String {
    let (months, paid, list) = (months(shown.price.point.months), shown.final_price, shown.list);
    let instead = if paid == list { String::new() } else { format!(" instead of {list}") };
    format!("{months}: {paid}{instead}")
}
