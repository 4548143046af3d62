//! Subscriptions are started, billed and ended, and invoices are paid.

use super::{Account, Cycle, Invoice, Now, Order, Stop, Subscription, wrong};
use crate::cycles::wall;
use crate::days::civil;
use crate::run::Marks;
use uuid::Uuid;

impl Account {
    pub(super) fn start(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        order: &Order,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let Order { plan, quantity, months, billing_day } = *order;
        if now.is_archived(plan) || now.price(plan, months).is_none() {
            return Err(Stop::Declined("it is not sold"));
        }
        let today = now.today();
        let (_, _, day_of_month) = civil(today);
        let mut own = Subscription {
            id,
            started_on: today,
            months,
            billing_day: billing_day.unwrap_or(day_of_month),
            quantity,
            plan,
            history: vec![(plan, today)],
            cycles: Vec::new(),
            billed_until: today,
            ends_on: None,
            is_ended: false,
            changes: Vec::new(),
            confirmations: Vec::new(),
            bound: Vec::new(),
            running: (today, 0),
        };
        own.bind(now, plan, today);
        self.subscriptions.insert(id, own);
        self.bill_cycle(now, id, marks)
    }

    /// The worker bills the next cycle at the price of its first day, or ends the subscription.
    pub(super) fn bill(&mut self, now: &Now<'_>, id: Uuid, marks: &mut Marks) -> Result<(), Stop> {
        let own = self.of(id)?;
        let first = own.billed_until;
        let starts_at = wall::midnight(first);
        let waits = own.changes.iter().any(|it| it.is_scheduled() && it.due_at <= starts_at);
        if own.is_ended || starts_at > now.at || waits {
            return wrong(format!("it was not the turn of a cycle of {own:?} at {}", now.at));
        }
        if own.is_over(first) {
            own.is_ended = true;
            marks.hit("ended");
            if own.changes.iter().any(super::Change::is_scheduled) {
                marks.hit("ended while changes wait");
            }
            self.invoice(now, id, None, marks);
            return Ok(());
        }
        marks.hit("billed");
        if wall::midnight(own.cycle_on(first).to) <= now.at {
            marks.hit("billed when the cycle was over");
        }
        if own.months > 1 {
            marks.hit("billed for several months");
        }
        self.bill_cycle(now, id, marks)
    }

    /// Whether there is something to bill that has no price.
    pub(crate) fn is_held(&self, now: &Now<'_>) -> bool {
        let is_due = |own: &&Subscription| {
            let first = own.billed_until;
            let starts_at = wall::midnight(first);
            let waits = own.changes.iter().any(|it| it.is_scheduled() && it.due_at <= starts_at);
            !own.is_over(first) && starts_at <= now.at && !waits
        };
        let mut due = self.subscriptions.values().filter(is_due);
        due.any(|own| now.price(own.plan, own.months).is_none())
    }

    fn bill_cycle(&mut self, now: &Now<'_>, id: Uuid, marks: &mut Marks) -> Result<(), Stop> {
        let own = self.of(id)?;
        let from = own.billed_until;
        let Some(charge) = own.charge(now, own.plan, from) else {
            return wrong(format!("{id} was billed, and its plan has no price"));
        };
        let to = own.cycle_on(from).to;
        own.cycles.push(Cycle { from, to, billed_at: now.at });
        own.billed_until = to;
        own.running = (from, charge);
        self.invoice(now, id, Some(charge), marks);
        Ok(())
    }

    /// What a cycle costs, and what changes charged and credited since the last invoice. What is
    /// credited beyond what is charged is the customer's credit.
    fn invoice(&mut self, now: &Now<'_>, id: Uuid, cycle: Option<i64>, marks: &mut Marks) {
        let Some(own) = self.subscriptions.get_mut(&id) else { return };
        let (mut charged, mut credited) = (cycle.unwrap_or(0), 0);
        let mut is_empty = cycle.is_none();
        for confirmation in own.confirmations.iter_mut().filter(|it| it.carried_at.is_none()) {
            confirmation.carried_at = Some(now.at);
            charged += confirmation.charge;
            credited += confirmation.credit;
            is_empty = false;
        }
        if is_empty {
            return;
        }
        if cycle.is_none() {
            marks.hit("billed the rest at the end");
        }
        if credited > charged {
            marks.hit("credited more than was charged");
        }
        let total = (charged - credited).max(0);
        self.credit += (credited - charged).max(0);
        let invoice = Invoice { at: now.at, subscription: id, own: cycle, total, paid: 0 };
        self.invoices.push(invoice);
        for invoice in &mut self.invoices {
            let part = self.credit.min(invoice.total - invoice.paid);
            invoice.paid += part;
            self.credit -= part;
        }
    }

    /// All that comes in counts; the invoice that it is for takes what it needs.
    pub(super) fn pay(
        &mut self,
        document: Uuid,
        minor: i64,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let issued_at = self.issued.get(&document).copied();
        let invoice = self.invoices.iter_mut().find(|it| Some(it.at) == issued_at);
        let Some(invoice) = invoice else {
            return wrong(format!("money came in for {document}, which is no invoice"));
        };
        self.credit += minor;
        let part = self.credit.min(invoice.total - invoice.paid);
        invoice.paid += part;
        self.credit -= part;
        marks.hit(if invoice.paid == invoice.total { "paid" } else { "paid in part" });
        Ok(())
    }
}

impl Subscription {
    /// Its end is agreed: with the cycle that is billed.
    pub(super) fn agree_end(&mut self, now: &Now<'_>) -> Result<(), Stop> {
        if wall::midnight(self.billed_until) <= now.at {
            return Err(Stop::Declined("something is due"));
        }
        if self.is_over(self.billed_until) {
            return Err(Stop::Declined("its end is agreed"));
        }
        self.ends_on = Some(self.billed_until);
        Ok(())
    }
}
