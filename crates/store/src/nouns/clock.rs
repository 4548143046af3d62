//! Business clocks that are moved by hand.

use crate::db::{Bound, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::ids::ClockId;
use jiff::Timestamp;

statements! {
    CLOCK_STANDS_AT = "select stands_at from clock where id = $1", [Uuid] => [Int];
    CLOCK_SET = "insert into clock (id, stands_at) values ($1, $2)
        on conflict (id) do update set stands_at = excluded.stands_at", [Uuid, Int] => [];
}

/// Where a clock stands. Like the real time, it is read and not guarded: it only moves forward.
pub fn stands_at(clock: ClockId) -> Query<Option<Timestamp>, Immutable> {
    Query::maybe(bind!(CLOCK_STANDS_AT, clock), |mut row| row.instant())
}

pub(crate) fn set(clock: ClockId, to: Timestamp) -> Bound {
    bind!(CLOCK_SET, clock, to)
}
