//! File systems under SQLite, for tests: a seeded disk in memory that loses power ([`Disk`]).
//!
//! The one crate with unsafe code, because a file system for SQLite is a table of C functions; all
//! of it is in `callbacks`, `register`, `shared_memory` and `randomness`.

mod callbacks;
mod content;
mod dice;
mod directory;
mod disk;
mod fault;
mod locks;
mod operations;
mod randomness;
mod register;
mod shared_memory;
mod state;
mod trace;

pub use disk::{AsOwner, Disk, Stats};
pub use fault::{DiskFault, DiskFaultKind};
pub use randomness::reset_sqlite_randomness;
