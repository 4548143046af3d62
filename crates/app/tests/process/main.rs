//! The binary as its users run it.

mod bench;
mod chain;
mod changes;
mod changes_killed;
mod chaos;
mod cli;
mod demo;
mod groups;
mod kill;
mod outbox;
mod pay;
mod readme;
mod scenarios;
mod story;
mod subscriptions;
mod support;
