//! What a person does with a page: mouse and keyboard, as the page gets them from a real one.

use super::Page;
use serde_json::{Value, json};

/// Brings an element into view, and says where its middle is and whether a click there hits it.
const MIDDLE: &str = "(css => {
    const element = document.querySelector(css);
    if (!element) return 'is missing';
    element.scrollIntoView({block: 'center', behavior: 'instant'});
    const box = element.getBoundingClientRect();
    const x = Math.round(box.x + box.width / 2), y = Math.round(box.y + box.height / 2);
    const hit = document.elementFromPoint(x, y);
    return hit && element.contains(hit) ? {x, y} : 'is hidden or covered';
})";

impl Page<'_> {
    /// Clicks on the middle of an element, which must be in sight.
    ///
    /// # Panics
    /// Where there is no such element, or something else would be hit.
    pub fn click(&self, css: &str) {
        let middle = self.evaluate(&format!("{MIDDLE}({})", json!(css)));
        if let Value::String(trouble) = middle {
            panic!("{css} {trouble} on {}:\n{}", self.url(), self.text("body"));
        }
        for (kind, button) in
            [("mouseMoved", "none"), ("mousePressed", "left"), ("mouseReleased", "left")]
        {
            let mut event = middle.clone();
            event["type"] = json!(kind);
            event["button"] = json!(button);
            event["clickCount"] = json!(u8::from(button == "left"));
            self.session.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Presses a key, such as `Tab` or `Enter`.
    ///
    /// # Panics
    /// Where the key has no name here.
    pub fn press(&self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            " " => (32, " "),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            _ => panic!("the key {key} has no code here"),
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let event = json!({"type": kind, "key": key, "code": key, "text": text,
            "windowsVirtualKeyCode": code});
        self.session.call("Input.dispatchKeyEvent", &event);
        let event = json!({"type": "keyUp", "key": key, "code": key,
            "windowsVirtualKeyCode": code});
        self.session.call("Input.dispatchKeyEvent", &event);
    }

    /// Goes from control to control by the Tab key until this one is reached.
    ///
    /// # Panics
    /// Where it isn't reached, or doesn't show that it is.
    pub fn tab_to(&self, css: &str) {
        let reached = format!("document.activeElement?.matches({}) ?? false", json!(css));
        for _ in 0..40 {
            self.press("Tab");
            if self.evaluate(&reached) == true {
                let seen = self.evaluate("document.activeElement.matches(':focus-visible')");
                assert_eq!(seen, true, "{css} has the focus and doesn't show it");
                return;
            }
        }
        panic!("{css} isn't reached by Tab on {}:\n{}", self.url(), self.text("body"));
    }
}
