//! A file of Jira users, as a spreadsheet writes it.
#![no_main]

#[allow(dead_code)]
#[path = "../../src/cli/jira_file/mod.rs"]
mod jira_file;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(read) = jira_file::parse(text) {
        assert!(read.users.iter().all(|user| !user.key.is_empty()));
    }
});
