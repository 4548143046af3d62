//! The crates under the contracts know no vendor by name.

use super::source::{Source, numbered};
use crate::finding::Finding;

/// The crates that serve every contract alike.
const COMMON: &[&str] = &["domain", "store", "engine", "worker"];

const VENDORS: &[&str] =
    &["lifepos", "life pos", "life-pos", "life_pos", "masstack", "bokamera", "voss"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    if !source.is_in(COMMON) {
        return Vec::new();
    }
    let name = [(1, source.path.as_str())];
    let lines = name.into_iter().chain(numbered(&source.text));
    lines
        .filter_map(|(number, line)| {
            let line = line.to_lowercase();
            let vendor = VENDORS.iter().find(|it| line.contains(**it))?;
            let wrong = format!("the vendor's word `{vendor}`");
            Some(source.finding(number, wrong, "say it in our words, or move it to crates/api-*"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_is_found_in_text_and_path() {
        for vendor in VENDORS {
            let text = format!("//! As {} does.\n", vendor.to_uppercase());
            assert_eq!(check(&Source::new("crates/domain/src/a.rs", text)).len(), 1, "{vendor}");
        }
        assert_eq!(check(&Source::new("crates/store/src/lifepos.rs", String::new())).len(), 1);
    }

    #[test]
    fn its_own_crate_may_say_it() {
        let text = "//! LIFE POS.\n".to_owned();
        assert!(check(&Source::new("crates/api-lifepos/src/lib.rs", text)).is_empty());
    }
}
