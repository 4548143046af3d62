//! The README's paths, run as they stand: through the demo, and from an empty directory.

use crate::support::Demo;
use abono_testkit::Database;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The shell lines under a heading, block by block.
fn blocks(heading: &str) -> Vec<String> {
    let readme = include_str!("../../../../README.md");
    let (_, part) = readme.split_once(heading).expect("the heading");
    let part = part.split_once("\n## ").map_or(part, |(part, _)| part);
    let starts = part.split("```sh\n").skip(1);
    starts.map(|code| code.split_once("```").expect("its end").0.to_owned()).collect()
}

/// Runs shell lines with the binary on their path; gives what they print, where each succeeds.
fn shell(folder: &Path, script: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_abono")).parent().expect("its folder");
    let script = script.replace("$PWD/target/debug", &binary.display().to_string());
    let output = Command::new("bash").args(["-e", "-c", &script]).current_dir(folder).output();
    let output = output.expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    text
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

#[test]
fn an_empty_directory_becomes_a_selling_system() {
    let folder = TempDir::new().expect("a folder");
    let docs = folder.path().join("docs");
    std::fs::create_dir(&docs).expect("a folder");
    let example = include_str!("../../../../docs/seller.example.toml");
    std::fs::write(docs.join("seller.example.toml"), example).expect("the example");
    let path = &blocks("## From an empty directory, without the demo")[0];
    let script = path.replace("cargo build\n", "").replace("8081", &free_port().to_string());
    let text = shell(folder.path(), &script);
    for expected in [
        "+ product pos plan start",
        "\"number\":\"ПО-1\"",
        "\"status\":\"Pending\"",
        "ПО-1 is paid",
        "\"acquired_license\":{",
        "the books hold: tenants 1, customers 1, documents 1, payments 1",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}

#[test]
fn the_demo_is_walked_through_licences_lines_and_additions() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let demo = folder.path().join("demo");
    std::fs::create_dir(&demo).expect("a folder");
    let _demo = Demo::start(&demo, &database, Some("2026-01-31T10:00:00Z"));
    let licences = &blocks("## From the list to an active licence")[1];
    let card = &blocks("## Paying by card");
    let lines = &blocks("## A line and its changes")[0];
    let additions = &blocks("## A company and what it adds")[0];
    let script = format!("{licences}\n{}\n{}\n{lines}\n{additions}", card[0], card[1]);
    let text = shell(folder.path(), &script.replace("sqlite:demo/abono.db", &database.url_text()));
    for expected in [
        "\"number\":\"КО-1\"",
        "КО-1 is paid",
        "\"number\":\"КО-2\"",
        "\"payment_by_card_link\":\"http://127.0.0.1:",
        "\"expires_at\":\"2026-02-28T10:00:00",
        "\"expires_at\":\"2026-03-31T10:00:00",
        "\"compatibilities\":[{\"id\":1025,",
        "subscription 1: movil-10 to movil-75 on 2026-02-20: done\n",
        "{\"risk_decision\":\"REVIEW\"}",
        "    price-rise: review (price_rise: 67.04 %, above 25 %)\n",
        "change 4: subscription 1: movil-75 to ilimitada on 2026-02-20: done\n",
        "    ilimitada from 2026-02-20\n    movil-75 from 2026-02-20 until 2026-02-20\n",
        "LN-F-1 is paid\n",
        "Name,LicenseTypeId,LicenseProductTypeId,Id\r\n",
        "\"status\":\"Active\"",
        "4  booking sms-1000 x 1  optional, active, billed until 2026-03-01\n",
        "product group 4 done: immediately at 2026-02-20T10:00:00",
        "the books hold: tenants 3, ",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
}
