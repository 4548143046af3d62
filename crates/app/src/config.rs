//! `abono.toml`: a default for every option. A flag wins over the environment, the environment over
//! the file.
//!
//! A key at the top counts for every command that has such an option; a key in a table named after
//! a command counts for that one. What can be given several times is one text with commas, or a
//! list.

use anyhow::{Context, Result};
use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, Command};
use toml::{Table, Value};

/// Reads the file, where it is there; one that was named must be.
pub(crate) fn read(path: &str, was_named: bool) -> Result<Table> {
    match std::fs::read_to_string(path) {
        Ok(text) => text.parse().with_context(|| format!("reading {path}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !was_named => {
            Ok(Table::new())
        }
        Err(error) => Err(error).with_context(|| format!("reading {path}")),
    }
}

/// The first key of the file that means nothing: most likely a typing error.
pub(crate) fn unknown(command: &Command, table: &Table, is_top: bool) -> Option<String> {
    table.iter().find_map(|(name, value)| {
        let sub = command.get_subcommands().find(|sub| sub.get_name() == name);
        match sub.zip(value.as_table()) {
            Some((sub, own)) => unknown(sub, own, false).map(|key| format!("{name}.{key}")),
            None => (!has_option(command, name, is_top)).then(|| name.clone()),
        }
    })
}

fn has_option(command: &Command, key: &str, deep: bool) -> bool {
    let is_it = |long: &str| long.replace('-', "_") == key;
    command.get_arguments().any(|arg| arg.get_long().is_some_and(is_it))
        || (deep && command.get_subcommands().any(|sub| has_option(sub, key, true)))
}

/// Puts the file's values in as defaults, down the tree of commands.
pub(crate) fn with_defaults(command: Command, table: &Table, above: &Table) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let command = options(command.mut_args(truthy), table, above);
    names.into_iter().fold(command, |command, name| {
        let own = table.get(&name).and_then(Value::as_table).cloned().unwrap_or_default();
        let mut inherited = above.clone();
        inherited.extend(table.clone());
        command.mut_subcommand(name, |sub| with_defaults(sub, &own, &inherited))
    })
}

/// In the environment a switch is on for 1, yes and true, and off for nothing, 0, no and false.
fn truthy(arg: Arg) -> Arg {
    let is_switch = matches!(arg.get_action(), ArgAction::SetTrue) && arg.get_env().is_some();
    if is_switch { arg.value_parser(FalseyValueParser::new()) } else { arg }
}

fn options(command: Command, table: &Table, above: &Table) -> Command {
    let named: Vec<(String, String)> = command
        .get_arguments()
        .filter_map(|arg| Some((arg.get_id().to_string(), arg.get_long()?.to_owned())))
        .collect();
    named.into_iter().fold(command, |command, (id, long)| {
        let key = long.replace('-', "_");
        let found = table.get(&key).or_else(|| above.get(&key)).and_then(text);
        match found {
            Some(value) => command.mut_arg(id, |arg| arg.default_value(value).required(false)),
            None => command,
        }
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(_) | Value::Boolean(_) => Some(value.to_string()),
        // What can be given several times is separated by commas in the environment too.
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(text).collect();
            items.filter(|items| !items.is_empty()).map(|items| items.join(","))
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(file: &str, args: &[&str]) -> Option<String> {
        let serve = Command::new("serve").arg(Arg::new("listen").long("listen"));
        let command = Command::new("abono").subcommand(serve);
        let table = file.parse().expect("TOML");
        let matches = with_defaults(command, &table, &Table::new())
            .try_get_matches_from([&["abono", "serve"], args].concat())
            .expect("it parses");
        matches.subcommand_matches("serve")?.get_one::<String>("listen").cloned()
    }

    #[test]
    fn the_nearest_value_wins() {
        assert_eq!(listen("", &[]), None);
        assert_eq!(listen("listen = \"a\"", &[]).as_deref(), Some("a"));
        let both = "listen = \"a\"\n[serve]\nlisten = \"b\"";
        assert_eq!(listen(both, &[]).as_deref(), Some("b"));
        assert_eq!(listen(both, &["--listen", "c"]).as_deref(), Some("c"));
    }

    #[test]
    fn what_can_be_given_several_times_is_a_list_or_has_commas() {
        let several = |file: &str, args: &[&str]| -> Vec<String> {
            let tenant = Arg::new("tenant").long("tenant").action(ArgAction::Append);
            let command = Command::new("abono").arg(tenant.value_delimiter(','));
            let matches = with_defaults(command, &file.parse().expect("TOML"), &Table::new())
                .try_get_matches_from([&["abono"], args].concat())
                .expect("it parses");
            matches.get_many::<String>("tenant").into_iter().flatten().cloned().collect()
        };
        assert_eq!(several("tenant = \"a\"", &[]), ["a"]);
        assert_eq!(several("tenant = \"a,b\"", &[]), ["a", "b"]);
        assert_eq!(several("tenant = [\"a\", \"b\"]", &[]), ["a", "b"]);
        assert_eq!(several("tenant = [\"a\", \"b\"]", &["--tenant", "c"]), ["c"]);
    }

    #[test]
    fn a_key_that_means_nothing_is_named() {
        let serve = Command::new("serve").arg(Arg::new("log_json").long("log-json"));
        let command = Command::new("abono").subcommand(serve);
        let unknown = |file: &str| unknown(&command, &file.parse().expect("TOML"), true);
        assert_eq!(unknown("log_json = true\n[serve]\nlog_json = true"), None);
        assert_eq!(unknown("[serve]\nlog_jsn = true").as_deref(), Some("serve.log_jsn"));
        assert_eq!(unknown("[server]\nlog_json = true").as_deref(), Some("server"));
    }
}
