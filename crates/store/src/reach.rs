//! Reaches the one of several Postgres servers that takes writes, and gives none of them long: one
//! that takes a connection and says nothing must not keep us from the one that was promoted.

use crate::db::StoreError;
use deadpool_postgres::Connect;
use futures_util::future::{BoxFuture, FutureExt};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::{Client, Config, Error, NoTls};

/// How long one of several servers may take until it has let us in.
const SERVER_TIME: Duration = Duration::from_secs(2);

/// The servers that an address names.
pub(crate) struct Servers {
    all: Vec<Config>,
}

impl Servers {
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        let each = each_server(url);
        let parse = |url: &String| {
            let parsed = url.parse::<Config>();
            let mut config = parsed.map_err(|error| StoreError::Address(error.to_string()))?;
            // A server that is gone without a word is noticed in seconds, not in hours.
            config.connect_timeout(Duration::from_secs(10));
            config.tcp_user_timeout(Duration::from_secs(20));
            config.keepalives_idle(Duration::from_secs(10));
            if each.len() > 1 {
                // A standby takes the connection too, and refuses what we are here for.
                config.target_session_attrs(TargetSessionAttrs::ReadWrite);
            }
            Ok(config)
        };
        Ok(Self { all: each.iter().map(parse).collect::<Result<_, _>>()? })
    }

    /// The settings of the first one, which are those of all but for where they are.
    pub(crate) fn settings(&self) -> Config {
        self.all.first().cloned().unwrap_or_default()
    }

    /// Tries each in turn, until the pool's patience ends.
    async fn reach(&self) -> Result<(Client, JoinHandle<()>), Error> {
        if let [only] = self.all.as_slice() {
            return enter(only).await;
        }
        loop {
            let mut refused = None;
            for server in &self.all {
                match tokio::time::timeout(SERVER_TIME, enter(server)).await {
                    Ok(Ok(entered)) => return Ok(entered),
                    Ok(Err(error)) => refused = Some(error),
                    Err(_silent) => {}
                }
            }
            if let Some(error) = refused {
                return Err(error);
            }
        }
    }
}

impl Connect for Servers {
    fn connect(&self, _: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), Error>> {
        self.reach().boxed()
    }
}

async fn enter(server: &Config) -> Result<(Client, JoinHandle<()>), Error> {
    let (client, connection) = server.connect(NoTls).await?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to the database broke");
        }
    });
    Ok((client, driver))
}

/// An address for each of the servers in `postgres://user:password@one:5432,other:5432/name`.
fn each_server(url: &str) -> Vec<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (user, rest) = match rest.split_once('@') {
        Some((user, rest)) => (format!("{user}@"), rest),
        None => (String::new(), rest),
    };
    let (servers, end) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    servers.split(',').map(|server| format!("{scheme}://{user}{server}{end}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_server_has_an_address_of_its_own() {
        assert_eq!(
            each_server("postgres://a:b,c@one:1,two:2/books?application_name=x,y"),
            [
                "postgres://a:b,c@one:1/books?application_name=x,y",
                "postgres://a:b,c@two:2/books?application_name=x,y"
            ]
        );
        assert_eq!(each_server("postgres://one/books"), ["postgres://one/books"]);
        assert_eq!(each_server("postgres:///books?host=/run"), ["postgres:///books?host=/run"]);
        let [one, two] = &Servers::parse("postgres://one,two/books").unwrap().all[..] else {
            panic!("not two")
        };
        for server in [one, two] {
            assert_eq!(server.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
            assert_eq!(server.get_hosts().len(), 1);
        }
        let alone = Servers::parse("postgres://one/books").unwrap();
        assert_eq!(alone.settings().get_target_session_attrs(), TargetSessionAttrs::Any);
    }
}
