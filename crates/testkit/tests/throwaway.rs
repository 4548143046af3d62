//! A throwaway Postgres is gone when its process is, also when that was killed.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::{thread, time::Duration};

#[test]
fn nothing_is_left_of_a_killed_process() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_throwaway-postgres"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut url).unwrap();
    if url.is_empty() {
        let why = String::from_utf8(process.wait_with_output().unwrap().stderr).unwrap();
        // Then this machine uses another server, or none.
        assert!(why.contains("no initdb in PATH"), "{why}");
        return;
    }
    let address = url.trim().trim_start_matches("postgres://postgres@");
    let address = address.trim_end_matches("/postgres");
    assert!(TcpStream::connect(address).is_ok(), "{address}");

    process.kill().unwrap();
    process.wait().unwrap();

    let gone = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(50));
        TcpStream::connect(address).is_err()
    });
    assert!(gone, "after 10 s something still listens on {address}");
}
