//! The file in the domain's words: texts become languages, currencies, amounts and dates.

mod catalogue;
mod price;
mod read;
mod risk;

use super::file::{self, SellerFile};
use abono_domain::catalogue::Catalogue;
use abono_domain::customer::put::PutCustomer;
use abono_domain::customer::{Customer, Payer, Profile};
use abono_domain::ids::{CustomerId, LegalEntityId, PayerId, TenantId};
use abono_domain::reference::LegalIdentity;
use abono_domain::seller::{BankAccount, LegalEntity, Seller, Settings};
use abono_domain::tax::{CustomerKind, TaxRegime, TaxRounding};
use read::{choice, currency, language, read, word};
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
        let catalogue = catalogue::catalogue(file, &settings)?;
        let customers = file.customer.iter().map(|c| customer(c, &settings, &catalogue));
        let customers = customers.collect::<Result<Vec<_>, _>>()?;
        Ok(Proposal {
            slug: file.tenant.slug.clone(),
            tenant: file.tenant.id.map(TenantId),
            seller: Seller {
                tenant: TenantId(Uuid::nil()),
                version: 0,
                settings,
                legal_entities,
                catalogue,
                risk: risk::policy(&file.risk)?,
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
        invoice_due_days: tenant.invoice_due_days,
        tax_rounding: choice!("tenant tax_rounding", &tenant.tax_rounding, TaxRounding)?,
        external_billing: tenant.external_billing,
    })
}

fn legal_entity(entity: &file::LegalEntity, settings: &Settings) -> Result<LegalEntity, FileError> {
    let at = format!("legal_entity {} tax_regime", entity.code);
    let request_prefix = &entity.payment_request_prefix;
    let own = |said: &Option<String>, word: &str| {
        said.clone().unwrap_or_else(|| format!("{request_prefix}{word}"))
    };
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
        tax_regime: word!(&at, &entity.tax_regime, TaxRegime)?,
        credit_note_prefix: own(&entity.credit_note_prefix, "CR-"),
        invoice_prefix: own(&entity.invoice_prefix, "INV-"),
        order_confirmation_prefix: own(&entity.order_confirmation_prefix, "CH-"),
        payment_request_prefix: request_prefix.clone(),
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

fn customer(
    customer: &file::Customer,
    settings: &Settings,
    catalogue: &Catalogue,
) -> Result<PutCustomer, FileError> {
    let at = format!("customer {}", customer.code);
    for code in &customer.discounts {
        let known = |code: &str| catalogue.discount(code).map(|_| ());
        read(&format!("{at} discounts"), code, "a discount of this file", known)?;
    }
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
        discounts: customer.discounts.clone(),
    };
    let id = CustomerId(customer.id.unwrap_or_default());
    let payers = customer.payer.iter().map(|one| payer(&at, one)).collect::<Result<_, _>>()?;
    let proposal = Customer { payers, ..Customer::new(id, customer.code.clone(), profile) };
    Ok(PutCustomer { proposal, default_payer: customer.default_payer.clone() })
}

fn payer(customer: &str, payer: &file::Payer) -> Result<Payer, FileError> {
    let at = format!("{customer} payer {} kind", payer.code);
    Ok(Payer {
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
        kind: choice!(&at, &payer.kind, CustomerKind)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::calendar::Trial;
    use abono_domain::catalogue::{
        Article, Billing, ChangeMode, CreditTerms, Plan, PlanKind, PlanTerms,
    };
    use abono_domain::proration::{Behaviour, DayCount};

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
        let example = include_str!("../../../../../docs/seller.example.toml");
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

    const PLAN: &str = "[[product]]\ncode = \"p\"\nnames = {ru = \"П\"}\nchange = \"co_term\"\n\
        [[product.plan]]\ncode = \"a\"\nnames = {ru = \"А\"}\n";

    fn plan(members: &str) -> Result<Plan, String> {
        let proposal = SellerFile::parse(&format!("{HEAD}{PLAN}{members}"));
        let proposal = proposal.map_err(|error| error.to_string())?;
        Ok(proposal.seller.catalogue.products[0].plans[0].clone())
    }

    #[test]
    fn a_plan_says_how_it_is_sold_and_its_product_what_it_does_not_say() {
        let plan = plan("billing = \"calendar\"\ntrial = { days = 14 }\nday_count = \"fixed30\"\n");
        let terms = plan.expect("a plan").terms;
        assert_eq!(terms.billing, Billing::Calendar);
        assert_eq!(terms.trial, Some(Trial::Days(14)));
        assert_eq!(terms.change, ChangeMode::CoTerm);
        assert_eq!(terms.credit.day_count, DayCount::Fixed30);
    }

    #[test]
    fn what_comes_with_a_subscription_has_nothing_of_how_its_product_is_bought() {
        let file = |members: &str| {
            let product = "[[product]]\ncode = \"p\"\nnames = {ru = \"П\"}\nchange = \"co_term\"\n\
                billing = \"calendar\"\ntrial = { days = 14 }\ncredit = \"none\"\n";
            let plan = "[[product.plan]]\ncode = \"a\"\nnames = {ru = \"А\"}\nkind = \"addon\"\n";
            SellerFile::parse(&format!("{HEAD}external_billing = true\n{product}{plan}{members}"))
        };
        let members = "article = \"A-1\"\nexternal_id = \"x\"\nnotice_days = 3\n\
            [[termination_reason]]\ncode = \"r\"\nnames = {ru = \"Р\"}\nparent = \"q\"\n\
            external_id = \"y\"\n";
        let seller = file(members).expect("a file").seller;
        assert!(seller.settings.external_billing);
        let plan = &seller.catalogue.products[0].plans[0];
        let (number, external_id) = (Some("A-1".to_owned()), Some("x".to_owned()));
        assert_eq!(plan.article, Article { kind: PlanKind::Addon, number, external_id });
        let credit = CreditTerms { behaviour: Behaviour::None, ..CreditTerms::default() };
        assert_eq!(plan.terms, PlanTerms { credit, notice_days: 3, ..PlanTerms::default() });
        let reason = &seller.catalogue.termination_reasons[0];
        assert_eq!((reason.code.as_str(), reason.parent.as_deref()), ("r", Some("q")));
        assert_eq!(reason.external_id.as_deref(), Some("y"));
        let own = file("article = \"A-1\"\nbilling = \"calendar\"\n").expect("a file").seller;
        let terms = &own.catalogue.products[0].plans[0].terms;
        assert_eq!(terms.billing, Billing::Calendar, "what it says itself is left to be refused");
        let error = file("kind = \"extra\"\n").expect_err("twice").to_string();
        assert!(error.contains("kind"), "{error}");
    }

    #[test]
    fn a_model_says_what_one_unit_and_what_many_cost() {
        let price = "[[product.plan.price]]\nmonths = 1\nmodel = \"graduated\"\n\
            tiers = [{ up_to = \"2\", unit = \"9.99\", flat = \"5\" }, { unit = \"0.005\" }]\n";
        let price = plan(price).expect("a plan").prices[0].clone();
        assert_eq!((price.list.minor, price.final_price.minor), (1_499, 1_499));
        assert_eq!(price.of(3).expect("a price").amount.minor, 2_499);
        let minimum = "[[product.plan.price]]\nmonths = 1\nlist = \"2\"\nminimum = \"7\"\n";
        let price = plan(minimum).expect("a plan").prices[0].clone();
        assert_eq!(price.of(3).expect("a price").amount.minor, 700);
    }

    #[test]
    fn what_makes_no_price_is_said_with_its_place() {
        let price = |members: &str| {
            plan(&format!("[[product.plan.price]]\nmonths = 1\n{members}\n")).expect_err("refused")
        };
        for (members, expected) in [
            ("", "price of 1 months: `` is not a price: it has a list price or a model"),
            ("list = \"1\"\nsize = \"2\"", "`size` is not a member of a price without a model"),
            ("model = \"steps\"", "model: `steps` is not one of flat, per_unit, graduated"),
            ("model = \"flat\"", "`amount` is not said, and the model needs it"),
            (
                "model = \"flat\"\namount = \"1\"\nsize = \"2\"",
                "`size` is not a member of the model flat",
            ),
            ("model = \"volume\"\ntiers = []", "there is no tier"),
            ("list = \"1\"\ntax = \"gross\"", "tax: `gross` is not one of exclusive, inclusive"),
        ] {
            let found = price(members);
            assert!(found.contains(expected), "{members}: {found}");
        }
    }

    #[test]
    fn a_discount_is_a_share_or_an_amount_and_customers_have_those_of_the_file() {
        let file = |text: &str| {
            let error = SellerFile::parse(&format!("{HEAD}{text}")).expect_err("refused");
            error.to_string()
        };
        let discount = "[[discount]]\ncode = \"d\"\nnames = {ru = \"Д\"}\n";
        let both = format!("{discount}percent = \"5\"\namount = \"5\"\n");
        assert!(file(&both).contains("a discount: it has one of them"));
        assert_eq!(file(&both), file(discount));
        let customer = "[[customer]]\ncode = \"c\"\nname = \"C\"\ndiscounts = [\"d\"]\n";
        let unknown = "customer c discounts: `d` is not a discount of this file";
        assert_eq!(file(customer), unknown);
    }
}
