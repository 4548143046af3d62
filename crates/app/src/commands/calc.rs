//! `abono calc`.

use crate::cli::Calc;
use crate::output;
use abono_tools::calc;
use anyhow::Result;

pub(crate) fn run(args: Calc) -> Result<()> {
    match args.request {
        Some(request) => output::line(calc::answer(&request)),
        None => calc::stream(std::io::stdin().lock(), std::io::stdout().lock())?,
    }
    Ok(())
}
