//! Group commit without HTTP: whether one seller's writers are as fast as those of many, and what
//! commands cost that others were faster than.

use super::load::Seen;
use super::place::Place;
use super::report::Figure;
use super::shop::Shop;
use super::{BenchError, Settings};
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::CustomerId;
use abono_engine::{Actor, Call, Command, Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many of a thousand commits are stale when they come.
const STALE: [(&str, u64); 2] =
    [("commit-stale-5-per-mille", 5), ("commit-stale-50-per-mille", 50)];

/// A writer: whose books, whose customer, what is asked for.
#[derive(Clone)]
struct Writer {
    engine: Arc<Engine>,
    call: Call,
    command: Command,
    customer: CustomerId,
}

/// All of it on one database.
pub(super) async fn measure(
    settings: &Settings,
    database: &DatabaseUrl,
    progress: &dyn Fn(&str),
) -> Result<Vec<Figure>, BenchError> {
    let kind = match database {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
    };
    let place = Place::make(database, "commit", Env::real().uuid()).await?;
    let figures = on(settings, &place, kind, progress).await;
    place.remove().await?;
    figures
}

async fn on(
    settings: &Settings,
    place: &Place,
    kind: &str,
    progress: &dyn Fn(&str),
) -> Result<Vec<Figure>, BenchError> {
    progress(&format!("commit.{kind}: making books"));
    migrate(&place.url()).await?;
    let store = Store::open(&place.url(), Options::Serving).await?;
    let engine = Arc::new(Engine::new(Env::real(), store));
    let one = Shop::of_licences(engine.clone(), "one", settings.clients).await?;
    let together = writers(&one).await?;
    let mut apart = Vec::with_capacity(settings.clients);
    for number in 0..settings.clients {
        let shop = Shop::of_licences(engine.clone(), &format!("many-{number}"), 1).await?;
        apart.extend(writers(&shop).await?);
    }
    write(&together, 0, settings.time / 4).await?;
    let mut figures = Vec::new();
    let sides = [("commit-one-seller", &together, 0, &apart)]
        .into_iter()
        .chain(STALE.iter().map(|(name, stale)| (*name, &together, *stale, &together)));
    for (name, ours, stale, floor) in sides {
        let name = format!("{name}.{kind}.rate");
        let mut pairs = Vec::with_capacity(settings.pairs);
        for number in 0..settings.pairs {
            // Whoever comes second finds a warmer machine: they take turns.
            let pair = if number % 2 == 0 {
                let ours = write(ours, stale, settings.time).await?;
                (ours, write(floor, 0, settings.time).await?)
            } else {
                let floor = write(floor, 0, settings.time).await?;
                (write(ours, stale, settings.time).await?, floor)
            };
            pairs.push((pair.0.rate(), pair.1.rate()));
        }
        progress(&format!("{name}: {pairs:?}"));
        figures.push(Figure::of_pairs((name, "1/s"), &pairs, true));
    }
    Ok(figures)
}

async fn writers(shop: &Shop) -> Result<Vec<Writer>, BenchError> {
    let order = shop.order().await?;
    let call = Call::new(shop.tenant.id, Actor::Operator);
    let writer = |customer: &CustomerId| {
        let ask = RequestPayment { order: order.clone(), payer: None };
        let command = Command::RequestPayment(*customer, ask);
        Writer { engine: shop.engine.clone(), call: call.clone(), command, customer: *customer }
    };
    Ok(shop.customers.iter().map(writer).collect())
}

/// Lets all writers write for some time; `stale` of a thousand commits come too late.
async fn write(writers: &[Writer], stale: u64, time: Duration) -> Result<Seen, BenchError> {
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for (number, writer) in (0..).zip(writers) {
        let writer = writer.clone();
        tasks.spawn(async move { writer.write(number, stale, began + time).await });
    }
    let mut waits = Vec::new();
    while let Some(done) = tasks.join_next().await {
        waits.extend(done.map_err(|error| BenchError(error.to_string()))??);
    }
    Ok(Seen::of(began.elapsed(), waits))
}

impl Writer {
    async fn write(&self, number: u64, stale: u64, until: Instant) -> Result<Vec<u32>, BenchError> {
        let mut waits = Vec::new();
        // Each begins elsewhere, or all of them would be stale at once.
        let mut turn = number.saturating_mul(37);
        loop {
            let began = Instant::now();
            if began >= until {
                return Ok(waits);
            }
            turn += 1;
            // What was decided before the next command is stale behind it.
            let is_stale = turn * stale % 1_000 < stale;
            let late = match is_stale {
                true => Some(self.engine.prepare(&self.call, &self.command).await?),
                false => None,
            };
            self.engine.carry_out(&self.call, &self.command).await?;
            if let Some(late) = late
                && self.engine.commit(late).await?
            {
                return Err(BenchError(format!("{}: stale, and committed", self.customer)));
            }
            waits.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }
}
