//! The file with all Jira users, as exports and spreadsheets write it.
//!
//! A message gives file, line, column and the kind of content found there, and never a cell, which may be personal
//! data.

mod heading;
mod text;

use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord};
use okta_profiles::contract::errors::{Error, ErrorCode};
use okta_profiles::model::JiraUser;

use self::heading::{COLUMNS, Places};

/// The most lines that one warning names.
const MOST_LINES: usize = 5;

/// The users of a file, and what was skipped.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct JiraFile {
    /// The users, each key once.
    pub users: Vec<JiraUser>,
    /// Rows that the administrator should look at, by their lines.
    pub warnings: Vec<String>,
}

/// Reads the file.
pub fn read(file: &Path) -> Result<JiraFile, Error> {
    let parsed = text::read(file).and_then(|text| parse(&text));
    let named = |what: String| format!("{} {what}", file.display());
    match parsed {
        Ok(mut read) => {
            read.warnings = read.warnings.into_iter().map(named).collect();
            Ok(read)
        }
        Err(what) => Err(Error::with_message(ErrorCode::InvalidArgument, named(what))),
    }
}

/// Reads the text of such a file.
pub fn parse(text: &str) -> Result<JiraFile, String> {
    let announced = heading::announced(text);
    let (separator, body) = announced.unwrap_or_else(|| (heading::separator(text), text));
    let lines_before = u64::from(announced.is_some());
    if let Some(line) = open_quote(body, separator) {
        let line = line + lines_before;
        return Err(format!(
            "has a quotation mark in line {line} that is never closed; a mark inside a cell is written twice"
        ));
    }
    let mut reader = ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut row = StringRecord::new();
    if !next_filled(&mut reader, &mut row)? {
        return Ok(JiraFile::default());
    }
    let heading: Vec<&str> = row.iter().map(str::trim).collect();
    let places = heading::places(&heading)?;
    let mut table = UserTable {
        places,
        width: heading.len(),
        lines_before,
        ..UserTable::default()
    };
    while next_filled(&mut reader, &mut row)? {
        table.add(&row)?;
    }
    Ok(table.finish())
}

/// Reads the next row that has more than blanks; false at the end. The row's memory serves for the whole file, so cells
/// keep the blanks around them: an iterator over rows, and trimming by the reader, would copy each row twice.
fn next_filled(reader: &mut Reader<&[u8]>, row: &mut StringRecord) -> Result<bool, String> {
    while reader.read_record(row).map_err(|error| error.to_string())? {
        if !row.iter().all(is_blank) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// What was read so far.
#[derive(Default)]
struct UserTable {
    places: Places,
    width: usize,
    lines_before: u64,
    read: JiraFile,
    /// The line of each user.
    lines: Vec<u64>,
    without_key: Vec<u64>,
}

impl UserTable {
    fn add(&mut self, row: &StringRecord) -> Result<(), String> {
        let line = row.position().map_or(0, csv::Position::line) + self.lines_before;
        // Spreadsheets end short rows with empty cells, and long ones too.
        let filled = (0..row.len()).rev().find(|place| !is_blank(&row[*place]));
        let cells = filled.map_or(0, |last| last + 1);
        if cells > self.width || row.len() < self.width {
            return Err(format!(
                "line {line} has {} cells where the heading has {}; a cell that holds the separator is put in quotation marks",
                row.len().max(cells),
                self.width
            ));
        }
        let [key, username, email, display_name, active] =
            self.places.map(|place| row.get(place).unwrap_or_default().trim());
        if key.is_empty() {
            self.without_key.push(line);
            return Ok(());
        }
        self.read.users.push(JiraUser {
            key: key.to_owned(),
            username: username.to_owned(),
            email: email.to_owned(),
            display_name: display_name.to_owned(),
            active: truth(active).ok_or_else(|| self.unclear(line, row, active))?,
        });
        self.lines.push(line);
        Ok(())
    }

    /// Keeps only the last user of each key. Returns the lines of repeated keys, each with the line of the earlier one.
    fn drop_repeated(&mut self) -> Vec<(u64, u64)> {
        let (users, lines) = (&mut self.read.users, &self.lines);
        // Places instead of a map of keys, which would need as much memory as the keys themselves.
        let mut places: Vec<usize> = (0..users.len()).collect();
        places.sort_by(|one, other| users[*one].key.cmp(&users[*other].key));
        let same = |pair: &&[usize; 2]| users[pair[0]].key == users[pair[1]].key;
        let pairs: Vec<[usize; 2]> = places.array_windows().filter(same).copied().collect();
        let mut dropped: Vec<usize> = pairs.iter().map(|[earlier, _]| *earlier).collect();
        dropped.sort_unstable();
        let mut place = 0;
        users.retain(|_| {
            place += 1;
            dropped.binary_search(&(place - 1)).is_err()
        });
        let mut repeated: Vec<(u64, u64)> = pairs
            .iter()
            .map(|[earlier, later]| (lines[*later], lines[*earlier]))
            .collect();
        repeated.sort_unstable();
        repeated
    }

    fn unclear(&self, line: u64, row: &StringRecord, active: &str) -> String {
        let column = self.places[COLUMNS.len() - 1] + 1;
        // A short word is shown. A longer text may be a name, a login or an address in the wrong column.
        let is_word = active.len() <= 12 && active.chars().all(|letter| letter.is_ascii_alphanumeric());
        let elsewhere = |cell: &str| cell.to_lowercase().contains(&active.to_lowercase());
        let is_personal = row
            .iter()
            .enumerate()
            .any(|(place, cell)| place + 1 != column && elsewhere(cell));
        let found = match active {
            "" => "nothing".to_owned(),
            word if is_word && !is_personal => format!("`{word}`"),
            text => format!("a text of {} characters", text.chars().count()),
        };
        format!("line {line}, column {column} (active) must be true or false; found: {found}")
    }

    fn finish(mut self) -> JiraFile {
        let repeated = self.drop_repeated();
        let warnings = &mut self.read.warnings;
        if !self.without_key.is_empty() {
            let lines: Vec<String> = self.without_key.iter().map(u64::to_string).collect();
            warnings.push(format!(
                "has {} without a key, which {} passed over: line {}",
                count(lines.len(), "user"),
                if lines.len() == 1 { "was" } else { "were" },
                some(&lines)
            ));
        }
        if !repeated.is_empty() {
            let lines: Vec<String> = repeated
                .iter()
                .map(|(line, earlier)| format!("{line} (as in {earlier})"))
                .collect();
            warnings.push(format!(
                "has {} with the key of an earlier one; the last one counts: line {}",
                count(lines.len(), "user"),
                some(&lines)
            ));
        }
        self.read
    }
}

fn count(number: usize, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {what}{end}")
}

fn some(lines: &[String]) -> String {
    let shown = lines[..lines.len().min(MOST_LINES)].join(", ");
    match lines.len().saturating_sub(MOST_LINES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Decodes the usual words for yes and no.
fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "on" | "active" | "enabled" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "off" | "inactive" | "disabled" => Some(false),
        _ => None,
    }
}

/// The line of a quotation mark that opens a cell and is never closed: a reader of CSV would take all that
/// follows for one cell.
fn open_quote(text: &str, separator: char) -> Option<u64> {
    let mut opened: Option<usize> = None;
    let mut quotes = text.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        let before = || text[..at].chars().next_back();
        let at_start =
            || before().is_none_or(|letter| letter == separator || letter == '\n' || letter == '\r');
        match opened {
            // Of two the second is part of the cell.
            Some(_) if quotes.peek() == Some(&(at + 1)) => drop(quotes.next()),
            Some(_) => opened = None,
            None if at_start() => opened = Some(at),
            None => {}
        }
    }
    opened.map(|at| 1 + text[..at].matches('\n').count() as u64)
}

#[cfg(test)]
mod tests;
