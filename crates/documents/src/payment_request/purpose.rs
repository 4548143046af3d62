//! The purpose of a Russian payment order, in which the tax is named (Bank of Russia regulation
//! 762-P, appendix 1, field 24).

use crate::qr::st00012::PURPOSE;
use crate::shorten::{beginning, on_one_line};
use abono_domain::document::Document;
use abono_domain::language::Language;
use abono_domain::money::{Money, MoneyError};
use abono_domain::seller::Seller;
use abono_domain::tax::{TaxRate, TaxSubtotal};

/// What a payment of `due` is for, in Russian: number and date of the request, what is bought, the
/// tax. What is bought is shortened so that all of it fits.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(super) fn purpose(
    document: &Document,
    seller: &Seller,
    due: Money,
) -> Result<String, MoneyError> {
    let language = Language::parse("ru").unwrap_or(Language::ENGLISH);
    let name = document.charges().next().map(|line| line.licence.name(seller, &language));
    let name = on_one_line(&name.unwrap_or_default());
    let (number, on) = (document.number(), document.issued.on.strftime("%d.%m.%Y"));
    let head = format!("Оплата по счету № {number} от {on}");
    let tail = format!(". {}", tax(document, due)?);
    let brackets = " ()";
    let taken: usize = [&head, brackets, &tail].iter().map(|it| it.chars().count()).sum();
    let name = beginning(&name, PURPOSE.saturating_sub(taken), usize::MAX);
    let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
    Ok(format!("{head}{name}{tail}"))
}

/// The tax inside a payment of `due`: of each rate, where that follows.
fn tax(document: &Document, due: Money) -> Result<String, MoneyError> {
    let rated: Vec<(TaxRate, &TaxSubtotal)> =
        document.taxes.iter().filter_map(|it| Some((it.of.rate?, it))).collect();
    let is_whole = due == document.total;
    let sum = Money::sum(due.currency, rated.iter().map(|(_, it)| it.tax))?;
    Ok(match rated.as_slice() {
        [] => "НДС не облагается".to_owned(),
        [(rate, _)] if rate.0 == 0 => "НДС 0%".to_owned(),
        [(rate, only)] if document.taxes.len() == 1 => {
            let tax = if is_whole { only.tax } else { rate.inside(due)? };
            format!("В т.ч. {}", rated_tax(*rate, tax))
        }
        several if is_whole && several.iter().all(|(_, it)| it.tax.minor >= 0) => {
            let each: Vec<String> =
                several.iter().map(|(rate, it)| rated_tax(*rate, it.tax)).collect();
            format!("В т.ч. {}", each.join(", "))
        }
        _ if is_whole && sum.minor >= 0 => format!("В т.ч. НДС - {}", kopecks(sum)),
        _ => "В т.ч. НДС по счету".to_owned(),
    })
}

fn rated_tax(rate: TaxRate, tax: Money) -> String {
    let percent = rate.to_string().replace(' ', "").replace('.', ",");
    format!("НДС {percent} - {}", kopecks(tax))
}

/// Roubles and kopecks with a hyphen between, as in payment orders.
fn kopecks(amount: Money) -> String {
    amount.decimal().replace('.', "-")
}
