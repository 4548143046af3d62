//! Seeds: interleaved commands of many clients on two nodes that are killed again and again.
//!
//! `ABONO_SIM_SEEDS` says which seeds are played instead of those that the tests name: `17` replays
//! one that failed, `5000..6000` looks at others.

mod checkouts;
mod cycles;
mod licences;
mod telecom;

use abono_engine::Engine;
use abono_sim::{Failed, Passed, Settings};
use abono_store::{DatabaseUrl, migrate};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// An empty, migrated file; migrated once and copied.
fn books(folder: &TempDir) -> PathBuf {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("empty.db");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(migrate(&DatabaseUrl::Sqlite(path.clone()))).expect("migrations run");
        std::fs::read(path).expect("the file")
    });
    let path = folder.path().join("abono.db");
    std::fs::write(&path, empty).expect("a copy");
    path
}

fn worker(engine: Arc<Engine>) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        // A step that fails is tried again by the next one.
        let _next = abono_worker::step(&engine).await;
    })
}

fn ask(engine: Arc<Engine>) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        // What could not be asked is asked the next time.
        let _asked = abono_worker::ask(&engine).await;
    })
}

/// Plays seeds; `None` where others than these were wanted, so that nothing can be said of how far
/// they reach.
fn seeds(
    (from, count): (u64, u64),
    settings: impl Fn(u64) -> Settings,
    play: impl Fn(Settings) -> Result<Passed, Failed>,
) -> Option<Passed> {
    let wanted = wanted();
    let mut all = Passed::default();
    for seed in wanted.clone().unwrap_or(from..from + count) {
        match play(settings(seed)) {
            Ok(passed) => all.add(&passed),
            Err(failed) => panic!(
                "seed {seed} ({:?}): {failed}\nto replay it: ABONO_SIM_SEEDS={seed} cargo test \
                 -p abono-sim --test seeds {}",
                settings(seed),
                std::thread::current().name().unwrap_or_default(),
            ),
        }
    }
    show(&all);
    wanted.is_none().then_some(all)
}

/// The seeds that the environment names.
#[expect(clippy::disallowed_methods, reason = "a failure is replayed without a change of code")]
fn wanted() -> Option<std::ops::Range<u64>> {
    let text = std::env::var("ABONO_SIM_SEEDS").ok()?;
    let number = |text: &str| text.parse().expect("ABONO_SIM_SEEDS is 17 or 5000..6000");
    Some(match text.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => number(&text)..number(&text) + 1,
    })
}

#[expect(clippy::print_stdout, reason = "what was played shows how far the dice reach")]
fn show(all: &Passed) {
    println!("{all:#?}");
}
