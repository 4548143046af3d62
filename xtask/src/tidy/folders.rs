//! Folders that can be taken in at a glance.

use super::source::Source;
use crate::finding::Finding;
use std::collections::BTreeMap;

/// Rust files directly in one folder.
const FILES: usize = 15;

pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources.iter().filter(|it| it.is_rust()) {
        let folder = source.path.rsplit_once('/').map_or(".", |it| it.0);
        *folders.entry(folder).or_default() += 1;
    }
    folders
        .into_iter()
        .filter(|(_, files)| *files > FILES)
        .map(|(folder, files)| Finding {
            path: folder.to_owned(),
            line: None,
            wrong: format!("{files} Rust files in one folder, {FILES} are allowed"),
            mend: "gather what belongs together in a folder of its own".to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_folder_is_found() {
        let files = |count: usize| -> Vec<Source> {
            (0..count).map(|it| Source::new(&format!("a/{it}.rs"), String::new())).collect()
        };
        assert!(check(&files(FILES)).is_empty());
        assert_eq!(
            check(&files(FILES + 1)).iter().map(Finding::to_string).collect::<Vec<_>>(),
            ["a: 16 Rust files in one folder, 15 are allowed; gather what belongs together in a \
              folder of its own"]
        );
    }
}
