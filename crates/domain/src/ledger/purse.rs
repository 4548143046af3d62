//! A customer's money with one seller company in one currency, while a decision is made.

use super::{Account, Balance, Cause, Transfer, balance_of};
use crate::ids::{CustomerId, LegalEntityId, TransferId};
use crate::moment::{Ids, Moment};
use crate::money::{Currency, Money, MoneyError};

/// The two balances, and the transfers that a decision makes on them.
#[derive(Debug)]
pub struct Purse {
    legal_entity: LegalEntityId,
    customer: CustomerId,
    before: [Money; 2],
    credit: Money,
    allocated: Money,
    transfers: Vec<Transfer>,
}

impl Purse {
    /// The purse as it stands.
    pub fn open(
        customer: CustomerId,
        legal_entity: LegalEntityId,
        currency: Currency,
        balances: &[Balance],
    ) -> Self {
        let of = |account| balance_of(balances, legal_entity, account, currency);
        let before = [of(Account::CustomerCredit), of(Account::CustomerAllocated)];
        let [credit, allocated] = before;
        Self { legal_entity, customer, before, credit, allocated, transfers: Vec::new() }
    }

    /// What the customer may still use.
    pub const fn credit(&self) -> Money {
        self.credit
    }

    /// Moves `amount` from `debit` to `credit`; zero moves nothing and posts nothing.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] also where a balance would fall below zero.
    pub fn transfer(
        &mut self,
        debit: Account,
        credit: Account,
        amount: Money,
        cause: Cause,
        (moment, ids): (Moment, &mut Ids),
    ) -> Result<(), MoneyError> {
        if amount.minor == 0 {
            return Ok(());
        }
        self.take(debit, amount)?;
        self.put(credit, amount)?;
        self.transfers.push(Transfer {
            id: TransferId(ids.fresh()),
            legal_entity: self.legal_entity,
            customer: self.customer,
            debit,
            credit,
            amount,
            cause,
            at: moment.now,
        });
        Ok(())
    }

    /// The transfers made, and the balances that they changed, each with what it was before.
    pub fn close(self) -> (Vec<Transfer>, Vec<(Money, Balance)>) {
        let now =
            [(Account::CustomerCredit, self.credit), (Account::CustomerAllocated, self.allocated)];
        let changed = now
            .into_iter()
            .zip(self.before)
            .filter(|((_, amount), before)| amount != before)
            .map(|((account, amount), before)| {
                (before, Balance { legal_entity: self.legal_entity, account, amount })
            })
            .collect();
        (self.transfers, changed)
    }

    fn take(&mut self, account: Account, amount: Money) -> Result<(), MoneyError> {
        if let Some(balance) = self.balance(account) {
            *balance = balance.minus(amount)?;
            if balance.minor < 0 {
                return Err(MoneyError::OutOfRange);
            }
        }
        Ok(())
    }

    fn put(&mut self, account: Account, amount: Money) -> Result<(), MoneyError> {
        if let Some(balance) = self.balance(account) {
            *balance = balance.plus(amount)?;
        }
        Ok(())
    }

    const fn balance(&mut self, account: Account) -> Option<&mut Money> {
        match account {
            Account::CustomerCredit => Some(&mut self.credit),
            Account::CustomerAllocated => Some(&mut self.allocated),
            Account::CashBank
            | Account::DeferredRevenue
            | Account::Goodwill
            | Account::TaxPayable(_) => None,
        }
    }
}
