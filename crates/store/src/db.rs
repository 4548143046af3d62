//! Statements, values and rows: the few words that both databases share.

use abono_domain::catalogue::CreditTerms;
use abono_domain::document::{LineLicence, PayerSnapshot};
use abono_domain::exact::Exact;
use abono_domain::ids::{PayerId, PlanId, ProductId};
use abono_domain::licence::Term;
use abono_domain::proration::{Behaviour, DayCount};
use abono_domain::reference::LegalIdentity;
use abono_domain::tax::{CustomerKind, LineTax, TaxCategory, TaxRate};
use std::fmt;
use uuid::Uuid;

/// The kind of a parameter or column. NULL is typed by the place where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `uuid`, or a blob of 16 bytes.
    Uuid,
    /// Every integer, money in minor units, instants in microseconds.
    Int,
    /// A truth value.
    Bool,
    /// Text; civil dates and enums too.
    Text,
    /// Bytes.
    Bytes,
}

/// A value of one of the kinds, or NULL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Null,
    /// An identity.
    Uuid(Uuid),
    /// A whole number.
    Int(i64),
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One statement: its text, with `$1..$n`, and the kinds that go in and come out.
#[derive(Debug, PartialEq, Eq)]
pub struct Stmt {
    /// Its name, noun first.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
    /// The kinds of its parameters.
    pub params: &'static [Kind],
    /// The kinds of its columns; empty where it gives no rows.
    pub row: &'static [Kind],
}

/// A statement with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The statement.
    pub stmt: &'static Stmt,
    /// Its values.
    pub params: Vec<Value>,
}

impl Stmt {
    /// This statement with `params`.
    pub fn bind<const N: usize>(&'static self, params: [Value; N]) -> Bound {
        debug_assert_eq!(N, self.params.len(), "{}", self.name);
        Bound { stmt: self, params: params.into() }
    }
}

/// Declares the statements of a module and lists them for the register.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr, [$($param:ident),*] => [$($col:ident),*];)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::db::Stmt = $crate::db::Stmt {
                name: stringify!($name),
                sql: $sql,
                params: &[$($crate::db::Kind::$param),*],
                row: &[$($crate::db::Kind::$col),*],
            };
        )*
        /// Every statement of this module.
        pub(crate) static ALL: &[&$crate::db::Stmt] = &[$(&$name),*];
    };
}
pub(crate) use statements;

/// Binds values of any type that has a [`Value`].
macro_rules! bind {
    ($stmt:expr $(, $value:expr)* $(,)?) => {
        $stmt.bind([$($crate::db::Value::from($value)),*])
    };
}
pub(crate) use bind;

/// What one statement did: its rows, or how many rows it changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    pub(crate) affected: u64,
}

/// A row, read from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    values: std::collections::VecDeque<Value>,
    from: &'static str,
}

impl Row {
    pub(crate) fn new(from: &'static Stmt, values: Vec<Value>) -> Self {
        Self { values: values.into(), from: from.name }
    }

    fn next(&mut self) -> Result<Value, StoreError> {
        self.values.pop_front().ok_or(StoreError::Inconsistent(self.from))
    }

    /// A damaged value: says which statement read it.
    pub(crate) const fn wrong(&self) -> StoreError {
        StoreError::Inconsistent(self.from)
    }

    /// The next column through `read`, or the complaint that it is damaged.
    pub(crate) fn read<T>(
        &mut self,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.text()?;
        read(&text).ok_or_else(|| self.wrong())
    }

    pub(crate) fn instant(&mut self) -> Result<jiff::Timestamp, StoreError> {
        let micros = self.int()?;
        jiff::Timestamp::from_microsecond(micros).map_err(|_| self.wrong())
    }

    pub(crate) fn maybe_instant(&mut self) -> Result<Option<jiff::Timestamp>, StoreError> {
        let micros = self.maybe_int()?;
        let read = |micros| jiff::Timestamp::from_microsecond(micros).map_err(|_| self.wrong());
        micros.map(read).transpose()
    }

    pub(crate) fn maybe_date(&mut self) -> Result<Option<jiff::civil::Date>, StoreError> {
        let text = self.maybe_text()?;
        text.map(|text| text.parse().map_err(|_| self.wrong())).transpose()
    }

    pub(crate) fn date(&mut self) -> Result<jiff::civil::Date, StoreError> {
        self.read(|text| text.parse().ok())
    }

    /// A figure in major units, as a decimal.
    pub(crate) fn maybe_exact(&mut self) -> Result<Option<Exact>, StoreError> {
        let text = self.maybe_text()?;
        text.map(|text| Exact::parse(&text).ok_or_else(|| self.wrong())).transpose()
    }

    pub(crate) fn currency(&mut self) -> Result<abono_domain::money::Currency, StoreError> {
        self.read(|text| text.parse().ok())
    }

    /// Six columns: name, country, tax number, tax registration, register number, address.
    pub(crate) fn legal_identity(&mut self) -> Result<LegalIdentity, StoreError> {
        Ok(LegalIdentity {
            name: self.text()?,
            country: self.text()?,
            tax_id: self.text()?,
            tax_registration: self.maybe_text()?,
            registration_number: self.maybe_text()?,
            address: self.text()?,
        })
    }

    /// Four columns: its word, its length, and of a fixed end itself and what it follows.
    pub(crate) fn term(&mut self) -> Result<Term, StoreError> {
        let (word, length) = (self.text()?, self.int()?);
        let (ends_at, follows) = (self.maybe_instant()?, self.maybe_instant()?);
        Term::from_parts(&word, length, ends_at, follows).ok_or_else(|| self.wrong())
    }

    /// Eight columns: product, plan, the term, and what a change takes back.
    pub(crate) fn line_licence(&mut self) -> Result<LineLicence, StoreError> {
        Ok(LineLicence {
            product: ProductId(self.uuid()?),
            plan: PlanId(self.uuid()?),
            term: self.term()?,
            credit: CreditTerms {
                behaviour: self.read(Behaviour::parse)?,
                day_count: self.read(DayCount::parse)?,
            },
        })
    }

    /// Seven columns: id, revision, name, tax number, tax registration, country, kind.
    pub(crate) fn payer(&mut self) -> Result<PayerSnapshot, StoreError> {
        Ok(PayerSnapshot {
            id: PayerId(self.uuid()?),
            revision: self.int()?,
            name: self.text()?,
            tax_id: self.text()?,
            tax_registration: self.maybe_text()?,
            country: self.text()?,
            kind: self.read(CustomerKind::parse)?,
        })
    }

    /// Two columns: category and rate.
    pub(crate) fn line_tax(&mut self) -> Result<LineTax, StoreError> {
        let category = self.read(TaxCategory::parse)?;
        Ok(LineTax { category, rate: self.maybe_int()?.map(TaxRate) })
    }

    pub(crate) fn language(&mut self) -> Result<abono_domain::language::Language, StoreError> {
        self.read(abono_domain::language::Language::parse)
    }
}

/// Readers of one column, required and optional, for each kind.
macro_rules! columns {
    ($($one:ident, $maybe:ident: $kind:ident => $type:ty;)*) => {
        impl Row {$(
            pub(crate) fn $one(&mut self) -> Result<$type, StoreError> {
                self.$maybe()?.ok_or_else(|| self.wrong())
            }
            pub(crate) fn $maybe(&mut self) -> Result<Option<$type>, StoreError> {
                match self.next()? {
                    Value::Null => Ok(None),
                    Value::$kind(value) => Ok(Some(value)),
                    _ => Err(self.wrong()),
                }
            }
        )*}
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$kind(value)
            }
        })*
    };
}
columns! {
    uuid, maybe_uuid: Uuid => Uuid;
    int, maybe_int: Int => i64;
    bool, maybe_bool: Bool => bool;
    text, maybe_text: Text => String;
    bytes, maybe_bytes: Bytes => Vec<u8>;
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<jiff::Timestamp> for Value {
    fn from(at: jiff::Timestamp) -> Self {
        Self::Int(at.as_microsecond())
    }
}
impl From<jiff::civil::Date> for Value {
    fn from(day: jiff::civil::Date) -> Self {
        Self::Text(day.to_string())
    }
}
impl From<abono_domain::money::Currency> for Value {
    fn from(currency: abono_domain::money::Currency) -> Self {
        Self::Text(currency.code().to_owned())
    }
}
impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

/// Lets identities stand where a uuid is bound.
macro_rules! uuid_values {
    ($($id:ident),*) => {$(
        impl From<abono_domain::ids::$id> for Value {
            fn from(id: abono_domain::ids::$id) -> Self {
                Self::Uuid(id.0)
            }
        }
    )*};
}
uuid_values!(
    BundleId,
    ChangeId,
    CheckoutId,
    ProviderRefundId,
    CommitmentId,
    DeliveryId,
    RiskDecisionId,
    TenantId,
    TerminationId,
    TerminationReasonId,
    LegalEntityId,
    CustomerId,
    PayerId,
    ProductId,
    PlanId,
    PriceId,
    DiscountId,
    SubscriptionId,
    GrantId,
    DocumentId,
    PaymentId,
    RefundId,
    AllocationId,
    TransferId,
    CommandId,
    EventId,
    JobId,
    KeyId,
    NoticeId,
    ClockId
);

/// What went wrong below the domain.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Lost a race that a new try may win: serialization failure, deadlock, busy.
    #[error("the database was busy: {0}")]
    Contended(String),
    /// The database can't be reached, or the connection broke.
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    /// Nothing more can be stored: the disk, or the database's share of it, is full.
    #[error("the database's disk is full: {0}")]
    DiskFull(String),
    /// The database can be read and not written: a read-only file system, or a standby.
    #[error("the database can only be read: {0}")]
    ReadOnly(String),
    /// The disk failed to read, to write or to sync.
    #[error("the database's disk failed: {0}")]
    DiskFailed(String),
    /// What the database reads is not what it wrote.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database is about to serve: it starts, or recovers.
    #[error("the database is starting: {0}")]
    Starting(String),
    /// The database is about to stop.
    #[error("the database is stopping: {0}")]
    Stopping(String),
    /// The database has no connection left for us.
    #[error("the database has no connection left: {0}")]
    Crowded(String),
    /// The database refused a statement.
    #[error("the database refused a statement: {0}")]
    Refused(String),
    /// A row that the domain can't read: damaged, or written by something else.
    #[error("a row read by {0} is damaged")]
    Inconsistent(&'static str),
    /// A write changed another number of rows than it must.
    #[error("{0} changed an unexpected number of rows")]
    RowCount(&'static str),
    /// The schema is newer than this program, or older and not migrated.
    #[error("{0}")]
    Schema(String),
    /// Not a database address.
    #[error("{0}")]
    Address(String),
}

impl StoreError {
    /// Whether the database itself is in trouble, so that no other statement would fare better.
    pub const fn is_trouble(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::DiskFull(_)
            | Self::ReadOnly(_)
            | Self::DiskFailed(_)
            | Self::Damaged(_)
            | Self::Starting(_)
            | Self::Stopping(_)
            | Self::Crowded(_) => true,
            Self::Contended(_)
            | Self::Refused(_)
            | Self::Inconsistent(_)
            | Self::RowCount(_)
            | Self::Schema(_)
            | Self::Address(_) => false,
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
