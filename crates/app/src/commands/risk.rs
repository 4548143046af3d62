//! `abono risk`: the changes that somebody has to look at, and what is decided about them.

use super::books;
use super::change::say::Told;
use super::change::{self, At};
use crate::cli::{Risk, RiskDecide, RiskList};
use abono_domain::change::ChangeStatus;
use abono_domain::change::decide_risk::DecideRisk;
use abono_engine::Command;
use anyhow::Result;

pub(crate) async fn run(verb: Risk) -> Result<()> {
    match verb {
        Risk::List(args) => list(args).await,
        Risk::Approve(args) => decide(args, true).await,
        Risk::Reject(args) => decide(args, false).await,
    }
}

async fn list(args: RiskList) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let shown = Told::Full.shown(args.json);
    change::all(&engine, &tenant, Some(ChangeStatus::Review), shown).await
}

async fn decide(args: RiskDecide, approve: bool) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let command = |at: &At| {
        let At { customer, subscription, change } = *at;
        let (by, note) = (args.by.clone(), args.note.clone());
        let decide = DecideRisk { subscription, change, approve, by, note };
        Command::DecideRisk(customer, decide)
    };
    change::decide((&engine, &tenant), args.number, args.json, command).await
}
