//! The envelope of every list.

use serde::Serialize;
use utoipa::ToSchema;

/// One page.
#[derive(Serialize, ToSchema)]
pub(crate) struct PageDto<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_page_token: Option<String>,
    pub(crate) page_number: i64,
    pub(crate) pages_total: Option<i64>,
    pub(crate) items_per_page: i64,
    pub(crate) items_total: Option<i64>,
    pub(crate) type_of: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_contracts_members_in_order() {
        let page = PageDto {
            items: vec![1, 2],
            next_page_token: Some("t".to_owned()),
            page_number: 2,
            pages_total: None,
            items_per_page: 2,
            items_total: None,
            type_of: "InvoiceList",
        };
        assert_eq!(
            serde_json::to_string(&page).expect("JSON"),
            r#"{"items":[1,2],"next_page_token":"t","page_number":2,"pages_total":null,"#
                .to_owned()
                + r#""items_per_page":2,"items_total":null,"type_of":"InvoiceList"}"#
        );
    }
}
