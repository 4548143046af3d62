//! `cargo xtask layers`: dependencies go downward only, as the table says.

mod table;

use crate::finding::{Finding, settle};
use anyhow::Result;
use cargo_metadata::{Dependency, DependencyKind, Metadata};
use table::{LAYERS, Layer, Outside, TESTKIT};

/// Where the table stands, for messages.
const TABLE: &str = "xtask/src/layers/table.rs";

/// One crate of the workspace, reduced to what this check needs.
struct Package {
    name: String,
    manifest: String,
    /// Normal and build dependencies, without those for tests.
    uses: Vec<String>,
}

/// Checks the workspace.
pub(crate) fn run(workspace: &Metadata) -> Result<()> {
    settle("layers", check(&packages(workspace), LAYERS))
}

fn packages(workspace: &Metadata) -> Vec<Package> {
    let root = &workspace.workspace_root;
    let shipped = |it: &&Dependency| it.kind != DependencyKind::Development;
    let package = |it: &cargo_metadata::Package| Package {
        name: it.name.to_string(),
        manifest: it.manifest_path.strip_prefix(root).unwrap_or(&it.manifest_path).to_string(),
        uses: it.dependencies.iter().filter(shipped).map(|it| it.name.clone()).collect(),
    };
    workspace.packages.iter().map(package).collect()
}

fn check(packages: &[Package], layers: &[Layer]) -> Vec<Finding> {
    let is_ours = |name: &str| packages.iter().any(|it| it.name == name);
    let mut findings = Vec::new();
    for package in packages {
        match layers.iter().find(|it| it.name == package.name) {
            Some(layer) => findings.extend(
                package
                    .uses
                    .iter()
                    .filter_map(|used| refuse(layer, used, is_ours(used)))
                    .map(|(wrong, mend)| finding(&package.manifest, wrong, mend)),
            ),
            None => findings.push(finding(
                &package.manifest,
                format!("{} has no layer", package.name),
                format!("add it to LAYERS in {TABLE}, with the crates that it may use"),
            )),
        }
    }
    findings.extend(layers.iter().filter(|layer| !is_ours(layer.name)).map(|layer| {
        let wrong = format!("LAYERS names {}, which isn't in the workspace", layer.name);
        finding(TABLE, wrong, "take it out; a crate gets its line when it is made".to_owned())
    }));
    findings
}

/// What is wrong with a dependency, and how to mend it; `None` where it is allowed.
fn refuse(layer: &Layer, used: &str, ours: bool) -> Option<(String, String)> {
    let (wrong, mend) = if used == TESTKIT && !layer.inside.contains(&TESTKIT) {
        (
            format!("{} ships {TESTKIT}, which is for tests alone", layer.name),
            "move it to [dev-dependencies]".to_owned(),
        )
    } else if ours {
        if layer.inside.contains(&used) {
            return None;
        }
        let allowed = match layer.inside {
            [] => "no crate of this workspace".to_owned(),
            some => some.join(", "),
        };
        (
            format!("{} may not depend on {used}", layer.name),
            format!("it may use {allowed}; move the code to where both are in reach"),
        )
    } else {
        let reason = match layer.outside {
            Outside::Any => return None,
            Outside::Only(allowed, _) if allowed.contains(&used) => return None,
            Outside::Only(_, reason) => reason,
            Outside::Not(denied) => denied.iter().find(|(name, _)| *name == used)?.1,
        };
        (format!("{} may not depend on {used}", layer.name), reason.to_owned())
    };
    Some((wrong, mend))
}

fn finding(manifest: &str, wrong: String, mend: String) -> Finding {
    Finding { path: manifest.to_owned(), line: None, wrong, mend }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &[Layer] = &[
        Layer { name: "ground", inside: &[], outside: Outside::Only(&["jiff"], "it is pure") },
        Layer { name: "edge", inside: &["ground"], outside: Outside::Not(&[("sql", "ask it")]) },
    ];

    fn package(name: &str, uses: &[&str]) -> Package {
        let uses = uses.iter().map(|it| (*it).to_owned()).collect();
        Package { name: name.to_owned(), manifest: format!("{name}/Cargo.toml"), uses }
    }

    fn found(packages: &[Package]) -> Vec<String> {
        check(packages, SMALL).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn what_the_table_allows_passes() {
        let none: &[String] = &[];
        assert_eq!(found(&[package("ground", &["jiff"]), package("edge", &["ground"])]), none);
    }

    #[test]
    fn an_upward_edge_is_found() {
        assert_eq!(
            found(&[package("ground", &["edge"]), package("edge", &[])]),
            ["ground/Cargo.toml: ground may not depend on edge; it may use no crate of this \
              workspace; move the code to where both are in reach"]
        );
    }

    #[test]
    fn a_crate_from_outside_is_found_by_either_list() {
        assert_eq!(
            found(&[package("ground", &["tokio"]), package("edge", &["sql"])]),
            [
                "ground/Cargo.toml: ground may not depend on tokio; it is pure",
                "edge/Cargo.toml: edge may not depend on sql; ask it",
            ]
        );
    }

    #[test]
    fn the_testkit_is_never_shipped() {
        let found = found(&[package("ground", &[]), package("edge", &[TESTKIT])]);
        assert!(found[0].contains("move it to [dev-dependencies]"), "{found:?}");
    }

    #[test]
    fn a_crate_without_a_layer_and_a_layer_without_a_crate_are_found() {
        let found = found(&[package("ground", &[]), package("new", &[])]);
        assert!(found[0].starts_with("new/Cargo.toml: new has no layer; add it"), "{found:?}");
        assert!(found[1].contains("LAYERS names edge, which isn't"), "{found:?}");
    }

    #[test]
    fn the_table_itself_has_no_cycle() {
        for (position, layer) in LAYERS.iter().enumerate() {
            for used in layer.inside {
                let below = LAYERS[..position].iter().any(|it| it.name == *used);
                assert!(
                    below,
                    "{} uses {used}, which must stand above it in the table",
                    layer.name
                );
            }
        }
    }
}
