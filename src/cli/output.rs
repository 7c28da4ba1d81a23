//! The output of every command: standard output, which its reader may close early, and standard error.
//!
//! Names and titles are texts that somebody typed into Okta. Their characters must not turn the reading direction,
//! begin a line or control the terminal, so both outputs replace such characters.

use std::fmt::Display;
use std::io::{self, BufWriter, Stdout, Write};

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use serde_json::Value;

use super::json;

/// Rows fetched in one call.
pub const PAGE: usize = 1_000;

/// The form of the output. It decides what becomes of a character that could disturb a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text for people: such a character becomes U+FFFD.
    Text,
    /// JSON: such a character is escaped, which leaves the value as it is.
    Json,
    /// Another format, such as CSV: nothing is changed.
    Raw,
}

/// Standard output.
pub struct Output {
    out: BufWriter<Stdout>,
    form: Form,
    reader_left: bool,
    /// Tells whether the rest is not to be written.
    is_over: fn() -> bool,
    stopped: bool,
}

impl Output {
    /// Standard output for this form.
    pub fn new(form: Form) -> Output {
        Output {
            out: BufWriter::new(io::stdout()),
            form,
            reader_left: false,
            is_over: || false,
            stopped: false,
        }
    }

    /// From the moment when `is_over` says so, every write fails. A long list ends like this at Ctrl-C.
    pub fn until(self, is_over: fn() -> bool) -> Output {
        Output { is_over, ..self }
    }

    /// Whether a write failed because it came too late.
    pub fn was_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether the reader has closed the pipe. It has seen what it wanted, so that is no error.
    pub fn reader_left(&self) -> bool {
        self.reader_left
    }

    fn note<T>(&mut self, written: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &written {
            self.reader_left |= error.kind() == io::ErrorKind::BrokenPipe;
        }
        written
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.is_over)() {
            self.stopped = true;
            return Err(io::ErrorKind::Other.into());
        }
        // `write!` passes complete characters.
        let written = match (self.form, std::str::from_utf8(bytes)) {
            (Form::Text, Ok(text)) => self.out.write_all(harmless(text).as_bytes()),
            (Form::Json, Ok(text)) => self.out.write_all(escaped(text).as_bytes()),
            (Form::Raw, _) | (_, Err(_)) => self.out.write_all(bytes),
        };
        self.note(written.map(|()| bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.note(flushed)
    }
}

/// Prints a text on standard error. If nobody can read it, that is no error.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", harmless(&text.to_string()));
}

/// Confirms what a command did: as JSON on standard output, for people on standard error.
pub fn confirm(as_json: bool, out: &mut dyn Write, record: &Value, text: impl Display) -> Result<()> {
    if as_json {
        return writeln!(out, "{record}").map_err(output_failed);
    }
    say(text);
    Ok(())
}

/// Writes each record as one line of JSON.
pub fn show_json<T: serde::Serialize>(records: &[T], out: &mut dyn Write) -> Result<()> {
    for record in records {
        writeln!(out, "{}", json::line(record)).map_err(output_failed)?;
    }
    Ok(())
}

/// The error for a standard output that cannot be written.
pub fn output_failed(error: io::Error) -> Error {
    let what = format!("standard output cannot be written ({})", error.kind());
    Error::with_message(ErrorCode::ExportFailed, what)
}

/// Text in which nothing disturbs a terminal; line breaks stay.
pub fn harmless(text: &str) -> String {
    let shown = |letter: char| match letter != '\n' && is_disturbing(letter) {
        true => char::REPLACEMENT_CHARACTER,
        false => letter,
    };
    text.chars().map(shown).collect()
}

/// JSON in which nothing disturbs a terminal. Outside of its texts JSON has none of these characters.
pub fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter != '\n' && is_disturbing(letter) {
            text.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            text.push(letter);
        }
    }
    text
}

/// Control characters, marks and overrides of the reading direction, separators of lines and paragraphs.
pub fn is_disturbing(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{202e}b\u{2028}c\u{9b}31md\u{2066}e\u{200f}f\u{7f}";

    #[test]
    fn a_name_cannot_turn_or_break_a_line() {
        let shown = harmless(HOSTILE);
        assert!(!shown.chars().any(is_disturbing), "{shown:?}");
        assert_eq!(shown.chars().count(), HOSTILE.chars().count());
        assert_eq!(harmless("Zoë 山田\nsecond"), "Zoë 山田\nsecond");
    }

    #[test]
    fn what_comes_after_ctrl_c_is_not_written() {
        let mut out = Output::new(Form::Text).until(|| true);
        assert!(out.write_all(b"x").is_err());
        assert!(out.was_stopped() && !out.reader_left());
    }

    #[test]
    fn escaped_json_says_the_same() {
        let json = json::line(&HOSTILE);
        let shown = escaped(&json);
        assert!(!shown.chars().any(is_disturbing), "{shown}");
        let read: String = serde_json::from_str(&shown).expect("JSON");
        assert_eq!(read, HOSTILE);
    }
}
