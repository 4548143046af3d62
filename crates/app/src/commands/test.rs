//! `abono test`: life stories, each in books of its own.

use crate::cli::Test;
use crate::output;
use crate::serving;
use abono_engine::Engine;
use abono_store::{DatabaseUrl, Options, Store, is_new, migrate};
use abono_tools::scenario::{self, Machine, Scenario, expected_path, is_expected};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tempfile::TempDir;

pub(crate) async fn run(args: Test) -> Result<ExitCode> {
    if let Some(url) = &args.database {
        prepare(url).await?;
    }
    let mut all = Vec::with_capacity(args.files.len());
    for (seed, file) in (0..).zip(&args.files) {
        let told = tell(file, &args, seed).await?;
        let name = file.file_stem().map_or_else(String::new, |it| it.to_string_lossy().into());
        if !args.json {
            show(&name, &told);
        }
        all.push((name, file.clone(), told));
    }
    let failed = all.iter().filter(|(_, _, told)| !told.is_right()).count();
    let right = all.len() - failed;
    if args.json {
        output::line(summary(&all, right, failed));
    } else {
        output::line(format!("{right} as expected, {failed} not"));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What became of a story.
enum Told {
    /// It came to what it must.
    Ok,
    /// What it came to was written down.
    Blessed,
    /// It came to something else: what it shows, and the lines that differ.
    Differs(String),
    /// It can't be read, or was not told to its end.
    Failed(String),
}

impl Told {
    const fn is_right(&self) -> bool {
        match self {
            Self::Ok | Self::Blessed => true,
            Self::Differs(_) | Self::Failed(_) => false,
        }
    }

    /// The word for programs, and what there is to say.
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Ok => ("ok", None),
            Self::Blessed => ("blessed", None),
            Self::Differs(lines) => ("differs", Some(lines)),
            Self::Failed(why) => ("failed", Some(why)),
        }
    }
}

/// Makes the schema in a database that has none; books of somebody are left alone.
async fn prepare(url: &DatabaseUrl) -> Result<()> {
    if is_new(url).await.with_context(|| format!("opening {url}"))? {
        migrate(url).await.with_context(|| format!("migrating {url}"))?;
    }
    let store = Store::open(url, Options::Serving).await;
    let engine =
        Engine::new(Machine::new(0).env(), store.with_context(|| format!("opening {url}"))?);
    if let Some(tenant) = engine.tenants().await?.first() {
        bail!("{url} holds the books of `{}`: stories are told in an empty database", tenant.slug);
    }
    Ok(())
}

async fn tell(file: &Path, args: &Test, seed: u64) -> Result<Told> {
    let story = match Scenario::read(file) {
        Ok(story) => story,
        Err(error) => return Ok(Told::Failed(error.to_string())),
    };
    let temporary = TempDir::with_prefix("abono-test-")?;
    let url = match &args.database {
        Some(url) => url.clone(),
        None => DatabaseUrl::Sqlite(temporary.path().join("abono.db")),
    };
    if args.database.is_none() {
        migrate(&url).await.with_context(|| format!("migrating {url}"))?;
    }
    let machine = Machine::new(seed);
    let engine = Engine::new(machine.env(), Store::open(&url, Options::Serving).await?);
    let text = match scenario::run(&story, &engine, &machine, &serving::settled).await {
        Ok(text) => text,
        Err(error) => return Ok(Told::Failed(error.to_string())),
    };
    let expected = expected_path(file);
    if args.bless {
        std::fs::write(&expected, text)
            .with_context(|| format!("writing {}", expected.display()))?;
        return Ok(Told::Blessed);
    }
    Ok(match std::fs::read_to_string(&expected) {
        Ok(expected) => match is_expected(&expected, &text) {
            Ok(()) => Told::Ok,
            // Who reads the lines wants to know what they are about.
            Err(lines) => Told::Differs(format!("{}\n{lines}", story.about)),
        },
        Err(error) => {
            let expected = expected.display();
            Told::Failed(format!("reading {expected}: {error}; --bless writes it"))
        }
    })
}

fn show(name: &str, told: &Told) {
    output::line_now(match told.parts() {
        (word, None) => format!("{word} {name}"),
        (word, Some(more)) => format!("{word} {name}\n{}", more.trim_end()),
    });
}

fn summary(all: &[(String, PathBuf, Told)], right: usize, failed: usize) -> serde_json::Value {
    let rows = all.iter().map(|(name, file, told)| {
        let (result, message) = told.parts();
        json!({
            "name": name,
            "file": file.display().to_string(),
            "result": result,
            "message": message,
        })
    });
    json!({"as_expected": right, "not": failed, "scenarios": rows.collect::<Vec<_>>()})
}
