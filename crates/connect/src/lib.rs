//! The real ends of the engine's ports: what it asks of the world outside.

pub mod risk;
