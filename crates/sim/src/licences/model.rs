//! The plain model: what the books must say after a list of deeds, without SQL, guards or the
//! engine's calendar. Its months are counted by hand.

use super::market::Deal;
use crate::days::{DAY, civil, months_after};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Something that was done to a customer's books, as answered to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Money was asked for.
    Requested {
        /// By which request.
        document: Uuid,
        /// For what.
        deal: Deal,
    },
    /// Money came.
    Paid {
        /// For which request.
        document: Uuid,
        /// How much.
        minor: i64,
    },
    /// A licence was given by hand.
    Granted(Deal),
    /// All that was paid for it went back.
    Refunded {
        /// For which request.
        document: Uuid,
    },
    /// It was canceled at that instant: then at a client's wish, or because it had expired.
    Canceled {
        /// Which request.
        document: Uuid,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Paid,
    Canceled,
    Refunded,
}

/// A request in the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) deal: Deal,
    /// What is to be paid: the deal's price, less what a change credits.
    pub(crate) total: i64,
    /// Whether it changes a licence that runs.
    instead: bool,
    /// What it credits of each piece, by when that was given.
    credits: Vec<(i64, i64)>,
    /// What the change left over to the customer.
    left_over: i64,
    pub(crate) paid: i64,
    pub(crate) status: Status,
    /// From this instant on it can't be paid.
    expires_at: i64,
}

/// Something that was given, and not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Given {
    at: i64,
    deal: Deal,
    /// What was paid for it; nothing for a gift.
    paid: i64,
    /// Whether it took the place of what ran.
    instead: bool,
    document: Option<Uuid>,
}

/// A laid piece of licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) deal: Deal,
    given: Given,
    anchor: i64,
    months_to: i64,
    /// How many local days it had when it was laid.
    days: i64,
}

/// One customer's books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) credit: i64,
    pub(crate) requests: BTreeMap<Uuid, Request>,
    pub(crate) licence: Vec<Piece>,
    given: Vec<Given>,
}

impl Account {
    /// Does a deed at an instant, in microseconds; says what is impossible about it.
    pub(crate) fn apply(&mut self, at: i64, deed: &Deed, valid_days: i64) -> Result<(), String> {
        match deed {
            Deed::Requested { document, deal } => {
                let instead = self.runs_other(at, deal);
                let credits = if instead { self.credits(at, deal.total) } else { Vec::new() };
                let total = deal.total - credits.iter().map(|(_, credit)| credit).sum::<i64>();
                let expires_at = after_banking_days(at, valid_days);
                let (deal, paid, status) = (*deal, 0, Status::Pending);
                let left_over = 0;
                let request =
                    Request { deal, total, instead, credits, left_over, paid, status, expires_at };
                self.requests.insert(*document, request);
                if self.credit >= total {
                    self.settle(at, *document);
                }
            }
            Deed::Paid { document, minor } => {
                self.credit += minor;
                self.lapse(at, *document);
                self.settle(at, *document);
            }
            Deed::Granted(deal) => {
                self.give(Given { at, deal: *deal, paid: 0, instead: false, document: None });
            }
            Deed::Refunded { document } => self.refund(at, *document)?,
            Deed::Canceled { document } => {
                let request = self.requests.get_mut(document).ok_or("an unknown one canceled")?;
                let may_be = request.paid == 0 || at >= request.expires_at;
                if request.status != Status::Pending || !may_be {
                    return Err(format!("it could not be canceled at {at}: {request:?}"));
                }
                self.credit += request.paid;
                request.paid = 0;
                request.status = Status::Canceled;
            }
        }
        Ok(())
    }

    fn runs_other(&self, at: i64, deal: &Deal) -> bool {
        let mut pieces = self.licence.iter();
        let running = pieces.find(|piece| piece.starts_at <= at && at < piece.ends_at);
        running.is_some_and(|p| (p.deal.plan, p.deal.quantity) != (deal.plan, deal.quantity))
    }

    /// A request that is past its last day is canceled by the money that comes too late.
    fn lapse(&mut self, at: i64, document: Uuid) {
        let Some(request) = self.requests.get_mut(&document) else { return };
        if request.status == Status::Pending && at >= request.expires_at {
            self.credit += request.paid;
            request.paid = 0;
            request.status = Status::Canceled;
        }
    }

    /// What was paid for the days that are left of each piece, by local dates, each rounded by
    /// itself.
    fn unused(&self, at: i64) -> Vec<(i64, i64)> {
        let ahead = self.licence.iter().filter(|piece| piece.ends_at > at);
        let value = |piece: &Piece| {
            let today = local_day(at).max(local_day(piece.starts_at));
            let left = local_day(piece.ends_at) - today;
            let (n, d) = (i128::from(piece.given.paid) * i128::from(left), i128::from(piece.days));
            (piece.given.at, i64::try_from((2 * n + d) / (2 * d)).unwrap_or(i64::MAX))
        };
        ahead.map(value).collect()
    }

    /// What a change credits, until its price is covered.
    fn credits(&self, at: i64, mut open: i64) -> Vec<(i64, i64)> {
        let mut credits = self.unused(at);
        for (_, value) in &mut credits {
            *value = (*value).min(open);
            open -= *value;
        }
        credits
    }

    fn settle(&mut self, at: i64, document: Uuid) {
        let Some(request) = self.requests.get_mut(&document) else { return };
        if request.status != Status::Pending {
            return;
        }
        let part = self.credit.min(request.total - request.paid);
        self.credit -= part;
        request.paid += part;
        if request.paid != request.total {
            return;
        }
        request.status = Status::Paid;
        let (deal, instead, credits) = (request.deal, request.instead, request.credits.clone());
        if instead {
            let left_over = self.change(at, &credits);
            self.credit += left_over;
            if let Some(request) = self.requests.get_mut(&document) {
                request.left_over = left_over;
            }
        }
        let document = Some(document);
        self.give(Given { at, deal, paid: deal.total, instead, document });
    }

    /// Takes back what a paid request gave, and lays the rest anew.
    fn refund(&mut self, at: i64, document: Uuid) -> Result<(), String> {
        let given = self.given.iter().find(|given| given.document == Some(document)).copied();
        let given = given.ok_or_else(|| format!("nothing of {document} could go back at {at}"))?;
        let is_live = |(id, request): (&Uuid, &Request)| {
            let credits = request.credits.iter().any(|(of, part)| *of == given.at && *part > 0);
            credits && request.status == Status::Paid && *id != document
        };
        if self.requests.iter().any(is_live) {
            return Err(format!("{document} went back at {at}, though a change credits it"));
        }
        let request = self.requests.get_mut(&document).ok_or("an unknown one went back")?;
        request.status = Status::Refunded;
        self.credit -= request.left_over;
        if self.credit < 0 {
            return Err(format!("{document} went back at {at}, though its credit was spent"));
        }
        self.cancel_changes();
        let left = std::mem::take(&mut self.given);
        self.licence.clear();
        for given in left.into_iter().filter(|given| given.document != Some(document)) {
            self.give(given);
        }
        Ok(())
    }

    /// What is unused beyond what the document credits of each piece; the other changes are
    /// canceled.
    fn change(&mut self, at: i64, credits: &[(i64, i64)]) -> i64 {
        self.cancel_changes();
        let credit =
            |given: i64| credits.iter().find(|(of, _)| *of == given).map_or(0, |(_, c)| *c);
        self.unused(at).into_iter().map(|(given, value)| (value - credit(given)).max(0)).sum()
    }

    /// The licence isn't any more what the changes that wait would change.
    fn cancel_changes(&mut self) {
        for change in self.requests.values_mut() {
            if change.instead && change.status == Status::Pending {
                self.credit += change.paid;
                change.paid = 0;
                change.status = Status::Canceled;
            }
        }
    }

    /// Lays it behind what runs, or in the place of that.
    fn give(&mut self, given: Given) {
        let Given { at, deal, instead, .. } = given;
        self.given.push(given);
        if instead {
            self.licence.retain(|piece| piece.starts_at < at);
            if let Some(last) = self.licence.last_mut() {
                last.ends_at = last.ends_at.min(at);
            }
        }
        let running = self.licence.last().filter(|piece| piece.ends_at > at);
        let (starts_at, anchor, before) =
            running.map_or((at, at, 0), |piece| (piece.ends_at, piece.anchor, piece.months_to));
        let months_to = before + deal.months;
        let ends_at = months_later(anchor, months_to);
        let days = local_day(ends_at) - local_day(starts_at);
        self.licence.push(Piece { starts_at, ends_at, deal, given, anchor, months_to, days });
    }
}

const ZONE: i64 = 3 * 3_600_000_000;

fn local_day(at: i64) -> i64 {
    (at + ZONE).div_euclid(DAY)
}

/// The same local time of day `months` months later, on the month's last day where it is shorter.
fn months_later(anchor: i64, months: i64) -> i64 {
    let local = anchor + ZONE;
    months_after(local.div_euclid(DAY), months) * DAY + local.rem_euclid(DAY) - ZONE
}

/// The first instant after the last of `count` banking days that follow the local day of `at`.
fn after_banking_days(at: i64, count: i64) -> i64 {
    let mut day = (at + ZONE).div_euclid(DAY);
    for _ in 0..count {
        day += 1;
        while !is_banking_day(day) {
            day += 1;
        }
    }
    (day + 1) * DAY - ZONE
}

/// Which days banks work is a table of facts, with tests of its own: it is not told twice.
fn is_banking_day(day: i64) -> bool {
    let (year, month, day) = civil(day);
    let part = |figure: i64| i8::try_from(figure).unwrap_or(1);
    let year = i16::try_from(year).unwrap_or(1);
    abono_domain::calendar::is_banking_day("RU", jiff::civil::date(year, part(month), part(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_counts_months_as_the_law_says() {
        let micros =
            |text: &str| text.parse::<jiff::Timestamp>().expect("instant").as_microsecond();
        let anchor = micros("2026-01-31T10:00:00Z");
        assert_eq!(months_later(anchor, 1), micros("2026-02-28T10:00:00Z"));
        assert_eq!(months_later(anchor, 2), micros("2026-03-31T10:00:00Z"));
        assert_eq!(months_later(anchor, 13), micros("2027-02-28T10:00:00Z"));
        let friday = micros("2026-01-30T10:00:00Z");
        assert_eq!(after_banking_days(friday, 5), micros("2026-02-06T21:00:00Z"));
    }
}
