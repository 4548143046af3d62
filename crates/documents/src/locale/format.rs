//! Amounts, percentages and dates as each language writes them (CLDR 48).

use super::Locale;
use abono_domain::money::Money;
use abono_domain::tax::TaxRate;
use jiff::civil::{Date, DateTime};

/// A space at which no line is broken.
const NO_BREAK: char = '\u{a0}';

impl Locale {
    /// An amount with its currency: `€1,234.50`, `1 234,50 руб.`, `1234,50 €`, `1 234,50 kr`.
    pub fn money(self, amount: Money) -> String {
        let number = self.number(&amount.decimal());
        match (self, amount.currency.code()) {
            (Self::English, "EUR") => match number.strip_prefix('-') {
                Some(number) => format!("-€{number}"),
                None => format!("€{number}"),
            },
            (Self::Russian, "RUB") => format!("{number}{NO_BREAK}руб."),
            (Self::Spanish, "EUR") => format!("{number}{NO_BREAK}€"),
            (Self::Swedish, "SEK") => format!("{number}{NO_BREAK}kr"),
            (Self::English, code) => format!("{code}{NO_BREAK}{number}"),
            (Self::Russian | Self::Spanish | Self::Swedish, code) => {
                format!("{number}{NO_BREAK}{code}")
            }
        }
    }

    /// A decimal number such as `-1234.50`, with the signs and groups of the language.
    pub(crate) fn number(self, decimal: &str) -> String {
        let (sign, digits) = match decimal.strip_prefix('-') {
            Some(digits) => (self.minus(), digits),
            None => ("", decimal),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let (group, point, least) = match self {
            Self::English => (',', '.', 4),
            Self::Russian | Self::Swedish => (NO_BREAK, ',', 4),
            // Four digits stand together.
            Self::Spanish => ('.', ',', 5),
        };
        let mut text = sign.to_owned();
        for (at, digit) in whole.char_indices() {
            let behind = whole.len().saturating_sub(at);
            if at > 0 && behind.is_multiple_of(3) && whole.len() >= least {
                text.push(group);
            }
            text.push(digit);
        }
        if let Some(decimals) = decimals {
            text.push(point);
            text.push_str(decimals);
        }
        text
    }

    const fn minus(self) -> &'static str {
        match self {
            Self::English | Self::Russian | Self::Spanish => "-",
            Self::Swedish => "\u{2212}",
        }
    }

    /// A rate of tax: `22%`, `5,5 %`.
    pub fn rate(self, rate: TaxRate) -> String {
        let percent = rate.to_string();
        let number = self.number(percent.trim_end_matches(" %"));
        match self {
            Self::English => format!("{number}%"),
            Self::Russian | Self::Spanish | Self::Swedish => format!("{number}{NO_BREAK}%"),
        }
    }

    /// A date: `20 November 2026`, `20 ноября 2026 г.`, `20 de noviembre de 2026`,
    /// `20 november 2026`.
    pub fn date(self, date: Date) -> String {
        let month = usize::try_from(date.month().saturating_sub(1)).ok();
        let month = month.and_then(|at| self.words().months.get(at)).copied().unwrap_or_default();
        let (day, year) = (date.day(), date.year());
        match self {
            Self::English | Self::Swedish => {
                format!("{day}{NO_BREAK}{month}{NO_BREAK}{year}")
            }
            Self::Russian => format!("{day}{NO_BREAK}{month}{NO_BREAK}{year}{NO_BREAK}г."),
            Self::Spanish => format!("{day} de{NO_BREAK}{month} de{NO_BREAK}{year}"),
        }
    }

    /// A date and a time of day: `20 November 2026, 09:30`, `20 ноября 2026 г., 09:30`,
    /// `20 de noviembre de 2026, 9:30`, `20 november 2026 kl. 09:30`.
    pub fn date_time(self, at: DateTime) -> String {
        let (date, hour, minute) = (self.date(at.date()), at.hour(), at.minute());
        match self {
            Self::English | Self::Russian => format!("{date}, {hour:02}:{minute:02}"),
            Self::Spanish => format!("{date}, {hour}:{minute:02}"),
            Self::Swedish => format!("{date} kl.{NO_BREAK}{hour:02}:{minute:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::money::Currency;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn money(locale: Locale, minor: i64, code: &str) -> String {
        let amount = Money::new(minor, code.parse().expect("a currency"));
        locale.money(amount).replace(NO_BREAK, "_")
    }

    #[test]
    fn each_language_writes_amounts_its_own_way() {
        use Locale::{English, Russian, Spanish, Swedish};
        assert_eq!(money(English, 123_450, "EUR"), "€1,234.50");
        assert_eq!(money(English, -123_450, "EUR"), "-€1,234.50");
        assert_eq!(money(English, 123_456_750, "SEK"), "SEK_1,234,567.50");
        assert_eq!(money(Russian, 1_000_000, "RUB"), "10_000,00_руб.");
        assert_eq!(money(Russian, 99_000, "EUR"), "990,00_EUR");
        assert_eq!(money(Spanish, 123_450, "EUR"), "1234,50_€");
        assert_eq!(money(Spanish, 1_234_550, "EUR"), "12.345,50_€");
        assert_eq!(money(Swedish, -123_450, "SEK"), "\u{2212}1_234,50_kr");
        assert_eq!(money(Swedish, 1_234, "JPY"), "1_234_JPY");
        assert_eq!(money(English, 1_234, "KWD"), "KWD_1.234");
    }

    #[test]
    fn each_language_writes_dates_and_rates_its_own_way() {
        let all = |text: &dyn Fn(Locale) -> String| {
            Locale::ALL.map(|locale| text(locale).replace(NO_BREAK, " "))
        };
        assert_eq!(
            all(&|it| it.date(date(2026, 11, 20))),
            [
                "20 November 2026",
                "20 ноября 2026 г.",
                "20 de noviembre de 2026",
                "20 november 2026"
            ]
        );
        assert_eq!(
            all(&|it| it.date_time(date(2026, 11, 20).at(9, 30, 59, 0))),
            [
                "20 November 2026, 09:30",
                "20 ноября 2026 г., 09:30",
                "20 de noviembre de 2026, 9:30",
                "20 november 2026 kl. 09:30"
            ]
        );
        assert_eq!(all(&|it| it.rate(TaxRate(550))), ["5.5%", "5,5 %", "5,5 %", "5,5 %"]);
        assert_eq!(all(&|it| it.rate(TaxRate::percent(22))), ["22%", "22 %", "22 %", "22 %"]);
    }

    proptest! {
        #[test]
        fn no_digit_is_lost_or_moved(minor in -i64::MAX..=i64::MAX) {
            let amount = Money::new(minor, Currency::EUR);
            for locale in Locale::ALL {
                let (_, point) = (locale, if locale == Locale::English { '.' } else { ',' });
                let read: String = locale
                    .number(&amount.decimal())
                    .chars()
                    .filter_map(|c| match c {
                        '\u{2212}' | '-' => Some('-'),
                        c if c == point => Some('.'),
                        c => c.is_ascii_digit().then_some(c),
                    })
                    .collect();
                prop_assert_eq!(read, amount.decimal());
            }
        }
    }
}
