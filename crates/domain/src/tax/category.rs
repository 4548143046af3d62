//! The categories of tax that documents name.

/// Why a supply is taxed as it is (EN 16931, BT-118 and BT-151; the codes of UNCL 5305).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl TaxCategory {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Standard,
        Self::Zero,
        Self::Exempt,
        Self::ReverseCharge,
        Self::OutsideScope,
        Self::Export,
        Self::IntraCommunity,
    ];

    /// The code in documents.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::OutsideScope => "O",
            Self::Export => "G",
            Self::IntraCommunity => "K",
        }
    }
}
