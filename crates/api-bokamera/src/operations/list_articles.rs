//! Lists what can be added to a company's invoicing.

use super::shown::{Shown, product_type};
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{Article, Articles, Page};
use crate::error::{Refused, of_node};
use abono_http::reply::Reply;

/// How many a list has at most.
const TAKE_MAX: i32 = 1_000;

/// `GET /company/invoice/article`.
pub(crate) async fn list_articles(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let page: Page = asked.read()?;
    let order = Order::of(&page)?;
    let (skip, take) = (count("Skip", page.skip, i32::MAX)?, count("Take", page.take, TAKE_MAX)?);
    let seller = api.engine.seller(asked.access()?.tenant.id).await?;
    let shown = Shown { seller: seller.clone(), language: asked.language.clone() };
    let article = |(_, plan): (_, &abono_domain::catalogue::Plan)| Article {
        id: plan.number,
        name: shown.name(&plan.names),
        license_type_id: None,
        product_type: product_type(plan.article.kind),
    };
    let mut articles: Vec<Article> = seller.catalogue.articles().map(article).collect();
    order.sort(&mut articles);
    let part = articles.into_iter().skip(skip.unwrap_or(0)).take(take.unwrap_or(usize::MAX));
    Ok(of_node(200, &Articles(part.collect()).to_node(), asked.format))
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
    fn of(page: &Page) -> Result<Self, Refused> {
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

    fn sort(&self, articles: &mut [Article]) {
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
