//! Who asks: the holder of a token of ours, or a user whom an identity provider vouches for.
//!
//! A contract may want the tenant's application named too, by a token of its own beside that of
//! the caller. Only there can a provider's user be let in: the provider knows nothing of tenants.

use super::bearer::{self, Bearer, alone, bearer};
use super::oidc::{self, Oidc, Reach};
use super::{Gate, Turned};
use crate::surface::Contract;
use abono_domain::access::{AccessKey, Role};
use abono_domain::ids::{CustomerId, KeyId, TenantId};
use abono_domain::seller::Tenant;
use abono_engine::Access;
use http::{HeaderMap, HeaderName};
use std::sync::Arc;

/// Somebody who is known.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// What they may do.
    pub(crate) access: Access,
    /// The customer that they belong to, if there is exactly one.
    pub(crate) home: Option<CustomerId>,
}

impl Gate {
    /// Who asks, where they don't ask too often.
    ///
    /// # Errors
    /// [`Turned::Unknown`], [`Turned::TooOften`] or [`Turned::Failed`].
    pub(crate) async fn identify<C: Contract>(
        &self,
        contract: &C,
        headers: &HeaderMap,
    ) -> Result<Caller, Turned> {
        let application = match contract.application() {
            Some(header) => Some(self.application(&header, headers).await?),
            None => None,
        };
        let longest = self.oidc.as_ref().map_or(bearer::MAX_LENGTH, |_| oidc::MAX_LENGTH);
        let Bearer::Token(token) = bearer(headers, longest) else { return Err(Turned::Unknown) };
        let caller = match (&self.oidc, application) {
            (Some(oidc), Some(tenant)) if oidc::is_jwt(token) => {
                self.vouched(contract, oidc, tenant, token)?
            }
            (_, application) => self.holder(token, application.map(|tenant| tenant.id)).await?,
        };
        self.limit.check(caller.access.key.id.0).map_err(Turned::TooOften)?;
        Ok(caller)
    }

    /// The tenant whose application a request names.
    async fn application(
        &self,
        header: &HeaderName,
        headers: &HeaderMap,
    ) -> Result<Tenant, Turned> {
        let Bearer::Token(token) = alone(headers, header) else { return Err(Turned::Unknown) };
        let access = self.engine.authenticate(token).await?;
        let named = access.filter(|access| access.key.role == Role::Application);
        named.map(|access| access.tenant).ok_or(Turned::Unknown)
    }

    /// The holder of a token of ours, of the tenant whose application was named, if one was.
    async fn holder(&self, token: &str, tenant: Option<TenantId>) -> Result<Caller, Turned> {
        let access = self.engine.authenticate(token).await?;
        let own = access.filter(|access| tenant.is_none_or(|tenant| tenant == access.tenant.id));
        let access = own.ok_or(Turned::Unknown)?;
        let home = match access.key.customers[..] {
            [only] => Some(only),
            _ => None,
        };
        Ok(Caller { access, home })
    }

    /// A user of the identity provider, who may in this tenant what the contract says, where the
    /// provider vouches for its users. One who may nothing is known all the same.
    fn vouched<C: Contract>(
        &self,
        contract: &C,
        oidc: &Oidc,
        tenant: Tenant,
        token: &str,
    ) -> Result<Caller, Turned> {
        if !oidc.vouches_for(&tenant) {
            tracing::debug!(
                tenant = tenant.slug,
                "a token of the identity provider was refused: it has no users in this tenant"
            );
            return Err(Turned::Unknown);
        }
        let now = self.engine.env().machine();
        let claims = oidc.verify(token, now).map_err(|why| {
            tracing::debug!(%why, "a token of the identity provider was refused");
            Turned::Unknown
        })?;
        let granted = contract.grant(&claims);
        let granted = granted.and_then(|grant| match (grant.reach, claims.company) {
            (Reach::Tenant, _) => Some((grant.role, Vec::new())),
            (Reach::Company, Some(company)) => Some((grant.role, vec![company])),
            // Without a company there is nothing that they could reach.
            (Reach::Company, None) => None,
        });
        let (role, customers) = granted.unwrap_or((Role::Application, Vec::new()));
        let key = AccessKey {
            id: KeyId(oidc.user(tenant.id, &claims)),
            // No text has this hash, and none is ever compared with it.
            secret_hash: [0; 32],
            role,
            customers,
            label: claims.subject,
            created_at: now,
            expires_at: Some(claims.expires_at),
            revoked_at: None,
        };
        Ok(Caller { access: Access { tenant, key: Arc::new(key) }, home: claims.company })
    }
}
