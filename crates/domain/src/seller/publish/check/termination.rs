//! Checks why subscriptions are terminated.

use super::{label, named, refuse, unique};
use crate::catalogue::{Catalogue, TerminationReason};
use crate::language::Language;
use crate::seller::SellerRefusal;

/// Checks every reason of a catalogue.
pub(super) fn check(catalogue: &Catalogue, language: &Language) -> Result<(), SellerRefusal> {
    let reasons = &catalogue.termination_reasons;
    unique("termination_reason", reasons.iter().map(|it| it.code.as_str()))?;
    for reason in reasons {
        let at = format!("termination_reason {}", reason.code);
        named(&at, &reason.names, language)?;
        label(&format!("{at} external_id"), reason.external_id.as_ref())?;
        let Some(parent) = &reason.parent else { continue };
        let is_top = |it: &TerminationReason| it.parent.is_none();
        if !catalogue.termination_reason_by_code(parent).is_some_and(is_top) {
            return Err(refuse(&at, "parent is the code of a reason that has no parent itself"));
        }
    }
    Ok(())
}
