//! The settings: one table of key, default, range and meaning.
//!
//! Settings cross every boundary as texts of key and value, so a new setting never changes the ABI. A test compares
//! docs/reference/settings.md with this table.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

pub use crate::contract::choices::SettingSource;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::spelling::{did_you_mean, quoted};

/// Which values a setting may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number within these bounds.
    Integer {
        /// The smallest value.
        min: u64,
        /// The greatest value.
        max: u64,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Any text; empty means not set.
    Text,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name, for example `sync.page_size`.
    pub key: &'static str,
    /// The value that is used if nobody has set another one.
    pub default: &'static str,
    /// Which values it may have.
    pub kind: Kind,
    /// What the setting is for, with the unit.
    pub meaning: &'static str,
}

macro_rules! settings {
    ($($name:ident = $key:literal, $default:literal, $kind:expr, $meaning:literal;)*) => {
        /// The name of a setting inside the engine.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = $meaning] $name,)*
        }

        /// Every setting, in the order of [`Key`].
        pub const SETTINGS: &[Setting] = &[
            $(Setting { key: $key, default: $default, kind: $kind, meaning: $meaning },)*
        ];
    };
}

const fn integer(min: u64, max: u64) -> Kind {
    Kind::Integer { min, max }
}

/// A setting that is on or off.
const SWITCH: Kind = Kind::Choice(&["off", "on"]);

settings! {
    HttpConnectTimeout = "http.connect_timeout_seconds", "10", integer(1, 300), "Longest wait for a connection, in seconds.";
    HttpReadTimeout = "http.read_timeout_seconds", "30", integer(1, 600), "Longest time without new data while an answer is read, in seconds.";
    HttpRequestTimeout = "http.request_timeout_seconds", "120", integer(1, 3600), "Longest duration of one request with its answer, in seconds.";
    HttpMaxBody = "http.max_body_bytes", "33554432", integer(65_536, 1_073_741_824), "Largest answer that is read, in bytes after decompression.";
    HttpProxy = "http.proxy", "", Kind::Text, "Proxy for requests to Okta, as http://host:port; empty for none, `system` to use HTTPS_PROXY and NO_PROXY of the environment.";
    HttpNoProxy = "http.no_proxy", "", Kind::Text, "Hosts reached without the proxy, separated by commas, blanks or |; a leading dot or *. means every subdomain, host:443 means one port only.";
    HttpCaFile = "http.ca_file", "", Kind::Text, "File with extra CA certificates (PEM) that are trusted as well as those of the system.";
    InternalAddresses = "okta.internal_addresses", "loopback", Kind::Choice(&["none", "loopback", "all"]), "Which internal addresses may be the Okta URL: none (for production servers), loopback (this machine, for tests, where plain http is allowed), or all (private networks too).";
    OauthScopes = "oauth.scopes", "", Kind::Text, "Scopes to request, separated by blanks; if empty, the scopes of the switched-on features.";
    OauthTimeout = "oauth.timeout_seconds", "10", integer(1, 25), "Longest wait for an answer of the token endpoint, in seconds; shorter than the grace period of a rotated refresh token.";
    OauthAuthorizationLifetime = "oauth.authorization_lifetime_seconds", "900", integer(1, 86_400), "Longest time from the begin of a sign-in until Okta sends the user back, in seconds.";
    CredentialsMirrorFile = "credentials.mirror_file", "", Kind::Text, "File with a second copy of the encrypted credential, for the nodes of a cluster that share one sign-in; empty for none.";
    DirectoryLockWait = "directory.lock_wait_seconds", "0", integer(0, 600), "How long opening waits for another owner of the directory to close it, in seconds.";
    RetryMaxAttempts = "retry.max_attempts", "8", integer(1, 50), "How many times one request is tried before the run is interrupted.";
    RetryBaseDelay = "retry.base_delay_ms", "500", integer(1, 60_000), "First wait before a retry, in milliseconds; it doubles with each attempt.";
    RetryMaxDelay = "retry.max_delay_seconds", "60", integer(1, 3600), "Longest wait before a retry that Okta did not ask for, in seconds.";
    RateLimitMaxWait = "rate_limit.max_wait_seconds", "120", integer(1, 3600), "Longest wait for a rate-limit window, in seconds, even if Okta names a later reset.";
    RateLimitReserve = "rate_limit.reserve_percent", "10", integer(0, 90), "Share of each rate limit that is left to other clients of the org, in percent.";
    SyncPageSize = "sync.page_size", "200", integer(1, 200), "Number of users on one page; smaller for some time after a time-out of Okta.";
    SyncMaxInFlight = "sync.max_in_flight", "16", integer(1, 64), "Greatest number of simultaneous requests for users; smaller while Okta is slow or reports too many requests.";
    SyncResumeMaxAge = "sync.resume_max_age_hours", "24", integer(0, 720), "An interrupted run that is older than this, in hours, is dropped, and a new run begins.";
    SyncFullEvery = "sync.full_every_hours", "24", integer(0, 8_760), "A sync in the mode auto is a full run if the last full run is older than this, in hours; 0 means always.";
    SyncDeltaOverlap = "sync.delta_overlap_seconds", "300", integer(0, 86_400), "How far before the last seen change a delta run begins to read, in seconds; it must be longer than the delay of Okta's search index.";
    SweepMaxAbsentPercent = "sweep.max_absent_percent", "20", integer(0, 100), "A run is refused if more than this share of the users disappeared, in percent.";
    SweepMaxAbsentUsers = "sweep.max_absent_users", "10000", integer(0, 100_000_000), "A run is refused if more than this number of users disappeared.";
    SweepMaxClearedPercent = "sweep.max_cleared_percent", "50", integer(0, 100), "A run is refused if one attribute became empty for more than this share of the users that had it, in percent.";
    SweepMaxClearedUsers = "sweep.max_cleared_users", "20000", integer(0, 100_000_000), "A run is refused if one attribute became empty for more than this number of users.";
    SweepAlwaysAllowed = "sweep.always_allowed_users", "10", integer(0, 1_000_000), "Up to this number of users may always disappear, lose an attribute or lose their match, whatever the percentages are.";
    SweepMaxJiraLossPercent = "sweep.max_jira_loss_percent", "20", integer(0, 100), "A hand-over of Jira users is refused if it removes more than this share of the Jira users, or ends more than this share of the matches, in percent.";
    SweepMaxJiraLossUsers = "sweep.max_jira_loss_users", "10000", integer(0, 100_000_000), "A hand-over of Jira users is refused if it removes more than this number of Jira users, or ends more than this number of matches.";
    SweepPurgeAfter = "sweep.purge_after_days", "30", integer(0, 36_500), "Absent users are erased after this many days, at the end of a complete run.";
    ChangesKeep = "changes.keep_days", "400", integer(1, 36_500), "How long changes stay in the change feed, in days.";
    RunsKeep = "runs.keep", "200", integer(1, 100_000), "How many finished runs the history keeps.";
    MatchingRules = "matching.rules", "login=username, email=email, login_local_part=username", Kind::Text, "Matching rules in order, separated by commas: login=username, email=email, login_local_part=username, attribute:NAME=username|email|key.";
    Retain = "retain", "all", Kind::Choice(&["all", "matched"]), "Which Okta users are stored: all, or only users that are or could be tied to a Jira user (matched).";
    AttributesKeep = "attributes.keep", "", Kind::Text, "Profile attributes to store, separated by commas; empty for all. Login, e-mail and the attributes that matching rules and managers need are always stored.";
    AttributesDrop = "attributes.drop", "", Kind::Text, "Profile attributes that are never stored, separated by commas, even if attributes.keep names them.";
    AttributesIndexed = "attributes.indexed", "department", Kind::Text, "Profile attributes with an index, separated by commas: users are found by them quickly. A search by another attribute reads the profiles of all matched users.";
    GroupsSync = "groups.sync", "off", SWITCH, "Whether groups and their members are read; needs the scope okta.groups.read or a role that may view groups.";
    GroupsTypes = "groups.types", "OKTA_GROUP, APP_GROUP, BUILT_IN", Kind::Text, "Types of the groups that are read, separated by commas; empty for every type.";
    GroupsNamePrefix = "groups.name_prefix", "", Kind::Text, "Only groups whose name begins with this text are read; upper and lower case are equal; empty for all.";
    GroupsOnlyMatched = "groups.only_with_matched_members", "off", SWITCH, "Whether listings leave out groups without a member that is tied to a Jira user.";
    GroupsWholeAfter = "groups.whole_listing_after_hours", "24", integer(0, 8_760), "After this many hours all groups are listed again, which finds deleted ones; until then only groups that changed are listed.";
    Live = "live", "off", Kind::Choice(&["off", "log", "hook"]), "Where Okta's events come from: nowhere (off); the System Log, which is polled (log); or an event hook, which sends them to an address of this side (hook).";
    LiveInterval = "live.interval_seconds", "15", integer(5, 600), "With live=log, the time between two polls of the System Log, in seconds; longer if polls would take more than a quarter of its rate limit.";
    LiveSecretHeader = "live.secret_header", "X-Okta-Profiles-Secret", Kind::Text, "With live=hook, the name of the header in which Okta sends the secret; it cannot be Authorization, which servers and gateways interpret themselves.";
    SchemasSync = "schemas.sync", "on", SWITCH, "Whether user types and schemas are read, for titles of attributes; needs the scope okta.schemas.read, and okta.userTypes.read for types other than the default one, or a role that may view them.";
    SchemasMaxAge = "schemas.max_age_hours", "24", integer(0, 8_760), "User types and schemas are read again after this many hours.";
    ManagersAttribute = "managers.attribute", "managerId", Kind::Text, "Profile attribute that names the manager of a user; empty for none.";
    ManagersRefersTo = "managers.refers_to", "login", Kind::Text, "What managers.attribute contains: id (Okta's), login or email of the manager, or the name of a profile attribute such as employeeNumber.";
}

/// The settings in force. A value from a call comes before the value that the directory stores, and that comes before
/// the default. A clone is cheap; each call uses the settings as they were when it began.
#[derive(Clone)]
pub struct Settings {
    given: Vec<Option<String>>,
    kept: Vec<Option<String>>,
}

/// A setting with its value, for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingInForce {
    /// The name.
    pub key: &'static str,
    /// The value in force; a password in a proxy's address is left out.
    pub value: String,
    /// Where it comes from.
    pub source: SettingSource,
    /// The value that is used if nobody has set another one.
    pub default: &'static str,
    /// What the setting is for, with the unit.
    pub meaning: &'static str,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            given: vec![None; SETTINGS.len()],
            kept: vec![None; SETTINGS.len()],
        }
    }
}

impl Settings {
    /// Sets one value. Unknown keys and values outside the range are refused and change nothing.
    pub fn set(&mut self, key: &str, value: &str) -> Result<()> {
        let index = index_of(key)?;
        self.given[index] = Some(checked(index, value)?);
        Ok(())
    }

    /// Notes a value that the directory stores. It is refused for the reasons of [`Settings::set`], and if the directory
    /// may not store it.
    pub fn store(&mut self, key: &str, value: &str) -> Result<()> {
        let index = index_of(key)?;
        let value = checked(index, value)?;
        if let Some(why) = not_to_be_kept(key, &value) {
            return Err(Error::with_message(
                ErrorCode::InvalidSetting,
                format!("{key} cannot be kept in the directory: {why}"),
            ));
        }
        self.kept[index] = Some(value);
        Ok(())
    }

    /// Notes that the directory no longer stores a value.
    pub fn forget(&mut self, key: &str) -> Result<()> {
        self.kept[index_of(key)?] = None;
        Ok(())
    }

    /// Every setting with its value, in the order of the table.
    pub fn in_force(&self) -> Vec<SettingInForce> {
        let setting = |(index, setting): (usize, &Setting)| SettingInForce {
            key: setting.key,
            value: without_password(self.at(index)),
            source: match (&self.given[index], &self.kept[index]) {
                (Some(_), _) => SettingSource::Call,
                (None, Some(_)) => SettingSource::Directory,
                (None, None) => SettingSource::Default,
            },
            default: setting.default,
            meaning: setting.meaning,
        };
        SETTINGS.iter().enumerate().map(setting).collect()
    }

    fn at(&self, index: usize) -> &str {
        let chosen = self.given[index].as_deref().or(self.kept[index].as_deref());
        chosen.unwrap_or(SETTINGS[index].default)
    }

    /// The value in force for a key given as text.
    pub fn get(&self, key: &str) -> Result<&str> {
        Ok(self.at(index_of(key)?))
    }

    /// The value of a text setting; empty if not set.
    pub fn text(&self, key: Key) -> &str {
        self.at(key as usize)
    }

    /// Whether anybody has set the setting.
    pub fn is_set(&self, key: Key) -> bool {
        self.given[key as usize].is_some() || self.kept[key as usize].is_some()
    }

    /// Whether the setting is on.
    pub fn is_on(&self, key: Key) -> bool {
        self.text(key) == "on"
    }

    /// The names in a text setting, which are separated by commas.
    pub fn names(&self, key: Key) -> Vec<String> {
        let names = self.text(key).split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The value of a whole-number setting.
    pub fn integer(&self, key: Key) -> u64 {
        // `set` accepts only numbers, and a test checks the defaults.
        self.text(key).parse().unwrap_or_default()
    }

    /// A setting in seconds as a span.
    pub fn seconds(&self, key: Key) -> Duration {
        Duration::from_secs(self.integer(key))
    }

    /// A setting in milliseconds as a span.
    pub fn millis(&self, key: Key) -> Duration {
        Duration::from_millis(self.integer(key))
    }

    /// A setting in hours as a span.
    pub fn hours(&self, key: Key) -> Duration {
        Duration::from_secs(self.integer(key) * 3_600)
    }

    /// A setting in days as a span.
    pub fn days(&self, key: Key) -> Duration {
        Duration::from_secs(self.integer(key) * 86_400)
    }
}

impl fmt::Debug for Settings {
    /// Shows the keys that differ from the defaults, without values, because the address of a proxy may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changed = SETTINGS.iter().enumerate();
        let changed = changed.filter(|(index, setting)| setting.default != self.at(*index));
        f.debug_list()
            .entries(changed.map(|(_, setting)| setting.key))
            .finish()
    }
}

/// A value within the range of a setting, without outer blanks.
fn checked(index: usize, value: &str) -> Result<String> {
    let setting = &SETTINGS[index];
    let value = value.trim();
    let takes = match setting.kind {
        Kind::Integer { min, max } => {
            let number: Option<u64> = value.parse().ok();
            let fits = number.is_some_and(|number| (min..=max).contains(&number));
            (!fits).then(|| format!("a whole number from {min} to {max}"))
        }
        Kind::Choice(words) => (!words.contains(&value)).then(|| words.join(" or ")),
        Kind::Text => None,
    };
    match takes {
        Some(takes) => {
            let what = format!("{} takes {takes}", setting.key);
            Err(Error::about(ErrorCode::InvalidSetting, what))
        }
        None => Ok(value.to_owned()),
    }
}

/// Why a directory must not store this value; none if it may.
fn not_to_be_kept(key: &str, value: &str) -> Option<&'static str> {
    if key == SETTINGS[Key::DirectoryLockWait as usize].key {
        return Some("it is needed before the directory is open; give it with each call");
    }
    let has_password = without_password(value) != value;
    (key == SETTINGS[Key::HttpProxy as usize].key && has_password)
        .then_some("it holds a password; give it with each call, or use `system` and the environment")
}

/// An address without its user and password; any other text unchanged.
fn without_password(value: &str) -> String {
    let address = value.split_once("://").and_then(|(scheme, rest)| {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (_, host) = authority.rsplit_once('@')?;
        Some(format!("{scheme}://{host}{path}"))
    });
    address.unwrap_or_else(|| value.to_owned())
}

fn index_of(key: &str) -> Result<usize> {
    SETTINGS
        .iter()
        .position(|setting| setting.key == key)
        .ok_or_else(|| unknown(key))
}

fn unknown(key: &str) -> Error {
    let meant = did_you_mean(key, SETTINGS.iter().map(|setting| setting.key));
    let end = if meant.is_empty() {
        "; see the table of settings."
    } else {
        ""
    };
    let what = format!("There is no setting {}{meant}{end}", quoted(key));
    Error::with_message(ErrorCode::UnknownSetting, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_range() {
        let mut settings = Settings::default();
        for setting in SETTINGS {
            settings.set(setting.key, setting.default).expect(setting.key);
        }
        assert_eq!(settings.integer(Key::SyncPageSize), 200);
        assert_eq!(settings.text(Key::HttpProxy), "");
    }

    #[test]
    fn debug_output_hides_values() {
        let mut settings = Settings::default();
        settings
            .set("http.proxy", "http://user:secret@proxy:3128")
            .expect("any text");
        assert_eq!(format!("{settings:?}"), r#"["http.proxy"]"#);
    }

    #[test]
    fn an_unknown_setting_is_named_and_the_nearest_one_suggested() {
        let error = Settings::default().set("group.sync", "on").expect_err("unknown");
        assert_eq!(
            error.message(),
            "There is no setting `group.sync`; did you mean `groups.sync`?"
        );
        let error = Settings::default().set("colour", "red").expect_err("unknown");
        assert_eq!(
            error.message(),
            "There is no setting `colour`; see the table of settings."
        );
    }

    #[test]
    fn a_call_goes_before_the_directory_and_the_directory_before_the_default() {
        let mut settings = Settings::default();
        let shown = |settings: &Settings| {
            let all = settings.in_force();
            let retain = all
                .into_iter()
                .find(|setting| setting.key == "retain")
                .expect("retain");
            (retain.value, retain.source)
        };
        assert_eq!(shown(&settings), ("all".to_owned(), SettingSource::Default));
        settings.store("retain", " matched ").expect("a choice");
        assert_eq!(shown(&settings), ("matched".to_owned(), SettingSource::Directory));
        settings.set("retain", "all").expect("a choice");
        assert_eq!(shown(&settings), ("all".to_owned(), SettingSource::Call));
        assert_eq!(settings.text(Key::Retain), "all");
        settings.forget("retain").expect("known");
        assert_eq!(shown(&settings), ("all".to_owned(), SettingSource::Call));
    }

    #[test]
    fn what_is_secret_or_needed_earlier_is_not_kept() {
        let mut settings = Settings::default();
        for (key, value) in [
            ("directory.lock_wait_seconds", "5"),
            ("http.proxy", "http://user:secret@proxy:3128"),
            ("http.proxy", "http://secret@proxy:3128/"),
            ("retain", "some"),
        ] {
            let error = settings.store(key, value).expect_err(value);
            assert_eq!(error.code(), ErrorCode::InvalidSetting);
            assert!(!error.message().contains("secret"), "{error}");
        }
        settings
            .store("http.proxy", "http://proxy:3128")
            .expect("no password");
        settings
            .set("http.proxy", "http://user:secret@proxy:3128")
            .expect("for a call");
        let shown = settings
            .in_force()
            .into_iter()
            .find(|setting| setting.key == "http.proxy");
        assert_eq!(shown.expect("the proxy").value, "http://proxy:3128");
        assert_eq!(settings.text(Key::HttpProxy), "http://user:secret@proxy:3128");
    }

    #[test]
    fn bad_values_change_nothing() {
        let mut settings = Settings::default();
        for (key, value, code) in [
            ("sync.page_size", "201", ErrorCode::InvalidSetting),
            ("sync.page_size", "many", ErrorCode::InvalidSetting),
            ("groups.sync", "yes", ErrorCode::InvalidSetting),
            ("sync.pages", "1", ErrorCode::UnknownSetting),
        ] {
            assert_eq!(settings.set(key, value).expect_err(key).code(), code);
        }
        assert_eq!(settings.integer(Key::SyncPageSize), 200);
    }
}
