//! A customer's money with one seller company in one currency, while a decision is made.

use super::{Account, Balance, Cause, Transfer, balance_of};
use crate::ids::{CustomerId, LegalEntityId, TransferId};
use crate::moment::{Ids, Moment};
use crate::money::{Currency, Money, MoneyError};

/// Its balances, and the transfers that a decision makes on them.
#[derive(Clone, Debug)]
pub struct Purse {
    legal_entity: LegalEntityId,
    customer: CustomerId,
    before: [Money; 4],
    credit: Money,
    allocated: Money,
    receivable: Money,
    owed: Money,
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
        let before = [
            Account::CustomerCredit,
            Account::CustomerAllocated,
            Account::Receivable,
            Account::ReturnedPayment,
        ];
        let before = before.map(of);
        let [credit, allocated, receivable, owed] = before;
        let transfers = Vec::new();
        Self { legal_entity, customer, before, credit, allocated, receivable, owed, transfers }
    }

    /// What the customer may still use.
    pub const fn credit(&self) -> Money {
        self.credit
    }

    /// What the customer owes because payments were taken back.
    pub const fn owed(&self) -> Money {
        self.owed
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
        self.move_balance(debit, amount, debit.is_asset())?;
        self.move_balance(credit, amount, !credit.is_asset())?;
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
        let now = [
            (Account::CustomerCredit, self.credit),
            (Account::CustomerAllocated, self.allocated),
            (Account::Receivable, self.receivable),
            (Account::ReturnedPayment, self.owed),
        ];
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

    fn move_balance(
        &mut self,
        account: Account,
        amount: Money,
        is_more: bool,
    ) -> Result<(), MoneyError> {
        let Some(balance) = self.balance(account) else { return Ok(()) };
        *balance = if is_more { balance.plus(amount)? } else { balance.minus(amount)? };
        if balance.minor < 0 { Err(MoneyError::OutOfRange) } else { Ok(()) }
    }

    const fn balance(&mut self, account: Account) -> Option<&mut Money> {
        match account {
            Account::CustomerCredit => Some(&mut self.credit),
            Account::CustomerAllocated => Some(&mut self.allocated),
            Account::Receivable => Some(&mut self.receivable),
            Account::ReturnedPayment => Some(&mut self.owed),
            Account::CashBank
            | Account::CashProvider
            | Account::DeferredRevenue
            | Account::Goodwill
            | Account::TaxPayable(_) => None,
        }
    }
}
