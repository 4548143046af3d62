//! The edge kit: what every HTTP contract stands on, and nothing that only one of them says.

pub mod bearer;
pub mod body;
pub mod cursor;
pub mod health;
pub mod idempotency;
pub mod json;
pub mod path;
pub mod reply;
pub mod request_id;
pub mod trace;
