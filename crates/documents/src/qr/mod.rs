//! QR codes as inline SVG, and what payments write in them.

pub mod epc;
mod latin;
pub mod st00012;

use askama::Template;
use fast_qr::{ECL, QRBuilder};

/// White around a code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// Why a payment has no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCode {
    /// The amount is not one that the standard can say.
    #[error("the amount is outside what the standard allows")]
    Amount,
    /// Banks read no code of the standard for such an account.
    #[error("no bank reads such a code for this account")]
    Account,
    /// A value has characters that the standard can't say.
    #[error("a value has characters that the standard has no place for")]
    Characters,
    /// More bytes than a code holds.
    #[error("there is more to say than a code holds")]
    Size,
}

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The text.
    pub text: String,
    /// Whether a name in it was shortened to what the standard gives it.
    pub shortened: bool,
}

/// A QR code of error level M, which both standards ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    payload: String,
    size: usize,
    rows: Vec<String>,
}

impl QrCode {
    /// The code of `payload`, in UTF-8.
    ///
    /// # Errors
    /// [`NoCode::Size`].
    pub fn of(payload: &str) -> Result<Self, NoCode> {
        let code = QRBuilder::new(payload).ecl(ECL::M).build().map_err(|_| NoCode::Size)?;
        let rows = (0..code.size)
            .map(|y| row(y, code[y].iter().map(|module| module.value())))
            .filter(|row| !row.is_empty())
            .collect();
        Ok(Self { payload: payload.to_owned(), size: code.size, rows })
    }

    /// What it says.
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// The code as an SVG element to stand in a page. Its `<title>` is the payload; `label` is what
    /// a screen reader says instead of it.
    ///
    /// # Errors
    /// [`askama::Error`], which a text that is written to memory never meets.
    pub fn svg(&self, label: &str) -> Result<String, askama::Error> {
        let side = QUIET.saturating_mul(2).saturating_add(self.size);
        let Self { payload, rows, .. } = self;
        Svg { side, label, payload, rows }.render()
    }
}

/// The dark modules of a row: each run of them is a rectangle.
fn row(y: usize, modules: impl Iterator<Item = bool>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x, _) in modules.enumerate().filter(|(_, is_dark)| *is_dark) {
        match runs.last_mut() {
            Some((from, length)) if from.saturating_add(*length) == x => {
                *length = length.saturating_add(1);
            }
            Some(_) | None => runs.push((x, 1)),
        }
    }
    let y = y.saturating_add(QUIET);
    let rectangle = |(x, length): (usize, usize)| {
        format!("M{} {y}h{length}v1h-{length}z", x.saturating_add(QUIET))
    };
    runs.into_iter().map(rectangle).collect()
}

#[derive(Template)]
#[template(path = "qr.html")]
struct Svg<'a> {
    side: usize,
    label: &'a str,
    payload: &'a str,
    rows: &'a [String],
}
