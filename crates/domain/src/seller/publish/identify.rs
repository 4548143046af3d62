//! Finds the identity of each thing of a proposal by its code, and refuses what would break
//! running agreements.

use super::super::{LegalEntity, Seller, SellerRefusal};
use crate::catalogue::{Bundle, Discount, Plan, Product, TerminationReason};
use crate::ids::{
    BundleId, DiscountId, LegalEntityId, PlanId, PriceId, ProductId, TerminationReasonId,
};
use crate::moment::Ids;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Fills the ids of `seller` in, keeping those of `newest`.
pub(super) fn identify(
    seller: &mut Seller,
    newest: Option<&Seller>,
    ids: &mut Ids,
) -> Result<(), SellerRefusal> {
    let empty = Vec::new();
    let entities = newest.map_or(&[] as &[LegalEntity], |n| &n.legal_entities);
    legal_entities(&mut seller.legal_entities, entities, ids)?;
    let before = newest.map_or(&empty, |n| &n.catalogue.products);
    products(&mut seller.catalogue.products, before, ids)?;
    let before = newest.map_or(&[] as &[Discount], |n| &n.catalogue.discounts);
    discounts(&mut seller.catalogue.discounts, before, ids)?;
    let before = newest.map_or(&[] as &[Bundle], |n| &n.catalogue.bundles);
    bundles(&mut seller.catalogue.bundles, before, ids)?;
    let before = newest.map_or(&[] as &[TerminationReason], |n| &n.catalogue.termination_reasons);
    termination_reasons(&mut seller.catalogue.termination_reasons, before, ids)?;
    number(seller, newest)?;
    refuse_shared(seller)?;
    match newest {
        Some(newest) if newest.settings.currency != seller.settings.currency => {
            Err(SellerRefusal::Fixed("settings currency".to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

/// An id names one thing for ever.
fn refuse_shared(seller: &Seller) -> Result<(), SellerRefusal> {
    let products = &seller.catalogue.products;
    let plans = products.iter().flat_map(|product| &product.plans);
    let ids = products.iter().map(|p| p.id.0).chain(plans.map(|p| p.id.0));
    let ids = ids.chain(seller.legal_entities.iter().map(|e| e.id.0));
    let ids = ids.chain(seller.catalogue.discounts.iter().map(|d| d.id.0));
    let ids = ids.chain(seller.catalogue.bundles.iter().map(|b| b.id.0));
    let ids = ids.chain(seller.catalogue.termination_reasons.iter().map(|it| it.id.0));
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(SellerRefusal::SharedId(id));
        }
    }
    Ok(())
}

fn legal_entities(
    after: &mut [LegalEntity],
    before: &[LegalEntity],
    ids: &mut Ids,
) -> Result<(), SellerRefusal> {
    missing("legal_entity", codes(before, |e| &e.code), &codes(after, |e| &e.code))?;
    for entity in after {
        let at = format!("legal_entity {}", entity.code);
        let old = before.iter().find(|old| old.code == entity.code);
        let id = pick(&at, entity.id.0, old.map(|old| old.id.0), ids)?;
        entity.id = LegalEntityId(id);
        let Some(old) = old else { continue };
        for (what, same) in [
            ("country", old.identity.country == entity.identity.country),
            ("tax_id", old.identity.tax_id == entity.identity.tax_id),
            ("zone", old.zone == entity.zone),
        ] {
            if !same {
                return Err(SellerRefusal::Fixed(format!("{at} {what}")));
            }
        }
    }
    Ok(())
}

fn products(after: &mut [Product], before: &[Product], ids: &mut Ids) -> Result<(), SellerRefusal> {
    missing("product", codes(before, |p| &p.code), &codes(after, |p| &p.code))?;
    for product in after {
        let at = format!("product {}", product.code);
        let old = before.iter().find(|old| old.code == product.code);
        product.id = ProductId(pick(&at, product.id.0, old.map(|old| old.id.0), ids)?);
        plans(&at, &mut product.plans, old.map_or(&[] as &[Plan], |old| &old.plans), ids)?;
    }
    Ok(())
}

fn discounts(
    after: &mut [Discount],
    before: &[Discount],
    ids: &mut Ids,
) -> Result<(), SellerRefusal> {
    missing("discount", codes(before, |d| &d.code), &codes(after, |d| &d.code))?;
    for discount in after {
        let at = format!("discount {}", discount.code);
        let old = before.iter().find(|old| old.code == discount.code);
        discount.id = DiscountId(pick(&at, discount.id.0, old.map(|old| old.id.0), ids)?);
    }
    Ok(())
}

fn bundles(after: &mut [Bundle], before: &[Bundle], ids: &mut Ids) -> Result<(), SellerRefusal> {
    missing("bundle", codes(before, |b| &b.code), &codes(after, |b| &b.code))?;
    for bundle in after {
        let at = format!("bundle {}", bundle.code);
        let old = before.iter().find(|old| old.code == bundle.code);
        bundle.id = BundleId(pick(&at, bundle.id.0, old.map(|old| old.id.0), ids)?);
    }
    Ok(())
}

fn termination_reasons(
    after: &mut [TerminationReason],
    before: &[TerminationReason],
    ids: &mut Ids,
) -> Result<(), SellerRefusal> {
    const KIND: &str = "termination_reason";
    missing(KIND, codes(before, |it| &it.code), &codes(after, |it| &it.code))?;
    for reason in after {
        let at = format!("{KIND} {}", reason.code);
        let old = before.iter().find(|old| old.code == reason.code);
        reason.id = TerminationReasonId(pick(&at, reason.id.0, old.map(|old| old.id.0), ids)?);
    }
    Ok(())
}

/// Plans and bundles keep their numbers; a new one has the one that is said, or the next that is
/// free.
fn number(seller: &mut Seller, newest: Option<&Seller>) -> Result<(), SellerRefusal> {
    let plans = |it: &Seller| -> BTreeMap<Uuid, i64> {
        let plans = it.catalogue.products.iter().flat_map(|product| &product.plans);
        plans.map(|plan| (plan.id.0, plan.number)).collect()
    };
    let before = newest.map(plans).unwrap_or_default();
    let catalogue = &mut seller.catalogue;
    let after = catalogue.products.iter_mut().flat_map(|product| &mut product.plans);
    assign("plan", after.map(|it| (it.id.0, &it.code, &mut it.number)).collect(), &before)?;
    let bundles = |it: &Seller| -> BTreeMap<Uuid, i64> {
        it.catalogue.bundles.iter().map(|bundle| (bundle.id.0, bundle.number)).collect()
    };
    let before = newest.map(bundles).unwrap_or_default();
    let after = catalogue.bundles.iter_mut();
    assign("bundle", after.map(|it| (it.id.0, &it.code, &mut it.number)).collect(), &before)
}

fn assign(
    kind: &str,
    mut after: Vec<(Uuid, &String, &mut i64)>,
    before: &BTreeMap<Uuid, i64>,
) -> Result<(), SellerRefusal> {
    let mut taken: BTreeSet<i64> = before.values().copied().collect();
    for (id, code, number) in &mut after {
        let at = format!("{kind} {code} number");
        match (before.get(id), **number) {
            (Some(old), 0) => **number = *old,
            (Some(old), said) if said == *old => {}
            (Some(_), _) => return Err(SellerRefusal::Fixed(at)),
            (None, 0) => {}
            (None, said) if said < 0 || !taken.insert(said) => {
                return Err(SellerRefusal::BadNumber(at));
            }
            (None, _) => {}
        }
    }
    for (_, _, number) in after.iter_mut().filter(|(_, _, number)| **number == 0) {
        let next = taken.last().copied().unwrap_or(0).saturating_add(1);
        taken.insert(next);
        **number = next;
    }
    Ok(())
}

fn plans(
    product: &str,
    after: &mut [Plan],
    before: &[Plan],
    ids: &mut Ids,
) -> Result<(), SellerRefusal> {
    let kind = format!("{product} plan");
    missing(&kind, codes(before, |p| &p.code), &codes(after, |p| &p.code))?;
    for plan in after {
        let at = format!("{kind} {}", plan.code);
        let old = before.iter().find(|old| old.code == plan.code);
        plan.id = PlanId(pick(&at, plan.id.0, old.map(|old| old.id.0), ids)?);
        if old.is_some_and(|old| old.article.kind != plan.article.kind) {
            return Err(SellerRefusal::Fixed(format!("{at} kind")));
        }
        // In one order, whatever order they were written in.
        plan.prices.sort_by(|a, b| a.point.cmp(&b.point));
        for price in &mut plan.prices {
            let same = |old: &&Plan| old.prices.iter().find(|p| p.point == price.point).cloned();
            let old = old.as_ref().and_then(same);
            price.id = PriceId(pick(&at, price.id.0, old.map(|old| old.id.0), ids)?);
        }
    }
    Ok(())
}

fn codes<T>(things: &[T], code: impl Fn(&T) -> &String) -> Vec<String> {
    things.iter().map(|thing| code(thing).clone()).collect()
}

/// Refuses a proposal that leaves something out.
fn missing(kind: &str, before: Vec<String>, after: &[String]) -> Result<(), SellerRefusal> {
    match before.into_iter().find(|code| !after.contains(code)) {
        Some(code) => {
            let instead = match kind {
                "discount" => "give it a valid_until",
                "bundle" | "termination_reason" => "keep it",
                _ => "archive it",
            };
            Err(SellerRefusal::Removed { what: format!("{kind} {code}"), instead })
        }
        None => Ok(()),
    }
}

fn pick(at: &str, said: Uuid, old: Option<Uuid>, ids: &mut Ids) -> Result<Uuid, SellerRefusal> {
    match (said.is_nil(), old) {
        (true, Some(old)) => Ok(old),
        (true, None) => Ok(ids.fresh()),
        (false, Some(old)) if old != said => Err(SellerRefusal::Fixed(format!("{at} id"))),
        (false, _) => Ok(said),
    }
}
