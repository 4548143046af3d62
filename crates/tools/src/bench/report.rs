//! What a bench found: figures, each beside its floor, as a table for people and JSON for programs.

use super::goals;
use serde::Serialize;
use serde_json::value::RawValue;
use std::fmt::Write;

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// `<bench>.<sqlite|postgres>.<what>`.
    pub name: String,
    /// The product's, in thousandths.
    pub value: u64,
    /// Of what.
    pub unit: &'static str,
    /// The bare parts', in thousandths.
    pub floor: Option<u64>,
    /// The median of the ratios of each pair in thousandths, the higher the better: ours to the
    /// floor's for rates, the floor's to ours for times.
    pub ratio: Option<u64>,
    /// The least and the greatest ratio of a pair, in thousandths.
    pub spread: Option<(u64, u64)>,
    /// What the ratio has to come to, in thousandths.
    pub goal: Option<u64>,
}

impl Figure {
    /// A figure without a floor.
    pub(super) const fn alone(name: String, unit: &'static str, value: u64) -> Self {
        Self { name, value, unit, floor: None, ratio: None, spread: None, goal: None }
    }

    /// A figure of ours and of the floor in each pair: of a rate, the higher the better; of a
    /// time, the lower.
    pub(super) fn of_pairs(
        (name, unit): (String, &'static str),
        pairs: &[(u64, u64)],
        is_rate: bool,
    ) -> Self {
        let ratio = |(ours, floor): &(u64, u64)| {
            let (above, below) = if is_rate { (ours, floor) } else { (floor, ours) };
            above.saturating_mul(1_000) / (*below).max(1)
        };
        let ratios: Vec<u64> = pairs.iter().map(ratio).collect();
        Self {
            value: median(pairs.iter().map(|(ours, _)| *ours)),
            unit,
            floor: Some(median(pairs.iter().map(|(_, floor)| *floor))),
            ratio: Some(median(ratios.iter().copied())),
            spread: ratios.iter().min().copied().zip(ratios.iter().max().copied()),
            goal: goals::of(&name),
            name,
        }
    }

    /// Whether it reaches so many thousandths of its goal.
    pub fn reaches(&self, share: u64) -> bool {
        let wanted = self.goal.map(|goal| goal.saturating_mul(share) / 1_000);
        wanted.is_none_or(|wanted| self.ratio.is_some_and(|ratio| ratio >= wanted))
    }
}

/// The one in the middle.
pub(super) fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The machine, line by line.
    pub machine: Vec<String>,
    /// The figures, in the order in which they were found.
    pub figures: Vec<Figure>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    value: Box<RawValue>,
    unit: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    floor: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<Box<RawValue>>,
}

impl Report {
    /// One line: an array of `{name, value, unit, floor, ratio}`.
    pub fn json(&self) -> String {
        let number = |thousandths: u64| RawValue::from_string(decimal(thousandths)).ok();
        let rows: Vec<Row<'_>> = self
            .figures
            .iter()
            .filter_map(|figure| {
                Some(Row {
                    name: &figure.name,
                    value: number(figure.value)?,
                    unit: figure.unit,
                    floor: figure.floor.and_then(number),
                    ratio: figure.ratio.and_then(number),
                })
            })
            .collect();
        serde_json::to_string(&rows).unwrap_or_default()
    }

    /// The machine and a table.
    pub fn table(&self) -> String {
        let mut text = self.machine.join("\n");
        let heads = ["figure", "ours", "unit", "floor", "ratio", "of pairs", "goal"];
        let mut rows: Vec<[String; 7]> = vec![heads.map(str::to_owned)];
        rows.extend(self.figures.iter().map(cells));
        let width =
            |place: usize| rows.iter().map(|row| row[place].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        for row in &rows {
            text.push('\n');
            for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let width = *width;
                // Writing to a string never fails.
                let _infallible = match place {
                    0 | 2 => write!(text, "{cell:<width$}  "),
                    _ => write!(text, "{cell:>width$}  "),
                };
            }
            text.truncate(text.trim_end().len());
        }
        text
    }

    /// The names of the figures that don't reach so many thousandths of their goals.
    pub fn below(&self, share: u64) -> Vec<&str> {
        let failing = self.figures.iter().filter(|figure| !figure.reaches(share));
        failing.map(|figure| figure.name.as_str()).collect()
    }
}

fn cells(figure: &Figure) -> [String; 7] {
    let maybe = |figure: Option<u64>| figure.map(decimal).unwrap_or_default();
    let spread = figure.spread.map(|(from, to)| format!("{} to {}", decimal(from), decimal(to)));
    [
        figure.name.clone(),
        decimal(figure.value),
        figure.unit.to_owned(),
        maybe(figure.floor),
        maybe(figure.ratio),
        spread.unwrap_or_default(),
        maybe(figure.goal),
    ]
}

/// Thousandths as a decimal without needless digits.
fn decimal(thousandths: u64) -> String {
    let (whole, rest) = (thousandths / 1_000, thousandths % 1_000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(ratio: Option<u64>, goal: Option<u64>) -> Figure {
        Figure {
            name: "quote.sqlite.rate".to_owned(),
            value: 12_500,
            unit: "1/s",
            floor: ratio.map(|_| 15_000),
            ratio,
            spread: None,
            goal,
        }
    }

    #[test]
    fn the_json_leaves_out_what_has_no_floor() {
        let figures = vec![figure(Some(833), None), figure(None, None)];
        let report = Report { machine: vec![], figures };
        assert_eq!(
            report.json(),
            "[{\"name\":\"quote.sqlite.rate\",\"value\":12.5,\"unit\":\"1/s\",\"floor\":15,\
             \"ratio\":0.833},{\"name\":\"quote.sqlite.rate\",\"value\":12.5,\"unit\":\"1/s\"}]"
        );
    }

    #[test]
    fn a_figure_reaches_its_goal_or_a_share_of_it() {
        let close = figure(Some(600), Some(850));
        assert!(close.reaches(667) && !close.reaches(1_000));
        assert!(!figure(Some(565), Some(850)).reaches(667));
        assert!(!figure(None, Some(850)).reaches(667), "what was not measured reaches nothing");
        assert!(figure(None, None).reaches(1_000));
    }

    #[test]
    fn the_table_lines_up() {
        let report =
            Report { machine: vec!["2 cores".to_owned()], figures: vec![figure(None, None)] };
        let expected = "2 cores\n\
            figure             ours  unit  floor  ratio  of pairs  goal\n\
            quote.sqlite.rate  12.5  1/s";
        assert_eq!(report.table(), expected);
    }
}
