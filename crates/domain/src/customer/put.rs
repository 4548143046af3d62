//! Writes a customer and its payers: made where it isn't there, revised where it differs.

use super::{Customer, CustomerRefusal, Payer, Profile};
use crate::calendar;
use crate::decision::{Change, Claim, Decision, Draft, Outcome};
use crate::ids::{CustomerId, PayerId};
use crate::moment::{Ids, Moment};
use crate::seller::Difference;
use crate::tax::CustomerKind;
use uuid::Uuid;

/// How many discounts a customer may have at once.
const DISCOUNTS_MAX: usize = 20;

/// Write `proposal`; nil ids of payers in it mean "not said", its default payer is the code below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCustomer {
    /// What the customer shall be. A payer that isn't named stays.
    pub proposal: Customer,
    /// The code of the payer that pays where a request names nobody.
    pub default_payer: Option<String>,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The customer as it is; `None` makes it.
    pub customer: Option<&'a Customer>,
}

/// Writes what changed. Where nothing did, nothing is written.
///
/// # Errors
/// [`CustomerRefusal`], which says where the proposal is wrong.
pub fn decide(
    command: &PutCustomer,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, CustomerRefusal> {
    let proposal = &command.proposal;
    check(proposal)?;
    let mut draft = Draft::new(moment);
    let before = facts.customer;
    refuse_breaking(proposal, before)?;
    let payers = payers(proposal, before, &mut draft.ids)?;
    let profile = profile(command, before, &payers)?;
    let after = Customer { payers: payers.clone(), profile: profile.clone(), ..proposal.clone() };
    let differences = differences(before, &after);
    if before.is_none() {
        draft.claim(Claim::customer_code(&proposal.code));
        draft.push(Change::CustomerCreated(Customer { payers: Vec::new(), ..after }));
    }
    if before.is_none_or(|before| before.profile.revision != profile.revision) {
        draft.push(Change::ProfileRevised(profile));
    }
    for payer in payers {
        if before.is_none_or(|before| !before.payers.contains(&payer)) {
            draft.push(Change::PayerRevised(payer));
        }
    }
    Ok(draft.done(Outcome::Customer { id: proposal.id, differences }))
}

fn check(proposal: &Customer) -> Result<(), CustomerRefusal> {
    code(&proposal.code)?;
    text("the name", &proposal.profile.name)?;
    calendar::zone(&proposal.profile.zone)?;
    for (later, payer) in (1..).zip(&proposal.payers) {
        code(&payer.code)?;
        let later = proposal.payers.get(later..).unwrap_or_default();
        if later.iter().any(|other| other.code == payer.code) {
            return Err(CustomerRefusal::BadCode(payer.code.clone()));
        }
        let wrong = |error| CustomerRefusal::BadReference { payer: payer.code.clone(), error };
        match payer.kind {
            CustomerKind::Consumer => payer.identity.check_consumer(),
            CustomerKind::Business => payer.identity.check(),
            CustomerKind::VatRegistered => {
                payer.identity.check().and_then(|()| payer.identity.check_vat_number())
            }
        }
        .map_err(wrong)?;
    }
    discounts(&proposal.profile.discounts)
}

/// Each is named once, and there are few.
fn discounts(codes: &[String]) -> Result<(), CustomerRefusal> {
    if codes.len() > DISCOUNTS_MAX {
        return Err(CustomerRefusal::TooManyDiscounts(DISCOUNTS_MAX));
    }
    for (later, one) in (1..).zip(codes) {
        code(one)?;
        if codes.get(later..).unwrap_or_default().contains(one) {
            return Err(CustomerRefusal::BadCode(one.clone()));
        }
    }
    Ok(())
}

fn code(code: &str) -> Result<(), CustomerRefusal> {
    if (1..=64).contains(&code.chars().count()) {
        Ok(())
    } else {
        Err(CustomerRefusal::BadCode(code.chars().take(80).collect()))
    }
}

fn text(what: &'static str, text: &str) -> Result<(), CustomerRefusal> {
    if (1..=300).contains(&text.trim().chars().count()) {
        Ok(())
    } else {
        Err(CustomerRefusal::BadText(what))
    }
}

fn refuse_breaking(proposal: &Customer, before: Option<&Customer>) -> Result<(), CustomerRefusal> {
    match before {
        Some(before) if before.profile.currency != proposal.profile.currency => {
            Err(CustomerRefusal::Fixed("the currency"))
        }
        Some(before) if before.code != proposal.code => Err(CustomerRefusal::Fixed("the code")),
        Some(_) | None => Ok(()),
    }
}

/// The payers afterwards: those that were there, revised where the proposal differs, and new ones.
fn payers(
    proposal: &Customer,
    before: Option<&Customer>,
    ids: &mut Ids,
) -> Result<Vec<Payer>, CustomerRefusal> {
    let old = before.map_or(&[] as &[Payer], |before| &before.payers);
    let kept = old.iter().filter(|old| proposal.payers.iter().all(|new| new.code != old.code));
    let mut payers: Vec<Payer> = kept.cloned().collect();
    for new in &proposal.payers {
        let old = old.iter().find(|old| old.code == new.code);
        let payer = payer(new, old, ids)?;
        if payers.iter().any(|other| other.id == payer.id) {
            return Err(CustomerRefusal::BadCode(payer.code));
        }
        payers.push(payer);
    }
    Ok(payers)
}

fn payer(new: &Payer, old: Option<&Payer>, ids: &mut Ids) -> Result<Payer, CustomerRefusal> {
    let id = match (new.id.0.is_nil(), old) {
        (true, Some(old)) => old.id,
        (true, None) => PayerId(ids.fresh()),
        (false, Some(old)) if old.id != new.id => {
            return Err(CustomerRefusal::Fixed("the id of a payer"));
        }
        (false, _) => new.id,
    };
    let revision = old.map_or(1, |old| old.revision);
    let same = Payer { id, revision, ..new.clone() };
    match old {
        Some(old) if *old != same => Ok(Payer { revision: revision.saturating_add(1), ..same }),
        Some(_) | None => Ok(same),
    }
}

fn profile(
    command: &PutCustomer,
    before: Option<&Customer>,
    payers: &[Payer],
) -> Result<Profile, CustomerRefusal> {
    let named = |code: &String| {
        let found = payers.iter().find(|payer| payer.code == *code).map(|payer| payer.id);
        found.ok_or_else(|| CustomerRefusal::UnknownDefaultPayer(code.clone()))
    };
    let default_payer = command.default_payer.as_ref().map(named).transpose()?;
    let revision = before.map_or(1, |before| before.profile.revision);
    let same = Profile { revision, default_payer, ..command.proposal.profile.clone() };
    match before {
        Some(before) if before.profile != same => {
            Ok(Profile { revision: revision.saturating_add(1), ..same })
        }
        Some(_) | None => Ok(same),
    }
}

fn differences(before: Option<&Customer>, after: &Customer) -> Vec<Difference> {
    let before = before.map(facts).unwrap_or_default();
    crate::seller::compare(&before, &facts(after))
}

fn facts(customer: &Customer) -> std::collections::BTreeMap<String, String> {
    let at = format!("customer {}", customer.code);
    let profile = &customer.profile;
    let default = customer.payer(None).map_or("-", |payer| &payer.code);
    let mut facts = std::collections::BTreeMap::from([
        (format!("{at} name"), profile.name.clone()),
        (format!("{at} language"), profile.language.as_str().to_owned()),
        (format!("{at} zone"), profile.zone.clone()),
        (format!("{at} currency"), profile.currency.to_string()),
        (format!("{at} default_payer"), default.to_owned()),
        (format!("{at} discounts"), profile.discounts.join(", ")),
    ]);
    for payer in &customer.payers {
        let identity = &payer.identity;
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let value = format!(
            "{}, {}, {}, tax id {}, registration {}, register {}, {}",
            identity.name,
            payer.kind.as_str(),
            identity.country,
            identity.tax_id,
            or_dash(&identity.tax_registration),
            or_dash(&identity.registration_number),
            identity.address
        );
        facts.insert(format!("{at} payer {}", payer.code), value);
    }
    facts
}

impl Customer {
    /// A customer that isn't there yet; its data and payers are to be filled in.
    pub fn new(id: CustomerId, code: String, profile: Profile) -> Self {
        Self { id, number: 0, code, profile, payers: Vec::new() }
    }
}

/// The id of a payer that isn't said.
pub const UNSAID_PAYER: PayerId = PayerId(Uuid::nil());
