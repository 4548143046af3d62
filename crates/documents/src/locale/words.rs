//! What a page says, in one language.

/// The words of a language. A text with `{}` has one place for a value.
#[derive(Debug)]
pub(crate) struct Words {
    /// The months in the case in which a date has them.
    pub(crate) months: [&'static str; 12],
    /// What the page is.
    pub(crate) title: &'static str,
    /// What stands before a number.
    pub(crate) number: &'static str,
    /// What stands between number and date.
    pub(crate) dated: &'static str,
    pub(crate) valid_until: &'static str,
    pub(crate) seller: &'static str,
    pub(crate) payer: &'static str,
    pub(crate) address: &'static str,
    pub(crate) tax_number: &'static str,
    pub(crate) vat_number: &'static str,
    pub(crate) register_number: &'static str,
    pub(crate) inn: &'static str,
    pub(crate) kpp: &'static str,
    pub(crate) ogrn: &'static str,
    pub(crate) status: Statuses,
    pub(crate) table: Table,
    pub(crate) because: Reasons,
    pub(crate) tax: Taxed,
    pub(crate) sums: Sums,
    pub(crate) pay: Pay,
    pub(crate) signed: Signed,
}

/// Who signs a Russian request on paper.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) director: &'static str,
    pub(crate) accountant: &'static str,
    pub(crate) entrepreneur: &'static str,
}

/// What is said of a request that asks for nothing any more.
#[derive(Debug)]
pub(crate) struct Statuses {
    pub(crate) paid: &'static str,
    pub(crate) canceled: &'static str,
    pub(crate) refunded: &'static str,
    /// Pending, and covered by what the customer has.
    pub(crate) covered: &'static str,
}

/// The heads of the positions.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) caption: &'static str,
    pub(crate) position: &'static str,
    pub(crate) name: &'static str,
    pub(crate) quantity: &'static str,
    /// What stands behind a quantity of one, and of more.
    pub(crate) pieces: [&'static str; 2],
    pub(crate) price: &'static str,
    pub(crate) amount: &'static str,
}

/// How an amount came about.
#[derive(Debug)]
pub(crate) struct Reasons {
    /// The heading of the derivation.
    pub(crate) title: &'static str,
    pub(crate) whole_period: &'static str,
    pub(crate) list_price: &'static str,
    /// The price of one is an average.
    pub(crate) average: &'static str,
    pub(crate) part: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) of_days: [&'static str; 2],
    pub(crate) of_seconds: [&'static str; 2],
    pub(crate) subtotal: &'static str,
    pub(crate) discount: &'static str,
    pub(crate) tax_added: &'static str,
    pub(crate) tax_inside: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) paid_by: &'static str,
    pub(crate) unused: &'static str,
    pub(crate) credited: &'static str,
}

/// The tax, by its categories.
#[derive(Debug)]
pub(crate) struct Taxed {
    pub(crate) caption: &'static str,
    /// Its name; a rate follows.
    pub(crate) name: &'static str,
    pub(crate) exempt: &'static str,
    pub(crate) reverse_charge: &'static str,
    pub(crate) outside_scope: &'static str,
    pub(crate) export: &'static str,
    pub(crate) intra_community: &'static str,
    pub(crate) net: &'static str,
    pub(crate) gross: &'static str,
}

/// The sums under the positions.
#[derive(Debug)]
pub(crate) struct Sums {
    pub(crate) caption: &'static str,
    pub(crate) total: &'static str,
    pub(crate) including: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) balance: &'static str,
    pub(crate) due: &'static str,
    pub(crate) in_words: &'static str,
    /// How many positions there are, and their sum, as a Russian request says it.
    pub(crate) count: [&'static str; 2],
}

/// How to pay.
#[derive(Debug)]
pub(crate) struct Pay {
    pub(crate) title: &'static str,
    pub(crate) payee: &'static str,
    pub(crate) bank: &'static str,
    pub(crate) bank_code: &'static str,
    pub(crate) bik: &'static str,
    pub(crate) account: &'static str,
    pub(crate) correspondent_account: &'static str,
    pub(crate) ocr: &'static str,
    pub(crate) reference: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) only: &'static str,
    pub(crate) no_account: &'static str,
    pub(crate) scan: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) shortened: &'static str,
    pub(crate) no_code: Codes,
}

/// Why there is no code.
#[derive(Debug)]
pub(crate) struct Codes {
    pub(crate) amount: &'static str,
    pub(crate) account: &'static str,
    pub(crate) characters: &'static str,
    pub(crate) size: &'static str,
}
