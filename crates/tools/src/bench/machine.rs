//! The machine that a bench ran on, as it says itself.

use super::BenchError;
use super::place::connect;
use abono_store::DatabaseUrl;

/// What is worth knowing about it, line by line.
pub(super) async fn describe(databases: &[DatabaseUrl]) -> Result<Vec<String>, BenchError> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_once(':').map(|(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = field(&read("/proc/cpuinfo"), "model name").unwrap_or_default();
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_default();
    let kernel = read("/proc/sys/kernel/osrelease");
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("?");
    let mut lines = vec![format!(
        "{cores} cores ({model}), {memory}, Linux {}, load {load} before it began",
        kernel.trim()
    )];
    for database in databases {
        lines.push(match database {
            DatabaseUrl::Sqlite(_) => format!("sqlite: {}", rusqlite::version()),
            DatabaseUrl::Postgres(server) => {
                let client = connect(server).await?;
                let setting = async |name: &str| {
                    let row = client.query_one(&format!("show {name}"), &[]).await?;
                    row.try_get::<_, String>(0)
                };
                format!(
                    "postgres: {}, fsync {}, synchronous_commit {}",
                    setting("server_version").await?,
                    setting("fsync").await?,
                    setting("synchronous_commit").await?,
                )
            }
        });
    }
    Ok(lines)
}
