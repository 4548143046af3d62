//! `abono key create|list|revoke`.

use super::books;
use crate::cli::{Key, KeyCreate, KeyList, KeyRevoke};
use crate::output;
use abono_domain::access::create_key::CreateKey;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::access::{AccessKey, Role};
use abono_domain::ids::{CustomerId, KeyId};
use abono_domain::seller::Tenant;
use abono_engine::{Actor, Call, Command, Engine, Token};
use anyhow::Result;
use serde_json::json;

pub(crate) async fn run(verb: Key) -> Result<()> {
    match verb {
        Key::Create(args) => create(args).await,
        Key::List(args) => list(args).await,
        Key::Revoke(args) => revoke(args).await,
    }
}

/// What a token shall be.
pub(crate) struct Wanted {
    pub(crate) role: Role,
    pub(crate) customers: Vec<CustomerId>,
    pub(crate) label: String,
    pub(crate) expires_at: Option<jiff::Timestamp>,
}

/// Makes a token; its text is known only here.
pub(crate) async fn make(engine: &Engine, tenant: &Tenant, wanted: Wanted) -> Result<Token> {
    let token = Token::new(tenant.id, KeyId(engine.env().uuid()), engine.env().secret());
    let command = Command::CreateKey(CreateKey {
        id: token.key,
        secret_hash: token.secret_hash(),
        role: wanted.role,
        customers: wanted.customers,
        label: wanted.label,
        expires_at: wanted.expires_at,
    });
    engine.carry_out(&Call::new(tenant.id, Actor::Operator), &command).await?;
    Ok(token)
}

async fn create(args: KeyCreate) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let mut customers = Vec::new();
    for name in &args.customer {
        customers.push(books::customer(&engine, &tenant, name).await?);
    }
    let (role, label) = (args.role, args.label);
    let wanted = Wanted { role, customers, label, expires_at: args.expires };
    let token = make(&engine, &tenant, wanted).await?;
    if args.json {
        output::line(json!({"id": token.key.to_string(), "token": token.text()}));
    } else {
        output::remark("This is the only time that the token is shown:");
        output::line(token.text());
    }
    Ok(())
}

async fn list(args: KeyList) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    for key in engine.keys(tenant.id).await? {
        if args.json {
            output::line(row(&key));
        } else {
            let state = match (key.revoked_at, key.expires_at) {
                (Some(at), _) => format!("revoked at {at}"),
                (None, Some(at)) => format!("until {at}"),
                (None, None) => "live".to_owned(),
            };
            output::line(format!("{}  {:11}  {state}  {}", key.id, key.role.as_str(), key.label));
        }
    }
    Ok(())
}

fn row(key: &AccessKey) -> serde_json::Value {
    let text = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": key.id.to_string(),
        "role": key.role.as_str(),
        "label": key.label,
        "created_at": key.created_at.to_string(),
        "expires_at": text(key.expires_at),
        "revoked_at": text(key.revoked_at),
    })
}

async fn revoke(args: KeyRevoke) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let command = Command::RevokeKey(RevokeKey { id: KeyId(args.id) });
    engine.carry_out(&Call::new(tenant.id, Actor::Operator), &command).await?;
    output::line("revoked; other nodes follow within two seconds");
    Ok(())
}
