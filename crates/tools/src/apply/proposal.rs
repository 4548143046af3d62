//! The file in the domain's words: texts become languages, currencies, amounts and dates.

use super::file::{self, SellerFile};
use abono_domain::catalogue::{Catalogue, Plan, Price, PricePoint, Product};
use abono_domain::customer::put::PutCustomer;
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::ids::{CustomerId, LegalEntityId, PayerId, PlanId, PriceId, ProductId, TenantId};
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use abono_domain::reference::LegalIdentity;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::TaxRegime;
use jiff::civil::Date;
use std::collections::BTreeMap;
use toml::value::Datetime;
use uuid::Uuid;

/// Why a file can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Not TOML, or a key that isn't known or is missing; the text names the line.
    #[error("{0}")]
    Toml(String),
    /// A value that isn't what it should be.
    #[error("{at}: `{value}` is not {expected}")]
    Value {
        /// Where, as words from the outside in.
        at: String,
        /// What was written.
        value: String,
        /// What is expected there.
        expected: String,
    },
}

/// What a file proposes. Nil ids mean "not said".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The tenant's slug.
    pub slug: String,
    /// The tenant's id, where it is said.
    pub tenant: Option<TenantId>,
    /// The seller.
    pub seller: Seller,
    /// The customers.
    pub customers: Vec<PutCustomer>,
}

impl SellerFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`FileError`], which says where it is wrong.
    pub fn parse(text: &str) -> Result<Proposal, FileError> {
        let file: Self =
            toml::from_str(text).map_err(|error| FileError::Toml(error.to_string()))?;
        file.proposal()
    }

    /// What a file that was read proposes.
    ///
    /// # Errors
    /// [`FileError::Value`], which says where it is wrong.
    pub fn proposal(&self) -> Result<Proposal, FileError> {
        let file = self;
        let settings = settings(&file.tenant)?;
        let legal_entities = file
            .legal_entity
            .iter()
            .map(|e| legal_entity(e, &settings))
            .collect::<Result<_, _>>()?;
        let products =
            file.product.iter().map(|p| product(p, &settings)).collect::<Result<Vec<_>, _>>()?;
        let customers =
            file.customer.iter().map(|c| customer(c, &settings)).collect::<Result<Vec<_>, _>>()?;
        Ok(Proposal {
            slug: file.tenant.slug.clone(),
            tenant: file.tenant.id.map(TenantId),
            seller: Seller {
                tenant: TenantId(Uuid::nil()),
                version: 0,
                settings,
                legal_entities,
                catalogue: Catalogue { products },
            },
            customers,
        })
    }
}

fn settings(tenant: &file::Tenant) -> Result<Settings, FileError> {
    Ok(Settings {
        name: tenant.name.clone(),
        language: language("tenant language", &tenant.language)?,
        currency: currency("tenant currency", &tenant.currency)?,
        zone: tenant.zone.clone(),
        payment_request_days: tenant.payment_request_days,
    })
}

fn legal_entity(entity: &file::LegalEntity, settings: &Settings) -> Result<LegalEntity, FileError> {
    let at = format!("legal_entity {} tax_regime", entity.code);
    let words: Vec<&str> = TaxRegime::ALL.iter().map(|regime| regime.as_str()).collect();
    let expected = format!("one of {}", words.join(", "));
    Ok(LegalEntity {
        id: LegalEntityId(entity.id.unwrap_or_default()),
        code: entity.code.clone(),
        identity: LegalIdentity {
            name: entity.name.clone(),
            country: entity.country.clone(),
            tax_id: entity.tax_id.clone(),
            tax_registration: entity.tax_registration.clone(),
            registration_number: entity.registration_number.clone(),
            address: entity.address.clone(),
        },
        zone: entity.zone.clone().unwrap_or_else(|| settings.zone.clone()),
        tax_regime: read(&at, &entity.tax_regime, &expected, TaxRegime::parse)?,
        payment_request_prefix: entity.payment_request_prefix.clone(),
        bank_accounts: entity.bank_account.iter().map(bank_account).collect(),
    })
}

fn bank_account(account: &file::BankAccount) -> BankAccount {
    BankAccount {
        bank_name: account.bank_name.clone(),
        bank_code: account.bank_code.clone(),
        account: account.account.clone(),
        correspondent_account: account.correspondent_account.clone(),
    }
}

fn product(product: &file::Product, settings: &Settings) -> Result<Product, FileError> {
    let at = format!("product {}", product.code);
    let plans = product.plan.iter().map(|p| plan(&at, p, settings)).collect::<Result<_, _>>()?;
    Ok(Product {
        id: ProductId(product.id.unwrap_or_default()),
        code: product.code.clone(),
        names: names(&at, &product.names)?,
        archived: product.archived,
        plans,
    })
}

fn plan(product: &str, plan: &file::Plan, settings: &Settings) -> Result<Plan, FileError> {
    let at = format!("{product} plan {}", plan.code);
    let mut prices = Vec::with_capacity(plan.price.len());
    for one in &plan.price {
        prices.push(price(&at, one, settings)?);
    }
    Ok(Plan {
        id: PlanId(plan.id.unwrap_or_default()),
        code: plan.code.clone(),
        names: names(&at, &plan.names)?,
        features: plan.features.clone(),
        archived: plan.archived,
        prices,
    })
}

fn price(plan: &str, price: &file::Price, settings: &Settings) -> Result<Price, FileError> {
    let at = format!("{plan} price of {} months", price.months);
    let currency = match &price.currency {
        Some(code) => currency(&at, code)?,
        None => settings.currency,
    };
    let amount = |text: &str| {
        let expected = format!("an amount of {currency} such as \"990.00\"");
        read(&at, text, &expected, |text| Money::parse(text, currency).ok())
    };
    let list = amount(&price.list)?;
    let final_price = price.final_price.as_deref().map(amount).transpose()?.unwrap_or(list);
    Ok(Price {
        id: PriceId(Uuid::nil()),
        point: PricePoint {
            currency,
            months: price.months,
            from_quantity: price.from_quantity,
            valid_from: price.valid_from.as_ref().map(|day| date(&at, day)).transpose()?,
        },
        list,
        final_price,
        valid_until: price.valid_until.as_ref().map(|day| date(&at, day)).transpose()?,
    })
}

fn customer(customer: &file::Customer, settings: &Settings) -> Result<PutCustomer, FileError> {
    let at = format!("customer {}", customer.code);
    let profile = Profile {
        revision: 1,
        name: customer.name.clone(),
        language: match &customer.language {
            Some(code) => language(&at, code)?,
            None => settings.language.clone(),
        },
        zone: customer.zone.clone().unwrap_or_else(|| settings.zone.clone()),
        currency: match &customer.currency {
            Some(code) => currency(&at, code)?,
            None => settings.currency,
        },
        default_payer: None,
    };
    let id = CustomerId(customer.id.unwrap_or_default());
    let payers = customer.payer.iter().map(payer).collect();
    let proposal = Customer { payers, ..Customer::new(id, customer.code.clone(), profile) };
    Ok(PutCustomer { proposal, default_payer: customer.default_payer.clone() })
}

fn payer(payer: &file::Payer) -> Payer {
    Payer {
        id: PayerId(payer.id.unwrap_or_default()),
        revision: 1,
        code: payer.code.clone(),
        identity: LegalIdentity {
            name: payer.name.clone(),
            country: payer.country.clone(),
            tax_id: payer.tax_id.clone(),
            tax_registration: payer.tax_registration.clone(),
            registration_number: payer.registration_number.clone(),
            address: payer.address.clone(),
        },
    }
}

fn names(at: &str, names: &BTreeMap<String, String>) -> Result<Names, FileError> {
    let one = |(code, name): (&String, &String)| {
        Ok((language(&format!("{at} names"), code)?, name.clone()))
    };
    Ok(Names(names.iter().map(one).collect::<Result<_, FileError>>()?))
}

fn language(at: &str, code: &str) -> Result<Language, FileError> {
    read(at, code, "a language of two letters such as \"ru\"", Language::parse)
}

fn currency(at: &str, code: &str) -> Result<Currency, FileError> {
    read(at, code, "an ISO 4217 currency in capitals such as \"RUB\"", |code| code.parse().ok())
}

fn date(at: &str, day: &Datetime) -> Result<Date, FileError> {
    let only_date = day.time.is_none() && day.offset.is_none();
    let expected = "a day such as 2026-01-31, without a time";
    read(at, &day.to_string(), expected, |day| only_date.then(|| day.parse().ok()).flatten())
}

fn read<T>(
    at: &str,
    value: &str,
    expected: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, FileError> {
    read(value).ok_or_else(|| FileError::Value {
        at: at.to_owned(),
        value: value.chars().take(40).collect(),
        expected: expected.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[tenant]\nslug = \"s\"\nname = \"S\"\nlanguage = \"ru\"\n\
        currency = \"RUB\"\nzone = \"Europe/Moscow\"\n";

    #[test]
    fn a_key_that_is_not_known_is_named_with_its_line() {
        let error = SellerFile::parse(&format!("{HEAD}colour = \"red\"\n")).expect_err("unknown");
        let text = error.to_string();
        assert!(text.contains("line 7") && text.contains("colour"), "{text}");
    }

    #[test]
    fn the_example_of_the_guide_can_be_read() {
        let example = include_str!("../../../../docs/seller.example.toml");
        let proposal = SellerFile::parse(example).expect("the example");
        assert_eq!(proposal.customers.len(), 1);
        let plans = &proposal.seller.catalogue.products[0].plans;
        assert_eq!(plans[0].prices[2].point.valid_from, Some(jiff::civil::date(2026, 1, 1)));
    }

    #[test]
    fn an_amount_with_too_many_decimals_is_named_with_its_place() {
        let price = concat!(
            "[[product]]\ncode = \"p\"\nnames = {ru = \"П\"}\n",
            "[[product.plan]]\ncode = \"a\"\nnames = {ru = \"А\"}\n",
            "[[product.plan.price]]\nmonths = 1\nlist = \"1.234\"\n"
        );
        let error = SellerFile::parse(&format!("{HEAD}{price}")).expect_err("three decimals");
        assert_eq!(
            error.to_string(),
            "product p plan a price of 1 months: `1.234` is not an amount of RUB such as \"990.00\""
        );
    }
}
