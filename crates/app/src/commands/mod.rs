//! One file per verb.

mod apply;
mod bench;
mod books;
mod calc;
mod change;
mod demo;
mod document;
mod group;
mod key;
mod licence;
mod migrate;
mod openapi;
mod outbox;
mod payment;
mod risk;
mod serve;
mod subscription;
mod test;
mod verify;

use crate::cli::{Cli, Verb};
use anyhow::Result;
use std::process::ExitCode;

/// Carries a verb out.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = |()| ExitCode::SUCCESS;
    match cli.verb {
        Verb::Serve(args) => runtime.block_on(serve::run(*args)).map(done),
        Verb::Demo(args) => runtime.block_on(demo::run(*args)).map(done),
        Verb::Migrate(args) => runtime.block_on(migrate::run(args)).map(done),
        Verb::Apply(args) => runtime.block_on(apply::run(args)).map(done),
        Verb::Key(verb) => runtime.block_on(key::run(verb)).map(done),
        Verb::Payment(verb) => runtime.block_on(payment::run(verb)).map(done),
        Verb::Licence(verb) => runtime.block_on(licence::run(verb)).map(done),
        Verb::Subscription(verb) => runtime.block_on(subscription::run(verb)).map(done),
        Verb::Change(verb) => runtime.block_on(change::run(verb)).map(done),
        Verb::Group(verb) => runtime.block_on(group::run(verb)).map(done),
        Verb::Risk(verb) => runtime.block_on(risk::run(verb)).map(done),
        Verb::Outbox(verb) => runtime.block_on(outbox::run(verb)).map(done),
        Verb::Explain(args) => runtime.block_on(document::explain::run(args)).map(done),
        Verb::Print(args) => runtime.block_on(document::print::run(args)).map(done),
        Verb::Verify(args) => runtime.block_on(verify::run(args)),
        Verb::Test(args) => runtime.block_on(test::run(args)),
        Verb::Bench(verb) => runtime.block_on(bench::run(verb)),
        Verb::Calc(args) => calc::run(args).map(done),
        Verb::Openapi(verb) => openapi::run(verb).map(done),
    }
}
