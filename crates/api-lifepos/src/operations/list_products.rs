//! What is sold, and what the organisation has of it.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, ProductDto};
use crate::error::Refused;
use crate::preferences::Presentation;
use abono_http::reply::Reply;

pub(crate) async fn list_products(
    api: &Api,
    asked: &Asked,
    presentation: Presentation,
) -> Result<Reply, Refused> {
    let shelf = api.engine.shelf(&asked.access.tenant, asked.org()?).await?;
    let shelf = shelf.ok_or(Refused::not_found())?;
    let fallback = &shelf.seller.settings.language;
    let names = dto::Naming { wanted: &asked.language, fallback };
    let offers = shelf.offers();
    let products = offers.iter().map(|offer| ProductDto::new(offer, names, presentation));
    Ok(dto::reply(200, &products.collect::<Vec<_>>()))
}
