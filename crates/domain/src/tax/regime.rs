//! How a seller is taxed, and the rates of its country by date.

use super::TaxRate;
use crate::words::words;
use jiff::civil::{Date, date};

/// How a seller is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxRegime {
    /// Russia, general regime.
    RuGeneral,
    /// Russia, simplified regime at the special rate of 5 %.
    RuSpecial5,
    /// Russia, simplified regime at the special rate of 7 %.
    RuSpecial7,
    /// Sweden.
    Se,
    /// Spain, without the Canary Islands, Ceuta and Melilla, which have taxes of their own.
    Es,
    /// No tax is charged: exempt, or below the threshold.
    Exempt,
}

/// Which of a country's rates the law has for a product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxClass {
    /// The rate for whatever has no other.
    #[default]
    Standard,
    /// The reduced rate; where there are two, the higher.
    Reduced,
    /// The lower of two reduced rates.
    Lowest,
    /// The rate 0: taxed, with nothing to pay.
    Zero,
    /// No tax at all.
    Exempt,
}

words!(TaxRegime {
    RuGeneral => "ru_general",
    RuSpecial5 => "ru_special_5",
    RuSpecial7 => "ru_special_7",
    Se => "se",
    Es => "es",
    Exempt => "exempt",
});
words!(TaxClass {
    Standard => "standard",
    Reduced => "reduced",
    Lowest => "lowest",
    Zero => "zero",
    Exempt => "exempt",
});

/// A country's rates in percent from a day on: standard, reduced, lowest.
type Row = (Date, i64, i64, Option<i64>);

/// Tax Code of the Russian Federation, article 164: laws 117-FZ of 07.07.2003, 303-FZ of
/// 03.08.2018 and 425-FZ of 28.11.2025.
const RUSSIA: [Row; 3] = [
    (date(2026, 1, 1), 22, 10, None),
    (date(2019, 1, 1), 20, 10, None),
    (date(2004, 1, 1), 18, 10, None),
];

/// Mervärdesskattelag (2023:200), 9 kap.; before it (1994:200), 7 kap. These rates are as old as
/// 1996; which products have which of them has changed since.
const SWEDEN: [Row; 1] = [(date(1996, 1, 1), 25, 12, Some(6))];

/// Ley 37/1992, articles 90 and 91: Real Decreto-ley 20/2012, Ley 26/2009 and Ley 41/1994.
const SPAIN: [Row; 3] = [
    (date(2012, 9, 1), 21, 10, Some(4)),
    (date(2010, 7, 1), 18, 8, Some(4)),
    (date(1995, 1, 1), 16, 7, Some(4)),
];

/// Tax Code of the Russian Federation, article 164, paragraph 8: law 176-FZ of 12.07.2024. Before
/// it, sellers of the simplified regime charged no tax.
const SPECIAL_SINCE: Date = date(2025, 1, 1);

impl TaxRegime {
    /// What is charged at home on a supply of `on` without a rate of its own; `None` where no tax
    /// is charged.
    pub fn rate(self, on: Date) -> Option<TaxRate> {
        self.rate_of(TaxClass::Standard, on)
    }

    /// What is charged at home on a supply of `on` of a product of `class`; `None` where no tax is
    /// charged, and where the country has no such class: see [`TaxRegime::has`].
    ///
    /// The date is that of the supply, whenever it was agreed or paid. Before the first day of a
    /// table its oldest rates are taken.
    pub fn rate_of(self, class: TaxClass, on: Date) -> Option<TaxRate> {
        match (self, class) {
            (Self::Exempt, _) | (_, TaxClass::Exempt) => None,
            (Self::RuSpecial5 | Self::RuSpecial7, _) if on < SPECIAL_SINCE => None,
            (_, TaxClass::Zero) => Some(TaxRate::percent(0)),
            // The special rates stand for all others but 0.
            (Self::RuSpecial5, _) => Some(TaxRate::percent(5)),
            (Self::RuSpecial7, _) => Some(TaxRate::percent(7)),
            (Self::RuGeneral, class) => of_table(&RUSSIA, class, on),
            (Self::Se, class) => of_table(&SWEDEN, class, on),
            (Self::Es, class) => of_table(&SPAIN, class, on),
        }
    }

    /// Whether products of `class` exist where this regime does: Russia has one reduced rate only.
    pub const fn has(self, class: TaxClass) -> bool {
        !matches!((self, class), (Self::RuGeneral, TaxClass::Lowest))
    }
}

fn of_table(rows: &[Row], class: TaxClass, on: Date) -> Option<TaxRate> {
    let row = rows.iter().find(|(from, ..)| *from <= on).or_else(|| rows.last());
    let (_, standard, reduced, lowest) = *row?;
    let percent = match class {
        TaxClass::Standard => Some(standard),
        TaxClass::Reduced => Some(reduced),
        TaxClass::Lowest => lowest,
        TaxClass::Zero => Some(0),
        TaxClass::Exempt => None,
    };
    percent.map(TaxRate::percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(regime: TaxRegime, class: TaxClass, on: Date) -> Option<i64> {
        regime.rate_of(class, on).map(|rate| rate.0 / 100)
    }

    #[test]
    fn the_russian_rate_rises_on_new_year() {
        let rate = |on| percent(TaxRegime::RuGeneral, TaxClass::Standard, on);
        assert_eq!(rate(date(2018, 12, 31)), Some(18));
        assert_eq!(rate(date(2019, 1, 1)), Some(20));
        assert_eq!(rate(date(2025, 12, 31)), Some(20));
        assert_eq!(rate(date(2026, 1, 1)), Some(22));
        assert_eq!(percent(TaxRegime::RuGeneral, TaxClass::Reduced, date(2026, 1, 1)), Some(10));
        assert_eq!(percent(TaxRegime::RuGeneral, TaxClass::Lowest, date(2026, 1, 1)), None);
    }

    #[test]
    fn the_special_rates_begin_with_2025_and_stand_for_all_but_zero() {
        let rate = |class, on| percent(TaxRegime::RuSpecial5, class, on);
        assert_eq!(rate(TaxClass::Standard, date(2024, 12, 31)), None);
        assert_eq!(rate(TaxClass::Standard, date(2025, 1, 1)), Some(5));
        assert_eq!(rate(TaxClass::Reduced, date(2026, 1, 1)), Some(5));
        assert_eq!(rate(TaxClass::Zero, date(2026, 1, 1)), Some(0));
        let seven = percent(TaxRegime::RuSpecial7, TaxClass::Standard, date(2026, 1, 1));
        assert_eq!(seven, Some(7));
    }

    #[test]
    fn sweden_and_spain_have_three_rates() {
        let all = |regime, on| {
            [TaxClass::Standard, TaxClass::Reduced, TaxClass::Lowest]
                .map(|class| percent(regime, class, on))
        };
        let today = date(2026, 11, 20);
        assert_eq!(all(TaxRegime::Se, today), [Some(25), Some(12), Some(6)]);
        assert_eq!(all(TaxRegime::Es, today), [Some(21), Some(10), Some(4)]);
        assert_eq!(all(TaxRegime::Es, date(2012, 8, 31)), [Some(18), Some(8), Some(4)]);
    }

    #[test]
    fn every_regime_reads_back() {
        for regime in TaxRegime::ALL {
            assert_eq!(TaxRegime::parse(regime.as_str()), Some(*regime));
        }
    }
}
