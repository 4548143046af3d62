//! The instance behind the first: the billing system that keeps its invoices, on the same clock.

use super::instance::{Instance, Place};
use super::seller::Side;
use crate::cli::Demo;
use crate::serving::{self, Buyers, Node, Routes};
use abono_api_native::{Settle, run_clock};
use abono_connect::outgoing::{Address, Reach};
use abono_connect::voss::{Config, Secret, Voss};
use abono_domain::seller::Tenant;
use abono_engine::{Actor, Env};
use anyhow::{Context, Result, bail};
use futures_util::FutureExt;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long it has to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A running instance behind.
pub(super) struct Behind {
    node: Node,
    tenant: Tenant,
    pub(super) place: Place,
    /// What a client of it has to know.
    pub(super) facts: Value,
    stop: watch::Sender<bool>,
    served: JoinHandle<Result<()>>,
}

impl Behind {
    /// Starts it, on the clock of the instance in front.
    pub(super) async fn start(args: &Demo, front: &Place) -> Result<Self> {
        let own = &args.behind;
        let (folder, url) = (front.folder.join("behind"), own.external_database.as_ref());
        let place = Place::new(folder, url, own.external_listen)?;
        if place.url == front.url {
            bail!("the instance behind needs books of its own (--external-database)");
        }
        let time = front.time(args.clock).await?;
        let listening = place.take().await?;
        let instance = Instance::open(Env::real(), (&place, listening), time, Side::Behind).await?;
        if instance.time().await?.is_some() != time.is_some() {
            bail!(
                "{} and {}: of the two books, one lives by the machine's clock and one by a clock \
                 moved by hand",
                front.url,
                place.url
            );
        }
        let facts = instance.tell(&place).await?;
        let Instance { engine, sellers, listening, .. } = instance;
        let node = Node::new(engine, args.sending.outbox());
        // Its clock is moved by that of the instance in front alone.
        let buyers = Buyers { public_url: listening.base_url.clone(), ..Buyers::default() };
        let routes = Routes { edge: args.edge, provider: None, demo: true, buyers, clock: None };
        let (stop, mut stopped) = watch::channel(false);
        let end = async move {
            let _stopped = stopped.wait_for(|is_stopped| *is_stopped).await.is_ok();
        };
        let served = tokio::spawn(serving::serve(listening, node.clone(), routes, end));
        Ok(Self { node, tenant: sellers.tidvy, place, facts, stop, served })
    }

    /// The world of the instance in front: with this one in it. It is called by the application and
    /// the superadmin of its own facts.
    pub(super) fn env(&self) -> Result<Env> {
        let said = |pointer: &str| {
            self.facts.pointer(pointer).and_then(Value::as_str).context("the facts are complete")
        };
        let address: Address = said("/base_url")?.parse()?;
        let (key, token) = (said("/bokamera/api_key")?, said("/bokamera/admin_token")?);
        let (key, token) = (Secret::new(key)?, Secret::new(token)?);
        let voss = Voss::new(Config::new(address, Reach::Private, TIMEOUT, key, token))?;
        Ok(Env::real().with_billing_system(voss.billing_system()))
    }

    /// The two instances, as they share the time.
    pub(super) fn beside(&self, front: Node, tenant: Tenant) -> Pair {
        Pair { front, behind: self.node.clone(), of_front: tenant, of_behind: self.tenant.clone() }
    }

    /// Lets it end what is under way.
    pub(super) async fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        self.served.await?
    }
}

/// Two instances that share the time.
#[derive(Clone)]
pub(super) struct Pair {
    front: Node,
    behind: Node,
    of_front: Tenant,
    of_behind: Tenant,
}

impl Pair {
    /// Does what is due in front, delivers what follows from it while the instance behind still
    /// stands where it stood, and lets that one follow: what ends with a cycle has ended on both
    /// sides before the next one is billed.
    pub(super) async fn agree(&self) -> Result<()> {
        (self.front.settle())().await;
        self.front.deliver().await;
        let to = self.front.engine.business_time(&self.of_front).await?;
        let (settle, whose) = (self.behind.settle(), (&self.of_behind, Actor::Operator));
        let moved = run_clock(&self.behind.engine, &settle, whose, to).await;
        moved.context("moving the clock of the instance behind")
    }

    /// What is done whenever the clock in front was moved.
    pub(super) fn settle(self) -> Settle {
        Arc::new(move || {
            let own = self.clone();
            async move {
                if let Err(error) = own.agree().await {
                    tracing::error!(error = format!("{error:#}"), "the instances don't agree");
                }
            }
            .boxed()
        })
    }
}
