//! A sum in Russian words, as it stands on счёт and payment order: roubles in words, kopecks in
//! digits.

use abono_domain::money::{Currency, Money};

/// The three forms of a noun behind a number: 1 рубль, 2 рубля, 5 рублей.
type Forms = [&'static str; 3];

const ROUBLES: Forms = ["рубль", "рубля", "рублей"];
const KOPECKS: Forms = ["копейка", "копейки", "копеек"];

/// Groups of three digits above the first, from the lowest. 64 bits of kopecks have no more.
const GROUPS: [Forms; 5] = [
    ["тысяча", "тысячи", "тысяч"],
    ["миллион", "миллиона", "миллионов"],
    ["миллиард", "миллиарда", "миллиардов"],
    ["триллион", "триллиона", "триллионов"],
    ["квадриллион", "квадриллиона", "квадриллионов"],
];

const BELOW_20: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];

/// `amount` in words with a capital: `Одна тысяча двести рублей 05 копеек`. `None` for another
/// currency, and for what is below zero: neither stands on a payment order.
pub fn in_words(amount: Money) -> Option<String> {
    let minor = u64::try_from(amount.minor).ok()?;
    if amount.currency != Currency::RUB {
        return None;
    }
    let (roubles, kopecks) = (minor.div_euclid(100), minor.rem_euclid(100));
    let mut words = number(roubles);
    words.push(form(roubles, ROUBLES));
    let text = words.join(" ");
    let mut rest = text.chars();
    let first: String = rest.next()?.to_uppercase().collect();
    Some(format!("{first}{} {kopecks:02} {}", rest.as_str(), form(kopecks, KOPECKS)))
}

/// A number in words, nominative and masculine; its thousands are feminine.
fn number(mut rest: u64) -> Vec<&'static str> {
    if rest == 0 {
        return vec!["ноль"];
    }
    let mut groups = Vec::new();
    while rest > 0 {
        groups.push(rest.rem_euclid(1_000));
        rest = rest.div_euclid(1_000);
    }
    let mut words = Vec::new();
    for (at, group) in groups.into_iter().enumerate().rev() {
        if group == 0 {
            continue;
        }
        words.extend(below_1000(group, at == 1));
        let name = at.checked_sub(1).and_then(|at| GROUPS.get(at));
        words.extend(name.map(|forms| form(group, *forms)));
    }
    words
}

fn below_1000(number: u64, feminine: bool) -> impl Iterator<Item = &'static str> {
    let (hundreds, rest) = (number.div_euclid(100), number.rem_euclid(100));
    let (tens, units) =
        if rest < 20 { (0, rest) } else { (rest.div_euclid(10), rest.rem_euclid(10)) };
    let units = match (units, feminine) {
        (1, true) => "одна",
        (2, true) => "две",
        (units, _) => word(&BELOW_20, units),
    };
    let words = [word(&HUNDREDS, hundreds), word(&TENS, tens), units];
    words.into_iter().filter(|word| !word.is_empty())
}

fn word(words: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}

/// The form of a noun behind `number`.
fn form(number: u64, forms: Forms) -> &'static str {
    let [one, few, many] = forms;
    match (number.rem_euclid(10), number.rem_euclid(100)) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        (..) => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(minor: i64) -> String {
        in_words(Money::new(minor, Currency::RUB)).expect("roubles")
    }

    #[test]
    fn sums_are_written_as_an_accountant_writes_them() {
        for (amount, expected) in [
            ("0.00", "Ноль рублей 00 копеек"),
            ("0.01", "Ноль рублей 01 копейка"),
            ("1.22", "Один рубль 22 копейки"),
            ("2.11", "Два рубля 11 копеек"),
            ("5.05", "Пять рублей 05 копеек"),
            ("11.14", "Одиннадцать рублей 14 копеек"),
            ("21.21", "Двадцать один рубль 21 копейка"),
            ("990.00", "Девятьсот девяносто рублей 00 копеек"),
            ("1000.00", "Одна тысяча рублей 00 копеек"),
            ("2041.00", "Две тысячи сорок один рубль 00 копеек"),
            ("10000.00", "Десять тысяч рублей 00 копеек"),
            ("112000.00", "Сто двенадцать тысяч рублей 00 копеек"),
            ("121552.02", "Сто двадцать одна тысяча пятьсот пятьдесят два рубля 02 копейки"),
            ("1000000.00", "Один миллион рублей 00 копеек"),
            ("2000001.00", "Два миллиона один рубль 00 копеек"),
            (
                "5311412613.90",
                "Пять миллиардов триста одиннадцать миллионов четыреста двенадцать тысяч \
                 шестьсот тринадцать рублей 90 копеек",
            ),
        ] {
            let amount = Money::parse(amount, Currency::RUB).expect("an amount");
            assert_eq!(in_words(amount).as_deref(), Some(expected));
        }
    }

    #[test]
    fn the_largest_sum_has_words_and_other_currencies_have_none() {
        assert_eq!(
            words(i64::MAX),
            "Девяносто два квадриллиона двести тридцать три триллиона семьсот двадцать \
             миллиардов триста шестьдесят восемь миллионов пятьсот сорок семь тысяч семьсот \
             пятьдесят восемь рублей 07 копеек"
        );
        assert_eq!(in_words(Money::new(-1, Currency::RUB)), None);
        assert_eq!(in_words(Money::new(1, Currency::EUR)), None);
    }

    /// What a word counts, read apart from how it is written.
    fn value(word: &str) -> Option<u64> {
        let small = |words: &[&str], step: u64| {
            let at = words.iter().position(|it| !it.is_empty() && *it == word)?;
            Some(u64::try_from(at).expect("small") * step)
        };
        match word {
            "ноль" => Some(0),
            "одна" => Some(1),
            "две" => Some(2),
            _ => small(&BELOW_20, 1).or(small(&TENS, 10)).or(small(&HUNDREDS, 100)),
        }
    }

    /// Reads the sum back, in kopecks.
    fn read(text: &str) -> u64 {
        let text = text.to_lowercase();
        let mut words: Vec<&str> = text.split(' ').collect();
        let _kopecks = words.pop();
        let kopecks: u64 = words.pop().expect("kopecks").parse().expect("digits");
        let _roubles = words.pop();
        let (mut sum, mut group) = (0_u64, 0_u64);
        for word in words {
            match value(word) {
                Some(value) => group += value,
                None => {
                    let stem = word.get(..8).expect("four letters");
                    let stems = ["тыся", "милл", "милл", "трил", "квад"];
                    let power = match word {
                        it if it.starts_with("миллиард") => 3,
                        _ => stems.iter().position(|it| *it == stem).expect(word) + 1,
                    };
                    let power = u32::try_from(power).expect("small");
                    sum += group * 1_000_u64.pow(power);
                    group = 0;
                }
            }
        }
        (sum + group) * 100 + kopecks
    }

    proptest! {
        #[test]
        fn words_read_back(minor in prop_oneof![0..=i64::MAX, 0_i64..1_000_000_000]) {
            prop_assert_eq!(read(&words(minor)), minor.unsigned_abs());
        }

        #[test]
        fn nouns_agree_with_their_numbers(minor in 0_i64..100_000_000_000) {
            let text = words(minor);
            let mut words: Vec<&str> = text.rsplit(' ').collect();
            let form_of = |number: i64, forms: Forms| match number % 100 {
                11..=14 => forms[2],
                rest => forms[[2, 0, 1, 1, 1, 2, 2, 2, 2, 2][(rest % 10) as usize]],
            };
            prop_assert_eq!(words.remove(0), form_of(minor % 100, KOPECKS));
            prop_assert_eq!(words.remove(1), form_of(minor / 100, ROUBLES));
            let is_feminine = text.contains("одна тысяча") || text.contains("две тысячи");
            let thousands = minor / 100_000 % 1_000;
            let expected = thousands % 100 / 10 != 1 && matches!(thousands % 10, 1 | 2);
            // The first word has a capital.
            prop_assert_eq!(is_feminine || text.starts_with("Одна т") || text.starts_with("Две т"),
                expected);
        }
    }
}
