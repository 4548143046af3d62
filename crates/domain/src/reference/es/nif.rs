//! Número de identificación fiscal, the Spanish taxpayer number.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, luhn, unprinted};

/// A person's check letter by the number modulo 23.
const OF_PERSONS: &str = "TRWAGMYFPDXBNJZSQVHLCKE";
/// An organisation's check letter by its check digit.
const OF_ORGANISATIONS: &str = "JABCDEFGHI";
/// Which letter an organisation's number begins with.
const ORGANISATIONS: &str = "ABCDEFGHJNPQRSUVW";

/// A taxpayer number of nine characters: a person's DNI (eight digits and a letter), a foreigner's
/// NIE (X, Y or Z, seven digits, a letter), another person's (K, L or M), or an organisation's (a
/// letter of its legal form, seven digits and a check digit or letter).
///
/// Companies (A, B, E, H) end in a digit, and N, P, Q, R, S and W in a letter; the others may end
/// in either. Sources: Real Decreto 1065/2007, articles 19 to 22; Orden EHA/451/2008.
///
/// # Errors
/// [`ReferenceError`]: characters, length, check characters, filler.
pub fn nif(text: &str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    let found = normal.chars().count();
    if found != 9 {
        return Err(ReferenceError::Length { found, expected: "9" });
    }
    let expected = "a letter or digit, seven digits and a letter or digit";
    let wrong = ReferenceError::Characters { expected };
    let parts = || {
        let (first, rest) = normal.split_at_checked(1)?;
        let (middle, last) = rest.split_at_checked(7)?;
        Some((first.chars().next()?, digits(middle).ok()?, last.chars().next()?))
    };
    let Some((first, middle, last)) = parts() else { return Err(wrong) };
    let right = match first {
        '0'..='9' => of_person(first.to_digit(10), &middle),
        'K' | 'L' | 'M' | 'X' => of_person(Some(0), &middle),
        'Y' => of_person(Some(1), &middle),
        'Z' => of_person(Some(2), &middle),
        _ if ORGANISATIONS.contains(first) => of_organisation(first, &middle),
        _ => return Err(wrong),
    };
    if !right.contains(last) {
        let expected = right.chars().map(String::from).collect::<Vec<_>>().join(" or ");
        return Err(ReferenceError::CheckCharacters { expected: expected.into() });
    }
    if normal.starts_with("00000000") {
        return Err(ReferenceError::Filler);
    }
    Ok(normal)
}

/// The letter of a number of eight digits.
fn of_person(first: Option<u32>, middle: &[u32]) -> String {
    let number = first.iter().chain(middle).fold(0_u32, |number, digit| {
        // Eight digits fit in 32 bits: nothing saturates.
        number.saturating_mul(10).saturating_add(*digit)
    });
    nth(OF_PERSONS, number.rem_euclid(23)).into_iter().collect()
}

/// The check characters that may stand in an organisation's number. The digit is that of Luhn.
fn of_organisation(form: char, middle: &[u32]) -> String {
    let check = luhn(middle);
    let (digit, letter) = (char::from_digit(check, 10), nth(OF_ORGANISATIONS, check));
    let right = match form {
        'A' | 'B' | 'E' | 'H' => [digit, None],
        'N' | 'P' | 'Q' | 'R' | 'S' | 'W' => [None, letter],
        _ => [digit, letter],
    };
    right.into_iter().flatten().collect()
}

fn nth(letters: &str, n: u32) -> Option<char> {
    letters.chars().nth(usize::try_from(n).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_organisation_says_what_it_ends_in() {
        assert!(nif("B64717838").is_ok() && nif("B6471783H").is_err());
        assert!(nif("J64717838").is_ok() && nif("J6471783H").is_ok());
        assert!(nif("Q6471783H").is_ok() && nif("Q64717838").is_err());
    }

    #[test]
    fn print_may_have_hyphens_and_small_letters() {
        assert_eq!(nif("54362315-k").as_deref(), Ok("54362315K"));
        for text in ["", "Ñ4362315K", "5436231ñK", "I64717838", "00000000T"] {
            assert!(nif(text).is_err(), "{text}");
        }
    }
}
