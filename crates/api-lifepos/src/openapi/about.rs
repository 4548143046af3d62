//! What can be said about each operation beside its line in the table of routes.

use super::shapes::{Shape, many, one, page};
use crate::dto::{CalculatedLicenseDto, InvoiceDto, LegalEntityDto, OrganizationDto, ProductDto};
use crate::routes::Operation;

/// One operation.
pub(super) struct About {
    pub(super) summary: &'static str,
    pub(super) details: &'static str,
    /// The status when it is carried out.
    pub(super) status: u16,
    pub(super) answer: Shape,
    pub(super) query: &'static [Query],
    /// Whether its body says which licence is asked for.
    pub(super) takes_order: bool,
    /// Whether an `Idempotency-Key` counts.
    pub(super) is_keyed: bool,
}

/// Parameters that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Query {
    /// How much of it is shown.
    Presentation,
    /// Which page of a list.
    Paging,
    /// When it was made and changed.
    Spans,
}

const READ: &[Query] = &[Query::Presentation];
const LIST: &[Query] = &[Query::Presentation, Query::Paging];
const LIST_BY_TIME: &[Query] = &[Query::Presentation, Query::Paging, Query::Spans];

/// What `operation` is.
pub(super) fn about(operation: Operation) -> About {
    match operation {
        Operation::ListOrganizations => About {
            query: LIST,
            ..read(
                "The organisations that the token covers.",
                "In the order in which they came.",
                page::<OrganizationDto<'_>>(),
            )
        },
        Operation::ListLegalEntities => About {
            query: LIST,
            ..read(
                "Who may pay for the organisation.",
                "The values of `who_pays`.",
                page::<LegalEntityDto<'_>>(),
            )
        },
        Operation::ListSubscriptionProducts => read(
            "What is sold, and what the organisation has of it.",
            "Names are in the language that is asked for.",
            many::<ProductDto<'_>>(),
        ),
        Operation::SubscriptionCalculateLicense => order(
            "What a licence would cost, and until when it would run.",
            "Nothing is kept.",
            one::<CalculatedLicenseDto>(),
            false,
        ),
        Operation::SubscriptionCreateInvoice => order(
            "Makes a payment request for a licence.",
            "With an `Idempotency-Key`, the same input is answered alike and makes nothing new.",
            one::<InvoiceDto<'_>>(),
            true,
        ),
        Operation::ListInvoices => About {
            query: LIST_BY_TIME,
            ..read(
                "The organisation's payment requests.",
                "Newest first.",
                page::<InvoiceDto<'_>>(),
            )
        },
        Operation::ReadInvoice => {
            read("One payment request.", "As it stands now.", one::<InvoiceDto<'_>>())
        }
        Operation::CancelInvoice => About {
            query: &[],
            is_keyed: true,
            ..read(
                "Voids a payment request that nobody has paid for.",
                "One that is canceled already stays as it is. A body is not read.",
                one::<InvoiceDto<'_>>(),
            )
        },
    }
}

fn read(summary: &'static str, details: &'static str, answer: Shape) -> About {
    let (takes_order, is_keyed) = (false, false);
    About { summary, details, status: 200, answer, query: READ, takes_order, is_keyed }
}

fn order(summary: &'static str, details: &'static str, answer: Shape, is_keyed: bool) -> About {
    About { summary, details, status: 201, answer, query: &[], takes_order: true, is_keyed }
}
