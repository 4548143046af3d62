//! Starts a throwaway Postgres, prints its URL, and keeps it until standard input closes.
//!
//! By hand, for a look at a failing test: `cargo run -p abono-testkit --bin throwaway-postgres`,
//! and Ctrl-D at the end.

use abono_testkit::postgres::Throwaway;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match keep() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("throwaway-postgres: {why}");
            ExitCode::FAILURE
        }
    }
}

fn keep() -> io::Result<()> {
    let server = Throwaway::start()?;
    writeln!(io::stdout(), "{}", server.url())?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
