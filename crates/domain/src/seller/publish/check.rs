//! Checks what a proposal says, by itself.

mod article;
mod catalogue;
mod risk;
mod termination;

use super::super::{LegalEntity, Seller, SellerRefusal};
use crate::calendar;
use crate::language::{Language, Names};

/// Checks every text, code, number and price.
pub(super) fn check(seller: &Seller) -> Result<(), SellerRefusal> {
    let settings = &seller.settings;
    text("settings name", &settings.name)?;
    calendar::zone(&settings.zone)?;
    if !(0..=365).contains(&settings.payment_request_days) {
        return Err(refuse("settings payment_request_days", "must be from 0 to 365"));
    }
    if !(0..=365).contains(&settings.invoice_due_days) {
        return Err(refuse("settings invoice_due_days", "must be from 0 to 365"));
    }
    if seller.legal_entities.is_empty() {
        return Err(SellerRefusal::NoLegalEntity);
    }
    unique("legal_entity", seller.legal_entities.iter().map(|e| e.code.as_str()))?;
    let prefixes = seller.legal_entities.iter().flat_map(LegalEntity::prefixes);
    let mut seen = std::collections::BTreeSet::new();
    for prefix in prefixes {
        // A printed number must name one document: the running number follows the prefix.
        if prefix.ends_with(|c: char| c.is_ascii_digit()) || !seen.insert(prefix) {
            return Err(SellerRefusal::BadPrefix(prefix.chars().take(40).collect()));
        }
    }
    for entity in &seller.legal_entities {
        legal_entity(entity)?;
    }
    catalogue::check(seller)?;
    article::check(&seller.catalogue)?;
    termination::check(&seller.catalogue, &settings.language)?;
    risk::check(&seller.risk)
}

fn legal_entity(entity: &LegalEntity) -> Result<(), SellerRefusal> {
    let at = format!("legal_entity {}", entity.code);
    calendar::zone(&entity.zone)?;
    if entity.prefixes().any(|prefix| prefix.chars().count() > 20) {
        return Err(refuse(&at, "a prefix has at most 20 characters"));
    }
    let bad = |error| SellerRefusal::BadReference { at: at.clone(), error };
    entity.identity.check().map_err(bad)?;
    for account in &entity.bank_accounts {
        text(&format!("{at} bank_name"), &account.bank_name)?;
        crate::reference::check_bank_account(
            &entity.identity.country,
            &account.bank_code,
            &account.account,
            account.correspondent_account.as_deref(),
        )
        .map_err(bad)?;
    }
    Ok(())
}

fn refuse(at: &str, reason: &'static str) -> SellerRefusal {
    SellerRefusal::BadTerms { at: at.to_owned(), reason }
}

/// Every name is a text, and there is one in the language that all others fall back to.
fn named(at: &str, names: &Names, language: &Language) -> Result<(), SellerRefusal> {
    if !names.0.contains_key(language) {
        return Err(SellerRefusal::BadText(format!("{at} name {}", language.as_str())));
    }
    names.0.values().try_for_each(|name| text(&format!("{at} name"), name))
}

fn text(at: &str, text: &str) -> Result<(), SellerRefusal> {
    if (1..=300).contains(&text.trim().chars().count()) {
        Ok(())
    } else {
        Err(SellerRefusal::BadText(at.to_owned()))
    }
}

/// What another system knows a thing by, where that is said.
fn label(at: &str, label: Option<&String>) -> Result<(), SellerRefusal> {
    let is_label = |it: &String| {
        (1..=64).contains(&it.chars().count())
            && !it.trim().is_empty()
            && !it.chars().any(char::is_control)
    };
    if label.is_none_or(is_label) {
        return Ok(());
    }
    Err(refuse(at, "must have 1 to 64 characters, none of them a control character"))
}

fn unique<'a>(at: &str, codes: impl Iterator<Item = &'a str>) -> Result<(), SellerRefusal> {
    let mut seen = std::collections::BTreeSet::new();
    for code in codes {
        if !(1..=64).contains(&code.chars().count()) || !seen.insert(code) {
            let code = code.chars().take(80).collect();
            return Err(SellerRefusal::BadCode { at: at.to_owned(), code });
        }
    }
    Ok(())
}
