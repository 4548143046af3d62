//! The journal: one row per executed command; its seal, given after the commit: a dense position
//! and a hash that chains it to the one before.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfTenant, Query};
use abono_domain::decision::Event;
use abono_domain::ids::{CommandId, CustomerId, TenantId, slot};
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    JOURNAL_WRITE = "insert into journal (tenant_id, command_id, attempt, actor_kind, actor_id,
          command, customer_id, input_hash, business_at, machine_at, seller_version, rules_version,
          tzdb)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing",
        [Uuid, Uuid, Int, Text, Uuid, Text, Uuid, Bytes, Int, Int, Int, Int, Text] => [];
    JOURNAL_BY_ID = "select command_id, attempt, actor_kind, actor_id, command, customer_id,
          input_hash, business_at, machine_at, seller_version, rules_version, tzdb
        from journal where tenant_id = $1 and command_id = $2", [Uuid, Uuid]
        => [Uuid, Int, Text, Uuid, Text, Uuid, Bytes, Int, Int, Int, Int, Text];
    JOURNAL_SEALED = "select s.position, s.hash, j.command_id, j.attempt, j.actor_kind, j.actor_id,
          j.command, j.customer_id, j.input_hash, j.business_at, j.machine_at, j.seller_version,
          j.rules_version, j.tzdb
        from journal_seal s join journal j
          on j.tenant_id = s.tenant_id and j.command_id = s.command_id
        where s.tenant_id = $1 and s.position > $2 order by s.position limit 500", [Uuid, Int]
        => [Int, Bytes, Uuid, Int, Text, Uuid, Text, Uuid, Bytes, Int, Int, Int, Int, Text];
    JOURNAL_LAST_SEAL = "select position, hash from journal_seal where tenant_id = $1
        order by position desc limit 1", [Uuid] => [Int, Bytes];
    JOURNAL_SEAL = "insert into journal_seal (tenant_id, position, command_id, hash)
        values ($1, $2, $3, $4)", [Uuid, Int, Uuid, Bytes] => [];
    JOURNAL_COUNTS = "select cast(count(*) as bigint) from journal where tenant_id = $1", [Uuid]
        => [Int];
    JOURNAL_COUNTS_OF = "select cast(count(*) as bigint) from journal
        where tenant_id = $1 and command = $2", [Uuid, Text] => [Int];
    EVENT_WRITE = "insert into event (tenant_id, id, command_id, customer_id, kind, subject_id, at)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Uuid, Uuid, Text, Uuid, Int] => [];
    OUTBOX_WRITE = "insert into outbox (tenant_id, slot, destination, command_id, machine_at)
        values ($1, $2, 'journal', $3, $4)", [Uuid, Int, Uuid, Int] => [];
    OUTBOX_NEXT = "select o.command_id, o.slot, j.attempt, j.actor_kind, j.actor_id, j.command,
          j.customer_id, j.input_hash, j.business_at, j.machine_at, j.seller_version,
          j.rules_version, j.tzdb
        from outbox o join journal j
          on j.tenant_id = o.tenant_id and j.command_id = o.command_id
        where o.tenant_id = $1 and o.destination = 'journal'
        order by o.machine_at, o.command_id limit $2", [Uuid, Int]
        => [Uuid, Int, Int, Text, Uuid, Text, Uuid, Bytes, Int, Int, Int, Int, Text];
    OUTBOX_DONE = "delete from outbox
        where tenant_id = $1 and destination = 'journal' and machine_at = $2 and command_id = $3
          and slot = $4", [Uuid, Int, Uuid, Int] => [];
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody at the command line.
    Operator,
    /// The holder of an access token.
    Key(Uuid),
    /// Due work.
    Worker,
    /// Who has the link of a payment request.
    Buyer,
    /// A payment provider, by what it told.
    Provider,
}

impl Actor {
    fn parts(self) -> (&'static str, Option<Uuid>) {
        match self {
            Self::Operator => ("operator", None),
            Self::Key(id) => ("key", Some(id)),
            Self::Worker => ("worker", None),
            Self::Buyer => ("buyer", None),
            Self::Provider => ("provider", None),
        }
    }

    pub(crate) fn from_parts(kind: &str, id: Option<Uuid>) -> Option<Self> {
        match (kind, id) {
            ("operator", None) => Some(Self::Operator),
            ("key", Some(id)) => Some(Self::Key(id)),
            ("worker", None) => Some(Self::Worker),
            ("buyer", None) => Some(Self::Buyer),
            ("provider", None) => Some(Self::Provider),
            _ => None,
        }
    }
}

/// One executed command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The execution.
    pub command_id: CommandId,
    /// Which of its tries was written, from 1.
    pub attempt: i64,
    /// Who acted.
    pub actor: Actor,
    /// What was asked for, by its name.
    pub command: String,
    /// Of which customer.
    pub customer: Option<CustomerId>,
    /// SHA-256 of the command's input.
    pub input_hash: Vec<u8>,
    /// When, in business time.
    pub business_at: Timestamp,
    /// When, in machine time.
    pub machine_at: Timestamp,
    /// The seller's version that was used; 0 where none was.
    pub seller_version: i64,
    /// The version of the rules.
    pub rules_version: i64,
    /// The version of the time-zone rules.
    pub tzdb: String,
}

/// The end of a chain of seals: position and hash.
pub type Seal = (i64, Vec<u8>);

/// An entry that waits for its seal, with its slot in the line.
pub type Waiting = (i64, Entry);

/// A sealed entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its position in the tenant, from 1, without a gap.
    pub position: i64,
    /// The hash of it and of everything before.
    pub hash: Vec<u8>,
    /// The entry.
    pub entry: Entry,
}

/// An entry of a command.
pub fn by_id(tenant: TenantId, command: CommandId) -> Query<Option<Entry>, Immutable> {
    Query::maybe(bind!(JOURNAL_BY_ID, tenant, command), entry)
}

/// Up to 500 sealed entries after a position.
pub fn sealed(tenant: TenantId, after: i64) -> Query<Vec<Sealed>, Immutable> {
    Query::rows(bind!(JOURNAL_SEALED, tenant, after), |mut row| {
        Ok(Sealed { position: row.int()?, hash: row.bytes()?, entry: entry(row)? })
    })
}

/// How many commands were carried out.
pub fn count(tenant: TenantId) -> Query<i64, Immutable> {
    Query::rows(bind!(JOURNAL_COUNTS, tenant), |mut row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(0)))
}

/// How many commands of a name were carried out.
pub fn count_of(tenant: TenantId, command: &str) -> Query<i64, Immutable> {
    Query::rows(bind!(JOURNAL_COUNTS_OF, tenant, command), |mut row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(0)))
}

/// The end of the chain, and up to `limit` entries that wait for their seal, with their slots.
pub fn unsealed(tenant: TenantId, limit: i64) -> Query<(Option<Seal>, Vec<Waiting>), OfTenant> {
    let last =
        Query::maybe(bind!(JOURNAL_LAST_SEAL, tenant), |mut row| Ok((row.int()?, row.bytes()?)));
    last.and(Query::rows(bind!(OUTBOX_NEXT, tenant, limit), |mut row| {
        let id = row.uuid()?;
        let slot = row.int()?;
        Ok((slot, entry_after(id, row)?))
    }))
}

fn entry(mut row: Row) -> Result<Entry, StoreError> {
    let id = row.uuid()?;
    entry_after(id, row)
}

fn entry_after(id: Uuid, mut row: Row) -> Result<Entry, StoreError> {
    let attempt = row.int()?;
    let kind = row.text()?;
    let actor_id = row.maybe_uuid()?;
    Ok(Entry {
        command_id: CommandId(id),
        attempt,
        actor: Actor::from_parts(&kind, actor_id).ok_or_else(|| row.wrong())?,
        command: row.text()?,
        customer: row.maybe_uuid()?.map(CustomerId),
        input_hash: row.bytes()?,
        business_at: row.instant()?,
        machine_at: row.instant()?,
        seller_version: row.int()?,
        rules_version: row.int()?,
        tzdb: row.text()?,
    })
}

/// Writes an entry; on the second execution of a command it changes nothing.
pub fn write(tenant: TenantId, entry: &Entry) -> Bound {
    let (kind, id) = entry.actor.parts();
    bind!(
        JOURNAL_WRITE,
        tenant,
        entry.command_id,
        entry.attempt,
        kind,
        id,
        entry.command.as_str(),
        entry.customer,
        entry.input_hash.clone(),
        entry.business_at,
        entry.machine_at,
        entry.seller_version,
        entry.rules_version,
        entry.tzdb.as_str(),
    )
}

/// Puts an entry in line for its seal.
pub fn send(tenant: TenantId, entry: &Entry) -> Bound {
    let slot = entry.customer.map_or(0, slot);
    bind!(OUTBOX_WRITE, tenant, slot, entry.command_id, entry.machine_at)
}

/// Seals an entry, and takes it out of the line.
pub fn seal(tenant: TenantId, slot: i64, sealed: &Sealed) -> [Bound; 2] {
    let entry = &sealed.entry;
    let hash = sealed.hash.clone();
    [
        bind!(JOURNAL_SEAL, tenant, sealed.position, entry.command_id, hash),
        bind!(OUTBOX_DONE, tenant, entry.machine_at, entry.command_id, slot),
    ]
}

pub(crate) fn happened(
    tenant: TenantId,
    command: CommandId,
    customer: Option<CustomerId>,
    event: &Event,
) -> Bound {
    let kind = event.kind.as_str();
    bind!(EVENT_WRITE, tenant, event.id, command, customer, kind, event.subject, event.at)
}
