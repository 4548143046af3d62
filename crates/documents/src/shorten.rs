//! Texts that a standard gives so many characters or bytes, and one line.

/// `text` on one line: control characters and runs of white space become one space.
pub(crate) fn on_one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of `text` that has at most `chars` characters and `bytes` bytes in UTF-8, cut
/// behind a word where one ends in its second half.
pub(crate) fn beginning(text: &str, chars: usize, bytes: usize) -> &str {
    let mut end = 0_usize;
    for (count, (at, c)) in text.char_indices().enumerate() {
        let next = at.saturating_add(c.len_utf8());
        if count >= chars || next > bytes {
            return behind_a_word(text, end);
        }
        end = next;
    }
    text
}

/// `end` lies between two characters of `text`.
fn behind_a_word(text: &str, end: usize) -> &str {
    let cut = text.get(..end).unwrap_or_default();
    let whole_word = text.get(end..).is_some_and(|rest| rest.starts_with(' '));
    let space = cut.rfind(' ').filter(|at| !whole_word && at.saturating_mul(2) >= end);
    space.and_then(|at| cut.get(..at)).unwrap_or(cut).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_cut_behind_a_word_or_within_the_one_that_it_is() {
        assert_eq!(beginning("one two three", 9, 99), "one two");
        assert_eq!(beginning("one two three", 7, 99), "one two");
        assert_eq!(beginning("one two three", 13, 99), "one two three");
        assert_eq!(beginning("a bbbbbbbbbbbbbbbb", 9, 99), "a bbbbbbb");
        assert_eq!(beginning("ЖЖЖ", 9, 5), "ЖЖ");
        assert_eq!(on_one_line(" a\r\n\tb\u{0}c "), "a b c");
    }

    proptest! {
        #[test]
        fn what_is_cut_is_a_beginning_that_fits(
            text in "\\PC{0,40}", chars in 0_usize..30, bytes in 0_usize..60,
        ) {
            let cut = beginning(&text, chars, bytes);
            prop_assert!(text.starts_with(cut));
            prop_assert!(cut == text || cut.chars().count() <= chars && cut.len() <= bytes);
        }
    }
}
