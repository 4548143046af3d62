//! Errors that Postgres itself raises, at a share of the transactions: by triggers on the tables
//! that every command writes.

use abono_testkit::Database;

/// Where in a transaction it goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Point {
    /// While the group claims, before anything is journaled.
    Claim,
    /// In the middle of the writes.
    Write,
    /// In the COMMIT itself.
    Commit,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// 40001: it can't be serialized with others.
    Serialization,
    /// 40P01: it is the victim of a deadlock.
    Deadlock,
    /// 57P01: an administrator ends the session.
    Shutdown,
}

/// Something that goes wrong in one of so many transactions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) point: Point,
    pub(crate) trouble: Trouble,
    pub(crate) one_in: u32,
}

/// Throws in every so manieth transaction, whichever node it is of and however many rows it writes.
/// What a sequence counts stays counted when the transaction is rolled back.
const THROW: [&str; 2] = [
    "create sequence if not exists thrown",
    "create or replace function throw() returns trigger language plpgsql as $$
    begin
      if (pg_current_xact_id()::text::bigint + tg_argv[0]::bigint) % tg_argv[1]::bigint = 0 then
        perform nextval('thrown');
        if tg_argv[2] = '57P01' then
          perform pg_terminate_backend(pg_backend_pid());
        else
          raise exception 'thrown' using errcode = tg_argv[2];
        end if;
      end if;
      return null;
    end $$",
];

impl Point {
    const fn trigger(self) -> &'static str {
        match self {
            Self::Claim => "trigger NAME after update on root",
            Self::Write => "trigger NAME after insert on document_state",
            Self::Commit => {
                "constraint trigger NAME after insert on journal deferrable initially deferred"
            }
        }
    }
}

impl Trouble {
    const fn code(self) -> &'static str {
        match self {
            Self::Serialization => "40001",
            Self::Deadlock => "40P01",
            Self::Shutdown => "57P01",
        }
    }
}

/// Lets things go wrong from now on.
pub(crate) async fn begin(database: &Database, shares: &[Share]) {
    for statement in THROW {
        database.tamper(statement).await;
    }
    for (salt, Share { point, trouble, one_in }) in shares.iter().enumerate() {
        let head = point.trigger().replace("NAME", &format!("throw_{salt}"));
        let call = format!("throw('{salt}', '{one_in}', '{}')", trouble.code());
        database.tamper(&format!("create {head} for each row execute function {call}")).await;
    }
}

/// Lets nothing go wrong any more; how often it did.
pub(crate) async fn end(database: &Database) -> i64 {
    database.tamper("drop function throw() cascade").await;
    let thrown = database.number("select nextval('thrown') - 1").await;
    database.tamper("drop sequence thrown").await;
    thrown
}
