//! Loads what deciding about an attempt to pay has to know: beginning it, recording what a call
//! about it came to, hearing what a provider told, booking that.

use super::record::product_of;
use super::refund::{RefundAsked, RefundFacts};
use crate::commands::product_facts::ProductFacts;
use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Loaded, Loading, Planned};
use abono_domain::checkout::book::{self, BookNotice};
use abono_domain::checkout::hear::{self, HearNotice};
use abono_domain::checkout::record::{self, RecordCheckout};
use abono_domain::checkout::start::{self, StartCheckout};
use abono_domain::checkout::{CheckoutRefusal, Notice, Returned, Undone};
use abono_domain::decision::Claim;
use abono_domain::ids::{CustomerId, DocumentId, PaymentId, ProductId};
use abono_domain::money::Money;
use abono_domain::payment;
use abono_domain::payment::Payment;
use abono_domain::seller::Seller;
use abono_store::nouns::checkout::{self as attempts, notice};
use abono_store::nouns::document::recurring;
use abono_store::nouns::{ledger, payment as payments, unique};
use abono_store::{OfCustomer, Slot};

pub(in crate::commands) async fn start(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &StartCheckout,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let document = command.document;
    let product = product_of(attempt, id, document).await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let view = loading.add(|tenant, customer| recurring::payable(tenant, customer, document));
    let newest = loading.add(|tenant, customer| attempts::newest(tenant, customer, document));
    let product = ProductFacts::ask(&mut loading, product);

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unpayable)?;
    let (balances, newest) = (loaded.take(balances)?, loaded.take(newest)?);
    let product = product.take(&mut loaded)?;
    let facts = start::Facts {
        seller: &seller,
        holding: product.holding(),
        view: &view,
        balances: &balances,
        newest: newest.as_ref(),
    };
    loaded.decide(seller.version, |moment| start::decide(command, &facts, moment))
}

pub(in crate::commands) async fn record(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RecordCheckout,
) -> Result<Planned, Stop> {
    let mut loading = attempt.of_customer(id);
    let of = command.checkout;
    let view = loading.add(|tenant, customer| attempts::by_id(tenant, customer, of));

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unknown)?;
    loaded.decide(0, |moment| record::decide(command, &view, moment))
}

pub(in crate::commands) async fn hear(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &HearNotice,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let document = command.document;
    let product = product_of(attempt, id, document).await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let view = loading.add(|tenant, customer| recurring::payable(tenant, customer, document));
    let told = Told::ask(&mut loading, document);
    let product = ProductFacts::ask(&mut loading, product);
    let checkout = command.checkout.map(|checkout| {
        loading.add(|tenant, customer| attempts::by_id(tenant, customer, checkout))
    });
    let claims = command.claims().into_iter();
    let taken: Vec<Slot<bool>> = claims
        .map(|claim| loading.add_immutable(|tenant| unique::is_taken(tenant, &claim)))
        .collect();

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(unpayable)?;
    let (balances, told) = (loaded.take(balances)?, told.take(&mut loaded)?);
    let product = product.take(&mut loaded)?;
    let checkout = checkout.map(|slot| loaded.take(slot)).transpose()?.flatten();
    let mut is_known = false;
    for slot in taken {
        is_known |= loaded.take(slot)?;
    }
    let payment = payment::record::Facts {
        seller: &seller,
        holding: product.holding(),
        view: &view,
        balances: &balances,
        reference_taken: false,
    };
    let facts = hear::Facts {
        payment,
        checkout: checkout.as_ref(),
        is_known,
        heard: &told.heard,
        payments: &told.payments,
        returned: &told.returned,
        undone: &told.undone,
    };
    loaded.decide(seller.version, |moment| hear::decide(command, &facts, moment))
}

pub(in crate::commands) async fn book(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &BookNotice,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let subject = notice::subject(attempt.call.tenant, id, command.notice);
    let subject = attempt.engine.store.query(subject).await.map_err(Failure::from)?;
    let (document, name) = subject.ok_or_else(unknown)?;
    let product = product_of(attempt, id, document).await?;
    let mut loading = attempt.of_customer(id);
    let books = BooksAsked::ask(&mut loading, document, product);
    let claim = name.map(|name| Claim::refund_reference(&name));
    let taken = claim.map(|claim| loading.add_immutable(|tenant| unique::is_taken(tenant, &claim)));

    let mut loaded = loading.read().await?;
    let books = books.take(&mut loaded)?;
    let reference_taken = taken.map(|slot| loaded.take(slot)).transpose()?.unwrap_or(false);
    let notice = books.told.heard.iter().find(|notice| notice.id == command.notice);
    let mut facts = book::Facts { notice: notice.ok_or_else(unknown)?, books: books.of(&seller) };
    facts.books.refund.reference_taken = reference_taken;
    loaded.decide(seller.version, |moment| book::decide(command, &facts, moment))
}

/// What providers told about a document, and what came of it.
struct Told {
    heard: Vec<Notice>,
    payments: Vec<Payment>,
    returned: Vec<Returned>,
    undone: Vec<Undone>,
}

/// What is asked for.
struct ToldAsked {
    heard: Slot<Vec<Notice>>,
    payments: Slot<Vec<Payment>>,
    returned: Slot<Vec<Returned>>,
    undone: Slot<Vec<Undone>>,
}

impl Told {
    fn ask(loading: &mut Loading<'_, OfCustomer>, document: DocumentId) -> ToldAsked {
        ToldAsked {
            heard: loading.add(|tenant, customer| notice::of_document(tenant, customer, document)),
            payments: loading.add(payments::of_checkouts),
            returned: loading.add(notice::returned),
            undone: loading.add(notice::undone),
        }
    }
}

impl ToldAsked {
    fn take(self, loaded: &mut Loaded<'_, OfCustomer>) -> Result<Told, Stop> {
        Ok(Told {
            heard: loaded.take(self.heard)?,
            payments: loaded.take(self.payments)?,
            returned: loaded.take(self.returned)?,
            undone: loaded.take(self.undone)?,
        })
    }
}

/// What booking a notice about a document has to know.
pub(super) struct Books {
    told: Told,
    refund: RefundFacts,
    used: Vec<(PaymentId, Money)>,
}

/// What is asked for.
pub(super) struct BooksAsked {
    told: ToldAsked,
    refund: RefundAsked,
    used: Slot<Vec<(PaymentId, i64)>>,
}

impl BooksAsked {
    pub(super) fn ask(
        loading: &mut Loading<'_, OfCustomer>,
        document: DocumentId,
        product: ProductId,
    ) -> Self {
        Self {
            told: Told::ask(loading, document),
            used: loading.add(|tenant, customer| payments::used_for(tenant, customer, document)),
            refund: RefundFacts::ask(loading, document, product),
        }
    }

    pub(super) fn take(self, loaded: &mut Loaded<'_, OfCustomer>) -> Result<Books, Stop> {
        let (told, refund) = (self.told.take(loaded)?, self.refund.take(loaded)?);
        let used = loaded.take(self.used)?.into_iter();
        let currency = refund.currency();
        let used = used.map(|(id, it)| (id, Money::new(it, currency))).collect();
        Ok(Books { told, refund, used })
    }
}

impl Books {
    pub(super) fn of<'a>(&'a self, seller: &'a Seller) -> book::Books<'a> {
        book::Books {
            refund: self.refund.of(seller),
            heard: &self.told.heard,
            payments: &self.told.payments,
            used: &self.used,
            returned: &self.told.returned,
            undone: &self.told.undone,
        }
    }
}

pub(super) fn unknown() -> Stop {
    Stop::Failed(CheckoutRefusal::Unknown.into())
}

fn unpayable() -> Stop {
    Stop::Failed(CheckoutRefusal::NotPayable.into())
}
