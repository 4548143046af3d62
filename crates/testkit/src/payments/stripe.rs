//! A fake of Stripe's API over real sockets: sessions, refunds and idempotency keys that last, and
//! every way in which an answer can go missing.

use ring::hmac;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The key that it takes.
pub const API_KEY: &str = "sk_test_hush";
/// What its messages are signed with.
pub const WEBHOOK_SECRET: &str = "whsec_hush";

/// What goes wrong with one call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing.
    None,
    /// What is asked is done, and the connection breaks.
    LostAnswer,
    /// What is asked is done, and nobody answers in time.
    Silence,
    /// Nothing is done, and the connection breaks.
    LostRequest,
    /// Nothing is done, and this is answered.
    Instead(u16, String),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The first line.
    pub line: String,
    /// The headers, in small letters.
    pub headers: BTreeMap<String, String>,
    /// The form.
    pub form: BTreeMap<String, String>,
}

/// What it knows.
#[derive(Default)]
pub struct State {
    /// What was asked, oldest first.
    pub heard: Vec<Heard>,
    /// What goes wrong with the next calls.
    pub faults: VecDeque<Fault>,
    /// Its sessions, by id.
    pub sessions: BTreeMap<String, Value>,
    /// Its refunds, by id.
    pub refunds: BTreeMap<String, Value>,
    /// What a new refund's state is.
    pub refund_status: Option<&'static str>,
    keys: BTreeMap<String, (String, u16, Value)>,
}

/// The fake.
pub struct Stripe {
    /// Where it is.
    pub address: String,
    state: Arc<Mutex<State>>,
}

impl Stripe {
    /// One on a free port, as long as the runtime lives.
    ///
    /// # Panics
    /// Where there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// What it knows now.
    ///
    /// # Panics
    /// Where a test has panicked over it.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the state")
    }

    /// Lets the next calls go wrong so.
    pub fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.extend(faults);
    }

    /// Changes a session as Stripe would after what the buyer does.
    ///
    /// # Panics
    /// Where there is no such session.
    pub fn change(&self, id: &str, change: Value) {
        let mut state = self.state();
        let session = state.sessions.get_mut(id).expect("a session");
        let Value::Object(change) = change else { panic!("no object") };
        for (name, value) in change {
            session[name] = value;
        }
    }

    /// The buyer pays by card.
    ///
    /// # Panics
    /// Where there is no such session.
    pub fn pay(&self, id: &str) {
        let payment_intent = format!("pi_{id}");
        self.change(
            id,
            json!({"status": "complete", "payment_status": "paid", "url": null,
                   "payment_intent": payment_intent, "intent": {"status": "succeeded"}}),
        );
    }

    /// An event about a session, and the header that signs it.
    ///
    /// # Panics
    /// Where there is no such session.
    pub fn event(&self, kind: &str, session: &str, now: i64) -> (String, String) {
        let object = self.state().sessions[session].clone();
        let id = format!("evt_{session}_{}", kind.replace('.', "_"));
        let body = json!({"id": id, "object": "event",
                          "type": kind, "data": {"object": object}});
        signed(body.to_string(), now)
    }

    /// An event that tells of a refund of what a session brought, and the header that signs it.
    pub fn refunded(&self, session: &str, figure: i64, now: i64) -> (String, String) {
        let currency = self.state().sessions[session]["currency"].clone();
        let object = json!({"id": format!("re_{session}"), "object": "refund", "amount": figure,
                            "currency": currency, "status": "succeeded",
                            "payment_intent": format!("pi_{session}")});
        let body = json!({"id": format!("evt_{session}_refund"), "object": "event",
                          "type": "refund.created", "data": {"object": object}});
        signed(body.to_string(), now)
    }
}

fn signed(body: String, now: i64) -> (String, String) {
    let key = hmac::Key::new(hmac::HMAC_SHA256, WEBHOOK_SECRET.as_bytes());
    let tag = hmac::sign(&key, format!("{now}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    (body, format!("t={now},v1={hex},v0=00"))
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some((heard, body)) = request(&mut stream).await else { return };
    let (fault, answer) = {
        let mut state = state.lock().expect("the state");
        state.heard.push(heard.clone());
        match state.faults.pop_front().unwrap_or(Fault::None) {
            Fault::LostRequest => return,
            Fault::Instead(status, body) => (Fault::None, (status, body)),
            fault @ (Fault::None | Fault::LostAnswer | Fault::Silence) => {
                let (status, answer) = state.answer(&heard, &body);
                (fault, (status, answer.to_string()))
            }
        }
    };
    match fault {
        Fault::Silence => drop(stream.read(&mut [0]).await),
        Fault::LostAnswer => {}
        Fault::None | Fault::LostRequest | Fault::Instead(..) => {
            let (status, body) = answer;
            let head = format!("HTTP/1.1 {status} So\r\ncontent-length: {}\r\n\r\n", body.len());
            let _cut_off = stream.write_all(format!("{head}{body}").as_bytes()).await;
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<(Heard, String)> {
    let mut sent = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&sent).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next()?.to_owned();
            let headers: BTreeMap<String, String> = lines
                .filter_map(|it| it.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length =
                headers.get("content-length").map_or(0, |it| it.parse().expect("a length"));
            if body.len() == length {
                let form = decode(body);
                return Some((Heard { line, headers, form }, body.to_owned()));
            }
        }
        if stream.read_buf(&mut sent).await.ok()? == 0 {
            return None;
        }
    }
}

fn decode(form: &str) -> BTreeMap<String, String> {
    let text = |part: &str| {
        let mut bytes = Vec::new();
        let mut rest = part.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits: String = rest.by_ref().take(2).map(char::from).collect();
                    u8::from_str_radix(&digits, 16).expect("two digits")
                }
                other => other,
            });
        }
        String::from_utf8(bytes).expect("UTF-8")
    };
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (text(name), text(value))).collect()
}

fn error(status: u16, kind: &str, code: &str, message: &str) -> (u16, Value) {
    (status, json!({"error": {"type": kind, "code": code, "message": message}}))
}

impl State {
    fn answer(&mut self, heard: &Heard, body: &str) -> (u16, Value) {
        let of = |name: &str| heard.headers.get(name).map(String::as_str);
        if of("authorization") != Some("Bearer sk_test_hush") {
            let message = "Invalid API Key provided: sk_test_****hush";
            return error(401, "invalid_request_error", "api_key", message);
        }
        assert_eq!(of("stripe-version"), Some("2024-11-20.acacia"));
        if heard.line.starts_with("GET ") {
            return self.session(&heard.line);
        }
        assert_eq!(of("content-type"), Some("application/x-www-form-urlencoded"));
        let key = of("idempotency-key").expect("a key").to_owned();
        if let Some((before, status, answer)) = self.keys.get(&key) {
            let message = "Keys for idempotent requests can only be used with the same parameters";
            return match before == body {
                true => (*status, answer.clone()),
                false => error(400, "idempotency_error", "", message),
            };
        }
        let (status, answer) = match heard.line.as_str() {
            "POST /v1/checkout/sessions HTTP/1.1" => self.open(&heard.form),
            "POST /v1/refunds HTTP/1.1" => self.refund(&heard.form),
            other => panic!("{other}"),
        };
        self.keys.insert(key, (body.to_owned(), status, answer.clone()));
        (status, answer)
    }

    fn open(&mut self, form: &BTreeMap<String, String>) -> (u16, Value) {
        let line = |name: &str| form[&format!("line_items[0]{name}")].clone();
        assert!(!form.keys().any(|name| name.starts_with("line_items[1]")), "one line");
        let currency = line("[price_data][currency]");
        if currency == "xof" {
            return error(400, "invalid_request_error", "parameter_invalid", "No such currency");
        }
        let figure: i64 = line("[price_data][unit_amount]").parse().expect("a figure");
        let id = format!("cs_test_{}", self.sessions.len());
        let session = json!({
            "id": id, "object": "checkout.session", "mode": form["mode"], "status": "open",
            "payment_status": "unpaid", "amount_total": figure, "currency": currency,
            "client_reference_id": form["client_reference_id"], "payment_intent": null,
            "metadata": {"attempt": form["metadata[attempt]"]},
            "url": format!("https://checkout.example/c/{id}#fid"),
        });
        self.sessions.insert(id, session.clone());
        (200, session)
    }

    fn session(&self, line: &str) -> (u16, Value) {
        let path = line.strip_prefix("GET /v1/checkout/sessions/").expect("a session");
        let id = path.strip_suffix("?expand%5B%5D=payment_intent HTTP/1.1").expect("expanded");
        let Some(mut session) = self.sessions.get(id).cloned() else {
            return error(404, "invalid_request_error", "resource_missing", "No such session");
        };
        if let (Some(id), Some(intent)) =
            (session["payment_intent"].as_str(), session.get("intent"))
        {
            let mut intent = intent.clone();
            intent["id"] = json!(id);
            session["payment_intent"] = intent;
        }
        (200, session)
    }

    fn refund(&mut self, form: &BTreeMap<String, String>) -> (u16, Value) {
        let payment = &form["payment_intent"];
        let paid = |session: &&Value| session["payment_intent"] == json!(payment);
        let Some(session) = self.sessions.values().find(paid) else {
            return error(404, "invalid_request_error", "resource_missing", "No such payment");
        };
        let before = self.refunds.values().filter(|it| it["payment_intent"] == json!(payment));
        let before: i64 = before.filter_map(|it| it["amount"].as_i64()).sum();
        let figure: i64 = form["amount"].parse().expect("a figure");
        if Some(before + figure) > session["amount_total"].as_i64() {
            let message = "Refund amount is greater than unrefunded amount";
            return error(400, "invalid_request_error", "charge_already_refunded", message);
        }
        let id = format!("re_{}", self.refunds.len());
        let status = self.refund_status.unwrap_or("succeeded");
        let refund = json!({"id": id, "object": "refund", "amount": figure, "status": status,
                            "currency": session["currency"], "payment_intent": payment});
        self.refunds.insert(id, refund.clone());
        (200, refund)
    }
}
