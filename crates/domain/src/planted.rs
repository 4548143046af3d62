//! Bugs that a simulation plants to see that it finds them. Without the feature `planted`, which no
//! program has that is shipped, none can be planted, and what asks for one costs nothing.

#[cfg(feature = "planted")]
mod chosen {
    use std::sync::Mutex;

    /// The one that is planted, if any.
    pub(super) static BUG: Mutex<Option<&'static str>> = Mutex::new(None);
}

/// Plants a bug, or takes out the one that was planted.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<&'static str>) {
    *chosen::BUG.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = bug;
}

/// Whether a bug is planted.
#[cfg(feature = "planted")]
pub fn is(bug: &str) -> bool {
    *chosen::BUG.lock().unwrap_or_else(std::sync::PoisonError::into_inner) == Some(bug)
}

/// Whether a bug is planted: none is.
#[cfg(not(feature = "planted"))]
pub const fn is(_: &str) -> bool {
    false
}
