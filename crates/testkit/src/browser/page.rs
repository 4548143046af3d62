//! A page: open it, look at it, print it.

use super::Browser;
use super::pipe::Session;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// What kind of a page it is.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether the page's scripts run. What a test evaluates runs in any case.
    pub javascript: bool,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
    /// Whether it is a telephone's: its viewport follows the page's `meta` element.
    pub mobile: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { javascript: true, width: 1100, height: 800, mobile: false }
    }
}

impl Options {
    /// A small telephone.
    pub fn telephone() -> Self {
        Self { width: 360, height: 740, mobile: true, ..Self::default() }
    }

    /// A page whose scripts don't run.
    pub fn without_javascript() -> Self {
        Self { javascript: false, ..Self::default() }
    }
}

/// A page of its own, closed when it is dropped.
#[derive(Debug)]
pub struct Page<'b> {
    browser: &'b Browser,
    context: String,
    pub(super) session: Session,
}

impl<'b> Page<'b> {
    pub(super) fn new(b: &'b Browser, context: String, session: Session, is: Options) -> Self {
        let page = Self { browser: b, context, session };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.session.call(&format!("{domain}.enable"), &json!({}));
        }
        let screen = json!({"width": is.width, "height": is.height, "mobile": is.mobile,
            "screenWidth": is.width, "screenHeight": is.height, "deviceScaleFactor": 1});
        page.session.call("Emulation.setDeviceMetricsOverride", &screen);
        page.session.call("Emulation.setFocusEmulationEnabled", &json!({"enabled": true}));
        let off = json!({"value": !is.javascript});
        page.session.call("Emulation.setScriptExecutionDisabled", &off);
        page
    }

    /// Opens an address and waits until it is loaded.
    ///
    /// # Panics
    /// Where it can't be loaded.
    pub fn open(&self, url: &str) {
        self.loads(|| {
            let answer = self.session.call("Page.navigate", &json!({"url": url}));
            assert!(answer["errorText"].is_null(), "{url}: {}", answer["errorText"]);
        });
    }

    /// Does something, and waits until the page is loaded to which that leads.
    ///
    /// # Panics
    /// Where none is loaded in time, or nobody answers.
    pub fn loads(&self, act: impl FnOnce()) {
        let before = self.session.events().len();
        act();
        let loaded = self.session.wait("Page.loadEventFired", before);
        loaded.unwrap_or_else(|why| panic!("no page was loaded, still at {}: {why}", self.url()));
        // The browser shows a page of its own where nobody answers.
        if self.try_evaluate("location.protocol") == Ok(json!("chrome-error:")) {
            panic!("{}\n{}", self.text("body"), self.console().join("\n"));
        }
    }

    /// What an expression gives, also where it is a promise.
    ///
    /// # Panics
    /// Where it throws.
    pub fn evaluate(&self, expression: &str) -> Value {
        self.try_evaluate(expression).unwrap_or_else(|why| panic!("{expression}: {why}"))
    }

    fn try_evaluate(&self, expression: &str) -> Result<Value, String> {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.session.try_call("Runtime.evaluate", &params)?;
        let thrown = &answer["exceptionDetails"];
        if thrown.is_null() {
            Ok(answer["result"]["value"].take())
        } else {
            Err(thrown.to_string())
        }
    }

    /// Waits until an expression is true.
    ///
    /// # Panics
    /// Where it doesn't get true in time.
    pub fn wait_until(&self, expression: &str) {
        for _ in 0..200 {
            // While the page changes there may be nothing that could be asked.
            if self.try_evaluate(expression) == Ok(Value::Bool(true)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let (url, said) = (self.url(), self.console().join("\n"));
        panic!("{expression} doesn't get true on {url}:\n{}\n{said}", self.text("body"));
    }

    /// Waits until a page is loaded whose address has this part.
    pub fn wait_for_url(&self, part: &str) {
        let part = json!(part);
        let loaded = "document.readyState === 'complete'";
        self.wait_until(&format!("location.href.includes({part}) && {loaded}"));
    }

    /// Where it is.
    pub fn url(&self) -> String {
        self.evaluate("location.href").as_str().unwrap_or_default().to_owned()
    }

    /// How many elements match.
    pub fn count(&self, css: &str) -> u64 {
        let found = self.evaluate(&format!("document.querySelectorAll({}).length", json!(css)));
        found.as_u64().unwrap_or_default()
    }

    /// The text of an element as it is seen: a space that doesn't break looks like any other.
    ///
    /// # Panics
    /// Where there is none.
    pub fn text(&self, css: &str) -> String {
        let text = self.of(css, "innerText");
        let text = text.unwrap_or_else(|| panic!("{css} is missing on {}", self.url()));
        text.replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// An attribute of an element; `None` where it hasn't got it.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.of(css, &format!("getAttribute({})", json!(name)))
    }

    fn of(&self, css: &str, what: &str) -> Option<String> {
        let found = self.evaluate(&format!("document.querySelector({})?.{what}", json!(css)));
        found.as_str().map(str::to_owned)
    }

    /// What the page complained about: errors, warnings and what its security policy refused.
    pub fn console(&self) -> Vec<String> {
        // An answer brings along what was said before it.
        self.evaluate("null");
        let events = self.session.events();
        let told = events.iter().filter_map(|it| match it["method"].as_str()? {
            "Runtime.exceptionThrown" => Some(&it["params"]["exceptionDetails"]),
            "Runtime.consoleAPICalled" => {
                let kind = it["params"]["type"].as_str()?;
                ["error", "warning", "assert"].contains(&kind).then_some(&it["params"]["args"])
            }
            "Log.entryAdded" => {
                let entry = &it["params"]["entry"];
                let level = entry["level"].as_str()?;
                // The browser asks for that by itself, where a page names no picture.
                let icon = entry["url"].as_str().is_some_and(|it| it.ends_with("/favicon.ico"));
                (!icon && ["error", "warning"].contains(&level)).then_some(entry)
            }
            _ => None,
        });
        told.map(Value::to_string).collect()
    }

    /// The addresses of all that was asked for, in order.
    pub fn requests(&self) -> Vec<String> {
        let events = self.session.events();
        let sent = events.iter().filter(|it| it["method"] == "Network.requestWillBeSent");
        let url = |it: &Value| it["params"]["request"]["url"].as_str().map(str::to_owned);
        sent.filter_map(url).collect()
    }

    /// Shows the page as it is on paper, or on the screen again.
    pub fn emulate_print(&self, print: bool) {
        let media = if print { "print" } else { "" };
        self.session.call("Emulation.setEmulatedMedia", &json!({"media": media}));
    }

    /// Shows the page to somebody who likes it dark, or to somebody who doesn't.
    pub fn emulate_dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.session.call("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// The page printed, on the paper that it asks for.
    pub fn pdf(&self) -> Vec<u8> {
        let params = json!({"preferCSSPageSize": true, "printBackground": true});
        data(&self.session.call("Page.printToPDF", &params))
    }

    /// A picture of the whole page, written to a file as PNG.
    ///
    /// # Panics
    /// Where it can't be written.
    pub fn screenshot(&self, file: &Path) {
        let metrics = self.session.call("Page.getLayoutMetrics", &json!({}));
        let mut clip = metrics["cssContentSize"].clone();
        clip["scale"] = json!(1);
        let params = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let picture = data(&self.session.call("Page.captureScreenshot", &params));
        std::fs::write(file, picture).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        self.browser.close(&self.context);
    }
}

fn data(answer: &Value) -> Vec<u8> {
    let text = answer["data"].as_str().unwrap_or_default();
    BASE64.decode(text).unwrap_or_else(|why| panic!("Chromium gave no data: {why}"))
}
