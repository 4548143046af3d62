//! `abono serve`.

use super::books;
use crate::cli::Serve;
use crate::output;
use crate::serving::{self, Node, Routes};
use anyhow::{Context, Result};
use tokio::net::TcpListener;

pub(crate) async fn run(args: Serve) -> Result<()> {
    serving::log(&args.logs)?;
    let provider = args.provider.read()?;
    let engine = books::open_or_make(args.ports.env()?, &args.database.database).await?;
    let listener = TcpListener::bind(args.listen).await;
    let listener = listener.with_context(|| format!("listening on {}", args.listen))?;
    output::line_now(format!("listening on {}", serving::base_url(&listener)?));
    let outbox = args.sending.outbox().of(args.voss_tenant);
    let (node, edge) = (Node::new(engine, outbox), args.edge);
    let routes = Routes { edge, provider, demo: false, clock: None };
    serving::serve(listener, node, routes, serving::stop()?).await
}
