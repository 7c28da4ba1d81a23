//! Plain text for people: aligned columns, spans and times.

use std::io::{self, Write};
use std::time::Duration;

use okta_profiles::clock::UnixMillis;

use super::output::is_disturbing;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Widest cell shown; a wider one is cut.
const MAX_WIDTH: usize = 44;

/// Writes rows below a heading, each column as wide as its widest cell.
pub fn write(out: &mut dyn Write, heading: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    let heading = heading.iter().map(|cell| (*cell).to_owned()).collect();
    let lines: Vec<Vec<String>> = std::iter::once(&heading)
        .chain(rows)
        .map(|row| row.iter().map(|cell| clean(cell)).collect())
        .collect();
    let mut widths = vec![0; heading.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.width());
        }
    }
    for line in lines {
        let padded = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

/// Removes characters that could disturb a terminal, and cuts a cell at the widest width. Widths are those of a
/// terminal: a Chinese letter takes two columns, an accent none.
fn clean(cell: &str) -> String {
    let text: String = cell.chars().filter(|letter| !is_disturbing(*letter)).collect();
    if text.width() <= MAX_WIDTH {
        return text;
    }
    let mut width = 0;
    let fits = |letter: &char| {
        width += letter.width().unwrap_or(0);
        width < MAX_WIDTH
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push('…');
    cut
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_letters() {
        let mut out = Vec::new();
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["山田", "x"]),
            row(["a\u{301}b", "y"]),
            row([&"w".repeat(60), "\u{1b}[31mz"]),
        ];
        write(&mut out, &["name", "second"], &rows).expect("memory");
        let text = String::from_utf8(out).expect("UTF-8");
        let columns: Vec<usize> = text
            .lines()
            .map(|line| line.rfind("  ").map_or(0, |at| line[..at + 2].width()))
            .collect();
        assert!(
            columns.iter().all(|column| *column == MAX_WIDTH + 2),
            "{columns:?}\n{text}"
        );
        assert!(!text.contains('\u{1b}'));
    }
}
