//! Names and values as a form sends them: `application/x-www-form-urlencoded`.

use std::fmt::Write;

/// What a form holds, encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(String);

impl Form {
    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.encode(name);
        self.0.push('=');
        self.encode(value);
        self
    }

    /// As it stands in a body, or in a query.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn encode(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                    self.0.push(char::from(byte));
                }
                b' ' => self.0.push('+'),
                // Writing to a text can't fail.
                other => drop(write!(self.0, "%{other:02X}")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_taken_for_the_forms_own_signs_is_encoded() {
        let form = Form::default().with("a[b]", "1 & 2 = 3+%").with("c", "Тариф\r\n").with("d", "");
        assert_eq!(
            form.as_str(),
            "a%5Bb%5D=1+%26+2+%3D+3%2B%25&c=%D0%A2%D0%B0%D1%80%D0%B8%D1%84%0D%0A&d="
        );
    }
}
