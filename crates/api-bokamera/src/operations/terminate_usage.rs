//! Terminates what was added: as soon as it is free.

use super::add::{kept, sent};
use super::shown::Shown;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, CreateVossUsageTermination};
use crate::error::{Refused, reply};
use crate::format::{Format, ToNode, write};
use abono_domain::access::Role;
use abono_domain::decision::Outcome;
use abono_domain::ids::{SubscriptionId, TerminationReasonId};
use abono_domain::proration::Behaviour;
use abono_domain::termination::CreditKind;
use abono_domain::termination::request::TerminateProduct;
use abono_engine::{Call, Command};
use abono_http::reply::Reply;
use std::sync::Arc;

/// `POST /voss/usage/{id}/termination`.
pub(crate) async fn terminate_usage(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let wanted: CreateVossUsageTermination = asked.read()?;
    let company = asked.company(wanted.company_id)?;
    let access = asked.access()?;
    // Who says it is believed, so that has to be somebody who may do everything.
    if wanted.ends_at.is_some() && access.key.role != Role::Admin {
        return Err(Refused::forbidden());
    }
    let tenant = &access.tenant;
    let group = SubscriptionId(wanted.id);
    let found = api.engine.parent_of_group(tenant, group).await?;
    let found = found.filter(|(owner, _)| *owner == company);
    let unknown = || Refused::not_found("The company has no such product group");
    let (_, subscription) = found.ok_or_else(unknown)?;
    let seller = api.engine.seller(tenant.id).await?;
    let key = asked.key(company, &write(&wanted.to_node(), Format::Json))?;
    let command = TerminateProduct {
        subscription,
        group,
        kind: None,
        ended_at: wanted.ends_at,
        reason: wanted.termination_reason_id.map(TerminationReasonId),
        comment: wanted.termination_reason_comment,
        behaviour: Some(match wanted.behaviour {
            dto::CreditBehaviour::Prorate => Behaviour::Prorate,
            dto::CreditBehaviour::Full => Behaviour::Full,
            dto::CreditBehaviour::None => Behaviour::None,
        }),
        credit: match wanted.credit_kind {
            dto::CreditKind::Normal => CreditKind::Normal,
            dto::CreditKind::Internal => CreditKind::Internal,
        },
        anchor: None,
        texts: wanted.invoice_line_texts,
    };
    let shown = Shown { seller, language: asked.language.clone() };
    let format = asked.format;
    let render = move |outcome: &Outcome| {
        let answer = outcome.termination().map(|(view, change)| {
            reply(200, &shown.termination_result(&view.termination, change), format)
        });
        kept(answer.unwrap_or_else(|| Refused::internal().reply(format)))
    };
    let call = Call { key, ..asked.call()? };
    let command = Command::TerminateProduct(company, Box::new(command));
    let done = api.engine.execute(&call, &command, Arc::new(render)).await?.into_reply();
    Ok(sent(done))
}
