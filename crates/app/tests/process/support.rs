//! The binary as its users run it: processes, HTTP, the command line.

use abono_testkit::Database;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The demo as a running process; killed when it is dropped.
pub(crate) struct Demo {
    child: Child,
    /// What `demo.json` says.
    pub(crate) facts: Value,
    agent: ureq::Agent,
}

/// An answer over HTTP: status and body.
pub(crate) type Answer = (u16, String);

impl Demo {
    /// Starts the demo on a free port, and waits until it is ready.
    pub(crate) fn start(folder: &Path, database: &Database, clock: Option<&str>) -> Self {
        Self::start_with(folder, database, clock, &[])
    }

    /// The same with further options; what it says on standard error is kept beside its facts.
    pub(crate) fn start_with(
        folder: &Path,
        database: &Database,
        clock: Option<&str>,
        options: &[&str],
    ) -> Self {
        let facts = folder.join("demo.json");
        // A start on books that are there writes the file anew, with the new address.
        let before = std::fs::read_to_string(&facts).unwrap_or_default();
        let mut command = abono();
        command.args(["demo", "--listen", "127.0.0.1:0", "--dir"]).arg(folder);
        command.args(["--database", &database.url_text()]).args(options);
        if let Some(clock) = clock {
            command.args(["--clock", clock]);
        }
        let said = File::create(folder.join("stderr")).expect("a file");
        command.stdout(Stdio::null()).stderr(said);
        let child = command.spawn().expect("the binary starts");
        let mut demo = Self { child, facts: Value::Null, agent: agent() };
        demo.wait(&facts, &before);
        demo
    }

    fn wait(&mut self, path: &Path, before: &str) {
        for _ in 0..3_000 {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            if !text.is_empty() && text != before {
                self.facts = serde_json::from_str(&text).expect("demo.json is JSON");
                if matches!(self.try_get("/healthz", ""), Some((200, _))) {
                    return;
                }
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("the demo ended: {status}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the demo doesn't get ready");
    }

    /// A value of `demo.json`, such as `lifepos.token`.
    pub(crate) fn fact(&self, path: &str) -> String {
        let pointer = format!("/{}", path.replace('.', "/"));
        let value = self.facts.pointer(&pointer).unwrap_or_else(|| panic!("{path} is missing"));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// GET; `None` where nobody answers.
    pub(crate) fn try_get(&self, path: &str, token: &str) -> Option<Answer> {
        let request = self.agent.get(format!("{}{path}", self.fact("base_url")));
        let response = request.header("authorization", format!("Bearer {token}")).call();
        read(response)
    }

    /// POST; `None` where nobody answers.
    pub(crate) fn try_post(
        &self,
        path: &str,
        token: &str,
        key: Option<&str>,
        body: &Value,
    ) -> Option<Answer> {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.fact("base_url")))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        read(request.send(body.to_string()))
    }

    /// POST with an expected status; the answer as JSON.
    pub(crate) fn post(&self, status: u16, path: &str, token: &str, body: &Value) -> Value {
        let (found, text) = self.try_post(path, token, None, body).expect("an answer");
        assert_eq!(found, status, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// GET with 200; the answer as JSON.
    pub(crate) fn get(&self, path: &str, token: &str) -> Value {
        let (status, text) = self.try_get(path, token).expect("an answer");
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// POST with headers of one's own; `None` where nobody answers.
    pub(crate) fn send(
        &self,
        path: &str,
        headers: &[(&str, String)],
        body: &Value,
    ) -> Option<Answer> {
        let mut request = self.agent.post(format!("{}{path}", self.fact("base_url")));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        read(request.header("content-type", "application/json").send(body.to_string()))
    }

    /// `kill -9`, while others still talk to it.
    pub(crate) fn kill_now(&self) {
        kill(self.child.id());
    }

    /// Asks it to end, and waits; whether it ended well.
    pub(crate) fn ends_when_asked(&mut self) -> bool {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(asked.expect("kill runs").success());
        self.child.wait().expect("it ends").success()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// `abono serve` as a running process; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    base_url: String,
    agent: ureq::Agent,
}

impl Server {
    /// Starts it on a free port of a database that is there.
    pub(crate) fn start(database: &Database) -> Self {
        Self::start_on(&database.url_text())
    }

    /// The same on the database of an address.
    pub(crate) fn start_on(url: &str) -> Self {
        let mut child = Self::spawn(url);
        let mut line = String::new();
        let said = child.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut line).expect("a line");
        let base_url = line.trim().strip_prefix("listening on ").expect("an address").to_owned();
        Self { child, base_url, agent: agent() }
    }

    /// Starts it, and kills it with -9 a moment later, wherever it is by then.
    pub(crate) fn start_and_kill(url: &str, after: Duration) {
        let mut child = Self::spawn(url);
        std::thread::sleep(after);
        kill(child.id());
        child.wait().expect("it ends");
    }

    fn spawn(url: &str) -> Child {
        let mut command = abono();
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "0"]);
        command.args(["--database", url]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().expect("the binary starts")
    }

    /// Where clients find it.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        let address = self.base_url.strip_prefix("http://").expect("an address");
        address.parse().expect("an address")
    }

    /// `kill -9`, for somebody else to do.
    pub(crate) fn killer(&self) -> impl Fn() + Send + 'static {
        let pid = self.child.id();
        move || kill(pid)
    }

    /// GET; status and body.
    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.base_url));
        let response = request.header("authorization", format!("Bearer {token}")).call();
        read(response).expect("an answer")
    }

    /// `kill -9`.
    pub(crate) fn kill_now(&self) {
        kill(self.child.id());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill runs");
    assert!(killed.success());
}

pub(crate) fn read(
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Option<Answer> {
    let mut response = response.ok()?;
    let text = response.body_mut().read_to_string().ok()?;
    Some((response.status().as_u16(), text))
}

/// The binary.
pub(crate) fn abono() -> Command {
    Command::new(env!("CARGO_BIN_EXE_abono"))
}

/// Runs a subcommand on a database.
pub(crate) fn run(database: &Database, args: &[&str]) -> Output {
    run_on(&database.url_text(), args)
}

/// The same on the database of an address.
pub(crate) fn run_on(url: &str, args: &[&str]) -> Output {
    let mut command = abono();
    command.args(args).args(["--database", url]);
    command.output().expect("the binary runs")
}

/// Runs a subcommand that must succeed; gives its standard output.
pub(crate) fn must(database: &Database, args: &[&str]) -> String {
    let output = run(database, args);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// A fresh database of each kind, and a folder for the demo.
pub(crate) fn each_database(test: impl Fn(&Database, &Path)) {
    for database in [Some(Database::sqlite()), Database::postgres()].into_iter().flatten() {
        let folder = TempDir::new().expect("a folder");
        test(&database, folder.path());
    }
}

/// Runs a subcommand that must be refused; gives what it says then.
pub(crate) fn refused(database: &Database, args: &[&str]) -> String {
    let output = run(database, args);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
    assert!(output.stdout.is_empty(), "{args:?} is refused and answers");
    text
}

/// The lines of JSON that a subcommand answers.
pub(crate) fn rows(database: &Database, args: &[&str]) -> Vec<Value> {
    let text = must(database, &[args, &["--json"]].concat());
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The books of the demo's telecom, without the demo: no line has been started yet.
pub(crate) fn telecom() -> Database {
    let database = Database::sqlite();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/telecom.toml");
    must(&database, &["apply", file, "--yes"]);
    database
}
