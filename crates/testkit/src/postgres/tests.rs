//! The server and its databases, for real.

use super::*;

/// The databases of this name on the server: one or none.
fn count(server: &Server, name: &str) -> i64 {
    let name = name.to_owned();
    within_runtime(server.url.clone(), async move |client| {
        let statement = "select count(*) from pg_database where datname = $1";
        Ok(client.query_one(statement, &[&name]).await?.get(0))
    })
    .unwrap()
}

#[test]
fn a_database_lives_as_long_as_its_value() {
    let Some(server) = server() else { return };
    let database = server.create_database();
    let name = database.name.clone();
    let tables = within_runtime(database.url().to_owned(), async |client| {
        client.batch_execute("create table a (b bigint)").await?;
        Ok(client.query("select b from a", &[]).await?.len())
    });
    assert_eq!(tables.unwrap(), 0);
    assert_eq!(count(server, &name), 1);
    drop(database);
    assert_eq!(count(server, &name), 0);
}

#[tokio::test]
async fn a_database_goes_from_async_code_too_and_cuts_connections_off() {
    let Some(server) = server() else { return };
    let database = server.create_database();
    let name = database.name.clone();
    let (client, connection) = tokio_postgres::connect(database.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("select 1").await.unwrap();
    drop(database);
    assert_eq!(count(server, &name), 0);
    assert!(client.batch_execute("select 1").await.is_err());
}

#[test]
fn databases_made_at_once_are_apart() {
    let Some(server) = server() else { return };
    let threads: Vec<_> = (0..8).map(|_| thread::spawn(move || server.create_database())).collect();
    let databases: Vec<TestDatabase> = threads.into_iter().map(|it| it.join().unwrap()).collect();
    let mut names: Vec<&str> = databases.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 8);
}

#[test]
fn the_environment_chooses_the_server() {
    assert!(Server::find(Some("skip")).unwrap().is_none());
    let given = Server::find(Some("postgres://a@b/c")).unwrap().unwrap();
    assert_eq!(given.url, "postgres://a@b/c");
    assert!(given._throwaway.is_none());
}

#[test]
fn a_server_out_of_reach_is_named_without_its_password() {
    let server = Server { url: "postgres://me:secret@127.0.0.1:1/x".to_owned(), _throwaway: None };
    let thread = thread::spawn(move || server.create_database());
    let panic = thread.join().unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.starts_with("can't create a database on postgres://…@127.0.0.1:1/x: "), "{text}");
}

#[test]
fn the_database_of_a_url_can_be_replaced() {
    for (url, expected) in [
        ("postgres://a@b:5432/c", "postgres://a@b:5432/x"),
        ("postgres://b", "postgres://b/x"),
        ("postgres://b/c?sslmode=disable", "postgres://b/x?sslmode=disable"),
        ("postgres:///c?host=/var/run", "postgres:///x?host=/var/run"),
    ] {
        assert_eq!(with_database(url, "x"), expected);
    }
}

#[test]
fn a_promoted_standby_has_what_was_answered_and_takes_writes() {
    let Some(pair) = Pair::start(Answering::AfterBoth) else { return };
    let url = format!("{}?target_session_attrs=read-write", pair.url());
    let made = within_runtime(url.clone(), async |client| {
        client.batch_execute("create table a (b bigint); insert into a values (7)").await
    });
    made.unwrap();
    pair.kill_primary();
    pair.promote();
    pair.answer_alone();
    let found = within_runtime(url, async |client| {
        client.batch_execute("insert into a values (8)").await?;
        Ok(client.query_one("select sum(b)::bigint from a", &[]).await?.get::<_, i64>(0))
    });
    assert_eq!(found.unwrap(), 15);
}
