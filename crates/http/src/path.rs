//! Ids and verbs in path segments, each with the spellings that a contract reads.
//!
//! The router hands segments on decoded, so `%00`, `%2f` and `%3a` arrive here as the characters
//! they stand for. What has no canonical form is no id, and never reaches the store.

use uuid::Uuid;

/// The dashed spelling of a UUID has this many characters; the bare, braced and URN ones haven't.
const DASHED_LENGTH: usize = 36;

/// The bare spelling of a UUID has this many characters.
const BARE_LENGTH: usize = 32;

/// A UUID written with its dashes, in either letter case.
pub fn uuid(segment: &str) -> Option<Uuid> {
    (segment.len() == DASHED_LENGTH).then(|| Uuid::try_parse(segment).ok())?
}

/// A UUID as .NET writes its Guids: dashed, also in braces, or 32 digits, in either letter case.
pub fn guid(segment: &str) -> Option<Uuid> {
    let braced = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match (braced, segment.len()) {
        (Some(dashed), _) => uuid(dashed),
        (None, BARE_LENGTH) => Uuid::try_parse(segment).ok(),
        (None, _) => uuid(segment),
    }
}

/// A positive integer without sign or leading zero.
pub fn int64(segment: &str) -> Option<i64> {
    let digits = !segment.starts_with('0') && segment.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| segment.parse().ok())?
}

/// `{id}:{verb}`, split at its only colon.
pub fn verb(segment: &str) -> Option<(&str, &str)> {
    let (id, verb) = segment.split_once(':')?;
    (!id.is_empty() && !verb.is_empty() && !verb.contains(':')).then_some((id, verb))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DASHED: &str = "0192f0c1-0000-7000-8000-00000000dead";

    #[test]
    fn a_dashed_uuid_is_read_in_any_letter_case() {
        let id = uuid(DASHED).expect("canonical");
        assert_eq!(uuid(&DASHED.to_uppercase()), Some(id));
        assert_eq!(id.as_hyphenated().to_string(), DASHED);
    }

    #[test]
    fn other_spellings_of_a_uuid_are_refused() {
        for segment in [
            "".to_owned(),
            DASHED.replace('-', ""),
            format!("{{{DASHED}}}"),
            format!("urn:uuid:{DASHED}"),
            format!(" {DASHED}"),
            format!("{DASHED}\0"),
            DASHED.replace('d', "g"),
            DASHED.replace('d', "ｄ"),
            "0192f0c10000-7000-8000-00000000dead-".to_owned(),
        ] {
            assert_eq!(uuid(&segment), None, "{segment:?}");
        }
    }

    #[test]
    fn a_guid_is_read_in_each_spelling_of_net_and_in_no_other() {
        let id = uuid(DASHED).expect("canonical");
        let (bare, braced) = (DASHED.replace('-', ""), format!("{{{DASHED}}}"));
        for segment in [DASHED, &bare, &braced] {
            assert_eq!(guid(segment), Some(id), "{segment}");
            assert_eq!(guid(&segment.to_uppercase()), Some(id), "{segment}");
        }
        for segment in [
            String::new(),
            format!("{{{bare}}}"),
            format!("({DASHED})"),
            format!("{{{DASHED}"),
            format!("{DASHED}}}"),
            format!("{{{braced}}}"),
            format!("urn:uuid:{DASHED}"),
            bare.replace('d', "g"),
            format!("{}\0", &bare[1..]),
            format!("+{}", &bare[1..]),
        ] {
            assert_eq!(guid(&segment), None, "{segment:?}");
        }
    }

    #[test]
    fn an_integer_has_neither_sign_nor_leading_zero() {
        assert_eq!(int64("7"), Some(7));
        assert_eq!(int64("9223372036854775807"), Some(i64::MAX));
        for segment in [
            "",
            "0",
            "007",
            "+1",
            "-1",
            "1.0",
            "1e3",
            "0x10",
            " 1",
            "1\0",
            "١",
            "9223372036854775808",
        ] {
            assert_eq!(int64(segment), None, "{segment:?}");
        }
    }

    #[test]
    fn a_verb_stands_after_the_only_colon() {
        assert_eq!(verb("42:cancel"), Some(("42", "cancel")));
        for segment in ["", ":", "42", "42:", ":cancel", "42:cancel:again", "42::cancel"] {
            assert_eq!(verb(segment), None, "{segment:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            segment in "[0-9a-f-]{36}|[0-9+-]{1,20}|\\PC{0,40}"
        ) {
            if let Some(id) = uuid(&segment) {
                prop_assert_eq!(id.to_string(), segment.to_lowercase());
            }
            if let Some(number) = int64(&segment) {
                prop_assert_eq!(number.to_string(), segment);
            }
        }
    }
}
