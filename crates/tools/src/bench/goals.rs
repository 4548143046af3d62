//! What the ratios have to come to.

/// Figures and their goals in thousandths: reads within 0.85 of the bare parts and 1.5 times their
/// p99; durable commands within half of a bare group commit and twice its p99, within 0.8 where
/// each fsync takes a millisecond more; on Postgres as many as 32 bare connections insert.
/// One seller's writers within 0.9 of those of many sellers, and what comes too late costs a tenth.
const GOALS: [(&str, u64); 19] = [
    ("quote.sqlite.rate", 850),
    ("quote.sqlite.p99", 667),
    ("quote.postgres.rate", 850),
    ("quote.postgres.p99", 667),
    ("licence.sqlite.rate", 850),
    ("licence.sqlite.p99", 667),
    ("licence.postgres.rate", 850),
    ("licence.postgres.p99", 667),
    ("invoice.sqlite.rate", 500),
    ("invoice.sqlite.p99", 500),
    ("invoice-slow.sqlite.rate", 800),
    ("invoice.postgres.rate", 1_000),
    ("invoice-slow.postgres.rate", 1_000),
    ("commit-one-seller.sqlite.rate", 900),
    ("commit-one-seller.postgres.rate", 900),
    ("commit-stale-5-per-mille.sqlite.rate", 900),
    ("commit-stale-5-per-mille.postgres.rate", 900),
    ("commit-stale-50-per-mille.sqlite.rate", 900),
    ("commit-stale-50-per-mille.postgres.rate", 900),
];

/// The goal of a figure, in thousandths.
pub(super) fn of(name: &str) -> Option<u64> {
    GOALS.iter().find(|(found, _)| *found == name).map(|(_, goal)| *goal)
}
