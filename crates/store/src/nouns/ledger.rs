//! Transfers and balances.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{OfCustomer, Query};
use abono_domain::ids::{CustomerId, DocumentId, LegalEntityId, TenantId, TransferId};
use abono_domain::ledger::{Account, Balance, Cause, Transfer};
use abono_domain::money::Money;

statements! {
    BALANCE_LIST = "select legal_entity_id, account, currency, amount from balance
        where tenant_id = $1 and customer_id = $2 order by legal_entity_id, account, currency",
        [Uuid, Uuid] => [Uuid, Text, Text, Int];
    BALANCE_SET = "insert into balance
          (tenant_id, customer_id, legal_entity_id, account, currency, amount)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, customer_id, legal_entity_id, account, currency)
        do update set amount = excluded.amount", [Uuid, Uuid, Uuid, Text, Text, Int] => [];
    TRANSFER_LIST = "select id, legal_entity_id, currency, debit, credit, amount, cause, cause_id,
          at
        from transfer where tenant_id = $1 and customer_id = $2 and id > $3
        order by id limit $4", [Uuid, Uuid, Uuid, Int]
        => [Uuid, Uuid, Text, Text, Text, Int, Text, Uuid, Int];
    TRANSFERS_OF_DOCUMENT = "select t.id, t.legal_entity_id, t.currency, t.debit, t.credit,
          t.amount, t.cause, t.cause_id, t.at
        from transfer t where t.tenant_id = $1 and t.customer_id = $2
          and ((t.cause in ('settlement', 'crediting') and t.cause_id = $3)
            or (t.cause = 'refund' and t.cause_id in (select r.id from refund r
              where r.tenant_id = $1 and r.customer_id = $2 and r.document_id = $3)))
        order by t.at, t.id", [Uuid, Uuid, Uuid]
        => [Uuid, Uuid, Text, Text, Text, Int, Text, Uuid, Int];
    TRANSFER_WRITE = "insert into transfer (tenant_id, customer_id, id, legal_entity_id, currency,
          debit, credit, amount, cause, cause_id, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        [Uuid, Uuid, Uuid, Uuid, Text, Text, Text, Int, Text, Uuid, Int] => [];
}

/// The balances of a customer.
pub fn balances(tenant: TenantId, customer: CustomerId) -> Query<Vec<Balance>, OfCustomer> {
    Query::rows(bind!(BALANCE_LIST, tenant, customer), |mut row| {
        let legal_entity = LegalEntityId(row.uuid()?);
        let account = row.read(Account::parse)?;
        let currency = row.currency()?;
        Ok(Balance { legal_entity, account, amount: Money::new(row.int()?, currency) })
    })
}

/// Up to `limit` transfers of a customer after one, by id.
pub fn transfers(
    tenant: TenantId,
    customer: CustomerId,
    after: TransferId,
    limit: i64,
) -> Query<Vec<Transfer>, OfCustomer> {
    let bound = bind!(TRANSFER_LIST, tenant, customer, after, limit);
    Query::new(vec![bound], move |sets| {
        sets.into_iter().flatten().map(|row| transfer(row, customer)).collect()
    })
}

/// What was posted for a document when it was paid, and by its refunds, oldest first.
pub fn posted(
    tenant: TenantId,
    customer: CustomerId,
    document: DocumentId,
) -> Query<Vec<Transfer>, OfCustomer> {
    let bound = bind!(TRANSFERS_OF_DOCUMENT, tenant, customer, document);
    Query::new(vec![bound], move |sets| {
        sets.into_iter().flatten().map(|row| transfer(row, customer)).collect()
    })
}

fn transfer(mut row: Row, customer: CustomerId) -> Result<Transfer, StoreError> {
    let id = TransferId(row.uuid()?);
    let legal_entity = LegalEntityId(row.uuid()?);
    let currency = row.currency()?;
    let debit = row.read(Account::parse)?;
    let credit = row.read(Account::parse)?;
    let amount = Money::new(row.int()?, currency);
    let word = row.text()?;
    let subject = row.uuid()?;
    let cause = Cause::from_parts(&word, subject).ok_or_else(|| row.wrong())?;
    let at = row.instant()?;
    Ok(Transfer { id, legal_entity, customer, debit, credit, amount, cause, at })
}

pub(crate) fn set_balance(tenant: TenantId, customer: CustomerId, balance: &Balance) -> Bound {
    let (account, amount) = (balance.account.word(), balance.amount);
    let (currency, minor) = (amount.currency, amount.minor);
    bind!(BALANCE_SET, tenant, customer, balance.legal_entity, account, currency, minor)
}

pub(crate) fn post(tenant: TenantId, transfer: &Transfer) -> Bound {
    let (word, subject) = transfer.cause.parts();
    bind!(
        TRANSFER_WRITE,
        tenant,
        transfer.customer,
        transfer.id,
        transfer.legal_entity,
        transfer.amount.currency,
        transfer.debit.word(),
        transfer.credit.word(),
        transfer.amount.minor,
        word,
        subject,
        transfer.at,
    )
}
