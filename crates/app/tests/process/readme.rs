//! The README's second path, run as it stands: from an empty directory to an active licence.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The shell lines under a heading.
fn block(heading: &str) -> String {
    let readme = include_str!("../../../../README.md");
    let (_, part) = readme.split_once(heading).expect("the heading");
    let (_, code) = part.split_once("```sh\n").expect("a block");
    code.split_once("```").expect("its end").0.to_owned()
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
    let binary = Path::new(env!("CARGO_BIN_EXE_abono")).parent().expect("its folder");
    let script = block("## From an empty directory, without the demo")
        .replace("cargo build\n", "")
        .replace("$PWD/target/debug", &binary.display().to_string())
        .replace("8081", &free_port().to_string());
    let output = Command::new("bash")
        .args(["-e", "-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    for expected in [
        "+ product pos plan start",
        "\"number\":\"ПО-1\"",
        "\"status\":\"Pending\"",
        "ПО-1 is paid",
        "\"acquired_license\":{",
        "the books hold: tenants 1, customers 1, documents 1, payments 1",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}\n{errors}");
    }
}
