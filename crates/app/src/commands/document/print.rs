//! `abono print`.

use crate::cli::Print;
use crate::commands::books::{self, Found};
use crate::output;
use abono_documents::locale::Locale;
use abono_documents::payment_request::html;
use abono_domain::document::DocumentKind;
use abono_domain::language::Language;
use abono_engine::views::Printed;
use anyhow::{Context, Result};

pub(crate) async fn run(args: Print) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let name = &args.document;
    let kinds = (&[DocumentKind::PaymentRequest][..], "payment request");
    let found = books::document(&engine, &args.tenant, kinds, name).await?;
    let Found { tenant, customer, document } = found;
    let printed = engine.printed(&tenant, customer, document).await?;
    let printed = printed.with_context(|| format!("there is no document `{name}`"))?;
    let page = page(&printed, args.language.as_ref())?;
    match &args.out {
        Some(path) => {
            std::fs::write(path, page).with_context(|| format!("writing {}", path.display()))
        }
        None => {
            output::line(page);
            Ok(())
        }
    }
}

/// The page in a language; in the customer's where none is named.
fn page(printed: &Printed, language: Option<&Language>) -> Result<String> {
    let locale = Locale::of(language.unwrap_or(&printed.customer.profile.language));
    Ok(html(&abono_pages::page::printed(printed, locale)?)?)
}
