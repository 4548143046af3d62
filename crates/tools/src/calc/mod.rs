//! The figures without a database: one JSON request a line in, one JSON answer a line out.
//!
//! The functions are those that bill. `docs/calc.md` describes requests and answers. One op is
//! one file: its request as a struct that refuses unknown members, and `answer`.

mod balance;
mod discount;
mod licence;
mod periods;
mod price;
mod proration;
mod reference;
mod refusal;
mod request;
mod tax;

use refusal::{Refusal, Refused};
use request::{Body, Common};
use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// How many bytes a line may have, without its end.
pub const LINE_MAX: usize = 1 << 20;

type Op = fn(&Common, Body) -> Result<Value, Refused>;

/// Every op there is, by name.
const OPS: [(&str, Op); 10] = [
    ("balance", balance::answer),
    ("change", proration::change::answer),
    ("credit", proration::credit::answer),
    ("discount", discount::answer),
    ("licence", licence::answer),
    ("periods", periods::answer),
    ("price", price::answer),
    ("prorate", proration::prorate::answer),
    ("reference", reference::answer),
    ("tax", tax::answer),
];

/// The answer to one request, as one line without its end. A request that can't be answered gets
/// `{"error": {"code", "message", "path"}}`.
pub fn answer(line: &str) -> String {
    as_text(ask(line))
}

/// Answers each line of `input` on `output`, in order, until the input ends. Blank lines are
/// skipped, and each answer is flushed: who asks may wait for it.
///
/// # Errors
/// Those of `input` and `output` only.
pub fn stream(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answered = match std::str::from_utf8(&line) {
            Ok(line) => ask(line),
            // A line that is too long was cut, perhaps within a character.
            Err(_) if line.len() > LINE_MAX => Err(Refusal::LineTooLong.into()),
            Err(_) => Err(Refusal::NotUtf8.into()),
        };
        writeln!(output, "{}", as_text(answered))?;
        output.flush()?;
    }
    Ok(())
}

fn ask(line: &str) -> Result<Value, Refused> {
    if line.len() > LINE_MAX {
        return Err(Refusal::LineTooLong.into());
    }
    let (op, common, body) = request::read(line)?;
    match OPS.iter().find(|(name, _)| *name == op) {
        Some((_, answer)) => answer(&common, body),
        None => Err(Refusal::UnknownOp(op).at("op")),
    }
}

fn as_text(answered: Result<Value, Refused>) -> String {
    answered.unwrap_or_else(Refused::into_json).to_string()
}

/// Reads a line without its end into `line`; false when the input has ended. Of a line that is
/// too long, one byte more than [`LINE_MAX`] is kept.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let room = LINE_MAX as u64 + 1;
    if input.by_ref().take(room).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.ends_with(b"\n") {
        line.pop();
    } else if line.len() > LINE_MAX {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

/// What an answer refuses, as `code at path`.
#[cfg(test)]
fn refused(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let text = |name: &str| answer["error"][name].as_str().unwrap_or("no error");
    format!("{} at {}", text("code"), text("path"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn streamed(input: &[u8]) -> Vec<String> {
        let mut output = Vec::new();
        stream(input, &mut output).expect("stream");
        String::from_utf8(output).expect("UTF-8").lines().map(str::to_owned).collect()
    }

    fn code(answer: &str) -> String {
        let answer: Value = serde_json::from_str(answer).expect("JSON");
        answer["error"]["code"].as_str().unwrap_or("no error").to_owned()
    }

    const LICENCE: &str =
        r#"{"op":"licence","bought_at":"2026-01-01T00:00:00Z","every":{"months":1}}"#;

    #[test]
    fn a_stream_goes_on_after_a_request_that_cannot_be_answered() {
        let input = format!("\n{LICENCE}\r\n  \t\n{{\n\n\u{e9}\n{LICENCE}");
        let answers = streamed(input.as_bytes());
        let codes: Vec<_> = answers.iter().map(|answer| code(answer)).collect();
        assert_eq!(codes, ["no error", "not_json", "not_json", "no error"]);
        assert_eq!(answers[0], r#"{"expires_at":["2026-02-01T00:00:00Z"]}"#);
    }

    #[test]
    fn a_line_has_at_most_a_mebibyte() {
        let padded = |len: usize| {
            let spaces = " ".repeat(len - LICENCE.len());
            format!("{LICENCE}{spaces}\n{LICENCE}\n")
        };
        let codes = |input: &[u8]| -> Vec<_> {
            streamed(input).iter().map(|answer| code(answer)).collect()
        };
        assert_eq!(codes(padded(LINE_MAX).as_bytes()), ["no error", "no error"]);
        assert_eq!(codes(padded(LINE_MAX + 1).as_bytes()), ["line_too_long", "no error"]);
        assert_eq!(code(&answer(&padded(LINE_MAX + 1))), "line_too_long");
        // The cut is in the middle of a two-byte character.
        let letters = format!(" {}\n{LICENCE}\n", "\u{e9}".repeat(LINE_MAX));
        assert_eq!(codes(letters.as_bytes()), ["line_too_long", "no error"]);
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_refused() {
        let codes: Vec<_> = streamed(b"\"\xff\"\n").iter().map(|answer| code(answer)).collect();
        assert_eq!(codes, ["not_utf8"]);
    }

    #[test]
    fn an_unknown_op_is_told_which_there_are() {
        let expected = concat!(
            r#"{"error":{"code":"unknown_op","message":"`invent` is not an op; there are: "#,
            r#"balance, change, credit, discount, licence, periods, price, prorate, "#,
            r#"reference, tax","path":"op"}}"#
        );
        assert_eq!(answer(r#"{"op":"invent","amount":"1.00"}"#), expected);
    }

    proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "\\PC*", json in "[\\[\\]{}\",:a-z0-9.eE+-]{0,64}") {
            prop_assert_ne!(code(&answer(&line)), "no error");
            prop_assert_ne!(code(&answer(&json)), "no error");
        }

        #[test]
        fn no_member_makes_it_panic(
            op in "periods|licence",
            start in "-?[0-9]{0,5}-[0-9]{1,2}-[0-9]{1,2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?",
            unit in "days|weeks|months|years|hours", every in any::<i64>(),
            count in any::<i64>(), day in any::<i16>(),
        ) {
            let name = if op == "periods" { "start" } else { "bought_at" };
            let line = format!(
                concat!(
                    r#"{{"op":"{op}","{name}":"{start}","every":{{"{unit}":{every}}},"#,
                    r#""count":{count},"anchor_day":{day}}}"#
                ),
                op = op, name = name, start = start, unit = unit, every = every, count = count,
                day = day
            );
            prop_assert!(!answer(&line).contains('\n'));
        }
    }
}
