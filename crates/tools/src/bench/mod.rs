//! `abono bench`: how fast the product is, beside the bare parts that it stands on.
//!
//! The product is the program itself, serving in a process of its own; its floor is another
//! process that does with bare parts what can't be done without (see [`floor`]). Both are measured
//! in alternating pairs in one run, with the same clients. A lone figure says little: machines
//! differ, and the same one differs from minute to minute. The ratio of a pair says how much the
//! product adds.

mod child;
mod commit;
pub mod floor;
mod goals;
mod load;
mod machine;
mod pairs;
mod place;
mod report;
mod request;
mod shop;

pub use report::{Figure, Report};

use abono_store::DatabaseUrl;
use child::Server;
use floor::{Answer, Books, Spec, Writes};
use pairs::{Floor, Subjects};
use place::Place;
use request::Prepared;
use std::path::PathBuf;
use std::time::Duration;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bench {
    /// Quotes: what a licence would cost.
    Quote,
    /// Reads of a licence.
    Licence,
    /// Payment requests, durable.
    Invoice,
    /// Changes of a subscription's plan, durable.
    Change,
    /// Group commit, without HTTP.
    Commit,
}

/// How it is measured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What.
    pub bench: Bench,
    /// On which databases: a SQLite file that isn't there yet, a server of Postgres on which
    /// databases may be made.
    pub databases: Vec<DatabaseUrl>,
    /// The program itself.
    pub program: PathBuf,
    /// How many clients ask at once.
    pub clients: usize,
    /// How many pairs.
    pub pairs: usize,
    /// How long each of a pair is measured.
    pub time: Duration,
    /// By how much each fsync is delayed in the part that shows a slower disk; nothing leaves that
    /// part out.
    pub slower: Duration,
}

/// Why there are no figures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BenchError(pub String);

/// Lets `?` carry what goes wrong with the machine.
macro_rules! errors {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for BenchError {
            fn from(error: $error) -> Self {
                // What a driver says of itself is too little.
                let cause = std::error::Error::source(&error).map(|it| format!(": {it}"));
                Self(format!("{error}{}", cause.unwrap_or_default()))
            }
        }
    )*};
}
errors!(
    std::io::Error,
    serde_json::Error,
    rusqlite::Error,
    tokio_postgres::Error,
    abono_engine::Failure,
    abono_store::StoreError,
);

impl Bench {
    /// Its name in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Licence => "licence",
            Self::Invoice => "invoice",
            Self::Change => "change",
            Self::Commit => "commit",
        }
    }

    /// Whether its answers wait for the disk.
    const fn is_durable(self) -> bool {
        match self {
            Self::Quote | Self::Licence | Self::Commit => false,
            Self::Invoice | Self::Change => true,
        }
    }
}

/// Measures; `progress` is told what goes on.
///
/// # Errors
/// [`BenchError`]; what was made for it is taken away also then.
pub async fn run(settings: &Settings, progress: &dyn Fn(&str)) -> Result<Report, BenchError> {
    let mut report =
        Report { machine: machine::describe(&settings.databases).await?, figures: Vec::new() };
    for database in &settings.databases {
        if settings.bench == Bench::Commit {
            report.figures.extend(commit::measure(settings, database, progress).await?);
            continue;
        }
        let mut delays = vec![Duration::ZERO];
        if settings.bench.is_durable() && !settings.slower.is_zero() {
            delays.push(settings.slower);
        }
        for delay in delays {
            let (product, floor) = places(database).await?;
            let measured = measure(settings, (&product, &floor), delay, progress).await;
            let removed = (product.remove().await, floor.remove().await);
            report.figures.extend(measured?);
            removed.0?;
            removed.1?;
        }
    }
    Ok(report)
}

async fn places(database: &DatabaseUrl) -> Result<(Place, Place), BenchError> {
    let id = abono_engine::Env::real().uuid();
    let product = Place::make(database, "product", id).await?;
    match Place::make(database, "floor", id).await {
        Ok(floor) => Ok((product, floor)),
        Err(error) => {
            product.remove().await?;
            Err(error)
        }
    }
}

/// One bench on one database.
async fn measure(
    settings: &Settings,
    (product, floor): (&Place, &Place),
    delay: Duration,
    progress: &dyn Fn(&str),
) -> Result<Vec<Figure>, BenchError> {
    let kind = match product.url() {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
    };
    let slow = if delay.is_zero() { "" } else { "-slow" };
    let name = format!("{}{slow}.{kind}", settings.bench.name());
    progress(&format!("{name}: making books"));
    let asking = request::prepare(settings.bench, &product.url(), settings.clients).await?;
    let arguments = serving(product, delay);
    let server = Server::start(&settings.program, &arguments, None).await?;
    let (answer, rows) = learn(&asking, &server, product).await?;
    let writes = match rows {
        None => None,
        Some(rows) => {
            abono_store::migrate(&floor.url()).await?;
            progress(&format!("{name}: {} rows an operation", rows.rows()));
            let delay = u64::try_from(delay.as_micros()).unwrap_or(u64::MAX);
            Some(Writes { database: floor.text(), rows, delay })
        }
    };
    let is_bare = writes.is_some() && kind == "postgres";
    let spec = serde_json::to_string(&Spec { answer, writes })?;
    let words = ["bench", "floor"].map(str::to_owned);
    let bare = Server::start(&settings.program, &words, Some(&spec)).await?;
    let mut subjects = Subjects {
        product: server,
        floor: if is_bare { Floor::Inserts(bare) } else { Floor::Serves(bare) },
        sources: [asking.sources(), asking.sources()],
        on_server: if kind == "postgres" { vec![product.text(), floor.text()] } else { vec![] },
    };
    pairs::measure(&name, settings, &mut subjects, progress).await
}

/// How the product is started: as anybody would, with the rate limit off and without a log line
/// for each request, which the floor doesn't write either.
fn serving(place: &Place, delay: Duration) -> Vec<String> {
    let words = ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0", "--log", "warn"];
    let mut arguments: Vec<String> = words.map(str::to_owned).into();
    arguments.extend(["--database".to_owned(), place.text()]);
    let millis = delay.as_micros().to_string();
    arguments.extend(["--commit-delay-micros".to_owned(), millis]);
    arguments
}

/// How often the books are looked at until they are at rest.
const LOOKS: usize = 40;

/// What the product answers, and which rows it writes for that.
async fn learn(
    asking: &Prepared,
    server: &Server,
    place: &Place,
) -> Result<(Answer, Option<floor::Template>), BenchError> {
    let mut one = asking.one();
    for _ in 0..LOOKS {
        let before = Books::read(&place.url()).await?;
        if asking.writes && before.count("outbox") > 0 {
            // The journal is sealed outside the write path, a moment later.
            tokio::time::sleep(Duration::from_millis(300)).await;
            continue;
        }
        let (status, content_type, body) = load::ask(server.address, &one()).await?;
        let answer = Answer { route: asking.route.to_owned(), status, content_type, body };
        if !asking.writes {
            return Ok((answer, None));
        }
        let after = Books::read(&place.url()).await?;
        if after.count("journal_seal") == before.count("journal_seal") {
            return Ok((answer, Some(after.since(&before, asking.owner, &asking.owners))));
        }
    }
    Err(BenchError("the books don't come to rest".to_owned()))
}
