//! The file with all Jira users.

use std::path::Path;

use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::model::JiraUser;

/// Jira users handed over in one batch.
const BATCH: usize = 2_000;

/// Hands the users of the file over to the engine.
pub fn hand_over_jira_users(engine: &Engine, file: &Path) -> Result<()> {
    if file.is_dir() {
        let what = format!(
            "{} is a folder; name the CSV file with the Jira users in it",
            file.display()
        );
        return Err(Error::with_message(ErrorCode::InvalidArgument, what));
    }
    let mut reader = csv::Reader::from_path(file).map_err(|error| bad_csv(file, &error))?;
    engine.begin_jira_users()?;
    let mut batch = Vec::with_capacity(BATCH);
    for row in reader.deserialize::<JiraUser>() {
        batch.push(row.map_err(|error| bad_csv(file, &error))?);
        if batch.len() == BATCH {
            engine.add_jira_users(&batch)?;
            batch.clear();
        }
    }
    engine.add_jira_users(&batch)
}

/// Names the line and the kind of fault; the values of the line are people's data and stay out.
fn bad_csv(file: &Path, error: &csv::Error) -> Error {
    let line = error
        .position()
        .map_or(String::new(), |at| format!(" at line {}", at.line()));
    let what = format!(
        "{} cannot be read{line}; it must be a CSV file with the columns key,username,email,display_name,active (true or false)",
        file.display()
    );
    Error::with_message(ErrorCode::InvalidArgument, what)
}
