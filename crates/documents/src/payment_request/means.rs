//! How a request is paid: by which of the issuer's accounts, with which reference and code.

use super::fact::Fact;
use super::purpose::purpose;
use super::sums::Sums;
use super::{PaymentRequest, PrintError, reference};
use crate::locale::Words;
use crate::qr::epc::{Remittance, Transfer};
use crate::qr::st00012::Order;
use crate::qr::{NoCode, Payload, QrCode};
use abono_domain::money::Currency;
use abono_domain::reference::{ReferenceKind, iban};
use abono_domain::seller::BankAccount;

/// What a page says of paying.
#[derive(Debug, Default)]
pub(super) struct Payment {
    /// Where to, and with which reference.
    pub(super) facts: Vec<Fact>,
    /// What is to be known beside.
    pub(super) notes: Vec<&'static str>,
    /// The code as an SVG element.
    pub(super) code: Option<String>,
}

/// How an account is paid to.
enum Means {
    /// A Russian account, in roubles.
    Russian,
    /// A Swedish giro number, in kronor: of which kind, and as printed.
    Giro(&'static str, String),
    /// An account with an IBAN.
    Iban(String),
    /// Whatever the country has.
    Other,
}

impl Means {
    /// The first account that takes the currency; the first of all, where none is known to.
    fn of<'a>(request: &PaymentRequest<'a>) -> Option<(Self, &'a BankAccount)> {
        let accounts = &request.issuer.bank_accounts;
        let known = accounts.iter().find_map(|it| Some((Self::known(it, request)?, it)));
        known.or_else(|| accounts.first().map(|it| (Self::Other, it)))
    }

    fn known(account: &BankAccount, request: &PaymentRequest<'_>) -> Option<Self> {
        let currency = request.document.total.currency;
        let number = &account.account;
        if request.issuer.identity.country == "RU" {
            // Digits 6 to 8 are the currency: 810 is the rouble in accounts.
            let is_in_roubles = number.get(5..8) == Some("810");
            return (is_in_roubles && currency == Currency::RUB).then_some(Self::Russian);
        }
        for (name, kind, behind) in
            [("Bankgiro", ReferenceKind::SeBankgiro, 4), ("Plusgiro", ReferenceKind::SePlusgiro, 1)]
        {
            if account.bank_code.eq_ignore_ascii_case(name) {
                let digits = kind.normal(number).ok().filter(|_| currency.code() == "SEK")?;
                let (front, back) = digits.split_at_checked(digits.len().checked_sub(behind)?)?;
                return Some(Self::Giro(name, format!("{front}-{back}")));
            }
        }
        iban(number).ok().map(Self::Iban)
    }
}

impl Payment {
    /// What is said of paying `sums.due`.
    ///
    /// # Errors
    /// [`PrintError`].
    pub(super) fn of(request: &PaymentRequest<'_>, sums: &Sums) -> Result<Self, PrintError> {
        let words = request.locale.words();
        let payee = Fact::new(words.pay.payee, request.issuer.identity.name.as_str());
        let mut payment = Self { facts: vec![payee], ..Self::default() };
        match Means::of(request) {
            None => payment.notes.push(words.pay.no_account),
            Some((Means::Russian, account)) => payment.russian(request, account, sums)?,
            Some((Means::Giro(name, number), _)) => payment.giro(request, name, number),
            Some((Means::Iban(number), account)) => {
                payment.iban(request, account, &number, sums)?;
            }
            Some((Means::Other, account)) => payment.other(request, account),
        }
        let amount = request.locale.money(sums.due);
        payment.facts.push(Fact::new(words.pay.amount, amount));
        Ok(payment)
    }

    fn russian(
        &mut self,
        request: &PaymentRequest<'_>,
        account: &BankAccount,
        sums: &Sums,
    ) -> Result<(), PrintError> {
        let (words, identity) = (request.locale.words(), &request.issuer.identity);
        let correspondent_account = account.correspondent_account.as_deref();
        let purpose = purpose(request.document, request.seller, sums.due)?;
        let payer = &request.document.payer;
        let has_inn = payer.country == "RU" && !payer.tax_id.is_empty();
        for (label, value) in [
            (words.inn, Some(identity.tax_id.as_str())),
            (words.kpp, identity.tax_registration.as_deref()),
            (words.pay.account, Some(account.account.as_str())),
            (words.pay.bank, Some(account.bank_name.as_str())),
            (words.pay.bik, Some(account.bank_code.as_str())),
            (words.pay.correspondent_account, correspondent_account),
            (words.pay.purpose, Some(purpose.as_str())),
        ] {
            self.facts.extend(value.map(|value| Fact::new(label, value)));
        }
        let order = Order {
            name: &identity.name,
            account: &account.account,
            bank_name: &account.bank_name,
            bik: &account.bank_code,
            correspondent_account,
            payee_inn: &identity.tax_id,
            kpp: identity.tax_registration.as_deref(),
            payer_inn: has_inn.then_some(payer.tax_id.as_str()),
            kopecks: sums.due.minor,
            purpose: &purpose,
        };
        self.code(order.payload(), words)
    }

    fn giro(&mut self, request: &PaymentRequest<'_>, name: &str, number: String) {
        let words = request.locale.words();
        self.facts.push(Fact::new(name, number));
        match reference::ocr(request.document) {
            Some(ocr) => self.facts.push(Fact::new(words.pay.ocr, ocr)),
            None => self.reference(request),
        }
        self.notes.push(words.pay.only);
    }

    fn iban(
        &mut self,
        request: &PaymentRequest<'_>,
        account: &BankAccount,
        number: &str,
        sums: &Sums,
    ) -> Result<(), PrintError> {
        let words = request.locale.words();
        self.facts.push(Fact::new(words.pay.bank, account.bank_name.as_str()));
        self.facts.push(Fact::new("IBAN", in_fours(number)));
        let is_euro = sums.due.currency == Currency::EUR;
        let reference = reference::rf(request.document).filter(|_| is_euro);
        match &reference {
            Some(rf) => self.facts.push(Fact::new(words.pay.reference, in_fours(rf))),
            None => self.reference(request),
        }
        self.notes.push(words.pay.only);
        if !is_euro {
            return Ok(());
        }
        let text = request.document.number();
        let remittance =
            reference.as_deref().map_or(Remittance::Text(&text), Remittance::Reference);
        let transfer = Transfer {
            name: &request.issuer.identity.name,
            iban: number,
            bic: Some(&account.bank_code),
            amount: sums.due,
            remittance,
        };
        self.code(transfer.payload(), words)
    }

    fn other(&mut self, request: &PaymentRequest<'_>, account: &BankAccount) {
        let words = request.locale.words();
        self.facts.push(Fact::new(words.pay.bank, account.bank_name.as_str()));
        self.facts.push(Fact::new(words.pay.bank_code, account.bank_code.as_str()));
        self.facts.push(Fact::new(words.pay.account, account.account.as_str()));
        self.reference(request);
        self.notes.push(words.pay.only);
    }

    fn reference(&mut self, request: &PaymentRequest<'_>) {
        let label = request.locale.words().pay.reference;
        self.facts.push(Fact::new(label, request.document.number()));
    }

    /// The code of a payload, or why there is none.
    fn code(
        &mut self,
        payload: Result<Payload, NoCode>,
        words: &'static Words,
    ) -> Result<(), PrintError> {
        let code = payload.and_then(|it| Ok((QrCode::of(&it.text)?, it.shortened)));
        match code {
            Ok((code, shortened)) => {
                self.code = Some(code.svg(words.pay.code_label)?);
                self.notes.extend(shortened.then_some(words.pay.shortened));
            }
            Err(NoCode::Amount) => self.notes.push(words.pay.no_code.amount),
            Err(NoCode::Account) => self.notes.push(words.pay.no_code.account),
            Err(NoCode::Characters) => self.notes.push(words.pay.no_code.characters),
            Err(NoCode::Size) => self.notes.push(words.pay.no_code.size),
        }
        Ok(())
    }
}

/// A number as it is printed: in groups of four.
fn in_fours(number: &str) -> String {
    let mut text = String::new();
    for (at, c) in number.chars().enumerate() {
        if at > 0 && at.is_multiple_of(4) {
            text.push(' ');
        }
        text.push(c);
    }
    text
}
