//! Pages made by hand on a server as small as can be: what the checks are checked with.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// What it answers: a status line, headers and a body.
pub(crate) type Answer = (&'static str, &'static str, &'static str);

/// Serves until the process ends; gives its address.
pub(crate) fn serve(answer: fn(method_and_path: &str) -> Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The browser opens connections that it may never use.
            thread::spawn(move || talk(stream, answer));
        }
    });
    format!("http://{address}")
}

fn talk(mut stream: TcpStream, answer: fn(&str) -> Answer) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        length = line.strip_prefix("content-length: ").map_or(length, |it| it.parse().unwrap_or(0));
    }
    lines.take(length).read_to_end(&mut Vec::new()).ok()?;
    let (status, headers, body) = answer(first.rsplit_once(' ')?.0);
    let end = format!("content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    write!(stream, "HTTP/1.1 {status}\r\n{headers}{end}").ok()
}
