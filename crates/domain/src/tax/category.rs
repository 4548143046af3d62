//! The categories of tax that documents name.

use crate::words::words;

/// Why a supply is taxed as it is (EN 16931, BT-118 and BT-151; its words are the codes of
/// UNCL 5305).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaxCategory {
    /// Taxed at a rate above 0.
    Standard,
    /// Taxed at the rate 0.
    Zero,
    /// Exempt: of the thing that is sold, or of the seller.
    Exempt,
    /// The customer owes the tax.
    ReverseCharge,
    /// Supplied in another country, by that country's law.
    OutsideScope,
    /// Goods that leave the country or, from within it, the European Union.
    Export,
    /// Goods for a business in another country of the European Union.
    IntraCommunity,
}
words!(TaxCategory {
    Standard => "S",
    Zero => "Z",
    Exempt => "E",
    ReverseCharge => "AE",
    OutsideScope => "O",
    Export => "G",
    IntraCommunity => "K",
});
