//! The command line as people and programs meet it: what it prints, and how it ends.

use crate::support::{Demo, abono};
use abono_testkit::Database;
use serde_json::Value;
use std::process::{Output, Stdio};
use tempfile::TempDir;

const SELLER: &str = include_str!("../../../../docs/seller.example.toml");

/// A folder to work in, with a seller's file.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(TempDir::new().expect("a folder"));
        desk.write("seller.toml", SELLER);
        desk
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).expect("written");
    }

    fn output(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let mut command = abono();
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command.envs(environment.iter().copied()).output().expect("it runs")
    }

    /// What it answers when all goes well.
    fn answer(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.output(arguments, &[]);
        assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).expect("UTF-8")
    }

    /// How it ends, and what it says then.
    fn failure(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.output(arguments, &[]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn has(&self, name: &str) -> bool {
        self.0.path().join(name).exists()
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn apply_shows_the_difference_and_writes_it_once() {
    let desk = Desk::new();
    let preview = desk.answer(&["apply", "seller.toml", "--dry-run"]);
    assert!(preview.contains("+ product pos plan start name en: Start\n"), "{preview}");
    assert!(desk.answer(&["apply", "seller.toml"]).contains("published"));
    assert_eq!(desk.answer(&["apply", "seller.toml"]), "nothing changes\n");
    desk.write("dearer.toml", &SELLER.replace("\"990.00\"", "\"1090.00\""));
    let dearer = desk.answer(&["apply", "dearer.toml", "--dry-run"]);
    assert!(dearer.starts_with("~ product pos plan start price RUB 1 months"), "{dearer}");
    let dearer = json(&desk.answer(&["apply", "dearer.toml", "--json"]));
    assert_eq!(dearer.as_array().map(Vec::len), Some(1));
}

#[test]
fn keys_licences_and_proofs_work_on_applied_books() {
    let desk = Desk::new();
    desk.answer(&["apply", "seller.toml", "--yes"]);
    let made = ["key", "create", "--role", "buyer", "--customer", "shop", "--json"];
    let key = json(&desk.answer(&made));
    assert!(key["token"].as_str().is_some_and(|token| token.starts_with("abono_")));
    let id = key["id"].as_str().expect("an id");
    desk.answer(&["key", "revoke", id]);
    let listed = json(&desk.answer(&["key", "list", "--tenant", "example", "--json"]));
    assert!(listed["id"] == *id && listed["revoked_at"].is_string(), "{listed}");

    let made = ["key", "create", "--role", "application"];
    assert!(desk.answer(&made).starts_with("abono_"));
    let (code, error) = desk.failure(&[&made[..], &["--customer", "shop"]].concat());
    assert!(code == Some(1) && error.contains("can not be limited"), "{error}");

    let grant = ["licence", "grant", "--customer", "shop", "--product", "pos", "--months", "1"];
    let grant = [&grant[..], &["--reason", "trial", "--plan"]].concat();
    desk.answer(&[&grant[..], &["start"]].concat());
    let (code, error) = desk.failure(&[&grant[..], &["gold"]].concat());
    assert!(code == Some(1) && error.contains("gold"), "{error}");
    let payment = ["payment", "record", "--invoice", "ПО-1", "--currency", "RUB", "--amount", "1"];
    let (code, error) = desk.failure(&payment);
    assert!(code == Some(1) && error.contains("ПО-1"), "{error}");
    assert_eq!(json(&desk.answer(&["verify", "--json"]))["findings"], serde_json::json!([]));
}

#[test]
fn errors_say_where_and_the_exit_code_says_what() {
    let desk = Desk::new();
    desk.write("wrong.toml", &SELLER.replace("slug =", "slugg ="));
    let (code, error) = desk.failure(&["apply", "wrong.toml"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("wrong.toml") && error.contains("line 5"), "{error}");
    let (code, error) = desk.failure(&["verify"]);
    assert!(code == Some(1) && error.contains("abono migrate"), "{error}");
    assert!(!desk.has("abono.db"), "asking makes no books");
    assert_eq!(desk.failure(&["payment", "record"]).0, Some(2));
}

#[test]
fn an_identity_provider_without_keys_keeps_the_server_from_starting() {
    let desk = Desk::new();
    desk.write("abono.toml", "oidc_issuer = \"https://id.example\"\n");
    let (code, error) = desk.failure(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(code == Some(1) && error.contains("--oidc-jwks"), "{error}");
    desk.write("jwks.json", r#"{"keys":[]}"#);
    let rest = ["serve", "--oidc-audience", "abono", "--oidc-jwks", "jwks.json"];
    let (code, error) = desk.failure(&rest);
    assert!(code == Some(1) && error.contains("needs --oidc-tenant"), "{error}");
    let file = "oidc_issuer = \"https://id.example\"\noidc_tenant = [\"shop\", \"office\"]\n";
    desk.write("abono.toml", file);
    let (code, error) = desk.failure(&rest);
    assert!(code == Some(1) && error.contains("in jwks.json: none of its keys"), "{error}");
    assert!(!desk.has("abono.db"), "nothing is begun");
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let desk = Desk::new();
    desk.write("abono.toml", "[migrate]\ndatabase = \"sqlite:file.db\"\n");
    desk.answer(&["migrate"]);
    assert!(desk.has("file.db"));
    let environment = [("ABONO_DATABASE", "sqlite:env.db")];
    desk.output(&["migrate"], &environment);
    assert!(desk.has("env.db") && !desk.has("flag.db"));
    desk.output(&["migrate", "--database", "sqlite:flag.db"], &environment);
    assert!(desk.has("flag.db") && !desk.has("abono.db"));
}

#[test]
fn who_calls_the_external_billing_system_is_read_from_files_or_the_environment() {
    let desk = Desk::new();
    desk.write("key", "the-key\n");
    desk.write("blank", "\n");
    let said = |own: &[&str], environment: &[(&str, &str)]| {
        let request = ["change", "request", "--subscription", "1", "--plan", "start"];
        let named = ["--voss-url", "https://billing.example"];
        let named = if own.contains(&"--voss-url") { &[][..] } else { &named };
        let output = desk.output(&[&request[..], named, own].concat(), environment);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    // What comes next, when the ports are there: no books.
    let goes_on = |said: &str| said.contains("abono migrate");
    let files = ["--voss-api-key-file", "key", "--voss-token-file", "key"];
    let variables = [("ABONO_VOSS_API_KEY", "the-key"), ("ABONO_VOSS_TOKEN", "the-token")];
    assert!(goes_on(&said(&files, &[])));
    assert!(goes_on(&said(&[], &variables)));
    for (own, environment, why) in [
        (&[][..], &[][..], "--voss-url needs --voss-api-key-file, or ABONO_VOSS_API_KEY"),
        (&[], &variables[..1], "--voss-url needs --voss-token-file, or ABONO_VOSS_TOKEN"),
        (&["--voss-token-file", "none"], &variables, "reading none (--voss-token-file)"),
        (&["--voss-token-file", "blank"], &variables, "blank (--voss-token-file)"),
        (&[], &[variables[0], ("ABONO_VOSS_TOKEN", "two words")], "ABONO_VOSS_TOKEN"),
        (&["--voss-url", "http://billing.example"], &variables, "must begin with https"),
    ] {
        let said = said(own, environment);
        assert!(said.contains(why) && !said.contains("words"), "{why}: {said}");
    }
    let private = ["--voss-url", "http://127.0.0.1:9000", "--voss-allow-private"];
    assert!(goes_on(&said(&private, &variables)));
    desk.write("abono.toml", "voss_token_file = \"key\"\nvoss_allow_private = true\n");
    assert!(goes_on(&said(&private[..2], &variables[..1])));
}

#[test]
fn the_demo_keeps_ids_and_tokens_over_a_kill_as_long_as_its_file_is_there() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let start = || Demo::start(folder.path(), &database, None);
    let facts = |demo: &Demo, names: [&str; 3]| names.map(|name| demo.fact(name));
    let ids = ["lifepos.org_guid", "lifepos.payer_guid", "masstack.subscription_id"];
    let ids = |demo: &Demo| facts(demo, ids);
    let tokens = ["lifepos.token", "admin_token", "masstack.token"];
    let tokens = |demo: &Demo| facts(demo, tokens);
    let first = start();
    let (known, secrets) = (ids(&first), tokens(&first));
    drop(first);
    let second = start();
    assert_eq!((ids(&second), tokens(&second)), (known.clone(), secrets.clone()));
    drop(second);
    std::fs::remove_file(folder.path().join("demo.json")).expect("removed");
    let third = start();
    assert_eq!(ids(&third), known);
    assert_ne!(tokens(&third), secrets);
}

#[test]
fn a_demos_file_of_other_books_is_made_anew() {
    let folder = TempDir::new().expect("a folder");
    let (one, other) = (Database::sqlite(), Database::sqlite());
    let first = Demo::start(folder.path(), &one, None).fact("admin_token");
    let second = Demo::start(folder.path(), &other, None);
    assert_ne!(second.fact("admin_token"), first);
    let org = second.fact("lifepos.org_guid");
    let path = format!("/orgs/{org}/profile/subscriptions/products");
    assert_eq!(second.get(&path, &second.fact("lifepos.token"))[0]["code"], "pos");
}

#[test]
fn a_contract_describes_itself_also_as_the_demo_sells_it() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let demo = Demo::start(folder.path(), &database, None);
    let desk = Desk::new();
    let plain = json(&desk.answer(&["openapi", "lifepos"]));
    assert!(plain["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    let facts = folder.path().join("demo.json");
    let facts = facts.to_str().expect("UTF-8");
    let narrowed = json(&desk.answer(&["openapi", "lifepos", "--demo", facts]));
    let plan = "/components/schemas/LicenseOrder/anyOf/0/properties/plan/properties/guid/enum/0";
    assert_eq!(narrowed.pointer(plan), Some(&demo.fact("lifepos.plans.0.guid").into()));
    let (code, error) = desk.failure(&["openapi", "lifepos", "--demo", "seller.toml"]);
    assert!(code == Some(1) && error.contains("seller.toml"), "{error}");
}

#[test]
fn the_demo_leaves_books_of_others_alone() {
    let desk = Desk::new();
    desk.answer(&["apply", "seller.toml", "--yes"]);
    let (code, error) = desk.failure(&["demo", "--dir", ".", "--listen", "127.0.0.1:0"]);
    assert!(code == Some(1) && error.contains("belong to somebody else"), "{error}");
}
