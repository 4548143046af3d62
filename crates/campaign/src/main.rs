//! `cargo xtask sim`: plays seeds, replays a case, or finds planted bugs.

use abono_campaign::case::Fault;
use abono_campaign::planted::BUGS;
use abono_campaign::report::Report;
use abono_campaign::shrink::shrink;
use abono_campaign::stage::play;
use abono_campaign::{Case, draw, marks};
use anyhow::{Context, Result, bail};
use clap::Parser;
use std::process::ExitCode;

/// Plays the whole program on a disk that loses power.
#[derive(Parser)]
#[command(name = "cargo xtask sim")]
struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many days each lasts.
    #[arg(long, default_value_t = 400)]
    days: i64,
    /// Leaves out failed disk operations, of which cases are still open.
    #[arg(long)]
    no_disk_errors: bool,
    /// Goes on after a seed that breaks a law, without making it smaller.
    #[arg(long)]
    keep_going: bool,
    /// Plays one seed, or one case of a file, and no other.
    #[arg(long)]
    replay: Option<String>,
    /// Plants each bug, or the one that is named, and plays until it is found.
    #[arg(long, num_args = 0..=1, default_missing_value = "all")]
    planted: Option<String>,
}

fn main() -> Result<ExitCode> {
    let options = Options::parse();
    if let Some(what) = &options.replay {
        return replay(&options, what);
    }
    if let Some(which) = &options.planted {
        return find_planted(&options, which);
    }
    campaign(&options)
}

#[expect(clippy::print_stdout, reason = "a command says what came of it")]
fn campaign(options: &Options) -> Result<ExitCode> {
    let mut report = Report::begin();
    let mut failed = 0;
    for seed in options.from..options.from + options.seeds {
        let mut case = draw::case(seed, options.days);
        let is_left = |fault: &Fault| !(options.no_disk_errors && matches!(fault, Fault::Io(_)));
        case.faults.retain(is_left);
        match play(&case) {
            Ok(passed) if seed % 50 == 0 && play(&case).as_ref() != Ok(&passed) => {
                bail!("seed {seed} isn't played twice in the same way");
            }
            Ok(passed) => report.add(&case, passed),
            Err(broken) if options.keep_going => {
                failed += 1;
                println!("seed {seed}: {broken}");
            }
            Err(broken) => {
                println!("seed {seed}: {broken}");
                let (case, broken, tries) = shrink(case, broken);
                let path = format!("crates/campaign/cases/seed-{seed}.json");
                let _is_there = std::fs::create_dir_all("crates/campaign/cases");
                std::fs::write(&path, serde_json::to_string(&case)?).context(path.clone())?;
                println!(
                    "after {tries} runs, {} days, {} wishes and {} faults are left: {broken}\n\
                     cargo xtask sim --replay {path}\n\
                     cargo xtask sim --replay {seed} --days {}",
                    case.days,
                    case.wishes.len(),
                    case.faults.len(),
                    options.days,
                );
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    println!("{report}");
    if failed > 0 {
        println!("{failed} of {} seeds broke a law", options.seeds);
        return Ok(ExitCode::FAILURE);
    }
    let missed = report.missed(marks::ALL);
    if options.seeds >= 1_000 && !missed.is_empty() {
        println!("the seeds never came by {missed:?}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::print_stdout, reason = "a command says what came of it")]
fn replay(options: &Options, what: &str) -> Result<ExitCode> {
    let case: Case = match what.parse() {
        Ok(seed) => draw::case(seed, options.days),
        Err(_) => serde_json::from_str(&std::fs::read_to_string(what).context(what.to_owned())?)?,
    };
    match play(&case) {
        Ok(passed) => {
            println!("every law holds: {passed:#?}");
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            println!("{broken}");
            Ok(ExitCode::FAILURE)
        }
    }
}

#[cfg(not(feature = "planted"))]
fn find_planted(_: &Options, which: &str) -> Result<ExitCode> {
    bail!("{which} of {} bugs: none is in this build, only with --features planted", BUGS.len())
}

#[cfg(feature = "planted")]
#[expect(clippy::print_stdout, reason = "a command says what came of it")]
fn find_planted(options: &Options, which: &str) -> Result<ExitCode> {
    let mut all_found = true;
    for bug in BUGS.iter().filter(|bug| which == "all" || **bug == which) {
        let seeds = options.from..options.from + options.seeds;
        match abono_campaign::planted::find(bug, seeds, options.days) {
            Some((seed, broken)) => println!("{bug:32} seed {seed:4}  {}", broken.law),
            None => {
                all_found = false;
                println!("{bug:32} NOT FOUND in {} seeds", options.seeds);
            }
        }
    }
    Ok(if all_found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
