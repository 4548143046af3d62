//! A seller with a request that waits for money, and the links that lead to it.

use abono_documents::locale::Locale;
use abono_domain::document::DocumentView;
use abono_engine::checkout::{PayPage, PayStanding};
use abono_engine::links::PayLink;
use abono_engine::payments::PaymentProvider;
use abono_engine::{Engine, Env};
use abono_pages::page::{Visit, html};
use abono_testkit::{Database, MACHINE, World, seller};
use jiff::Timestamp;
use std::sync::Arc;

/// A world with one request over 990.00.
pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) view: DocumentView,
    pub(crate) token: String,
    _database: Database,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|env| env).await
    }

    /// One that takes cards.
    pub(crate) async fn taking(provider: Arc<dyn PaymentProvider>) -> Self {
        Self::with(|env| env.with_payment_provider(provider)).await
    }

    async fn with(outside: impl FnOnce(Env) -> Env) -> Self {
        let database = Database::sqlite();
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let env = Env::seeded(Box::new(move || machine), 1).with_link_key([7; 32]);
        let env = outside(env);
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World::beside(engine, 1, "2026-01-31T10:00:00Z").await;
        let view = world.invoice(seller::BASIC, 1, 1).await;
        let token = world.engine.pay_token(Self::link(&world, &view)).expect("a key");
        Self { world, view, token, _database: database }
    }

    fn link(world: &World, view: &DocumentView) -> PayLink {
        let document = view.document.id;
        PayLink { tenant: world.tenant, customer: world.customer, document }
    }

    /// What the engine says of the request now.
    pub(crate) async fn page(&self) -> PayPage {
        let link = Self::link(&self.world, &self.view);
        let page = self.world.engine.pay_page(link).await.expect("an answer");
        page.expect("a page")
    }

    pub(crate) async fn pay(&self) {
        self.world.pay(self.view.document.id, 99_000).await;
    }

    /// A page for the token of this shop.
    pub(crate) fn html(&self, page: &PayPage, locale: Locale) -> String {
        let visit = Visit { page, token: &self.token, locale, notice: None };
        html(&visit).expect("a page")
    }
}

/// The same page, standing otherwise.
pub(crate) fn standing(page: &PayPage, standing: PayStanding) -> PayPage {
    PayPage { standing, ..page.clone() }
}
