//! Adds an article to a company's invoicing, by its id or by its number.

use super::shown::Shown;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{CreateNonLicenseProduct, CreateVossUsage};
use crate::error::{Refused, guarded, reply};
use abono_domain::catalogue::{Plan, Product};
use abono_domain::decision::Outcome;
use abono_domain::ids::CustomerId;
use abono_domain::product_group::add::AddProduct;
use abono_domain::seller::Seller;
use abono_engine::{Call, Command};
use abono_http::reply::Reply;
use jiff::SignedDuration;
use std::sync::Arc;

/// `PUT /licenses/company`: one of an article, by its id.
pub(crate) async fn add_article(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let wanted: CreateNonLicenseProduct = asked.read()?;
    let company = asked.company(wanted.company_id)?;
    let seller = seller(api, asked).await?;
    let found = seller.catalogue.plan_of_number(wanted.invoice_article_id.into());
    add(api, asked, &seller, Wanted { company, found, quantity: 1 }).await
}

/// `POST /voss/usage`: some of an article, by its number.
pub(crate) async fn add_usage(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let wanted: CreateVossUsage = asked.read()?;
    let company = asked.company(wanted.company_id)?;
    let seller = seller(api, asked).await?;
    let found = seller.catalogue.plan_by_article(&wanted.article_number);
    let quantity = i64::from(wanted.quantity);
    add(api, asked, &seller, Wanted { company, found, quantity }).await
}

async fn seller(api: &Api, asked: &Asked) -> Result<Arc<Seller>, Refused> {
    Ok(api.engine.seller(asked.access()?.tenant.id).await?)
}

/// What is to be added, and to whom.
struct Wanted<'s> {
    company: CustomerId,
    found: Option<(&'s Product, &'s Plan)>,
    quantity: i64,
}

/// The same request with its key, or of the same user within a while, is answered as the first.
async fn add(
    api: &Api,
    asked: &Asked,
    seller: &Arc<Seller>,
    Wanted { company, found, quantity }: Wanted<'_>,
) -> Result<Reply, Refused> {
    let access = asked.access()?;
    let (product, plan) = found.ok_or_else(|| Refused::not_found("There is no such article"))?;
    let key = asked.key(company, &format!("{} {quantity}", plan.id))?;
    let call = Call { key, ..asked.call()? };
    // What was answered is answered again, also where the subscription is over by now.
    if let Some(reply) = api.engine.answered(&call).await? {
        return Ok(sent(reply));
    }
    let running = api.engine.running_subscription(&access.tenant, company).await?;
    let no_subscription = || Refused::not_found("The company has no subscription that runs");
    let (agreement, _) = running.ok_or_else(no_subscription)?;
    let command = AddProduct {
        subscription: agreement.subscription.id,
        product: product.id,
        plan: plan.id,
        quantity,
        by: access.key.id.to_string(),
        // Who names each intention by a key means what it says.
        repeat: if call.key.is_some() { SignedDuration::ZERO } else { api.settings.repeat },
    };
    let shown = Shown { seller: seller.clone(), language: asked.language.clone() };
    let format = asked.format;
    let render = move |outcome: &Outcome| {
        let shape = outcome.group().and_then(|view| shown.group(view));
        let answer = shape.map(|group| reply(200, &group, format));
        kept(answer.unwrap_or_else(|| Refused::internal().reply(format)))
    };
    let command = Command::AddProduct(company, command);
    let done = api.engine.execute(&call, &command, Arc::new(render)).await?.into_reply();
    Ok(sent(done))
}

/// An answer as it is kept for its key.
pub(super) fn kept(reply: Reply) -> abono_engine::Reply {
    let content_type = reply.content_type.into_owned();
    abono_engine::Reply { status: reply.status, content_type, body: reply.body.to_vec() }
}

/// An answer that was kept.
pub(super) fn sent(kept: abono_engine::Reply) -> Reply {
    guarded(Reply::new(kept.status, kept.content_type, kept.body))
}
