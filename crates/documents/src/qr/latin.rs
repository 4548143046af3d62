//! The Latin characters that every bank of SEPA takes, and what others become of them.

/// Letters, each with the one that banks write instead (EPC217-08, SEPA conversion table).
const LETTERS: &[(&str, char)] = &[
    ("ÀÁÂÃÄÅĀĂĄÆ", 'A'),
    ("àáâãäåāăąæ", 'a'),
    ("ÇĆĈĊČ", 'C'),
    ("çćĉċč", 'c'),
    ("ĎĐÐ", 'D'),
    ("ďđð", 'd'),
    ("ÈÉÊËĒĔĖĘĚ", 'E'),
    ("èéêëēĕėęě", 'e'),
    ("ĜĞĠĢ", 'G'),
    ("ĝğġģ", 'g'),
    ("ĤĦ", 'H'),
    ("ĥħ", 'h'),
    ("ÌÍÎÏĨĪĬĮİ", 'I'),
    ("ìíîïĩīĭįı", 'i'),
    ("Ĵ", 'J'),
    ("ĵ", 'j'),
    ("Ķ", 'K'),
    ("ķ", 'k'),
    ("ĹĻĽĿŁ", 'L'),
    ("ĺļľŀł", 'l'),
    ("ÑŃŅŇ", 'N'),
    ("ñńņň", 'n'),
    ("ÒÓÔÕÖØŌŎŐŒ", 'O'),
    ("òóôõöøōŏőœ", 'o'),
    ("ŔŖŘ", 'R'),
    ("ŕŗř", 'r'),
    ("ŚŜŞŠȘ", 'S'),
    ("śŝşšșß", 's'),
    ("ŢŤŦȚÞ", 'T'),
    ("ţťŧțþ", 't'),
    ("ÙÚÛÜŨŪŬŮŰŲ", 'U'),
    ("ùúûüũūŭůűų", 'u'),
    ("Ŵ", 'W'),
    ("ŵ", 'w'),
    ("ÝŶŸ", 'Y'),
    ("ýŷÿ", 'y'),
    ("ŹŻŽ", 'Z'),
    ("źżž", 'z'),
];

/// `text` in the characters that every bank takes, one for one: letters without their marks, `+`
/// for `&`, an apostrophe for a quotation mark, a full stop for any other sign. `None` where a
/// letter or a digit is of another script.
pub(super) fn latin(text: &str) -> Option<String> {
    text.chars().map(character).collect()
}

fn character(c: char) -> Option<char> {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Some(c),
        '/' | '-' | '?' | ':' | '(' | ')' | '.' | ',' | '\'' | '+' | ' ' => Some(c),
        '&' => Some('+'),
        '"' | '«' | '»' | '„' | '“' | '”' | '‘' | '’' | '`' | '´' => Some('\''),
        '_' | '‐' | '‑' | '–' | '—' => Some('-'),
        c => {
            let letter = LETTERS.iter().find(|(letters, _)| letters.contains(c));
            letter.map(|(_, letter)| *letter).or_else(|| (!c.is_alphanumeric()).then_some('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_lose_their_marks_and_other_scripts_are_refused() {
        assert_eq!(latin("Línea Ñandú, S.A.").as_deref(), Some("Linea Nandu, S.A."));
        assert_eq!(latin("Frisör & Åström «Größe»").as_deref(), Some("Frisor + Astrom 'Grose'"));
        assert_eq!(latin("a\u{1f600}_<").as_deref(), Some("a.-."));
        assert_eq!(latin("ООО"), None);
        assert_eq!(latin("Αθήνα"), None);
    }

    #[test]
    fn no_letter_stands_twice() {
        let all: Vec<char> = LETTERS.iter().flat_map(|(letters, _)| letters.chars()).collect();
        let distinct: std::collections::BTreeSet<char> = all.iter().copied().collect();
        assert_eq!(all.len(), distinct.len());
        assert!(all.iter().all(|c| !c.is_ascii()));
    }

    proptest! {
        #[test]
        fn what_becomes_is_taken_by_every_bank_and_stays_as_it_is(text in "\\PC{0,60}") {
            if let Some(text) = latin(&text) {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
                prop_assert!(text.chars().all(allowed), "{text}");
                prop_assert_eq!(latin(&text), Some(text.clone()));
            }
        }
    }
}
