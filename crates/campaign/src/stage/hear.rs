//! What was sent and answered, as everybody outside has it: the other half of what the books are
//! compared with.

use super::ask::{Answer, Done, Known, KnownLine, KnownRequest, Sent};
use super::world::World;
use crate::case::{What, Wish};
use crate::laws::Broken;
use crate::sellers::{PLANS, customer, deal};
use crate::sometimes;
use abono_domain::ids::{CustomerId, PlanId};
use abono_sim::{cycles, licences};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// All that was sent and answered.
#[derive(Default)]
pub(crate) struct Story {
    pub(crate) known: Known,
    /// What was done for the seller of licences: for which customer, when, what.
    pub(crate) bought: Vec<(usize, i64, licences::Deed)>,
    /// Requests that somebody tried to cancel.
    pub(crate) to_cancel: BTreeSet<Uuid>,
    /// Requests that were answered as canceled.
    pub(crate) canceled: BTreeSet<Uuid>,
    /// What was done for the telecom.
    pub(crate) subscribed: Vec<(CustomerId, i64, cycles::Deed)>,
    /// Changes that were asked for over HTTP.
    pub(crate) changes: Vec<Asked>,
    heard: BTreeSet<usize>,
}

/// A change that was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: Uuid,
    pub(crate) to: PlanId,
    pub(crate) on: Option<Date>,
    /// Sent and answered.
    pub(crate) between: (i64, i64),
    pub(crate) status: u16,
}

impl Story {
    /// A message was heard.
    pub(crate) fn heard(&mut self, letter: usize) {
        sometimes!("letter: heard twice", !self.heard.insert(letter));
    }

    /// A wish was answered.
    pub(crate) fn take_in(
        &mut self,
        number: usize,
        wish: &Wish,
        sent: &Sent,
        answer: &Answer,
        between: (i64, i64),
        world: &World,
    ) -> Result<(), Broken> {
        match answer {
            Answer::Http { status: 401 | 405 | 415, body, .. } => {
                Err(Broken::new("what is sent is understood", format!("{sent:?}: {body}")))
            }
            Answer::Http { status, to, body } => {
                let heard = Heard { number, sent, status: *status, to: to.as_deref(), body };
                self.of_http(wish, &heard, between, world)
            }
            Answer::Done(done) => self.of_operator(wish, sent, done),
            Answer::Declined(_) => {
                sometimes!("refund: declined", matches!(wish.what, What::Refund(_)));
                Ok(())
            }
            Answer::Nothing | Answer::Again(_) => Ok(()),
        }
    }

    fn of_http(
        &mut self,
        wish: &Wish,
        heard: &Heard<'_>,
        between: (i64, i64),
        world: &World,
    ) -> Result<(), Broken> {
        let is_good = heard.status < 300;
        match wish.what {
            What::Quote(_) => {
                sometimes!("quote: agrees", is_good);
                heard.found()
            }
            What::Request(deal) if is_good => self.requested(wish.of, deal, heard),
            What::Request(_) => heard.found(),
            What::List => self.listed(wish.of, heard, between),
            What::Cancel(_) => {
                let id = heard.id_in_path()?;
                self.to_cancel.insert(id);
                sometimes!("cancel: done", is_good);
                sometimes!("cancel: declined", !is_good);
                if is_good {
                    self.canceled.insert(id);
                }
                heard.found()
            }
            What::Foreign(_) => {
                sometimes!("foreign: as unknown", heard.status == 404);
                let is_hidden = matches!(heard.status, 404 | 403);
                let found = || format!("{:?} found {}", heard.sent, heard.body);
                is_hidden
                    .then_some(())
                    .ok_or_else(|| Broken::new("what is foreign is hidden", found()))
            }
            What::Card(_, buyer) => {
                let provider = heard.to.filter(|to| to.starts_with("https://pay.example/"));
                sometimes!("card: led back", heard.status == 303 && provider.is_none());
                sometimes!("card: refused", heard.status == 200);
                if let Some(to) = provider {
                    world.provider.lock().show(to, buyer);
                }
                heard.found()
            }
            What::Change(_, plan, _) => self.changed(plan, heard, between),
            What::Look(_) => heard.found(),
            What::Transfer(..)
            | What::Grant(_)
            | What::Refund(_)
            | What::Start(..)
            | What::Decide(..)
            | What::Withdraw(_)
            | What::End(_)
            | What::Settle(..) => Ok(()),
        }
    }

    fn requested(&mut self, of: usize, number: usize, heard: &Heard<'_>) -> Result<(), Broken> {
        let json = heard.json()?;
        let wrong = || Broken::new("an invoice is answered whole", heard.body);
        let text = |name: &str| json[name].as_str().ok_or_else(wrong);
        let id: Uuid = text("guid")?.parse().map_err(|_| wrong())?;
        let total = json["total_sum"]["value"].as_i64().ok_or_else(wrong)?;
        let created_at = text("created_at")?.parse().map_err(|_| wrong())?;
        let link = json["payment_by_card_link"].as_str();
        let link = link.and_then(|it| it.strip_prefix(super::node::PUBLIC_URL)).map(str::to_owned);
        if self.known.requests.iter().any(|known| known.id == id) {
            return Err(Broken::new("two keys are two invoices", id));
        }
        sometimes!("request: done", true);
        sometimes!("request: a change of what runs", total < deal(number).total);
        sometimes!("credit paid a request at once", json["status"] == "Paid");
        self.known.requests.push(KnownRequest {
            customer: of,
            id,
            deal: number,
            total,
            created_at,
            link,
        });
        Ok(())
    }

    /// All that was answered before this was sent must be there, and nothing that nobody asked for.
    fn listed(&self, of: usize, heard: &Heard<'_>, between: (i64, i64)) -> Result<(), Broken> {
        heard.found()?;
        let json = heard.json()?;
        let count = json["items_total"].as_i64().unwrap_or(-1);
        let before = self.known.requests.iter().filter(|known| {
            known.customer == of && known.created_at.as_microsecond() < between.0 - 7_200_000_000
        });
        let before = i64::try_from(before.count()).unwrap_or(i64::MAX);
        sometimes!("list: agrees", count >= before);
        let why = format!("{before} were answered before, {count} are listed");
        (count >= before).then_some(()).ok_or_else(|| Broken::new("what was answered stays", why))
    }

    fn changed(
        &mut self,
        plan: usize,
        heard: &Heard<'_>,
        between: (i64, i64),
    ) -> Result<(), Broken> {
        let line = heard.line_in_path(&self.known)?;
        let to = PLANS[plan % PLANS.len()].0;
        let on = heard.day()?;
        let status = heard.status;
        sometimes!("change: accepted", status == 201);
        sometimes!("change: to be looked at", heard.body.contains("REVIEW"));
        sometimes!("change: rejected", heard.body.contains("REJECTED"));
        sometimes!("change: declined", matches!(status, 400 | 422));
        self.changes.push(Asked { line, to, on, between, status });
        heard.found()
    }

    fn of_operator(&mut self, wish: &Wish, sent: &Sent, done: &Done) -> Result<(), Broken> {
        let of = wish.of;
        let own = match sent {
            Sent::Command(_, command) => command.customer().unwrap_or(customer(of)),
            Sent::Lookup(own) => *own,
            Sent::Http(_) => customer(of),
        };
        let Done { at, id, of: subscription, figure } = *done;
        let bought = |deed| Some((of, at, deed));
        let (bought, subscribed) = match wish.what {
            What::Transfer(_, part) => {
                sometimes!("transfer: a part", part % 4 == 1 || part % 4 == 2);
                sometimes!("transfer: more than is due", part % 4 == 3);
                (bought(licences::Deed::Paid { document: id, minor: figure }), None)
            }
            What::Grant(number) => {
                sometimes!("grant: done", true);
                (bought(licences::Deed::Granted(deal(number))), None)
            }
            What::Refund(_) => {
                sometimes!("refund: done", true);
                (bought(licences::Deed::Refunded { document: id }), None)
            }
            What::Start(plan, quantity, billing_day) => {
                sometimes!("start: done", true);
                self.known.lines.push(KnownLine { customer: of, id, number: figure });
                let plan = PLANS[plan % PLANS.len()].0;
                let order = cycles::Order { plan, quantity, months: 1, billing_day };
                (None, Some(cycles::Deed::Started { subscription, order }))
            }
            What::Decide(_, approve) => {
                sometimes!("decide: done", true);
                (None, Some(cycles::Deed::Decided { subscription, change: id, approve }))
            }
            What::Withdraw(_) => {
                sometimes!("withdraw: done", true);
                (None, Some(cycles::Deed::Withdrawn { subscription, change: id }))
            }
            What::End(_) => (None, Some(cycles::Deed::Ending { subscription })),
            What::Settle(_, part) => {
                sometimes!("settle: done", true);
                sometimes!("settle: more than is due", part % 4 == 3);
                (None, Some(cycles::Deed::Paid { document: id, minor: figure }))
            }
            What::Quote(_)
            | What::Request(_)
            | What::List
            | What::Cancel(_)
            | What::Foreign(_)
            | What::Card(..)
            | What::Change(..)
            | What::Look(_) => (None, None),
        };
        self.bought.extend(bought);
        self.subscribed.extend(subscribed.map(|deed| (own, at, deed)));
        Ok(())
    }
}

/// An answer over HTTP, with what was asked.
struct Heard<'a> {
    number: usize,
    sent: &'a Sent,
    status: u16,
    to: Option<&'a str>,
    body: &'a str,
}

impl Heard<'_> {
    fn json(&self) -> Result<Value, Broken> {
        serde_json::from_str(self.body).map_err(|_| Broken::new("JSON is answered", self.body))
    }

    /// What one has is never answered as unknown, nor as somebody else's.
    fn found(&self) -> Result<(), Broken> {
        if !matches!(self.status, 403 | 404) {
            return Ok(());
        }
        let why = format!("{} ({}): {:?}", self.status, self.number, self.sent);
        Err(Broken::new("what was answered stays", why))
    }

    fn http(&self) -> Result<&super::ask::Http, Broken> {
        match self.sent {
            Sent::Http(http) => Ok(http),
            Sent::Command(..) | Sent::Lookup(_) => Err(Broken::new("it is HTTP", self.number)),
        }
    }

    fn id_in_path(&self) -> Result<Uuid, Broken> {
        let path = &self.http()?.path;
        let id = path.rsplit('/').next().and_then(|it| it.split(':').next());
        let id = id.and_then(|id| id.parse().ok());
        id.ok_or_else(|| Broken::new("a path has an id", path))
    }

    fn line_in_path(&self, known: &Known) -> Result<Uuid, Broken> {
        let path = &self.http()?.path;
        let number: Option<i64> = path.split('/').nth(5).and_then(|it| it.parse().ok());
        let line = known.lines.iter().find(|line| Some(line.number) == number);
        line.map(|line| line.id).ok_or_else(|| Broken::new("a path has a line", path))
    }

    fn day(&self) -> Result<Option<Date>, Broken> {
        let json: Value = serde_json::from_str(&self.http()?.body).unwrap_or_default();
        Ok(json["scheduled_date"].as_str().and_then(|day| day.parse().ok()))
    }
}
