//! The one façade: everything a host can do is a method of [`Engine`].
//!
//! An engine owns one directory and at most one connection to an Okta org. Every method may be called from any
//! thread. Between two calls no thread, timer or socket of the engine exists. A call that needs the network makes a
//! small runtime, runs it on the caller's own thread and shuts it down again. So a plugin leaves nothing running
//! once its calls have returned.
//!
//! Each file `…_calls` has the methods for one subject. `credential_door` replaces a credential, `clients` makes
//! the client of a call, `runtime` its runtime. `hand_over` checks Jira users, `receive` takes deliveries of the
//! event hook, `hook_at_okta` manages the hook, `hook_address` checks its address. `shared_folder` is what the
//! nodes of a cluster share, `service_key` makes keys.

mod clients;
mod cluster_calls;
mod credential_calls;
mod credential_door;
mod directory_calls;
mod erasure_calls;
mod export_calls;
mod group_calls;
mod hand_over;
mod hand_over_calls;
mod hook_address;
mod hook_at_okta;
mod hook_calls;
mod live_calls;
mod matching_calls;
mod org_address;
mod people_calls;
mod planning_calls;
mod receive;
mod runtime;
mod schema_calls;
mod service_key;
mod setting_calls;
mod shared_folder;
mod trial_calls;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, TryLockError};

pub use self::credential_calls::{
    ClientSecret, OAuthClient, SEALING_KEY_LENGTH, SealingKey, ServiceApp, Trial,
};
pub use self::directory_calls::{MAX_LIMIT, SearchPage};
use self::hand_over::HandOverState;
use self::org_address::OrgAddress;
pub use self::planning_calls::MAX_SAMPLES;
pub use self::receive::MAX_DELIVERY_BYTES;
use self::shared_folder::SharedFolder;
use crate::cancel::CancelToken;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::directory::Directory;
use crate::directory::credentials::CredentialStore;
use crate::directory::inbox::Spool;
use crate::http::{Meter, TlsCache};
use crate::logging::{Log, LogLine};
use crate::matching::{fold, parse_rules};
use crate::model::{MatchRule, OpenReport, Progress, SyncOptions, SyncReport, TokenStore, ValidationReport};
use crate::oauth::SharedTokens;
use crate::okta::probe;
use crate::secret::Secret;
use crate::sync::{self, ProgressBoard, SyncContext};

/// An open directory, and its connection to the Okta org once there is one.
pub struct Engine {
    directory: Arc<Directory>,
    credentials: Arc<CredentialStore>,
    tokens: Arc<SharedTokens>,
    opened: OpenReport,
    settings: Mutex<Settings>,
    org_address: Mutex<Option<OrgAddress>>,
    /// Replaced after each cancel, so that a cancel stops only the calls that run at that moment.
    cancel: Mutex<CancelToken>,
    progress: ProgressBoard,
    log: Log,
    /// Deliveries of the event hook that could not be written to the directory in time.
    spool: Spool,
    /// The folder on which the nodes of a cluster keep deliveries; none if there is no cluster.
    shared_folder: Mutex<Option<Arc<SharedFolder>>>,
    /// Root certificates, read once and shared by all calls.
    tls: TlsCache,
    /// The key that was made last for a service app and is not in force yet.
    made_key: Mutex<Option<Secret>>,
    /// The hand-over of Jira users that this engine has begun.
    hand_over: Mutex<HandOverState>,
    /// Held by the one sync that may run.
    sync_lease: Mutex<()>,
    /// Held by the one call that may read the System Log and move the position in it.
    log_lease: Mutex<()>,
    /// Held while the directory is published or follows. That is short, so a sync waits for it.
    cluster_turn: Mutex<()>,
    /// `true` once the engine is closed. Each call holds a read lock, so that `close` waits for it.
    closed: RwLock<bool>,
}

impl Engine {
    /// Opens the directory file at `path`; the file and its folder are made if they are missing. `settings` win
    /// over the settings that the directory keeps ([`Engine::store_setting`]), and those win over the defaults.
    ///
    /// Fails with [`ErrorCode::DirectoryLocked`] while another engine, in this process or in another one, has the
    /// directory open. A damaged file is moved aside and a new one is made; see [`Engine::open_report`].
    ///
    /// The credential is encrypted with the key in the key file `<path>.key`, mode 0600, which is made together
    /// with the first secret. A stored credential is in force again.
    pub fn open(path: &Path, settings: Settings) -> Result<Engine> {
        Engine::open_sealed(path, settings, None)
    }

    /// Opens the directory with an encryption key that the host keeps, instead of the key file.
    ///
    /// With a wrong key the directory can still be read; [`Engine::token_status`] shows the problem, and calls that
    /// need the credential fail.
    pub fn open_with_key(path: &Path, settings: Settings, key: SealingKey) -> Result<Engine> {
        Engine::open_sealed(path, settings, Some(key))
    }

    /// Opens a directory for reading only: for look-ups, listings, exports and backups, also while another process
    /// synchronizes it. A missing file is [`ErrorCode::DirectoryMissing`], and no file is made. If this process has
    /// already opened the directory for writing, it is [`ErrorCode::DirectoryLocked`].
    ///
    /// Calls that would write, or renew a credential, fail with [`ErrorCode::ReadOnly`].
    pub fn open_to_read(path: &Path, settings: Settings, key: Option<SealingKey>) -> Result<Engine> {
        let patience = settings.seconds(Key::DirectoryLockWait);
        let directory = Directory::open_to_read(path, fold, patience)?;
        Engine::over(directory, OpenReport::default(), settings, key)
    }

    fn open_sealed(path: &Path, settings: Settings, key: Option<SealingKey>) -> Result<Engine> {
        let patience = settings.seconds(Key::DirectoryLockWait);
        let (directory, opened) = Directory::open_within(path, fold, patience)?;
        Engine::over(directory, opened, settings, key)
    }

    fn over(
        directory: Directory,
        opened: OpenReport,
        settings: Settings,
        key: Option<SealingKey>,
    ) -> Result<Engine> {
        let directory = Arc::new(directory);
        let credentials = Arc::new(CredentialStore::new(Arc::clone(&directory), key));
        let tokens = Arc::new(SharedTokens::new(Arc::clone(&credentials) as Arc<dyn TokenStore>));
        let spool = Spool::beside(directory.path());
        let shared_folder = Mutex::new(SharedFolder::of(&directory)?);
        let log = Log::default();
        log_opening(&log, &opened);
        let engine = Engine {
            directory,
            credentials,
            tokens,
            opened,
            settings: Mutex::new(settings),
            org_address: Mutex::new(None),
            cancel: Mutex::new(CancelToken::new()),
            progress: ProgressBoard::default(),
            log,
            spool,
            shared_folder,
            tls: TlsCache::new(),
            made_key: Mutex::new(None),
            hand_over: Mutex::new(HandOverState::default()),
            sync_lease: Mutex::new(()),
            log_lease: Mutex::new(()),
            cluster_turn: Mutex::new(()),
            closed: RwLock::new(false),
        };
        engine.load_settings()?;
        Ok(engine)
    }

    /// What opening did: whether the file was made, where a damaged file was moved, and what was saved from it.
    pub fn open_report(&self) -> &OpenReport {
        &self.opened
    }

    /// Cancels the running calls, waits for them, and closes every file. Later calls fail with
    /// [`ErrorCode::InvalidHandle`]; closing again does nothing.
    pub fn close(&self) -> Result<()> {
        let mut closed = loop {
            // A call that began after the cancel is cancelled in the next round.
            self.cancel();
            match self.closed.try_write() {
                Ok(guard) => break guard,
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => std::thread::sleep(CLOSE_POLL),
            }
        };
        if *closed {
            return Ok(());
        }
        *closed = true;
        *lock(&self.org_address) = None;
        self.directory.close()
    }

    /// The org URL in its normalised form; none while not connected.
    pub fn org_url(&self) -> Option<String> {
        self.credentials.org_url().ok().flatten()
    }

    /// Checks org, credential and every capability. Needs the network; takes seconds, in the worst case about a
    /// minute.
    pub fn validate(&self) -> Result<ValidationReport> {
        let _open = self.enter()?;
        let runtime = runtime::CallRuntime::new()?;
        let (client, note) = self.client(&runtime, self.cancel_token(), Meter::default())?;
        let settings = self.snapshot();
        runtime.get().block_on(probe::validate(
            client,
            &*self.credentials,
            note.as_deref(),
            &settings,
        ))
    }

    /// Brings the directory up to date with the org, or resumes an unfinished run. It reads only what changed since
    /// the last complete run, unless a full run is requested or necessary; the report says why. Only a full run
    /// notices deleted users.
    ///
    /// Blocks until the run ends. [`ErrorCode::Busy`] if a sync is already running. After an error readers see the
    /// directory as it was before.
    pub fn sync(&self, options: SyncOptions) -> Result<SyncReport> {
        let _open = self.enter()?;
        let _lease = self.lease()?;
        let notes = lock(&self.hand_over).notes_for_next_run();
        let report = self.run_on(&self.directory, options, notes.clone())?;
        lock(&self.hand_over).forget_notes(&notes);
        Ok(report)
    }

    fn lease(&self) -> Result<MutexGuard<'_, ()>> {
        let _turn = lock(&self.cluster_turn);
        self.lease_in_turn()
    }

    /// Takes the lease like [`Engine::lease`], for a caller that already has the cluster's turn.
    fn lease_in_turn(&self) -> Result<MutexGuard<'_, ()>> {
        leased(&self.sync_lease)
    }

    /// Runs a sync that writes to `directory`: the engine's own, or a copy for a dry run. `notes` are earlier
    /// warnings that the report of the run includes.
    fn run_on(&self, directory: &Directory, options: SyncOptions, notes: Vec<String>) -> Result<SyncReport> {
        let outcome = self.with_context(directory, options, |context| {
            self.progress.begin(context.meter.clone());
            sync::run(SyncContext { notes, ..context })
        });
        self.progress.end();
        outcome
    }

    fn with_context<T>(
        &self,
        directory: &Directory,
        options: SyncOptions,
        work: impl FnOnce(SyncContext<'_>) -> Result<T>,
    ) -> Result<T> {
        let settings = self.snapshot();
        let rules = parse_rules(settings.text(Key::MatchingRules))?;
        let cancel = self.cancel_token();
        let meter = Meter::default();
        let runtime = runtime::CallRuntime::new()?;
        let (client, _) = self.client(&runtime, cancel.clone(), meter.clone())?;
        work(SyncContext {
            directory,
            client,
            runtime: runtime.get(),
            settings: &settings,
            rules: &rules,
            options,
            cancel: &cancel,
            progress: &self.progress,
            meter,
            log: &self.log,
            notes: Vec::new(),
            group_events: None,
        })
    }

    /// The progress of the running sync; if none runs, the figures of the last one. Never blocks.
    pub fn progress(&self) -> Progress {
        self.progress.read()
    }

    /// Cancels the calls that run now. They return [`ErrorCode::Cancelled`]; a cancelled sync can be resumed.
    pub fn cancel(&self) {
        std::mem::take(&mut *lock(&self.cancel)).cancel();
    }

    /// The log lines after `position` (0 for all that are kept), at most `limit`, oldest first.
    pub fn log(&self, position: u64, limit: usize) -> Vec<LogLine> {
        self.log.after(position, limit)
    }

    fn enter(&self) -> Result<RwLockReadGuard<'_, bool>> {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        if *closed {
            return Err(Error::new(ErrorCode::InvalidHandle));
        }
        Ok(closed)
    }

    fn snapshot(&self) -> Settings {
        lock(&self.settings).clone()
    }

    fn rules(&self) -> Result<Vec<MatchRule>> {
        parse_rules(self.snapshot().text(Key::MatchingRules))
    }

    fn cancel_token(&self) -> CancelToken {
        lock(&self.cancel).clone()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            // No caller is left to get this error. The next opening recovers from the write-ahead log.
            self.log.warn(format!("closing failed: {error}"));
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("org_url", &self.org_url())
            .finish_non_exhaustive()
    }
}

/// Logs what opening did.
fn log_opening(log: &Log, opened: &OpenReport) {
    if opened.damaged_moved_to.is_some() {
        let saved = match opened.carried_over.as_slice() {
            [] => "nothing".to_owned(),
            saved => saved.join(", "),
        };
        log.warn(format!(
            "the directory file was damaged; it was moved aside and a new one was made; saved from the damaged one: {saved}"
        ));
    } else if opened.created {
        log.info("a new directory was made");
    }
}

/// How often `close` checks whether the calls that it cancelled have returned.
const CLOSE_POLL: std::time::Duration = std::time::Duration::from_millis(2);

/// Takes a lease, which only one call can hold at a time. Fails with *busy* if another call holds it.
fn leased(lease: &Mutex<()>) -> Result<MutexGuard<'_, ()>> {
    match lease.try_lock() {
        Ok(lease) => Ok(lease),
        Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => Err(Error::new(ErrorCode::Busy)),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each value is replaced as a whole, so a poisoned lock is safe to use.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
