//! What the tests share: a directory in a temporary folder, an engine on it, and the comparison of
//! the directory with the truth of the simulated org.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};

use okta_profiles::contract::errors::Error;
use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{DirectoryEntry, SyncMode, SyncOptions, SyncReport, View};
use okta_sim::{Fault, OktaSim, Role};
use serde_json::Value;
use tempfile::TempDir;

pub use crate::jira::{hand_over, jira_users};

/// Quick retries, so that a test with faults takes seconds. Nothing else differs from the defaults.
pub const QUICK: &[(&str, &str)] = &[
    ("retry.base_delay_ms", "5"),
    ("retry.max_delay_seconds", "1"),
    ("http.read_timeout_seconds", "1"),
];

/// An engine on a directory of its own.
pub struct Fixture {
    pub engine: Engine,
    pub folder: TempDir,
}

impl Fixture {
    /// An engine that is not connected.
    pub fn unconnected(settings: &[(&str, &str)]) -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(&folder.path().join("directory.db"), settings_of(settings)).unwrap();
        Fixture { engine, folder }
    }

    /// An engine connected to the simulated org as its super administrator.
    pub fn connected(sim: &OktaSim, settings: &[(&str, &str)]) -> Fixture {
        let fixture = Fixture::unconnected(settings);
        fixture
            .engine
            .connect(sim.url(), sim.token(Role::SuperAdmin))
            .unwrap();
        fixture
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("directory.db")
    }

    /// Reads every user.
    pub fn sync(&self) -> Result<SyncReport, Error> {
        self.sync_as(SyncMode::Full)
    }

    /// Lets the engine choose between full and delta.
    pub fn sync_auto(&self) -> Result<SyncReport, Error> {
        self.sync_as(SyncMode::Auto)
    }

    pub fn sync_as(&self, mode: SyncMode) -> Result<SyncReport, Error> {
        self.engine.sync(SyncOptions::of(mode))
    }

    /// The directory must hold exactly the users of the org.
    pub fn assert_equals_org(&self, sim: &OktaSim) {
        assert_same(&truth(sim), &rows(&self.engine, View::All));
        let integrity = self.engine.check_integrity().unwrap();
        assert!(integrity.is_sound(), "{integrity:?}");
    }

    /// Every line of the log, for the failure message and for the scan for personal data.
    pub fn log_text(&self) -> String {
        let lines = self.engine.log(0, usize::MAX);
        lines
            .iter()
            .map(|line| line.message.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        privacy_scan(&self.log_text());
    }
}

pub fn settings_of(pairs: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::default();
    for (key, value) in pairs {
        settings.set(key, value).unwrap();
    }
    settings
}

/// One user as it is compared: status and every profile attribute.
pub type Row = (String, Value);

/// The users of the org by id.
pub fn truth(sim: &OktaSim) -> BTreeMap<String, Row> {
    sim.all_users()
        .map(|user| {
            let id = user["id"].as_str().unwrap().to_owned();
            let profile = user
                .get("profile")
                .cloned()
                .unwrap_or_else(|| serde_json::json!({}));
            (
                id,
                (user["status"].as_str().unwrap_or_default().to_owned(), profile),
            )
        })
        .collect()
}

/// The users of a view by id.
pub fn rows(engine: &Engine, view: View) -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for entry in entries(engine, view) {
        let user = entry.okta.unwrap();
        let profile = serde_json::from_str(user.profile.as_json()).unwrap();
        assert!(
            rows.insert(user.id, (user.status, profile)).is_none(),
            "a user came twice"
        );
    }
    rows
}

/// Every entry of a view.
pub fn entries(engine: &Engine, view: View) -> Vec<DirectoryEntry> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page = engine.list(view, after, 1_000).unwrap();
        let Some(last) = page.last() else { return all };
        after = last.cursor;
        all.extend(page);
    }
}

/// Compares with a message that names the first difference instead of printing thousands of users.
pub fn assert_same(truth: &BTreeMap<String, Row>, directory: &BTreeMap<String, Row>) {
    for (id, row) in truth {
        assert_eq!(Some(row), directory.get(id), "user {id} differs");
    }
    let extra: Vec<&String> = directory
        .keys()
        .filter(|id| !truth.contains_key(*id))
        .take(3)
        .collect();
    assert!(
        extra.is_empty(),
        "the directory has users the org has not: {extra:?}"
    );
}

/// Texts of all logs and errors of the run of the test program, scanned as they come.
static SCANNED: Mutex<u64> = Mutex::new(0);

/// No log line and no error may hold a token, a login or an e-mail address of the simulation.
pub fn privacy_scan(text: &str) {
    for (number, line) in text.lines().enumerate() {
        for forbidden in ["@", "%40", "example.com", "SSWS 00", "Bearer ey"] {
            assert!(!line.contains(forbidden), "line {number} holds {forbidden:?}");
        }
        let token_like = line
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .any(|w| w.len() >= 36);
        assert!(
            !token_like || line.contains("digest"),
            "line {number} holds a token-like word"
        );
    }
    *SCANNED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) += 1;
}

/// The error must be of this code and free of personal data.
pub fn assert_code(error: &Error, code: okta_profiles::contract::errors::ErrorCode) {
    privacy_scan(&format!("{error} {error:?} {}", error.message()));
    assert_eq!(error.code(), code, "{error}");
}

/// Cursors of the pages that the unfinished run has committed, read past the engine.
pub fn committed_cursors(directory: &Path) -> HashSet<String> {
    if !directory.exists() {
        return HashSet::new();
    }
    let Ok(conn) = rusqlite::Connection::open(directory) else {
        return HashSet::new();
    };
    let Ok(mut statement) = conn.prepare("SELECT cursor FROM sync_pages") else {
        return HashSet::new();
    };
    let Ok(found) = statement.query_map([], |row| row.get(0)) else {
        return HashSet::new();
    };
    found.map(Result::unwrap).collect()
}

/// Lets the org fall silent when users were listed so often, so that a run cannot end before a test has looked
/// at it. Gives what tells that it has; `clear_faults` lets it speak again.
pub fn silent_after(sim: &OktaSim, requests: u64) -> Receiver<()> {
    let (tell, silence) = mpsc::channel();
    sim.at_request(requests, move |org| {
        org.set_faults(&[Fault::StalledForever]);
        tell.send(()).unwrap();
    });
    silence
}
