//! Hears what providers tell of their own accord.

use crate::commands::Command;
use crate::engine::Engine;
use crate::execute::{Actor, Call};
use crate::failure::Failure;
use crate::payments::{Header, Notice, Noticed, Unread};
use abono_domain::checkout::book::BookNotice;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::decision::Outcome;
use abono_domain::document::DocumentKind;
use abono_domain::ids::{CheckoutId, CustomerId, DocumentId, TenantId};
use abono_store::nouns::checkout::{self, notice};
use abono_store::nouns::document;
use uuid::Uuid;

/// What came of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// All of it is kept, now or before.
    Done,
    /// It is about a payment that nobody has told of yet: it is to be told again.
    NotYet,
    /// It is about nothing of ours, or changes nothing here.
    Foreign,
}

/// Why a message is not heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Deaf {
    /// No such provider is configured.
    #[error("there is no such payment provider")]
    UnknownProvider,
    /// It is not the provider's, or can't be read.
    #[error(transparent)]
    Unread(#[from] Unread),
    /// It could not be kept.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Whose a notice is, and about what.
struct Subject {
    tenant: TenantId,
    customer: CustomerId,
    document: DocumentId,
    checkout: Option<CheckoutId>,
}

impl Engine {
    /// Hears a provider's message, as raw bytes. Heard again, it changes nothing.
    ///
    /// # Errors
    /// [`Deaf`].
    pub async fn hear(
        &self,
        provider: &str,
        headers: &[Header<'_>],
        body: &[u8],
    ) -> Result<Heard, Deaf> {
        let known = self.env.payment_provider(provider).ok_or(Deaf::UnknownProvider)?;
        let notices = known.read(headers, body, self.env.machine())?;
        // One that can't be kept takes none of the others with it.
        let mut heard = Ok(Heard::Foreign);
        for notice in notices.into_iter().filter(|it| it.what != Noticed::Other) {
            heard = match (heard, self.hear_one(provider, notice).await) {
                (Err(failure), _) | (_, Err(failure)) => Err(failure),
                (Ok(Heard::NotYet), _) | (_, Ok(Heard::NotYet)) => Ok(Heard::NotYet),
                (Ok(Heard::Done), _) | (_, Ok(Heard::Done)) => Ok(Heard::Done),
                (Ok(Heard::Foreign), Ok(Heard::Foreign)) => Ok(Heard::Foreign),
            };
        }
        Ok(heard?)
    }

    async fn hear_one(&self, provider: &str, notice: Notice) -> Result<Heard, Failure> {
        let Some(of) = self.subject(provider, &notice).await? else {
            // A payment of ours may be told of after what follows it.
            if notice.what.payment().is_some() {
                return Ok(Heard::NotYet);
            }
            if notice.attempt.is_some() {
                // As after the books were taken back to an older copy.
                let event = notice.event;
                tracing::warn!(provider, event, "it names an attempt that nobody made here");
            }
            return Ok(Heard::Foreign);
        };
        let hear = HearNotice {
            provider: provider.to_owned(),
            event: notice.event,
            checkout: of.checkout,
            document: of.document,
            what: notice.what,
        };
        self.take_in(of.tenant, of.customer, hear).await?;
        Ok(Heard::Done)
    }

    /// Keeps a notice, and books at once what can be. What can't be booked now is due, and the
    /// worker's.
    pub(super) async fn take_in(
        &self,
        tenant: TenantId,
        customer: CustomerId,
        hear: HearNotice,
    ) -> Result<(), Failure> {
        let call = Call::new(tenant, Actor::Provider);
        let heard = self.carry_out(&call, &Command::HearNotice(customer, hear)).await?;
        let mut due = booked(heard);
        while let Some(book) = due.pop() {
            self.env.fault("notice.before_book").await;
            let command = Command::BookNotice(customer, book);
            match self.carry_out(&call, &command).await {
                Ok(outcome) => due.extend(booked(outcome)),
                Err(failure) => {
                    tracing::warn!(notice = %book.notice, %failure, "a notice is booked later");
                }
            }
        }
        Ok(())
    }

    /// Whose a notice is: by the attempt's key, by the payment that it follows, or by the document
    /// that it names. Few tenants share one instance, so each is asked.
    async fn subject(&self, provider: &str, of: &Notice) -> Result<Option<Subject>, Failure> {
        for tenant in self.tenants().await? {
            let (tenant, checkout) = (tenant.id, of.attempt.map(CheckoutId));
            let found = match (checkout, of.what.payment(), document_of(of)) {
                (Some(id), ..) => self.store.query(checkout::owner(tenant, provider, id)).await?,
                (None, Some(payment), _) => {
                    self.store.query(notice::of_payment(tenant, provider, payment)).await?
                }
                (None, None, Some(id)) => {
                    let kind = DocumentKind::PaymentRequest;
                    let owner = self.store.query(document::owner(tenant, kind, id)).await?;
                    owner.map(|customer| (customer, id))
                }
                (None, None, None) => None,
            };
            if let Some((customer, document)) = found {
                return Ok(Some(Subject { tenant, customer, document, checkout }));
            }
        }
        Ok(None)
    }
}

fn document_of(notice: &Notice) -> Option<DocumentId> {
    let id = notice.external_id.as_deref()?;
    Uuid::try_parse(id).ok().map(DocumentId)
}

fn booked(outcome: Outcome) -> Vec<BookNotice> {
    if let Outcome::Heard { due, .. } = outcome { due } else { Vec::new() }
}
