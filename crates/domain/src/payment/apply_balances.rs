//! Applies prepaid balances to documents that are due.
//!
//! Lower priority first, then sooner expiry, then the order in which they were given; each to the
//! oldest document first. Stripe's billing credits and Lago's wallets are used in this order.

use crate::money::{Currency, Money, MoneyError};
use jiff::Timestamp;

/// How many documents, and how many balances, there may be.
pub const LIST_MAX: usize = 1_000;
/// The priority of a balance that has none of its own (Stripe, Lago).
pub const PRIORITY_DEFAULT: i64 = 50;

/// Money that a customer has paid before, or was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepaid {
    /// What is left of it; zero or more.
    pub amount: Money,
    /// When its turn comes: lower first.
    pub priority: i64,
    /// When it lapses; one that doesn't is used after those that do. Whether it has lapsed is for
    /// the caller to say, by leaving it out.
    pub expires: Option<Timestamp>,
}

/// What balances pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// In which order the balances were used: positions in the list that was given.
    pub order: Vec<usize>,
    /// What is applied to each document from each balance, as `applied[document][balance]`.
    pub applied: Vec<Vec<Money>>,
    /// What is still due of each document.
    pub due: Vec<Money>,
    /// What is left of each balance.
    pub left: Vec<Money>,
}

/// Why balances can't be applied. Documents and balances are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BalanceRefusal {
    /// A credit is no document that is due.
    #[error("document {0} is below zero")]
    NegativeDocument(usize),
    /// A debt is no balance.
    #[error("balance {0} is below zero")]
    NegativeBalance(usize),
    /// A list of that length is not reckoned.
    #[error("{0} documents were given where at most {LIST_MAX} are expected")]
    TooManyDocuments(usize),
    /// A list of that length is not reckoned.
    #[error("{0} balances were given where at most {LIST_MAX} are expected")]
    TooManyBalances(usize),
    /// A figure of another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Applies `balances` to what is due of `documents`, oldest first, all of `currency`.
///
/// # Errors
/// [`BalanceRefusal`].
pub fn apply_balances(
    documents: &[Money],
    balances: &[Prepaid],
    currency: Currency,
) -> Result<Applied, BalanceRefusal> {
    check(documents, balances)?;
    let mut order: Vec<(usize, &Prepaid)> = balances.iter().enumerate().collect();
    // The sort is stable: equal balances stay in order of position.
    order.sort_by_key(|(_, it)| (it.priority, it.expires.is_none(), it.expires));
    let mut left: Vec<Money> = balances.iter().map(|balance| balance.amount).collect();
    let (mut applied, mut due) = (Vec::new(), Vec::new());
    for document in documents {
        let mut open = *document;
        let mut row = vec![Money::zero(currency); balances.len()];
        for (position, _) in &order {
            if let (Some(left), Some(cell)) = (left.get_mut(*position), row.get_mut(*position)) {
                *cell = open.at_most(*left);
                open = open.minus(*cell)?;
                *left = left.minus(*cell)?;
            }
        }
        // Also where there is no balance, a document of another currency is found.
        due.push(open.plus(Money::zero(currency))?);
        applied.push(row);
    }
    let order = order.into_iter().map(|(position, _)| position).collect();
    Ok(Applied { order, applied, due, left })
}

fn check(documents: &[Money], balances: &[Prepaid]) -> Result<(), BalanceRefusal> {
    if documents.len() > LIST_MAX {
        return Err(BalanceRefusal::TooManyDocuments(documents.len()));
    }
    if balances.len() > LIST_MAX {
        return Err(BalanceRefusal::TooManyBalances(balances.len()));
    }
    let below_zero = |amount: Money| amount.minor < 0;
    let document = (1..).zip(documents).find(|(_, document)| below_zero(**document));
    let balance = (1..).zip(balances).find(|(_, balance)| below_zero(balance.amount));
    match (document, balance) {
        (Some((number, _)), _) => Err(BalanceRefusal::NegativeDocument(number)),
        (None, Some((number, _))) => Err(BalanceRefusal::NegativeBalance(number)),
        (None, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn prepaid((minor, priority, expires): (i64, i64, Option<i64>)) -> Prepaid {
        let expires = expires.map(|second| Timestamp::from_second(second).expect("an instant"));
        Prepaid { amount: eur(minor), priority, expires }
    }

    fn apply(documents: &[i64], balances: &[(i64, i64, Option<i64>)]) -> Applied {
        let documents: Vec<_> = documents.iter().copied().map(eur).collect();
        let balances: Vec<_> = balances.iter().copied().map(prepaid).collect();
        apply_balances(&documents, &balances, Currency::EUR).expect("in range")
    }

    fn minor(amounts: &[Money]) -> Vec<i64> {
        amounts.iter().map(|amount| amount.minor).collect()
    }

    #[test]
    fn balances_are_used_by_priority_then_by_expiry_then_as_given() {
        let balances =
            [(10, 2, Some(1)), (10, 1, None), (10, 1, Some(9)), (10, 1, Some(5)), (10, 1, Some(9))];
        let applied = apply(&[15, 20], &balances);
        assert_eq!(applied.order, [3, 2, 4, 1, 0]);
        assert_eq!(minor(&applied.applied[0]), [0, 0, 5, 10, 0]);
        assert_eq!(minor(&applied.applied[1]), [0, 5, 5, 0, 10]);
        assert_eq!(minor(&applied.due), [0, 0]);
        assert_eq!(minor(&applied.left), [10, 5, 0, 0, 0]);
    }

    #[test]
    fn without_balances_everything_stays_due() {
        let applied = apply(&[15, 0], &[]);
        assert_eq!((minor(&applied.due), minor(&applied.left)), (vec![15, 0], vec![]));
        assert_eq!(applied.applied, [vec![], vec![]]);
    }

    #[test]
    fn what_is_no_debt_or_no_balance_is_refused() {
        let apply = |documents: &[Money], balances: &[Prepaid]| {
            apply_balances(documents, balances, Currency::EUR).expect_err("refused")
        };
        let debt = prepaid((-1, 0, None));
        assert_eq!(apply(&[eur(1), eur(-1)], &[]), BalanceRefusal::NegativeDocument(2));
        assert_eq!(apply(&[], &[debt]), BalanceRefusal::NegativeBalance(1));
        assert_eq!(apply(&[eur(1); 1_001], &[]), BalanceRefusal::TooManyDocuments(1_001));
        assert_eq!(apply(&[], &[debt; 1_001]), BalanceRefusal::TooManyBalances(1_001));
        let rub = Money::new(1, Currency::RUB);
        assert!(matches!(apply(&[rub], &[]), BalanceRefusal::Money(_)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn money_is_conserved(
            documents in vec(0_i64..1_000, 0..8),
            balances in vec((0_i64..1_500, 0_i64..3, option::of(0_i64..5)), 0..8),
        ) {
            let it = apply(&documents, &balances);
            for ((document, row), due) in documents.iter().zip(&it.applied).zip(&it.due) {
                prop_assert!(due.minor >= 0 && row.iter().all(|part| part.minor >= 0));
                prop_assert_eq!(minor(row).iter().sum::<i64>() + due.minor, *document);
            }
            for (position, (amount, _, _)) in balances.iter().enumerate() {
                let used: i64 = it.applied.iter().map(|row| row[position].minor).sum();
                prop_assert!(it.left[position].minor >= 0);
                prop_assert_eq!(used + it.left[position].minor, *amount);
            }
            // Nothing stays due while there is money, and none is used before its turn.
            let is_due = it.due.iter().any(|due| due.minor > 0);
            prop_assert!(!is_due || it.left.iter().all(|left| left.minor == 0));
            for pair in it.order.windows(2) {
                let is_touched = it.left[pair[1]].minor < balances[pair[1]].0;
                prop_assert!(!is_touched || it.left[pair[0]].minor == 0);
            }
            // An older document is paid in full before a newer one gets anything.
            for n in 1..documents.len() {
                let is_paid = it.applied[n].iter().any(|part| part.minor > 0);
                prop_assert!(!is_paid || it.due[n - 1].minor == 0);
            }
        }
    }
}
