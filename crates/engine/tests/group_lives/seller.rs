//! What is sold in random lives: the telecom with its articles, at prices, terms, taxes and
//! discounts of the dice.

use abono_domain::catalogue::{CommitmentTerms, Discount, Plan};
use abono_domain::customer::Customer;
use abono_domain::discount::{Discount as Off, On};
use abono_domain::exact::Exact;
use abono_domain::ids::{
    CustomerId, DiscountId, LegalEntityId, PayerId, PlanId, PriceId, ProductId,
};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::proration::DayCount;
use abono_domain::seller::Seller;
use abono_domain::tax::{Prices, TaxClass, TaxRounding};
use abono_testkit::articles::{self, EXTRAS, SEAT, SIM, SMS};
use abono_testkit::seller::id;
use abono_testkit::telecom::{self, MOBILE};
use proptest::prelude::*;

/// The articles that are added, by the numbers of the steps: free at once; with notice; bound.
pub(crate) const ARTICLES: [(ProductId, PlanId); 3] =
    [(MOBILE, SIM), (EXTRAS, SEAT), (EXTRAS, SMS)];

const ZONES: [&str; 6] = [
    "Europe/Madrid",
    "Europe/Stockholm",
    "America/St_Johns",
    "Pacific/Apia",
    "Africa/Casablanca",
    "America/Santiago",
];

/// How things stand when a life begins.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) zone: &'static str,
    pub(crate) start: i64,
    pub(crate) months: i64,
    pub(crate) billing_day: Option<i64>,
    pub(crate) by_line: bool,
    pub(crate) articles: [Sold; 3],
    pub(crate) discounts: Vec<Reduced>,
    pub(crate) notice_days: i64,
    pub(crate) bound_months: i64,
}

/// How an article is sold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sold {
    pub(crate) minor: i64,
    pub(crate) is_net: bool,
    pub(crate) day_count: DayCount,
}

/// What comes off prices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduced {
    pub(crate) off: Off,
    pub(crate) on: On,
    pub(crate) periods: Option<i64>,
}

fn any_article() -> impl Strategy<Value = Sold> {
    let counted = prop::sample::select(vec![
        DayCount::Actual,
        DayCount::Actual,
        DayCount::Fixed30,
        DayCount::Second,
    ]);
    (1..90_000_i64, any::<bool>(), counted).prop_map(|(minor, is_net, day_count)| Sold {
        minor,
        is_net,
        day_count,
    })
}

fn any_discount() -> impl Strategy<Value = Reduced> {
    let percent = (1..101_i64).prop_map(|percent| Off::Percent(Exact::whole(percent)));
    let amount = (1..3_000_i64).prop_map(|minor| Off::Amount(Money::new(minor, Currency::EUR)));
    let on = prop::sample::select(vec![On::Document, On::Line]);
    (prop_oneof![percent, amount], on, prop::option::of(1..5_i64))
        .prop_map(|(off, on, periods)| Reduced { off, on, periods })
}

pub(crate) fn any_setup() -> impl Strategy<Value = Setup> {
    let time = (
        prop::sample::select(&ZONES[..]),
        1_700_000_000_i64..1_900_000_000,
        prop_oneof![4 => Just(1_i64), 3 => 2..13_i64],
        prop::option::of(1..32_i64),
    );
    let sold = [any_article(), any_article(), any_article()];
    let discounts = prop::collection::vec(any_discount(), 0..3);
    let terms = (any::<bool>(), 0..60_i64, 0..15_i64);
    (time, sold, discounts, terms).prop_map(|(time, articles, discounts, terms)| {
        let (zone, start, months, billing_day) = time;
        let (by_line, notice_days, bound_months) = terms;
        Setup {
            zone,
            start,
            months,
            billing_day,
            by_line,
            articles,
            discounts,
            notice_days,
            bound_months,
        }
    })
}

impl Setup {
    /// Whether some discount is given for a few periods only.
    pub(crate) fn has_limits(&self) -> bool {
        self.discounts.iter().any(|it| it.periods.is_some())
    }

    /// Who sells.
    pub(crate) fn seller(&self) -> Seller {
        let mut seller = articles::seller();
        if self.by_line {
            seller.settings.tax_rounding = TaxRounding::Line;
        }
        seller.legal_entities[0].id = LegalEntityId(id(7, 1));
        let catalogue = &mut seller.catalogue;
        catalogue.products[1].tax_class = TaxClass::Reduced;
        let plans = catalogue.products.iter_mut().flat_map(|product| &mut product.plans);
        for (number, plan) in (1..).zip(plans) {
            self.sell(plan, number);
        }
        catalogue.discounts = (1..).zip(&self.discounts).map(discount).collect();
        seller
    }

    fn sell(&self, plan: &mut Plan, number: u128) {
        let place = ARTICLES.iter().position(|(_, known)| *known == plan.id);
        let price = &mut plan.prices[0];
        price.id = PriceId(id(5, number));
        price.point.months = self.months;
        let Some(place) = place else { return };
        let Sold { minor, is_net, day_count } = self.articles[place];
        let amount = Money::new(minor, Currency::EUR);
        (price.list, price.final_price) = (amount, amount);
        price.tax = if is_net { Prices::Exclusive } else { Prices::Inclusive };
        plan.terms.credit.day_count = day_count;
        if place == 1 {
            plan.terms.notice_days = self.notice_days;
        }
        if place == 2 && self.bound_months > 0 {
            let penalty = Money::zero(Currency::EUR);
            let bound = CommitmentTerms { months: self.bound_months, penalty };
            plan.terms.commitment = Some(bound);
        }
    }

    /// Who buys.
    pub(crate) fn customer(&self) -> Customer {
        let mut customer = telecom::customer(CustomerId(id(2, 1)), "first").proposal;
        customer.payers[0].id = PayerId(id(8, 1));
        let profile = &mut customer.profile;
        profile.default_payer = Some(PayerId(id(8, 1)));
        profile.zone = self.zone.to_owned();
        profile.discounts = (1..=self.discounts.len()).map(|it| format!("d{it}")).collect();
        customer
    }
}

fn discount((number, reduced): (u128, &Reduced)) -> Discount {
    let spanish = Language::parse("es").expect("a language");
    Discount {
        id: DiscountId(id(6, number)),
        code: format!("d{number}"),
        names: Names([(spanish, format!("D{number}"))].into()),
        off: reduced.off,
        on: reduced.on,
        periods: reduced.periods,
        valid_from: None,
        valid_until: None,
    }
}
