//! `abono demo`: small real-looking sellers, and what to try with them.

mod behind;
mod facts;
mod instance;
mod invite;
mod kassa;
mod lineanorte;
mod seller;
mod tidvy;

use crate::cli::{Beside, Demo};
use crate::output;
use crate::serving::{self, Buyers, Node, Routes};
use abono_api_native::Settle;
use abono_engine::Env;
use anyhow::Result;
use behind::Behind;
use instance::{Instance, Place};
use seller::Side;
use std::path::PathBuf;
use tempfile::TempDir;

pub(crate) async fn run(args: Demo) -> Result<()> {
    serving::log(&args.logs)?;
    let provider = args.provider.read()?;
    let temporary =
        if args.dir.is_none() { Some(TempDir::with_prefix("abono-demo-")?) } else { None };
    let folder = args.dir.clone().or_else(|| temporary.as_ref().map(|t| t.path().to_owned()));
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    let place = Place::new(folder, args.database.as_ref(), args.listen)?;
    let behind = match args.behind.external_billing {
        true => Some(Behind::start(&args, &place).await?),
        false => None,
    };
    let (front, buyers) = open(&args, &place, behind.as_ref()).await?;
    let node = Node::new(front.engine.clone(), args.sending.outbox());
    let settle = settle(&front, &node, behind.as_ref()).await?;
    let facts = front.tell(&place).await?;
    invite::say(&facts, &place, &args, behind.as_ref());
    let routes = Routes { edge: args.edge, provider, demo: true, buyers, clock: Some(settle) };
    let served = serving::serve(front.listening, node, routes, serving::stop()?).await;
    // It is there as long as something may be sent to it.
    match behind {
        Some(behind) => served.and(behind.stop().await),
        None => served,
    }
}

/// Opens the instance that was asked for, and sees to it that it has a billing system behind where
/// there is one.
async fn open(args: &Demo, place: &Place, behind: Option<&Behind>) -> Result<(Instance, Buyers)> {
    let (env, side) = match behind {
        Some(behind) => (behind.env()?, Side::Front),
        None => (Env::real(), Side::Alone),
    };
    let listening = place.take().await?;
    let beside =
        Beside { secret_file: Some(place.secret()), base_url: &listening.base_url, sandbox: true };
    let (env, buyers) = args.payments.set_up(env, beside)?;
    let front = Instance::open(env, (place, listening), args.clock, side).await?;
    if front.was_there && args.clock.is_some() {
        output::remark("the books are there already: --clock sets new ones only");
    }
    let tidvy = &front.sellers.tidvy;
    match (behind, tidvy::is_sent_on(&front.engine, tidvy).await?) {
        (Some(_), false) => {
            output::remark(
                "what is added to Tidvy's companies is sent to the instance behind from now on; \
                 what was added before isn't known there",
            );
            tidvy::send_on(&front.engine, tidvy).await?;
        }
        (None, true) => output::remark(
            "what is added to Tidvy's companies, and terminated, waits to be sent until \
             --external-billing starts the instance behind again",
        ),
        (Some(_), true) | (None, false) => {}
    }
    Ok((front, buyers))
}

/// What is done whenever the clock was moved. The instance behind stands where this one does from
/// the start, also where it was away meanwhile.
async fn settle(front: &Instance, node: &Node, behind: Option<&Behind>) -> Result<Settle> {
    let Some(behind) = behind else { return Ok(node.settle()) };
    let pair = behind.beside(node.clone(), front.sellers.tidvy.clone());
    if front.time().await?.is_some() {
        pair.agree().await?;
    }
    Ok(pair.settle())
}
