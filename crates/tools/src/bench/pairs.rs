//! Alternating pairs: the product and its floor, each for the same time, one after the other.

use super::child::{Server, cpu_of_postgres};
use super::load::{Seen, Source, load};
use super::place::connect;
use super::report::{Figure, median};
use super::{BenchError, Settings};
use std::time::Duration;

/// Who is measured.
pub(super) struct Subjects {
    pub(super) product: Server,
    pub(super) floor: Floor,
    /// What the clients send to the product, and what they send to the floor.
    pub(super) sources: [Vec<Source>; 2],
    /// The databases, where they are a server's: its processes work for both.
    pub(super) on_server: Vec<String>,
}

/// What the product is compared with.
pub(super) enum Floor {
    /// It serves the same clients.
    Serves(Server),
    /// It inserts the same rows by itself.
    Inserts(Server),
}

/// What one side came to.
#[derive(Clone, Copy, Debug)]
struct Side {
    seen: Seen,
    /// Microseconds of processor, the database's among them.
    cpu: u64,
}

impl Side {
    /// Microseconds of processor an operation, in thousandths.
    fn cpu_each(&self) -> u64 {
        self.cpu.saturating_mul(1_000) / self.seen.answered.max(1)
    }
}

/// How long each side runs before it is measured.
const WARM: Duration = Duration::from_millis(300);

impl Subjects {
    async fn product(&mut self, time: Duration) -> Result<Side, BenchError> {
        let address = self.product.address;
        let cpu = |it: &Self| it.product.cpu() + it.database();
        let before = cpu(self);
        let [sources, _] = &mut self.sources;
        let (seen, given_back) = load(address, std::mem::take(sources), time).await?;
        *sources = given_back;
        Ok(Side { seen, cpu: cpu(self).saturating_sub(before) })
    }

    async fn floor(&mut self, time: Duration) -> Result<Side, BenchError> {
        let cpu = |it: &Self| it.floor.server().cpu() + it.database();
        let before = cpu(self);
        let seen = match &mut self.floor {
            Floor::Serves(server) => {
                let address = server.address;
                let [_, sources] = &mut self.sources;
                let (seen, given_back) = load(address, std::mem::take(sources), time).await?;
                *sources = given_back;
                seen
            }
            Floor::Inserts(server) => {
                serde_json::from_str(&server.say(&time.as_millis().to_string()).await?)?
            }
        };
        Ok(Side { seen, cpu: cpu(self).saturating_sub(before) })
    }

    fn database(&self) -> u64 {
        if self.on_server.is_empty() { 0 } else { cpu_of_postgres() }
    }
}

impl Floor {
    const fn server(&self) -> &Server {
        match self {
            Self::Serves(server) | Self::Inserts(server) => server,
        }
    }
}

/// Measures the pairs, and sums them up.
pub(super) async fn measure(
    name: &str,
    settings: &Settings,
    subjects: &mut Subjects,
    progress: &dyn Fn(&str),
) -> Result<Vec<Figure>, BenchError> {
    subjects.product(WARM).await?;
    subjects.floor(WARM).await?;
    for database in &subjects.on_server {
        // As a server does by itself within minutes: plans made for empty tables are made anew.
        connect(database).await?.batch_execute("analyze").await?;
    }
    let mut pairs = Vec::with_capacity(settings.pairs);
    for number in 0..settings.pairs {
        // Whoever comes second finds a warmer machine: they take turns.
        let pair = if number % 2 == 0 {
            let product = subjects.product(settings.time).await?;
            (product, subjects.floor(settings.time).await?)
        } else {
            let floor = subjects.floor(settings.time).await?;
            (subjects.product(settings.time).await?, floor)
        };
        progress(&format!(
            "{name}: pair {} of {}: {} to {} a second",
            number + 1,
            settings.pairs,
            pair.0.seen.rate() / 1_000,
            pair.1.seen.rate() / 1_000
        ));
        pairs.push(pair);
    }
    let mut figures = summary(name, &pairs);
    let alone = |what: &str, unit, value| Figure::alone(format!("{name}.{what}"), unit, value);
    let of_product = |value: fn(&Side) -> u64| median(pairs.iter().map(|(ours, _)| value(ours)));
    figures.push(alone("p50", "us", of_product(|side| side.seen.p50 * 1_000)));
    figures.push(alone("p999", "us", of_product(|side| side.seen.p999 * 1_000)));
    figures.push(alone("memory", "MiB", subjects.product.peak() * 1_000 / 1_024));
    Ok(figures)
}

fn summary(name: &str, pairs: &[(Side, Side)]) -> Vec<Figure> {
    type Value = fn(&Side) -> u64;
    let rate: Value = |side| side.seen.rate();
    let p99: Value = |side| side.seen.p99.saturating_mul(1_000);
    let kinds: [(&str, &str, Value, bool); 3] = [
        ("rate", "1/s", rate, true),
        ("cpu", "us", Side::cpu_each, false),
        ("p99", "us", p99, false),
    ];
    let figure = |(what, unit, value, is_rate): (&str, &'static str, Value, bool)| {
        let values: Vec<(u64, u64)> =
            pairs.iter().map(|(ours, floor)| (value(ours), value(floor))).collect();
        Figure::of_pairs((format!("{name}.{what}"), unit), &values, is_rate)
    };
    kinds.into_iter().map(figure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(answered: u64, p99: u64, cpu: u64) -> Side {
        let seen = Seen { answered, micros: 1_000_000, p50: 1, p99, p999: p99 };
        Side { seen, cpu }
    }

    #[test]
    fn a_ratio_is_better_the_higher_it_is() {
        let pairs = [(90, 110), (80, 100), (50, 400)]
            .map(|(rate, p99)| (side(rate, p99, 900), side(100, 100, 500)));
        let [rate, cpu, p99] = &summary("quote.sqlite", &pairs)[..] else { panic!("three") };
        assert_eq!((rate.value, rate.floor, rate.ratio), (80_000, Some(100_000), Some(800)));
        assert_eq!(rate.spread, Some((500, 900)));
        assert_eq!((p99.value, p99.floor, p99.ratio), (110_000, Some(100_000), Some(909)));
        assert_eq!((cpu.value, cpu.floor, cpu.ratio), (11_250, Some(5_000), Some(444)));
        assert_eq!(rate.goal, Some(850));
    }
}
