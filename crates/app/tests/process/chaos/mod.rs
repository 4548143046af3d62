//! Servers that are killed with -9 again and again, one of two nodes killed under load, a primary
//! that dies under both: nothing answered is lost, nothing happens twice.

mod failover;
mod kills;
mod log;
mod nodes;
mod shop;

/// A number of the environment, for runs that take longer.
#[expect(clippy::disallowed_methods, reason = "a test has no `app` that could hand it in")]
fn number_of(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().map_or(default, |it| it.parse().expect("a number"))
}

#[expect(clippy::print_stderr, reason = "a long run says how far it is, and what was survived")]
fn show(text: &str) {
    eprintln!("{text}");
}
