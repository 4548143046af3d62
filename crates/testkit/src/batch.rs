//! The smallest command that a store can commit: a journal row, and its place in line for a seal.

use crate::seller;
use abono_domain::ids::{CommandId, TenantId};
use abono_store::Batch;
use abono_store::nouns::journal::{self, Actor, Entry};
use jiff::Timestamp;

/// Whose it is.
pub const TENANT: TenantId = TenantId(seller::id(1, 1));

/// The identity of the command of a number.
pub const fn command(number: u128) -> CommandId {
    CommandId(seller::id(5, number))
}

/// Its journal row.
pub fn entry(number: u128) -> Entry {
    Entry {
        command_id: command(number),
        attempt: 1,
        actor: Actor::Operator,
        command: "test".to_owned(),
        customer: None,
        input_hash: vec![],
        business_at: Timestamp::UNIX_EPOCH,
        machine_at: Timestamp::UNIX_EPOCH,
        seller_version: 0,
        rules_version: 1,
        tzdb: String::new(),
    }
}

/// All of it.
pub fn batch(number: u128) -> Batch {
    let entry = entry(number);
    let send = journal::send(TENANT, &entry);
    Batch {
        tenant: TENANT.0,
        journal: Some(journal::write(TENANT, &entry)),
        claims: vec![],
        draws: vec![],
        finish: Box::new(move |_| vec![send.clone()]),
    }
}
