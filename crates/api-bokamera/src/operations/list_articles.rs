//! Lists what can be added to a company's invoicing.

use super::shown::{Shown, product_type};
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{InvoiceArticle, QueryBase};
use crate::error::{Refused, of_node};
use crate::format::{Choice, Node};
use abono_domain::catalogue::Plan;
use abono_http::reply::Reply;

/// How many a list has at most.
const TAKE_MAX: i32 = 1_000;

/// `GET /company/invoice/article`.
pub(crate) async fn list_articles(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let page: QueryBase = asked.read()?;
    let order = Order::of(&page)?;
    let (skip, take) = (count("Skip", page.skip, i32::MAX)?, count("Take", page.take, TAKE_MAX)?);
    let seller = api.engine.seller(asked.access()?.tenant.id).await?;
    let shown = Shown { seller: seller.clone(), language: asked.language.clone() };
    // Numbers are given from 1 on; one that the contract's integer can't hold can't be named.
    let article = |(_, plan): (_, &Plan)| {
        Some(InvoiceArticle {
            name: shown.name(&plan.names),
            license_type_id: None,
            license_product_type_id: number_of(product_type(plan.article.kind)),
            id: i32::try_from(plan.number).ok()?,
        })
    };
    let mut articles: Vec<InvoiceArticle> =
        seller.catalogue.articles().filter_map(article).collect();
    order.sort(&mut articles);
    let part = articles.into_iter().skip(skip.unwrap_or(0)).take(take.unwrap_or(usize::MAX));
    let part: Vec<InvoiceArticle> = part.collect();
    Ok(of_node(200, &Node::list(&part), asked.format))
}

/// The number of a case.
fn number_of<T: Choice + PartialEq>(case: T) -> i32 {
    T::CASES.iter().find(|it| it.2 == case).map_or(0, |it| it.0)
}

/// A count that isn't below zero; above the most there can be it is the most.
fn count(field: &'static str, said: Option<i32>, most: i32) -> Result<Option<usize>, Refused> {
    let Some(said) = said else { return Ok(None) };
    let wrong = |_| Refused::field(field, format!("{field} must not be below 0"));
    usize::try_from(said.min(most)).map(Some).map_err(wrong)
}

/// By which member, and whether downwards.
struct Order {
    by: By,
    down: bool,
}

enum By {
    Catalogue,
    Id,
    Name,
}

impl Order {
    fn of(page: &QueryBase) -> Result<Self, Refused> {
        let by = |field, said: &str| match said.to_ascii_lowercase().as_str() {
            "id" => Ok(By::Id),
            "name" => Ok(By::Name),
            _ => Err(Refused::field(field, format!("{field} must be Id or Name"))),
        };
        match (&page.order_by, &page.order_by_desc) {
            (Some(up), _) => Ok(Self { by: by("OrderBy", up)?, down: false }),
            (None, Some(down)) => Ok(Self { by: by("OrderByDesc", down)?, down: true }),
            (None, None) => Ok(Self { by: By::Catalogue, down: false }),
        }
    }

    fn sort(&self, articles: &mut [InvoiceArticle]) {
        match self.by {
            By::Catalogue => {}
            By::Id => articles.sort_by_key(|article| article.id),
            By::Name => articles.sort_by(|a, b| a.name.cmp(&b.name)),
        }
        if self.down {
            articles.reverse();
        }
    }
}
