//! Plain text for people: aligned columns, spans and times.

use std::io::{self, Write};
use std::time::Duration;

use okta_profiles::clock::UnixMillis;

/// Longest cell shown; a longer one is cut.
const MAX_CELL: usize = 44;

/// Writes rows below a heading, each column as wide as its widest cell.
pub fn write(out: &mut dyn Write, heading: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let heading: Vec<String> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(clean(cell).chars().count());
        }
    }
    for row in std::iter::once(&heading).chain(rows) {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{:width$}", clean(cell)));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Cuts a cell to its longest form and removes what could disturb a terminal.
fn clean(cell: &str) -> String {
    let mut text: String = cell
        .chars()
        .filter(|letter| !letter.is_control())
        .take(MAX_CELL + 1)
        .collect();
    if text.chars().count() > MAX_CELL {
        text.pop();
        text.pop();
        text.push('…');
    }
    text
}

/// A span as people say it: `850 ms`, `12.4 s`, `3 min 20 s`, `5 h 10 min`, `12 days`.
pub fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{} ms", span.as_millis()),
        1..60 => format!("{:.1} s", span.as_secs_f64()),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// A moment with its age.
pub fn moment(at: UnixMillis) -> String {
    format!("{} ({} ago)", at.to_rfc3339(), span(at.age(UnixMillis::now())))
}
