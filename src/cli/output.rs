//! What every command writes with: records as JSON lines, and what a closed output means.

use std::io::{self, Write};

use okta_profiles::error::{Error, ErrorCode, Result};

use super::json;

/// Rows fetched in one call.
pub const PAGE: usize = 1_000;

/// Writes each record as one line of JSON.
pub fn show_json<T: serde::Serialize>(records: &[T], out: &mut dyn Write) -> Result<()> {
    for record in records {
        writeln!(out, "{}", json::line(record)).map_err(output_failed)?;
    }
    Ok(())
}

/// Writing to stdout failed, most often because the reader has closed the pipe.
pub fn output_failed(_: io::Error) -> Error {
    Error::with_message(ErrorCode::Cancelled, "the output was closed")
}
