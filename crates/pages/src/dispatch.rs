//! Each request to its handler, and what is said where there is no page.

use crate::asked;
use crate::page::{Wrong, WrongPage};
use crate::policy::Policy;
use crate::routes::Operation;
use crate::{Settings, pay, test_page};
use abono_documents::locale::Locale;
use abono_domain::ids::CustomerId;
use abono_engine::{Access, Engine, Failure};
use abono_http::gate::{Admitted, Turned};
use abono_http::reply::Reply;
use abono_http::surface::{Contract, Fit, Head};
use axum::extract::Request;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderValue, Method};
use std::sync::Arc;
use uuid::Uuid;

/// What the handlers stand on.
pub(crate) struct Pages {
    pub(crate) engine: Arc<Engine>,
    pub(crate) policy: Policy,
    pub(crate) settings: Settings,
}

/// Why a request has no page of its own.
#[derive(Debug)]
pub(crate) enum NoPage {
    /// The link is none of ours, or leads to nothing: nobody learns which.
    UnknownLink,
    /// The form can't be read.
    Form,
    /// Asked too often; may again after so many seconds.
    TooOften(u64),
    /// Something failed; what, is logged by then.
    Trouble,
}

impl From<Failure> for NoPage {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::UnknownTenant | Failure::NothingPublished => Self::UnknownLink,
            Failure::Refused(_)
            | Failure::KeyReused
            | Failure::Unknown(_)
            | Failure::Contended
            | Failure::Store(_)
            | Failure::Broken(_) => trouble(&failure),
        }
    }
}

/// Logs what failed: the page says nothing of it.
pub(crate) fn trouble(why: &dyn std::fmt::Display) -> NoPage {
    tracing::error!("a page failed: {why}");
    NoPage::Trouble
}

impl Pages {
    /// One request more of a link or a checkout.
    ///
    /// # Errors
    /// [`NoPage::TooOften`].
    pub(crate) fn count(&self, of: Uuid) -> Result<(), NoPage> {
        self.settings.limit.check(of).map_err(NoPage::TooOften)
    }

    fn wrong(&self, status: u16, wrong: Wrong, locale: Locale) -> Reply {
        match WrongPage::html(wrong, locale) {
            Ok(html) => self.policy.page(status, html),
            Err(_) => Reply::empty(500),
        }
    }

    fn no_page(&self, why: &NoPage, locale: Locale) -> Reply {
        let wait = |reply: Reply, seconds: u64| reply.with(RETRY_AFTER, seconds.into());
        match why {
            NoPage::UnknownLink => self.wrong(404, Wrong::UnknownLink, locale),
            NoPage::Form => self.wrong(400, Wrong::Form, locale),
            NoPage::TooOften(after) => wait(self.wrong(429, Wrong::TooOften, locale), *after),
            NoPage::Trouble => wait(self.wrong(503, Wrong::Trouble, locale), 60),
        }
    }
}

impl Contract for Pages {
    type Operation = Operation;

    fn customer(&self, _: &Fit<Operation>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<Operation>, request: Request) -> Reply {
        let (parts, body) = request.into_parts();
        let name = admitted.fit.parameters.first().map(String::as_str).unwrap_or_default();
        let answer = match admitted.fit.route.operation {
            Operation::Show => pay::show(self, name, &parts).await,
            Operation::Pay => pay::start(self, name, &parts, body).await,
            Operation::Back => pay::back(self, name, &parts).await,
            Operation::Ask => pay::ask(self, name, &parts, body).await,
            Operation::Print => pay::print(self, name, &parts).await,
            Operation::ShowTest => test_page::show(self, name, &parts),
            Operation::ChooseTest => test_page::choose(self, name, &parts, body).await,
        };
        answer.unwrap_or_else(|why| self.no_page(&why, asked::of_browser(&parts)))
    }

    fn panicked(&self) -> Reply {
        self.wrong(500, Wrong::Trouble, Locale::English)
    }

    async fn turn(&self, why: Turned, _: Option<Access>, head: Head<'_>) -> Reply {
        let locale = asked::of_browser(head.parts);
        match why {
            Turned::Method(methods) => {
                let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
                let reply = self.wrong(405, Wrong::Method, locale);
                match HeaderValue::from_str(&names.join(", ")) {
                    Ok(allowed) => reply.with(ALLOW, allowed),
                    Err(_) => reply,
                }
            }
            Turned::Failed(failure) => self.no_page(&failure.into(), locale),
            Turned::TooOften(after) => self.no_page(&NoPage::TooOften(after), locale),
            Turned::Missing | Turned::Unknown | Turned::Denied(_) => {
                self.no_page(&NoPage::UnknownLink, locale)
            }
        }
    }
}
