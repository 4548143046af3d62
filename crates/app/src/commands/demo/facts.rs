//! `demo.json`: what a client of the demo has to know. What was said before is said again, as long
//! as the books accept its tokens.

use super::instance::Sellers;
use super::{kassa, lineanorte, tidvy};
use crate::commands::key;
use abono_domain::access::Role;
use abono_domain::ids::CustomerId;
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Makes the tokens of a tenant.
pub(super) struct Tokens<'a> {
    pub(super) engine: &'a Engine,
    pub(super) tenant: &'a Tenant,
}

impl Tokens<'_> {
    pub(super) async fn make(
        &self,
        role: Role,
        customers: Vec<CustomerId>,
        label: &str,
    ) -> Result<String> {
        let wanted = key::Wanted { role, customers, label: label.to_owned(), expires_at: None };
        key::make(self.engine, self.tenant, wanted).await.map(|token| token.text())
    }
}

/// What the file says: what it said before, or new tokens; always with the address of now.
pub(super) async fn gather(
    engine: &Engine,
    sellers: &Sellers,
    path: &Path,
    base_url: &str,
) -> Result<Value> {
    let before = Before { engine, said: read(path) };
    let Sellers { kassa: pos, lineanorte: telecom, tidvy: booking } = sellers;
    let admin_token = match before.token("admin_token").await? {
        Some(token) => token,
        None => {
            let tokens = Tokens { engine, tenant: pos };
            tokens.make(Role::Admin, vec![], "demo: admin").await?.into()
        }
    };
    let lifepos = match before.part("lifepos", kassa::TOKENS).await? {
        Some(part) => part,
        None => kassa::facts(engine, pos).await?,
    };
    let masstack = match before.part("masstack", lineanorte::TOKENS).await? {
        Some(part) => part,
        None => lineanorte::facts(engine, telecom).await?,
    };
    let bokamera = match before.part("bokamera", tidvy::TOKENS).await? {
        Some(part) => part,
        None => tidvy::facts(engine, booking).await?,
    };
    Ok(json!({
        "base_url": base_url,
        "admin_token": admin_token,
        "lifepos": lifepos,
        "masstack": masstack,
        "bokamera": bokamera,
    }))
}

fn read(path: &Path) -> Map<String, Value> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    // What can't be read is as good as not there: it is written anew.
    serde_json::from_str(&text).unwrap_or_default()
}

/// What the file said before: it may have been made for other books.
struct Before<'a> {
    engine: &'a Engine,
    said: Map<String, Value>,
}

impl Before<'_> {
    /// A token that the books still accept.
    async fn token(&self, name: &str) -> Result<Option<Value>> {
        let said = self.said.get(name);
        Ok(if self.accepts(said).await? { said.cloned() } else { None })
    }

    /// A part all of whose tokens the books still accept.
    async fn part(&self, name: &str, tokens: &[&str]) -> Result<Option<Value>> {
        let Some(part) = self.said.get(name) else { return Ok(None) };
        for token in tokens {
            if !self.accepts(part.get(token)).await? {
                return Ok(None);
            }
        }
        Ok(Some(part.clone()))
    }

    async fn accepts(&self, token: Option<&Value>) -> Result<bool> {
        let text = token.and_then(Value::as_str).unwrap_or_default();
        Ok(self.engine.authenticate(text).await?.is_some())
    }
}

/// Writes the file whole or not at all, for its owner's eyes alone.
pub(super) fn write(path: &Path, facts: &Value) -> Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // A temporary file is made readable by its owner only.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, format!("{facts:#}\n").as_bytes())?;
    file.persist(path).with_context(|| format!("writing {}", path.display()))?;
    Ok(())
}
