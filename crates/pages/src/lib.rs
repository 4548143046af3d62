//! The pages that buyers open in a browser: where a payment request is paid, and the page of the
//! test provider.
//!
//! Made on the server, in four languages, without a script; the policy that goes with each lets
//! nothing else in. [`page`] makes them from what the engine says, and the rest serves them.

mod asked;
mod callbacks;
mod dispatch;
pub mod page;
mod pay;
mod policy;
mod routes;
pub mod sandbox;
mod test_page;
mod words;

pub use callbacks::callbacks;
pub use policy::NotAnOrigin;

use crate::dispatch::Pages;
use crate::policy::Policy;
use crate::routes::{PAY, PAY_ROUTES, SANDBOX, SANDBOX_ROUTES};
use crate::sandbox::TestProvider;
use abono_engine::Engine;
use abono_http::gate::rate::RateLimit;
use abono_http::surface::{Area, Surface, SurfaceError};
use std::sync::Arc;

/// How the pages are served.
pub struct Settings {
    /// Where buyers reach this server: what the provider is told to send them back to.
    pub public_url: String,
    /// Addresses of the payment providers' pages, to which the pay page's form may lead.
    pub form_targets: Vec<String>,
    /// How often one link, or one checkout, may be asked for.
    pub limit: Arc<RateLimit>,
    /// The provider for trying things out, where there is one.
    pub test_provider: Option<Arc<dyn TestProvider>>,
}

/// Why the pages can't be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PagesError {
    /// A form is to lead to what is no address.
    #[error(transparent)]
    Address(#[from] NotAnOrigin),
    /// The routes contradict one another.
    #[error(transparent)]
    Surface(#[from] SurfaceError),
}

/// The pages.
///
/// # Errors
/// [`PagesError`].
pub fn surface(engine: Arc<Engine>, settings: Settings) -> Result<Surface, PagesError> {
    let own = settings.public_url.as_str();
    let targets = settings.form_targets.iter().map(String::as_str);
    let policy = Policy::new([own].into_iter().chain(targets))?;
    let mut areas = vec![Area::new(PAY, &PAY_ROUTES)];
    if settings.test_provider.is_some() {
        areas.push(Area::new(SANDBOX, &SANDBOX_ROUTES));
    }
    Ok(Surface::of_areas(&areas, None, Pages { engine, policy, settings })?)
}
