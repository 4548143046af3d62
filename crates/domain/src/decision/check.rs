//! Sums across rows, checked on every decision before it is written, in release builds too.

use super::{Change, Decision};
use crate::document::Document;
use crate::ledger::{Account, Balance, Transfer};
use crate::money::{Money, MoneyError};

/// A decision whose figures don't agree: a defect, stopped before it is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A document isn't the sum of its lines, or of its taxes.
    #[error("the parts of a document do not add up to its total")]
    Document,
    /// A transfer moves nothing, or moves it nowhere.
    #[error("a transfer moves nothing or has one account on both sides")]
    Transfer,
    /// A balance doesn't follow from the transfers.
    #[error("a balance does not follow from its transfers")]
    Balance,
    /// A figure doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Decision {
    /// Checks what no single row can show.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn check(&self) -> Result<(), Broken> {
        let transfers: Vec<&Transfer> = self.changes.iter().filter_map(transfer).collect();
        for transfer in &transfers {
            if transfer.amount.minor <= 0 || transfer.debit == transfer.credit {
                return Err(Broken::Transfer);
            }
        }
        for change in &self.changes {
            if let Change::DocumentIssued(document) = change {
                check_document(document)?;
            }
        }
        self.check_balances(&transfers)
    }

    fn check_balances(&self, transfers: &[&Transfer]) -> Result<(), Broken> {
        let set: Vec<(&Money, &Balance)> = self.changes.iter().filter_map(balance).collect();
        for (before, balance) in &set {
            let net = net(transfers, balance.account, balance)?;
            if balance.amount.minor < 0 || before.plus(net)? != balance.amount {
                return Err(Broken::Balance);
            }
        }
        for transfer in transfers {
            for account in [transfer.debit, transfer.credit] {
                let probe = Balance {
                    legal_entity: transfer.legal_entity,
                    account,
                    amount: transfer.amount,
                };
                let is_set = set.iter().any(|(_, set)| same_account(set, &probe));
                if account.has_balance() && !is_set && net(transfers, account, &probe)?.minor != 0 {
                    return Err(Broken::Balance);
                }
            }
        }
        Ok(())
    }
}

const fn transfer(change: &Change) -> Option<&Transfer> {
    if let Change::Transferred(transfer) = change { Some(transfer) } else { None }
}

const fn balance(change: &Change) -> Option<(&Money, &Balance)> {
    if let Change::BalanceSet { before, balance } = change { Some((before, balance)) } else { None }
}

fn same_account(a: &Balance, b: &Balance) -> bool {
    (a.legal_entity, a.account, a.amount.currency) == (b.legal_entity, b.account, b.amount.currency)
}

/// What is added to one account, less what is taken away.
fn net(transfers: &[&Transfer], account: Account, of: &Balance) -> Result<Money, MoneyError> {
    let currency = of.amount.currency;
    let mut own = transfers
        .iter()
        .filter(|t| t.legal_entity == of.legal_entity && t.amount.currency == currency);
    own.try_fold(Money::zero(currency), |sum, transfer| {
        let (more, less) = if account.is_asset() {
            (transfer.debit, transfer.credit)
        } else {
            (transfer.credit, transfer.debit)
        };
        let sum = if more == account { sum.plus(transfer.amount)? } else { sum };
        if less == account { sum.minus(transfer.amount) } else { Ok(sum) }
    })
}

/// Whether a document's lines and taxes add up to its total.
///
/// # Errors
/// [`Broken::Document`].
pub fn check_document(document: &Document) -> Result<(), Broken> {
    let currency = document.total.currency;
    for line in &document.lines {
        let taken = Money::sum(currency, line.discounts.iter().map(|it| it.amount))?;
        if line.subtotal.minus(taken)?.plus(line.tax_added)? != line.total {
            return Err(Broken::Document);
        }
    }
    let lines = Money::sum(currency, document.lines.iter().map(|line| line.total))?;
    let taxes = Money::sum(currency, document.taxes.iter().flat_map(|t| [t.base, t.tax]))?;
    if lines == document.total && taxes == document.total { Ok(()) } else { Err(Broken::Document) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Outcome;
    use crate::ids::{CustomerId, LegalEntityId, PaymentId, TransferId};
    use crate::ledger::Cause;
    use crate::money::Currency;
    use jiff::Timestamp;
    use uuid::Uuid;

    const ENTITY: LegalEntityId = LegalEntityId(Uuid::nil());

    fn transfer(debit: Account, credit: Account, minor: i64) -> Change {
        Change::Transferred(Transfer {
            id: TransferId(Uuid::nil()),
            legal_entity: ENTITY,
            customer: CustomerId(Uuid::nil()),
            debit,
            credit,
            amount: Money::new(minor, Currency::EUR),
            cause: Cause::Payment(PaymentId(Uuid::nil())),
            at: Timestamp::UNIX_EPOCH,
        })
    }

    fn credit(before: i64, after: i64) -> Change {
        let amount = Money::new(after, Currency::EUR);
        Change::BalanceSet {
            before: Money::new(before, Currency::EUR),
            balance: Balance { legal_entity: ENTITY, account: Account::CustomerCredit, amount },
        }
    }

    fn check(changes: Vec<Change>) -> Result<(), Broken> {
        let outcome = Outcome::Clock(Timestamp::UNIX_EPOCH);
        Decision { changes, claims: vec![], outcome }.check()
    }

    #[test]
    fn a_balance_follows_from_its_transfers() {
        let paid = || transfer(Account::CashBank, Account::CustomerCredit, 30);
        assert_eq!(check(vec![paid(), credit(5, 35)]), Ok(()));
        assert_eq!(check(vec![paid(), credit(5, 36)]), Err(Broken::Balance));
        assert_eq!(check(vec![paid()]), Err(Broken::Balance));
        assert_eq!(check(vec![credit(0, 1)]), Err(Broken::Balance));
    }

    #[test]
    fn a_transfer_moves_something_somewhere() {
        let (bank, revenue) = (Account::CashBank, Account::DeferredRevenue);
        assert_eq!(check(vec![transfer(bank, revenue, 1)]), Ok(()));
        assert_eq!(check(vec![transfer(bank, revenue, 0)]), Err(Broken::Transfer));
        assert_eq!(check(vec![transfer(bank, bank, 1)]), Err(Broken::Transfer));
    }

    #[test]
    fn what_comes_and_goes_in_one_decision_needs_no_balance() {
        let changes = vec![
            transfer(Account::CashBank, Account::CustomerCredit, 9),
            transfer(Account::CustomerCredit, Account::DeferredRevenue, 9),
        ];
        assert_eq!(check(changes), Ok(()));
    }
}
