//! The identity provider whose users are let in.

use abono_http::gate::oidc::{Oidc, Settings};
use anyhow::{Context, Result, bail};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use std::path::PathBuf;
use std::sync::Arc;

/// An OpenID Connect identity provider: the users of its tenants are let in by contracts that name
/// the tenant's application beside them.
#[derive(Args, Clone, Debug)]
pub(crate) struct Provider {
    /// The provider's name, as its tokens say it in `iss`.
    #[arg(long, env = "ABONO_OIDC_ISSUER", value_name = "URL", value_parser = filled())]
    oidc_issuer: Option<String>,
    /// Our name at the provider, which its tokens for us say in `aud`.
    #[arg(long, env = "ABONO_OIDC_AUDIENCE", value_name = "NAME", value_parser = filled())]
    oidc_audience: Option<String>,
    /// The provider's public keys as a JWK set, read once at the start.
    #[arg(long, env = "ABONO_OIDC_JWKS", value_name = "FILE")]
    oidc_jwks: Option<PathBuf>,
    /// The claim that holds the user's company, as a UUID.
    #[arg(long, env = "ABONO_OIDC_COMPANY_CLAIM", value_name = "NAME", value_parser = filled())]
    oidc_company_claim: Option<String>,
    /// The slug of a tenant whose users the provider vouches for; may be given several times, or
    /// name several with commas between them. In every other tenant its users are unknown.
    #[arg(long, env = "ABONO_OIDC_TENANT", value_name = "SLUG", value_parser = filled())]
    #[arg(value_delimiter = ',')]
    oidc_tenant: Vec<String>,
}

fn filled() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

impl Provider {
    /// The provider, where there is one.
    pub(crate) fn read(&self) -> Result<Option<Arc<Oidc>>> {
        let (company_claim, tenants) = (self.oidc_company_claim.clone(), self.oidc_tenant.clone());
        let (issuer, audience, jwks) =
            match (&self.oidc_issuer, &self.oidc_audience, &self.oidc_jwks) {
                (Some(issuer), Some(audience), Some(jwks)) => {
                    (issuer.clone(), audience.clone(), jwks)
                }
                (None, None, None) if company_claim.is_none() && tenants.is_empty() => {
                    return Ok(None);
                }
                _ => bail!(
                    "an identity provider needs --oidc-issuer, --oidc-audience and --oidc-jwks"
                ),
            };
        if tenants.is_empty() {
            bail!("an identity provider needs --oidc-tenant: the tenants whose users it knows");
        }
        let text = std::fs::read_to_string(jwks);
        let text = text.with_context(|| format!("reading {}", jwks.display()))?;
        let settings = Settings { issuer, audience, company_claim, tenants };
        let oidc = Oidc::new(settings, &text).with_context(|| format!("in {}", jwks.display()))?;
        Ok(Some(Arc::new(oidc)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_testkit::issuer::Issuer;
    use clap::Parser;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        provider: Provider,
    }

    fn read(args: &[&str]) -> Result<bool, String> {
        let cli = Cli::try_parse_from([&["abono"], args].concat()).expect("it parses");
        let oidc = cli.provider.read().map_err(|error| format!("{error:#}"))?;
        Ok(oidc.is_some())
    }

    #[test]
    fn a_provider_is_there_whole_or_not_at_all() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), Issuer::default().jwks().to_string()).expect("it is written");
        let jwks = file.path().to_str().expect("UTF-8");
        let (issuer, audience) = (["--oidc-issuer", "one"], ["--oidc-audience", "abono"]);
        let (keys, claim) = (["--oidc-jwks", jwks], ["--oidc-company-claim", "company"]);
        let tenant = ["--oidc-tenant", "shop"];
        assert_eq!(read(&[]), Ok(false));
        assert_eq!(read(&[issuer, audience, keys, tenant].concat()), Ok(true));
        assert_eq!(read(&[issuer, audience, keys, tenant, claim].concat()), Ok(true));
        for part in [
            [issuer, audience, tenant].concat(),
            [audience, keys].concat(),
            claim.to_vec(),
            tenant.to_vec(),
        ] {
            let error = read(&part).expect_err("it is refused");
            assert!(error.contains("needs --oidc-issuer"), "{error}");
        }
        let error = read(&[issuer, audience, keys].concat()).expect_err("of no tenant");
        assert!(error.contains("needs --oidc-tenant"), "{error}");
    }

    #[test]
    fn its_tenants_are_named_one_by_one_or_with_commas() {
        for args in [
            &["--oidc-tenant", "a", "--oidc-tenant", "b"][..],
            &["--oidc-tenant", "a,b"],
            &["--oidc-tenant=a", "--oidc-tenant=b"],
        ] {
            let cli = Cli::try_parse_from([&["abono"], args].concat()).expect("it parses");
            assert_eq!(cli.provider.oidc_tenant, ["a", "b"], "{args:?}");
        }
        for empty in ["", "a,", ",a"] {
            assert!(Cli::try_parse_from(["abono", "--oidc-tenant", empty]).is_err(), "{empty}");
        }
    }

    #[test]
    fn what_holds_no_keys_is_refused_by_its_name() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let jwks = file.path().to_str().expect("UTF-8");
        let named = ["--oidc-issuer", "one", "--oidc-audience", "abono", "--oidc-tenant", "shop"];
        let args = [&named[..], &["--oidc-jwks"]].concat();
        let error = read(&[&args[..], &[jwks]].concat()).expect_err("it is refused");
        assert!(error.starts_with(&format!("in {jwks}: it is not a JWK set")), "{error}");
        let error = read(&[&args[..], &["/nowhere"]].concat()).expect_err("it is refused");
        assert!(error.starts_with("reading /nowhere"), "{error}");
    }
}
