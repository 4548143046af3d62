//! How buyers pay: by which links they come, and at which providers they pay.

use super::secret::{needed, secret};
use crate::secret_file::{self, hex};
use crate::serving::Buyers;
use abono_connect::Secret;
use abono_connect::outgoing::{Address, Reach};
use abono_connect::sandbox::Sandbox;
use abono_connect::stripe::{ADDRESS, Config, PAGE, Stripe};
use abono_engine::Env;
use abono_engine::links::LinkKey;
use anyhow::{Context, Result};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How buyers pay. No secret ever stands on the command line.
#[derive(Args, Clone, Debug)]
pub(crate) struct Payments {
    /// How buyers reach this server, as https://pay.example.com: the links in payment requests lead
    /// there [default: the address that it listens on].
    #[arg(long, env = "ABONO_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    public_url: Option<String>,
    /// The file with the secret that those links are made with, the same for all nodes; it is made
    /// where it isn't there [default: the SQLite file with .secret after its name, in the demo
    /// DIR/abono.secret, on Postgres none: no links].
    #[arg(long, env = "ABONO_SECRET_FILE", value_name = "PATH")]
    secret_file: Option<PathBuf>,
    #[command(flatten)]
    stripe: Box<StripeAccount>,
}

/// The account at Stripe. Its key and secret never stand on the command line.
#[derive(Args, Clone, Debug)]
struct StripeAccount {
    /// A file that holds the secret key of an account at Stripe, or a restricted one for sessions
    /// and refunds [default: ABONO_STRIPE_KEY, in the environment]; with it, buyers pay there.
    #[arg(long, env = "ABONO_STRIPE_KEY_FILE", value_name = "PATH")]
    stripe_key_file: Option<PathBuf>,
    /// A file that holds the secret which Stripe signs its messages with [default:
    /// ABONO_STRIPE_WEBHOOK_SECRET, in the environment].
    #[arg(long, env = "ABONO_STRIPE_WEBHOOK_SECRET_FILE", value_name = "PATH")]
    stripe_webhook_secret_file: Option<PathBuf>,
    /// Where Stripe's API is.
    #[arg(long, env = "ABONO_STRIPE_ADDRESS", default_value = ADDRESS, value_name = "URL")]
    stripe_address: Address,
    /// Where the pages are that buyers pay on: another one for an account with a domain of its own.
    #[arg(long, env = "ABONO_STRIPE_PAGE", default_value = PAGE, value_name = "URL")]
    #[arg(value_parser = origin)]
    stripe_page: String,
    /// Let it be in one's own network, and answer over plain http there.
    #[arg(long, env = "ABONO_STRIPE_ALLOW_PRIVATE")]
    stripe_allow_private: bool,
    /// How long it has to answer, in milliseconds.
    #[arg(long, env = "ABONO_STRIPE_TIMEOUT", default_value = "15000", value_name = "MS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=60_000))]
    stripe_timeout: u64,
}

/// What the options stand beside.
pub(crate) struct Beside<'a> {
    /// Where the secret is where no file is named.
    pub(crate) secret_file: Option<PathBuf>,
    /// Where the server listens.
    pub(crate) base_url: &'a str,
    /// Whether the sandbox is on.
    pub(crate) sandbox: bool,
}

impl Payments {
    /// The world with what buyers pay by in it, and what they are shown of it.
    ///
    /// # Errors
    /// Where a secret can't be read or made, or a provider not be used like this.
    pub(crate) fn set_up(&self, mut env: Env, beside: Beside<'_>) -> Result<(Env, Buyers)> {
        let public_url = self.public_url.as_deref().unwrap_or(beside.base_url).to_owned();
        let file = self.secret_file.clone().or(beside.secret_file);
        let key = file.as_deref().map(secret_file::open).transpose()?;
        if let Some(key) = key {
            env = env.with_link_key(key);
        }
        let mut form_targets = Vec::new();
        if let Some(stripe) = self.stripe.provider()? {
            env = env.with_payment_provider(Arc::new(stripe));
            form_targets.push(self.stripe.stripe_page.clone());
        }
        let mut sandbox = None;
        if beside.sandbox {
            let key = key.context("the sandbox needs --secret-file: its messages are signed")?;
            let secret = Secret::new(&hex(&LinkKey::new(key).derive("sandbox")))?;
            let provider = Arc::new(Sandbox::new(&public_url, secret));
            env = env.with_payment_provider(provider.clone());
            sandbox = Some(provider);
        }
        Ok((env, Buyers { public_url, form_targets, has_links: key.is_some(), sandbox }))
    }
}

impl StripeAccount {
    fn provider(&self) -> Result<Option<Stripe>> {
        let flag = "--stripe-key-file";
        let webhook = ("--stripe-webhook-secret-file", "ABONO_STRIPE_WEBHOOK_SECRET");
        let file = self.stripe_webhook_secret_file.as_deref();
        let Some(api_key) = secret(self.stripe_key_file.as_deref(), flag, "ABONO_STRIPE_KEY")?
        else {
            let half = secret(file, webhook.0, webhook.1)?;
            anyhow::ensure!(
                half.is_none(),
                "{} needs {flag}, or ABONO_STRIPE_KEY in the environment",
                webhook.0
            );
            return Ok(None);
        };
        let webhook_secret = needed(file, webhook, flag)?;
        let reach = if self.stripe_allow_private { Reach::Private } else { Reach::Public };
        let timeout = Duration::from_millis(self.stripe_timeout);
        let address = self.stripe_address.clone();
        Ok(Some(Stripe::new(Config { address, reach, timeout, api_key, webhook_secret })?))
    }
}

/// An address without a path: the pages are under its root.
fn origin(text: &str) -> Result<String, String> {
    let address: Address = text.parse().map_err(|_| NO_ORIGIN.to_owned())?;
    address.origin().ok_or_else(|| NO_ORIGIN.to_owned())
}

const NO_ORIGIN: &str = "expected an address without a path, such as https://pay.example.com";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use tempfile::TempDir;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        payments: Payments,
    }

    fn parse(args: &[&str]) -> Result<Payments, String> {
        let cli = Cli::try_parse_from([&["abono"], args].concat());
        cli.map(|cli| cli.payments).map_err(|error| error.to_string())
    }

    /// The names of the providers, whether there are links, and where.
    fn set_up(args: &[&str], sandbox: bool) -> Result<(Vec<&'static str>, bool, String), String> {
        let beside = Beside { secret_file: None, base_url: "http://127.0.0.1:8080", sandbox };
        let set_up = parse(args)?.set_up(Env::real(), beside);
        let (env, buyers) = set_up.map_err(|error| format!("{error:#}"))?;
        let first = env.first_payment_provider().map(|it| it.name().to_owned());
        let known = ["stripe", "sandbox"].into_iter();
        let names: Vec<_> = known.filter(|name| env.payment_provider(name).is_some()).collect();
        assert_eq!(names.first().map(|name| (*name).to_owned()), first);
        assert_eq!(buyers.sandbox.is_some(), sandbox);
        Ok((names, buyers.has_links, buyers.public_url))
    }

    #[test]
    fn stripe_comes_before_the_sandbox_and_both_need_their_secrets() {
        let folder = TempDir::new().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("it is written");
            path.to_str().expect("UTF-8").to_owned()
        };
        let (key, webhook) = (file("key", "sk_test_1\n"), file("webhook", "whsec_1\n"));
        let key = ["--stripe-key-file", &key];
        let webhook = ["--stripe-webhook-secret-file", &webhook];
        let secret = folder.path().join("abono.secret");
        let secret = ["--secret-file", secret.to_str().expect("UTF-8")];
        let local = "http://127.0.0.1:8080".to_owned();
        assert_eq!(set_up(&[], false), Ok((vec![], false, local.clone())));
        let stripe = [key, webhook].concat();
        assert_eq!(set_up(&stripe, false), Ok((vec!["stripe"], false, local.clone())));
        let both = [key, webhook, secret].concat();
        let names = vec!["stripe", "sandbox"];
        assert_eq!(set_up(&both, true), Ok((names, true, local.clone())));
        assert_eq!(set_up(&secret, true), Ok((vec!["sandbox"], true, local)));
        for (args, sandbox, wrong) in [
            (key.to_vec(), false, "--stripe-key-file needs --stripe-webhook-secret-file"),
            (webhook.to_vec(), false, "--stripe-webhook-secret-file needs --stripe-key-file"),
            (vec![], true, "the sandbox needs --secret-file"),
            (vec!["--stripe-key-file", "/nowhere"], false, "reading /nowhere (--stripe-key-file)"),
            (
                [&stripe[..], &["--stripe-address", "http://stripe.example"]].concat(),
                false,
                "would carry the key unencrypted",
            ),
        ] {
            let error = set_up(&args, sandbox).expect_err("it is refused");
            assert!(error.contains(wrong) && !error.contains("sk_test"), "{error}");
        }
        let near = ["--stripe-address", "http://127.0.0.1:1", "--stripe-allow-private"];
        assert!(set_up(&[&stripe[..], &near].concat(), false).is_ok());
    }

    #[test]
    fn the_public_url_is_an_address_without_a_path() {
        let url = |text: &str| parse(&["--public-url", text]).map(|it| it.public_url);
        for (text, origin) in [
            ("https://pay.example.com", "https://pay.example.com"),
            ("https://PAY.example.com:443/", "https://PAY.example.com"),
            ("http://10.0.0.1:8080/", "http://10.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(url(text), Ok(Some(origin.to_owned())));
        }
        for wrong in
            ["", "pay.example.com", "https://a/b", "https://a?b", "ftp://a", "https://a:b@c", "/"]
        {
            let error = url(wrong).expect_err("it is refused");
            assert!(error.contains(NO_ORIGIN), "{error}");
        }
    }
}
