//! Why a request can't be answered, and where in it the reason lies.

use super::{LINE_MAX, OPS, balance, discount, price};
use abono_domain::calendar::{CalendarError, PeriodError};
use abono_domain::discount::DiscountRefusal;
use abono_domain::money::MoneyError;
use abono_domain::payment::BalanceRefusal;
use abono_domain::pricing::PriceRefusal;
use abono_domain::proration::ProrationError;
use abono_domain::reference::ReferenceError;
use abono_domain::tax::TaxError;
use serde_json::{Value, json};

/// Why a request can't be answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("a line has at most {LINE_MAX} bytes")]
    LineTooLong,
    #[error("the line is not UTF-8")]
    NotUtf8,
    #[error("the line is not JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("{0}")]
    Invalid(serde_json::Error),
    #[error("`{0}` is not an op; there are: {ops}", ops = OPS.map(|(name, _)| name).join(", "))]
    UnknownOp(String),
    #[error("calendar periods have their own anchor: leave it out, or align on the anniversary")]
    AnchorWithCalendar,
    #[error(transparent)]
    Calendar(CalendarError),
    #[error(transparent)]
    Period(PeriodError),
    #[error(transparent)]
    Money(MoneyError),
    #[error("it is below zero")]
    Negative,
    #[error(transparent)]
    Proration(ProrationError),
    #[error(transparent)]
    Price(PriceRefusal),
    #[error(transparent)]
    Discount(DiscountRefusal),
    #[error(transparent)]
    Balance(BalanceRefusal),
    #[error(transparent)]
    Reference(ReferenceError),
    #[error(transparent)]
    Tax(TaxError),
}

/// A refusal and the path of the member it is about; empty for the request as a whole.
#[derive(Debug)]
pub(super) struct Refused {
    refusal: Refusal,
    path: String,
}

/// How many characters of a message or a path are told: a request may be long, an error not.
const TOLD_MAX: usize = 300;

impl Refused {
    /// The same, about a member of `parent`, which was read by itself.
    pub(super) fn under(self, parent: &str) -> Self {
        let path = match self.path.as_str() {
            "" => parent.to_owned(),
            member => format!("{parent}.{member}"),
        };
        Self { path, ..self }
    }

    pub(super) fn into_json(self) -> Value {
        let told = |text: String| text.chars().take(TOLD_MAX).collect::<String>();
        let code = self.refusal.code();
        let (message, path) = (told(self.refusal.to_string()), told(self.path));
        json!({"error": {"code": code, "message": message, "path": path}})
    }
}

impl Refusal {
    pub(super) fn at(self, path: impl Into<String>) -> Refused {
        Refused { refusal: self, path: path.into() }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::LineTooLong => "line_too_long",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson(_) => "not_json",
            Self::Invalid(_) => "invalid_request",
            Self::UnknownOp(_) => "unknown_op",
            Self::AnchorWithCalendar => "invalid_anchor",
            Self::Calendar(error) => calendar_code(error),
            Self::Money(error) => money_code(error),
            Self::Negative => "negative",
            Self::Proration(error) => match error {
                ProrationError::Calendar(error) => calendar_code(error),
                ProrationError::Money(error) => money_code(error),
                ProrationError::EmptyPeriod(..) => "empty_period",
                ProrationError::PartOutside(..)
                | ProrationError::AtOutside(..)
                | ProrationError::CutsOutOfOrder(_)
                | ProrationError::NewPeriodElsewhere(..) => "outside_period",
                ProrationError::Negative(_) => "negative",
            },
            Self::Reference(_) => "invalid_reference",
            Self::Tax(error) => match error {
                TaxError::Rate { .. } => "invalid_rate",
                TaxError::Discount { .. } => "invalid_discount",
                TaxError::Money(error) => money_code(error),
            },
            Self::Price(error) => price::code(error),
            Self::Discount(error) => discount::code(error),
            Self::Balance(error) => balance::code(error),
            Self::Period(error) => match error {
                PeriodError::Calendar(error) => calendar_code(error),
                PeriodError::AnchorDay(_)
                | PeriodError::AnchorMonth(_)
                | PeriodError::AnchorWithoutMonths => "invalid_anchor",
                PeriodError::EndBeforeStart { .. } => "end_before_start",
                PeriodError::Count(_) => "invalid_count",
                PeriodError::TooMany => "too_many_periods",
            },
        }
    }
}

fn calendar_code(error: &CalendarError) -> &'static str {
    match error {
        CalendarError::UnknownZone(_) => "unknown_zone",
        CalendarError::OutOfRange | CalendarError::Over => "out_of_range",
    }
}

pub(super) fn money_code(error: &MoneyError) -> &'static str {
    match error {
        MoneyError::OutOfRange => "amount_out_of_range",
        MoneyError::MixedCurrencies(..) => "mixed_currencies",
        MoneyError::UnknownCurrency(_) | MoneyError::NotAnAmount { .. } => "invalid_request",
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        refusal.at("")
    }
}

impl From<CalendarError> for Refused {
    fn from(error: CalendarError) -> Self {
        let path = match error {
            CalendarError::UnknownZone(_) => "zone",
            CalendarError::OutOfRange | CalendarError::Over => "",
        };
        Refusal::Calendar(error).at(path)
    }
}

impl From<MoneyError> for Refused {
    fn from(error: MoneyError) -> Self {
        Refusal::Money(error).into()
    }
}

impl From<ProrationError> for Refused {
    fn from(error: ProrationError) -> Self {
        match error {
            ProrationError::Calendar(error) => error.into(),
            ProrationError::Money(error) => error.into(),
            other @ (ProrationError::EmptyPeriod(..)
            | ProrationError::PartOutside(..)
            | ProrationError::AtOutside(..)
            | ProrationError::CutsOutOfOrder(_)
            | ProrationError::NewPeriodElsewhere(..)
            | ProrationError::Negative(_)) => Refusal::Proration(other).into(),
        }
    }
}

impl From<TaxError> for Refused {
    fn from(error: TaxError) -> Self {
        let path = match &error {
            TaxError::Rate { line } => format!("lines[{line}].rate"),
            TaxError::Discount { line } => format!("lines[{line}].discount"),
            TaxError::Money(_) => String::new(),
        };
        Refusal::Tax(error).at(path)
    }
}

impl From<PeriodError> for Refused {
    fn from(error: PeriodError) -> Self {
        let path = match error {
            PeriodError::Calendar(error) => return error.into(),
            PeriodError::AnchorDay(_) => "anchor_day",
            PeriodError::AnchorMonth(_) => "anchor_month",
            PeriodError::AnchorWithoutMonths => "every",
            PeriodError::EndBeforeStart { .. } => "end",
            PeriodError::Count(_) | PeriodError::TooMany => "count",
        };
        Refusal::Period(error).at(path)
    }
}
