//! What buyers, the merchant and banks do at the provider.

use super::provider::{Inner, Provider, rub};
use super::truth::{Back, Capture, End};
use crate::dice::Dice;
use abono_engine::payments::Noticed;
use uuid::Uuid;

impl Provider {
    /// Time has passed; what nobody paid by now has expired.
    pub(super) fn pass(&self, now: i64) {
        let mut inner = self.lock();
        inner.now = now;
        for place in inner.truth.lapsed(now) {
            inner.end(place, End::Expired, &self.dice);
        }
    }

    /// Somebody does something there.
    pub(super) fn live(&self) {
        let (mut inner, dice) = (self.lock(), &self.dice);
        match dice.below(20) {
            0..=9 => inner.buy(dice),
            10..=11 => inner.arrive(dice),
            12..=14 => inner.refund(dice),
            15 => inner.fail_refund(dice),
            16 => inner.dispute(dice),
            17 => inner.win(dice),
            // They think about it.
            _ => {}
        }
    }

    /// Whatever is open ends.
    pub(super) fn end_all(&self) {
        let (mut inner, dice) = (self.lock(), &self.dice);
        inner.calm_down();
        for place in inner.truth.places(|session| !session.end.is_over()) {
            let shown = inner.truth.sessions.get(place).is_some_and(|session| session.shown);
            let end = if shown && dice.per_mille(400) { End::Paid } else { End::Expired };
            inner.end(place, end, dice);
        }
    }
}

fn any(of: &[usize], dice: &Dice) -> Option<usize> {
    of.get(dice.below(of.len())).copied()
}

impl Inner {
    /// A buyer pays, is declined, or leaves it for later.
    fn buy(&mut self, dice: &Dice) {
        let open = self.truth.places(|session| session.shown && session.end == End::Open);
        let Some(place) = any(&open, dice) else { return };
        match dice.below(10) {
            0..=5 => self.end(place, End::Paid, dice),
            6 => self.end(place, End::Declined, dice),
            7 => self.end(place, End::UnderWay, dice),
            _ => {}
        }
    }

    /// Money that was on its way is there, or doesn't come.
    fn arrive(&mut self, dice: &Dice) {
        let under_way = self.truth.places(|session| session.end == End::UnderWay);
        let Some(place) = any(&under_way, dice) else { return };
        let end = if dice.per_mille(700) { End::Paid } else { End::Declined };
        self.end(place, end, dice);
    }

    /// A checkout goes on to an end. Where somebody knows whom to ask, that may never be told.
    fn end(&mut self, place: usize, end: End, dice: &Dice) {
        let Some(session) = self.truth.sessions.get_mut(place) else { return };
        session.end = end;
        let (key, can_be_asked) = (session.contents.key, session.shown);
        let what = match end {
            End::Open | End::UnderWay => return,
            End::Expired => Noticed::Expired,
            End::Declined => Noticed::Failed { why: "the card was declined".to_owned() },
            End::Paid => {
                let Some(capture) = self.truth.capture(place) else { return };
                let reference = capture.reference.clone();
                Noticed::Paid { reference, amount: rub(capture.minor) }
            }
        };
        if can_be_asked && dice.per_mille(250) {
            self.marks.hit(format!("{} is never told", what.kind().as_str()));
            return;
        }
        self.mail.tell(Some(key), &what, self.now, dice);
    }

    /// A payment with something about it, chosen by the dice.
    fn any_capture(&mut self, dice: &Dice, is_so: impl Fn(&Capture) -> bool) -> Option<usize> {
        let all = self.truth.captures.iter().enumerate();
        let fit: Vec<usize> = all.filter(|(_, it)| is_so(it)).map(|(place, _)| place).collect();
        any(&fit, dice)
    }

    /// What follows a payment may name its attempt, or only the payment.
    fn follow(&mut self, key: Uuid, what: &Noticed, dice: &Dice) {
        let attempt = dice.per_mille(500).then_some(key);
        self.mail.tell(attempt, what, self.now, dice);
    }

    /// The merchant gives back all, or a part.
    fn refund(&mut self, dice: &Dice) {
        let Some(place) = self.any_capture(dice, |it| it.refundable() > 0) else { return };
        let Some(capture) = self.truth.captures.get_mut(place) else { return };
        let left = capture.refundable();
        let minor = if dice.per_mille(400) { left } else { (left / 3).max(1) };
        let reference = format!("re-{place}-{}", capture.refunds.len());
        let (key, payment) = (capture.key, capture.reference.clone());
        capture.refunds.push(Back { reference: reference.clone(), minor, undone: false });
        self.follow(key, &Noticed::Refunded { payment, reference, amount: rub(minor) }, dice);
    }

    /// A refund doesn't reach the buyer.
    fn fail_refund(&mut self, dice: &Dice) {
        let is_so = |it: &Capture| it.refunds.iter().any(|back| !back.undone);
        let Some(place) = self.any_capture(dice, is_so) else { return };
        let Some(capture) = self.truth.captures.get_mut(place) else { return };
        let (key, payment) = (capture.key, capture.reference.clone());
        let mut refunds = capture.refunds.iter_mut();
        let Some(refund) = refunds.find(|back| !back.undone) else { return };
        refund.undone = true;
        let (reference, why) = (refund.reference.clone(), "the card is gone".to_owned());
        self.follow(key, &Noticed::RefundFailed { payment, reference, why }, dice);
    }

    /// The buyer's bank takes the money back, or a part, whatever went back before.
    fn dispute(&mut self, dice: &Dice) {
        let Some(place) = self.any_capture(dice, |it| it.dispute.is_none()) else { return };
        let Some(capture) = self.truth.captures.get_mut(place) else { return };
        let minor = if dice.per_mille(700) { capture.minor } else { (capture.minor / 2).max(1) };
        let (key, payment) = (capture.key, capture.reference.clone());
        let reference = format!("dp-{place}");
        capture.dispute = Some(Back { reference: reference.clone(), minor, undone: false });
        self.follow(key, &Noticed::Disputed { payment, reference, amount: rub(minor) }, dice);
    }

    /// The bank gives it again.
    fn win(&mut self, dice: &Dice) {
        let is_so = |it: &Capture| it.dispute.as_ref().is_some_and(|dispute| !dispute.undone);
        let Some(place) = self.any_capture(dice, is_so) else { return };
        let Some(capture) = self.truth.captures.get_mut(place) else { return };
        let (key, payment) = (capture.key, capture.reference.clone());
        let Some(dispute) = &mut capture.dispute else { return };
        dispute.undone = true;
        let (reference, amount) = (dispute.reference.clone(), rub(dispute.minor));
        self.follow(key, &Noticed::DisputeWon { payment, reference, amount }, dice);
    }
}
