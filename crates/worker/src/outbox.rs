//! Sends what is due to the billing system behind: a step of its own, so that a slow other side
//! keeps nothing else waiting.

use abono_domain::ids::{CustomerId, DeliveryId, TenantId};
use abono_domain::seller::Tenant;
use abono_engine::views::DueDeliveries;
use abono_engine::{Engine, Failure, Sent};
use futures_util::future::join_all;
use jiff::Timestamp;
use std::time::Duration;

/// When there is something to send again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Now: something was sent, and more may be waiting.
    None,
    /// At this machine time, unless something is queued before it.
    Until(Timestamp),
    /// Not before about so long, whatever is queued: the other side is being left alone.
    Rest(Duration),
    /// Nothing waits, or nobody is there to send it to.
    Idle,
}

/// Who sends, and whether it was said that nothing can be sent.
#[derive(Debug)]
pub struct Outbox {
    attempts_max: i64,
    /// Whose deliveries are sent, by slug; empty where nobody said.
    tenants: Vec<String>,
    is_told: bool,
}

/// How many deliveries of one tenant are sent at once.
const BATCH: i64 = 32;

impl Outbox {
    /// One that gives a delivery up after so many attempts, at least 1.
    pub const fn new(attempts_max: i64) -> Self {
        Self { attempts_max, tenants: Vec::new(), is_told: false }
    }

    /// The same for the deliveries of these tenants alone, by slug: the system behind is called
    /// with one key and one token, and those are theirs. Where none is named, only one tenant may
    /// send anything on.
    #[must_use]
    pub fn of(self, tenants: Vec<String>) -> Self {
        Self { tenants, ..self }
    }

    /// Sends what is due, of each customer at most one; says when to look again. Trouble with one
    /// delivery keeps only those of its customer waiting.
    ///
    /// # Errors
    /// [`Failure`], where the tenants can't be listed.
    pub async fn step(&mut self, engine: &Engine) -> Result<Pause, Failure> {
        if !engine.has_billing_system() {
            return self.tell(engine).await;
        }
        let mut waiting = Vec::new();
        let mut unknown = 0;
        for tenant in engine.tenants().await?.into_iter().filter(|it| self.is_meant(it)) {
            match Waiting::of(engine, &tenant).await {
                Ok(found) => waiting.push(found),
                Err(failure) => {
                    let tenant = tenant.slug;
                    tracing::warn!(tenant, %failure, "deliveries can't be looked for");
                    unknown = 1;
                }
            }
        }
        if self.is_ambiguous(&waiting, unknown) {
            return Ok(Pause::Idle);
        }
        let mut pause = Pause::Idle;
        for found in waiting {
            let sent = self.serve(engine, found).await;
            if let Pause::Rest(_) = sent {
                return Ok(sent);
            }
            pause = sooner(pause, sent);
        }
        Ok(pause)
    }

    /// Says once that deliveries wait and there is nobody to send them to.
    async fn tell(&mut self, engine: &Engine) -> Result<Pause, Failure> {
        if self.is_told {
            return Ok(Pause::Idle);
        }
        for tenant in engine.tenants().await? {
            if engine.due_deliveries(&tenant, 1).await?.next_at.is_some() {
                let tenant = tenant.slug;
                tracing::warn!(tenant, "deliveries wait: no billing system behind is configured");
                self.is_told = true;
            }
        }
        Ok(Pause::Idle)
    }

    /// Whether the deliveries of this tenant may be those of the key and token.
    fn is_meant(&self, tenant: &Tenant) -> bool {
        self.tenants.is_empty() || self.tenants.contains(&tenant.slug)
    }

    /// Whether it can't be known whose the key and token are; says so once. Of `unknown` tenants it
    /// couldn't be found out whether they send anything on.
    fn is_ambiguous(&mut self, waiting: &[Waiting], unknown: usize) -> bool {
        let own = waiting.iter().filter(|it| it.is_sent_on);
        let slugs: Vec<&str> = own.map(|it| it.tenant.slug.as_str()).collect();
        if slugs.len() > 1 && self.tenants.is_empty() && !self.is_told {
            tracing::warn!(
                tenants = slugs.join(", "),
                "nothing is sent: several tenants send on, and the billing system behind is called \
                 with one key and token; name whose they are (docs/external-billing.md)"
            );
            self.is_told = true;
        }
        self.tenants.is_empty() && slugs.len().saturating_add(unknown) > 1
    }

    async fn serve(&self, engine: &Engine, Waiting { tenant, found, .. }: Waiting) -> Pause {
        let sending = found.due.iter().map(|of| send(engine, tenant.id, *of, self.attempts_max));
        let all = join_all(sending).await;
        if let Some(rest) = all.iter().flatten().find_map(rest) {
            return Pause::Rest(rest);
        }
        if all.iter().flatten().any(|sent| *sent != Sent::NotItsTurn) {
            return Pause::None;
        }
        // What could not be sent is due already: it is tried again after a pause, not at once.
        found.next_at.map_or(Pause::Idle, |at| Pause::Until(at.max(found.now)))
    }
}

/// What waits of a tenant.
struct Waiting {
    tenant: Tenant,
    found: DueDeliveries,
    /// Whether its seller sends on what is added, or did so and something of it still waits.
    is_sent_on: bool,
}

impl Waiting {
    async fn of(engine: &Engine, tenant: &Tenant) -> Result<Self, Failure> {
        let found = engine.due_deliveries(tenant, BATCH).await?;
        let is_set = match engine.seller(tenant.id).await {
            Ok(seller) => seller.settings.external_billing,
            Err(Failure::NothingPublished) => false,
            Err(failure) => return Err(failure),
        };
        let is_sent_on = is_set || found.next_at.is_some();
        Ok(Self { tenant: tenant.clone(), found, is_sent_on })
    }
}

const fn rest(sent: &Sent) -> Option<Duration> {
    match sent {
        Sent::Resting { for_about } => Some(*for_about),
        Sent::Delivered
        | Sent::Later { .. }
        | Sent::Failed { .. }
        | Sent::Aside
        | Sent::NotItsTurn => None,
    }
}

/// Sends one; nothing where it could not even be recorded.
async fn send(
    engine: &Engine,
    tenant: TenantId,
    (customer, delivery): (CustomerId, DeliveryId),
    attempts_max: i64,
) -> Option<Sent> {
    match engine.deliver(tenant, (customer, delivery), attempts_max).await {
        Ok(sent) => {
            match &sent {
                Sent::Delivered => tracing::info!(%delivery, %customer, "delivered"),
                Sent::Later { trouble } => {
                    tracing::warn!(%delivery, %customer, trouble, "not delivered, try again");
                }
                Sent::Failed { trouble } => {
                    tracing::error!(%delivery, %customer, trouble, "a delivery has failed");
                }
                Sent::Resting { for_about } => {
                    tracing::warn!(?for_about, "the billing system behind is left alone");
                }
                Sent::Aside => tracing::debug!(%delivery, "it waits for one before it"),
                Sent::NotItsTurn => tracing::debug!(%delivery, "somebody else was faster"),
            }
            Some(sent)
        }
        Err(failure) => {
            tracing::warn!(%delivery, %failure, "a delivery could not be sent, try again");
            None
        }
    }
}

fn sooner(a: Pause, b: Pause) -> Pause {
    match (a, b) {
        (Pause::None, _) | (_, Pause::None) => Pause::None,
        (Pause::Until(a), Pause::Until(b)) => Pause::Until(a.min(b)),
        (Pause::Rest(rest), _) | (_, Pause::Rest(rest)) => Pause::Rest(rest),
        (Pause::Until(at), Pause::Idle) | (Pause::Idle, Pause::Until(at)) => Pause::Until(at),
        (Pause::Idle, Pause::Idle) => Pause::Idle,
    }
}
