//! The six formats as a client meets them: what is written, what is read, and that both agree.

mod any;
mod binding;
mod reading;
mod round_trip;
mod support;
mod writing;
