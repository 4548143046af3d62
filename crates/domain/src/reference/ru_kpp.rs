//! КПП, the Russian code of the reason for registration with a tax office.

use super::ReferenceError;

/// A registration reason code (КПП): tax office (4 digits), reason (2 characters, 0-9 or A-Z),
/// serial number (3 digits). It has no check digit and isn't unique.
///
/// Source: order of the Federal Tax Service of 29.06.2012 № ММВ-7-6/435@.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kpp(String);

impl Kpp {
    /// Reads a registration reason code.
    ///
    /// # Errors
    /// [`ReferenceError`]: characters, length.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let found = text.chars().count();
        if found != 9 {
            return Err(ReferenceError::Length { found, expected: "9" });
        }
        let fits = text.char_indices().all(|(at, c)| {
            let is_reason = at == 4 || at == 5;
            c.is_ascii_digit() || (is_reason && c.is_ascii_uppercase())
        });
        let expected = "digits, and at positions 5 and 6 digits or capitals A to Z,";
        if fits { Ok(Self(text.to_owned())) } else { Err(ReferenceError::Characters { expected }) }
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_only_in_the_reason() {
        assert!(Kpp::parse("7701AB001").is_ok());
        for text in ["A70101001", "77010100Z", "7701ab001", "7701АВ001", "770 01001"] {
            assert!(matches!(Kpp::parse(text), Err(ReferenceError::Characters { .. })), "{text}");
        }
    }

    #[test]
    fn nine_characters_are_expected() {
        for text in ["", "78020100", "7802010010"] {
            assert!(matches!(Kpp::parse(text), Err(ReferenceError::Length { .. })), "{text}");
        }
    }
}
