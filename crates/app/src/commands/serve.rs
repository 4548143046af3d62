//! `abono serve`.

use super::books;
use crate::cli::{Beside, Serve};
use crate::output;
use crate::secret_file;
use crate::serving::{self, Buyers, Node, Routes};
use abono_store::DatabaseUrl;
use anyhow::Result;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) async fn run(args: Serve) -> Result<()> {
    serving::log(&args.logs)?;
    let provider = args.provider.read()?;
    let listening = serving::listen(args.listen).await?;
    let base_url = &listening.base_url;
    let secret_file = secret_beside(&args.database.database);
    let beside = Beside { secret_file, base_url, sandbox: args.sandbox };
    let (env, buyers) = args.payments.set_up(args.ports.env()?, beside)?;
    warn(&buyers, args.listen, base_url);
    let engine = books::open_or_make(env, &args.database.database).await?;
    engine.store().delay_commits(Duration::from_micros(args.commit_delay_micros));
    output::line_now(format!("listening on {base_url}"));
    let outbox = args.sending.outbox().of(args.voss_tenant);
    let (node, edge) = (Node::new(engine, outbox), args.edge);
    let routes = Routes { edge, provider, demo: false, buyers, clock: None };
    serving::serve(listening, node, routes, serving::stop()?).await
}

/// Where the secret is where no file is named: beside the books, if those are a file.
fn secret_beside(books: &DatabaseUrl) -> Option<PathBuf> {
    match books {
        DatabaseUrl::Sqlite(path) => Some(secret_file::beside(path)),
        DatabaseUrl::Postgres(_) => None,
    }
}

/// Says what buyers would wonder about.
fn warn(buyers: &Buyers, listen: SocketAddr, base_url: &str) {
    if !buyers.has_links {
        tracing::warn!(
            "payment requests have no links to pay by: name a file that all nodes share with \
             --secret-file"
        );
    } else if listen.ip().is_unspecified() && buyers.public_url == base_url {
        tracing::warn!(
            "the links in payment requests lead to {base_url}, which only this machine reaches: \
             say how buyers reach it with --public-url"
        );
    }
    if buyers.sandbox.is_some() {
        tracing::warn!("the sandbox is on: everybody who has a link can have it paid, for nothing");
    }
}
