//! An organisation, and who may pay for it.

use super::Guid;
use abono_domain::customer::Payer;
use abono_engine::views::CustomerHead;
use serde::Serialize;
use utoipa::ToSchema;

/// A customer of the seller.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub(crate) struct OrganizationDto<'a> {
    guid: Guid,
    name: &'a str,
    alias: &'a str,
    type_of: &'static str,
}

impl<'a> OrganizationDto<'a> {
    pub(crate) fn new(customer: &'a CustomerHead) -> Self {
        Self {
            guid: Guid(customer.id.0),
            name: &customer.name,
            alias: &customer.code,
            type_of: "Organization",
        }
    }
}

/// A payer of an organisation.
#[derive(Serialize, ToSchema)]
#[schema(as = LegalEntity)]
pub(crate) struct LegalEntityDto<'a> {
    guid: Guid,
    juridical_name: &'a str,
    juridical_address: &'a str,
    inn: &'a str,
    kpp: Option<&'a str>,
    ogrn: Option<&'a str>,
    #[schema(value_type = Option<Vec<String>>)]
    tax_systems: Option<()>,
    type_of: &'static str,
}

impl<'a> LegalEntityDto<'a> {
    pub(crate) fn new(payer: &'a Payer) -> Self {
        let identity = &payer.identity;
        Self {
            guid: Guid(payer.id.0),
            juridical_name: &identity.name,
            juridical_address: &identity.address,
            inn: &identity.tax_id,
            kpp: identity.tax_registration.as_deref(),
            ogrn: identity.registration_number.as_deref(),
            tax_systems: None,
            type_of: "LegalEntity",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::ids::{CustomerId, PayerId};
    use abono_domain::reference::LegalIdentity;
    use abono_domain::tax::CustomerKind;
    use uuid::Uuid;

    #[test]
    fn an_organisation_and_a_payer_have_their_members_in_order() {
        let id = Uuid::from_u128(1);
        let (code, name) = ("utro".to_owned(), "Утро".to_owned());
        let customer = CustomerHead { id: CustomerId(id), number: 7, code, name };
        assert_eq!(
            serde_json::to_string(&OrganizationDto::new(&customer)).expect("JSON"),
            r#"{"guid":"00000000-0000-0000-0000-000000000001","name":"Утро","alias":"utro","#
                .to_owned()
                + r#""type_of":"Organization"}"#
        );
        let identity = LegalIdentity {
            name: "ООО «Утро»".to_owned(),
            country: "RU".to_owned(),
            tax_id: "7724051595".to_owned(),
            tax_registration: Some("772401001".to_owned()),
            registration_number: None,
            address: "Москва".to_owned(),
        };
        let kind = CustomerKind::Business;
        let code = "utro".to_owned();
        let payer = Payer { id: PayerId(id), revision: 1, code, identity, kind };
        assert_eq!(
            serde_json::to_string(&LegalEntityDto::new(&payer)).expect("JSON"),
            r#"{"guid":"00000000-0000-0000-0000-000000000001","juridical_name":"ООО «Утро»","#
                .to_owned()
                + r#""juridical_address":"Москва","inn":"7724051595","kpp":"772401001","#
                + r#""ogrn":null,"tax_systems":null,"type_of":"LegalEntity"}"#
        );
    }
}
