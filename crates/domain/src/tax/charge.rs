//! What tax a supply bears: at home by the rate, across a border by the category.

use super::{TaxCategory, TaxClass, TaxRate, TaxRegime};
use crate::words::words;
use jiff::civil::Date;

/// What is supplied, as far as the place of supply depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nature {
    /// A licence, an electronic or other service that is supplied where its customer is.
    #[default]
    Service,
    /// Something that is sent.
    Goods,
}

words!(Nature { Service => "service", Goods => "goods" });

/// Who the customer is, as far as the tax depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomerKind {
    /// A person, not as a business.
    Consumer,
    /// A business that gave no VAT number.
    #[default]
    Business,
    /// A business whose VAT number was given and found valid.
    VatRegistered,
}

words!(CustomerKind {
    Consumer => "consumer",
    Business => "business",
    VatRegistered => "vat_registered",
});

/// A supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply<'a> {
    /// How the seller is taxed.
    pub regime: TaxRegime,
    /// The seller's country (ISO 3166-1 alpha-2).
    pub seller_country: &'a str,
    /// The customer's country (ISO 3166-1 alpha-2).
    pub customer_country: &'a str,
    /// Who the customer is.
    pub customer: CustomerKind,
    /// Which of the country's rates the product has.
    pub class: TaxClass,
    /// What is supplied.
    pub nature: Nature,
    /// When it is supplied; a subscription, on the day on which a period of it ends or is billed.
    pub on: Date,
}

/// The tax of a supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The category that the document names (BT-118).
    pub category: TaxCategory,
    /// The rate (BT-119); `None` where no tax is charged, or none of this country.
    pub rate: Option<TaxRate>,
    /// Why nothing is charged, as the document says it (BT-120).
    pub reason: Option<&'static str>,
}

/// Why a supply can't be taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChargeError {
    /// The country has no rate for such products.
    #[error("{} has no rate for products of this class", .0.as_str())]
    NoSuchRate(TaxRegime),
}

/// The member states of the European Union.
const EUROPEAN_UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The tax of a supply.
///
/// Russia: services for customers abroad are supplied there (Tax Code, article 148, paragraph 1,
/// subparagraph 4), goods are exported at 0 (article 164, paragraph 1).
///
/// European Union (directive 2006/112/EC): a registered business in another member state owes the
/// tax of services itself (articles 44 and 196) and of goods in its own country (article 138);
/// services for customers outside the Union are supplied there (articles 44 and 59), goods are
/// exported (article 146). Whoever else is in another member state is charged the seller's own
/// rate, as article 59c has it up to the threshold of the one-stop shop.
///
/// # Errors
/// [`ChargeError`].
pub fn charge(supply: &Supply<'_>) -> Result<Charge, ChargeError> {
    let Supply { regime, class, nature, on, .. } = *supply;
    if !regime.has(class) {
        return Err(ChargeError::NoSuchRate(regime));
    }
    let Some(rate) = regime.rate_of(class, on) else {
        return Ok(without(TaxCategory::Exempt, "Exempt from VAT"));
    };
    let is_at_home = supply.seller_country == supply.customer_country;
    let in_union = EUROPEAN_UNION.contains(&supply.customer_country);
    let in_same_union = in_union && EUROPEAN_UNION.contains(&supply.seller_country);
    let charge = match (is_at_home, in_same_union, supply.customer, nature) {
        (false, true, CustomerKind::VatRegistered, Nature::Service) => {
            at_zero(TaxCategory::ReverseCharge, reverse_charge(regime))
        }
        (false, true, CustomerKind::VatRegistered, Nature::Goods) => {
            at_zero(TaxCategory::IntraCommunity, "Intra-Community supply")
        }
        (false, false, _, Nature::Service) => {
            without(TaxCategory::OutsideScope, "Not subject to VAT")
        }
        (false, false, _, Nature::Goods) => at_zero(TaxCategory::Export, "Export"),
        (true, _, _, _) | (false, true, CustomerKind::Consumer | CustomerKind::Business, _) => {
            let category = if rate.0 == 0 { TaxCategory::Zero } else { TaxCategory::Standard };
            Charge { category, rate: Some(rate), reason: None }
        }
    };
    Ok(charge)
}

const fn without(category: TaxCategory, reason: &'static str) -> Charge {
    Charge { category, rate: None, reason: Some(reason) }
}

const fn at_zero(category: TaxCategory, reason: &'static str) -> Charge {
    Charge { category, rate: Some(TaxRate::percent(0)), reason: Some(reason) }
}

/// The words that the seller's law asks for (directive 2006/112/EC, article 226, point 11a).
const fn reverse_charge(regime: TaxRegime) -> &'static str {
    match regime {
        TaxRegime::Se => "Omvänd betalningsskyldighet",
        TaxRegime::Es => "Inversión del sujeto pasivo",
        TaxRegime::RuGeneral
        | TaxRegime::RuSpecial5
        | TaxRegime::RuSpecial7
        | TaxRegime::Exempt => "Reverse charge",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn charged(
        regime: TaxRegime,
        countries: (&str, &str),
        customer: CustomerKind,
        nature: Nature,
    ) -> (&'static str, Option<i64>) {
        let (seller_country, customer_country) = countries;
        let (class, on) = (TaxClass::Standard, date(2026, 11, 20));
        let supply =
            Supply { regime, seller_country, customer_country, customer, class, nature, on };
        let charge = charge(&supply).expect("a rate");
        assert_eq!(charge.reason.is_some(), charge.category != TaxCategory::Standard);
        (charge.category.as_str(), charge.rate.map(|rate| rate.0 / 100))
    }

    #[test]
    fn a_registered_business_elsewhere_in_the_union_owes_the_tax_itself() {
        use CustomerKind::{Business, Consumer, VatRegistered};
        let of = |countries, customer| charged(TaxRegime::Se, countries, customer, Nature::Service);
        assert_eq!(of(("SE", "ES"), VatRegistered), ("AE", Some(0)));
        assert_eq!(of(("SE", "ES"), Business), ("S", Some(25)));
        assert_eq!(of(("SE", "ES"), Consumer), ("S", Some(25)));
        assert_eq!(of(("SE", "SE"), VatRegistered), ("S", Some(25)));
        assert_eq!(of(("SE", "NO"), VatRegistered), ("O", None));
        assert_eq!(of(("SE", "NO"), Consumer), ("O", None));
    }

    #[test]
    fn goods_leave_a_country_untaxed() {
        let of = |countries, customer| charged(TaxRegime::Es, countries, customer, Nature::Goods);
        assert_eq!(of(("ES", "FR"), CustomerKind::VatRegistered), ("K", Some(0)));
        assert_eq!(of(("ES", "FR"), CustomerKind::Consumer), ("S", Some(21)));
        assert_eq!(of(("ES", "US"), CustomerKind::Consumer), ("G", Some(0)));
    }

    #[test]
    fn what_a_russian_seller_does_abroad_is_not_taxed_at_home() {
        let of = |to, nature| {
            charged(TaxRegime::RuGeneral, ("RU", to), CustomerKind::VatRegistered, nature)
        };
        assert_eq!(of("RU", Nature::Service), ("S", Some(22)));
        assert_eq!(of("ES", Nature::Service), ("O", None));
        assert_eq!(of("KZ", Nature::Goods), ("G", Some(0)));
    }

    #[test]
    fn exempt_zero_and_unknown_classes_are_told_apart() {
        let of = |regime, class| {
            charge(&Supply {
                regime,
                seller_country: "RU",
                customer_country: "RU",
                customer: CustomerKind::Business,
                class,
                nature: Nature::Service,
                on: date(2026, 11, 20),
            })
            .map(|charge| charge.category)
        };
        assert_eq!(of(TaxRegime::RuGeneral, TaxClass::Exempt), Ok(TaxCategory::Exempt));
        assert_eq!(of(TaxRegime::Exempt, TaxClass::Standard), Ok(TaxCategory::Exempt));
        assert_eq!(of(TaxRegime::RuGeneral, TaxClass::Zero), Ok(TaxCategory::Zero));
        let refused = Err(ChargeError::NoSuchRate(TaxRegime::RuGeneral));
        assert_eq!(of(TaxRegime::RuGeneral, TaxClass::Lowest), refused);
    }
}
