//! The one error type of the engine and the stable, numbered table of its codes.
//!
//! [`ErrorCode`] is the table of number, class and sentence, from which C, Java and the reference are written. Code that
//! reacts to an error should read its [`ErrorClass`] instead of comparing codes. [`Error`] adds the details of one
//! failure. Its message says what failed, where, and what to do next. It never contains a token, a secret, a login or an
//! e-mail address.

use std::fmt;
use std::time::Duration;

pub use super::choices::ErrorClass;
use super::names;

/// Shorthand for results of the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $class:ident, $text:literal;)*) => {
        /// Every way a call can fail. Numbers are stable: a number is never given a new meaning.
        ///
        /// Blocks: 1xx caller, 2xx configuration and credentials, 3xx network and Okta, 4xx directory, 5xx sync, 9xx
        /// internal.
        #[allow(rustdoc::bare_urls)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(i32)]
        pub enum ErrorCode {
            $(#[doc = $text] $(#[$doc])* $name = $number,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the numbers.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];

            /// One sentence that tells an administrator what the code means and what to do.
            pub fn text(self) -> &'static str {
                match self { $(ErrorCode::$name => $text,)* }
            }

            /// What the caller can do about the error.
            pub fn class(self) -> ErrorClass {
                match self { $(ErrorCode::$name => ErrorClass::$class,)* }
            }

            /// The name of the variant, for example `TokenRejected`.
            pub fn variant(self) -> &'static str {
                match self { $(ErrorCode::$name => stringify!($name),)* }
            }
        }
    };
}

error_codes! {
    InvalidArgument = 100, Correct, "An argument is missing or out of range.";
    InvalidHandle = 101, Correct, "The handle was never given out or is already closed; use a handle only between opening and closing it.";
    InvalidUtf8 = 102, Correct, "A text argument is not valid UTF-8; encode every text as UTF-8.";
    Busy = 103, Later, "Another call on this engine is doing the same work; wait for it or cancel it.";
    Cancelled = 104, Resume, "The call was cancelled; what had been committed is kept and the next sync resumes.";
    NotFound = 105, Correct, "The directory has no entry with this key; check the key, or synchronize first.";
    NotConnected = 106, Reconnect, "No connection is set; give the Okta URL and a credential first.";
    UnknownSetting = 107, Correct, "There is no setting of this name; see the table of settings.";
    InvalidSetting = 108, Correct, "The value is outside the range of this setting; see the table of settings.";
    AbiMismatch = 109, AskAdministrator, "The library and its caller were built for different versions; install matching files.";
    NativeLibraryUnavailable = 110, AskAdministrator, "The native library could not be loaded into the host; check that it is there, is for this platform, and may be executed.";
    HostServiceMissing = 111, AskAdministrator, "The host lacks a service that this needs; host and plugin may be of versions that do not fit.";
    ResourcesExhausted = 112, AskAdministrator, "The system gives no more memory, threads or file descriptors; raise the limits of this process or lower its load, and try again.";

    OrgUrlInvalid = 200, Correct, "The Okta URL cannot be used; paste the address of your Okta org, such as https://example.okta.com.";
    OrgUrlNotHttps = 201, Correct, "The Okta URL must begin with https://; plain http would expose the credential.";
    NotAnOktaOrg = 202, Correct, "The host answers, but not as an Okta org; check the Okta URL.";
    CredentialMalformed = 203, Reconnect, "The credential cannot be right: it is empty or has blanks or control characters inside; copy it again.";
    TokenRejected = 204, Reconnect, "Okta does not accept the API token: it is wrong, revoked, unused for 30 days, or its owner is deactivated; create a new one under Security > API > Tokens.";
    AuthorizationRejected = 205, Reconnect, "Okta saw no usable credential in the request; check that no proxy removes the Authorization header.";
    AuthenticationFailed = 206, Reconnect, "Okta refused the sign-in; check the credential.";
    RoleMissing = 207, GrantRole, "The credential works, but the admin role behind it does not allow this; give the token's owner or the app a role that does.";
    ScopeMissing = 208, GrantScope, "The access token lacks a scope; grant it to the app in Okta under Okta API Scopes and connect again.";
    FeatureOff = 209, DoWithout, "This feature is not switched on in the Okta org; ask Okta or leave the feature unused.";
    OrgDeactivated = 210, AskAdministrator, "The Okta org is deactivated or no longer exists; check the Okta URL, or ask Okta to activate the org.";
    OrgMismatch = 211, Correct, "The directory belongs to another Okta org; use a new directory file for this one, or confirm it for one run if the directory is to change hands.";
    CaInvalid = 212, Correct, "The extra CA certificates cannot be read; give a PEM file with at least one certificate.";
    ProxyInvalid = 213, Correct, "The proxy setting cannot be used; give it as http://host:port.";
    AccessTokenInvalid = 214, Reconnect, "Okta does not accept the access token: it is expired or revoked; connect again.";
    DpopProofInvalid = 215, Reconnect, "Okta does not accept the DPoP proof; check the clock of this machine and connect again.";

    SignInEnded = 216, Reconnect, "The sign-in with Okta has ended: 90 days are over, or it was revoked, or an old refresh token was used; connect again.";
    ClientRejected = 217, Reconnect, "Okta does not accept the client id or the client secret; copy both again from the app in Okta.";
    ConsentRequired = 218, GrantScope, "Okta granted none of the scopes that were asked for; grant them to the app under Okta API Scopes and connect again.";
    AuthorizationUnknown = 219, Reconnect, "This answer of Okta belongs to no sign-in that was begun here, or to one that was used already or took too long; begin again.";
    AuthorizationDenied = 220, Reconnect, "Okta denied the authorization; check that the user is assigned to the app, may consent, and meets the sign-on policy.";
    RedirectUriRejected = 221, Reconnect, "Okta does not know this redirect URI; add it to the app's sign-in redirect URIs, letter by letter.";
    PkceRejected = 222, Reconnect, "Okta could not verify the PKCE code of this sign-in; begin again.";
    ScopeRejected = 223, GrantScope, "Okta does not know one of the scopes; check the setting oauth.scopes.";
    GrantNotAllowed = 224, Reconnect, "The app does not allow this grant; enable Authorization Code and Refresh Token for a Web app, or Client Credentials for a service app.";
    RefreshTokenMissing = 225, Reconnect, "Okta gave no refresh token; enable the grant Refresh Token in the app and connect again.";
    CodeRejected = 226, Reconnect, "Okta does not accept the authorization code: it is older than five minutes or was used already; begin again.";
    AssertionRejected = 227, Reconnect, "Okta does not accept the signature of the service app; check client id, key id and that the public key is registered with the app.";
    PrivateKeyInvalid = 228, Reconnect, "The private key cannot be used; give an RSA key of at least 2048 bits or an EC key on P-256 as unencrypted PEM (PKCS#8).";
    DpopRequired = 229, Reconnect, "The app demands DPoP; switch it on here or clear it in the app, and connect again.";
    TokenRequestRejected = 230, Reconnect, "Okta refused the form of the token request; please report this with the request id.";
    InteractionRequired = 231, Reconnect, "Okta needs the user to act: sign in, consent or confirm with another factor; begin again and follow Okta's pages.";
    ClockSkewed = 232, Reconnect, "The clocks of this machine and of Okta are too far apart for signed requests; set this machine's clock by NTP.";
    NotRevoked = 233, AskAdministrator, "The credential was erased here, but Okta could not be told; revoke the app's tokens in Okta.";
    AppInactive = 234, Reconnect, "The app is not active in Okta, or the user is not assigned to it; activate it and check its assignments.";
    AppWithoutRole = 235, GrantRole, "Okta lets the app in but shows it no users, because it has no admin role or too narrow a one; assign the Read-only Administrator role in the app under Admin roles.";
    ScopesNarrowed = 236, GrantScope, "Okta granted fewer scopes than were asked for; grant the missing ones to the app under Okta API Scopes and connect again.";
    SignInEnding = 237, Reconnect, "The sign-in with Okta ends within 14 days, whatever is refreshed; connect again before it does.";
    TokenNotBound = 238, Reconnect, "Okta gave a token that anybody could use, though one bound to a key (DPoP) was asked for; let the app require proof of possession (DPoP) in Okta, or connect without DPoP.";
    OrgUrlInternal = 239, Correct, "The Okta URL leads to an internal address, which is not allowed; give the address of your Okta org, or change the setting okta.internal_addresses.";

    NameNotResolved = 300, Retry, "The host name cannot be resolved; check the Okta URL and the DNS of this machine.";
    ConnectFailed = 301, Retry, "No connection could be made; check firewall, proxy and the Okta URL.";
    TlsFailed = 302, AskAdministrator, "The TLS connection failed; if a proxy inspects TLS, add its CA certificate to the settings.";
    ProxyFailed = 303, Retry, "The proxy refused or could not be reached; check the proxy settings.";
    TimedOut = 304, Retry, "No answer in time; check the network or raise the time-out.";
    ConnectionLost = 305, Retry, "The connection broke while the answer was read; the next attempt usually works.";
    BodyTooLarge = 306, AskAdministrator, "The answer is larger than allowed and was not read; something other than Okta may be answering.";
    NotJson = 307, Retry, "The answer is not JSON; a proxy or a sign-in page may be answering instead of Okta.";
    UnexpectedAnswer = 308, Report, "The answer is JSON but not of the expected form; look for a proxy that changes answers, or report it with the request id.";
    Redirected = 309, AskAdministrator, "The host answered with a redirect, which is not followed because a credential would go with it; check the Okta URL.";
    ForeignHost = 310, AskAdministrator, "Okta's answer points to another host, which is not followed because the credential would go with it; look for a proxy that changes answers, or report it with the request id.";
    CursorRepeated = 311, Report, "Okta handed out the same page position twice; the listing was stopped instead of looping; synchronize again, and report it with the request id if it stays.";
    CursorInvalid = 312, Resume, "Okta no longer knows the page position; this part of the listing is read again.";
    RateLimited = 313, Wait, "Okta's rate limit is used up; retry when its window ends, which takes a minute at most.";
    ConcurrencyLimited = 314, Wait, "Too many requests are in flight for this Okta org; retry shortly.";
    OktaUnavailable = 315, Retry, "Okta is temporarily unavailable or read-only; retry later.";
    OktaInternal = 316, Retry, "Okta answered with an internal error; retry, and give Okta support the request id if it stays.";
    SearchRefused = 317, Correct, "Okta refused the search expression; check the names in it.";
    SearchUnparsable = 318, Retry, "Okta cannot render some users after a schema change; retry later.";
    ValidationFailed = 319, Correct, "Okta refused the values that were sent; correct them.";
    OktaNotFound = 320, Correct, "Okta has no such object; check the id, since the object may have been deleted.";
    RequestRejected = 321, Report, "Okta refused the form of the request; please report this with the request id.";
    NotAllowedInState = 322, Correct, "Okta does not allow this in the object's current state; change the state in Okta first.";
    ExternallyOwned = 323, Correct, "Another source owns this profile or attribute; change it there.";
    Conflict = 324, Retry, "Okta reports a conflicting or unfinished change; retry later.";
    UnexpectedStatus = 325, Report, "The answer has an unexpected HTTP status; try again, and report it with the request id if it stays.";

    DirectoryOpenFailed = 400, AskAdministrator, "The directory file cannot be opened or created; check path and permissions.";
    DirectoryLocked = 401, Later, "Another engine or process has this directory open; close it first.";
    DirectoryTooNew = 402, AskAdministrator, "The directory was written by a newer version of okta-profiles; upgrade, or use a new file.";
    DirectoryCorrupt = 403, AskAdministrator, "The directory file is damaged; close it and synchronize again, which moves the damaged file aside and saves what it can.";
    DiskFull = 404, AskAdministrator, "There is no room on the disk or in its quota; free space and try again, an unfinished run resumes.";
    NetworkFileSystem = 405, AskAdministrator, "The directory must be on a local disk: SQLite's WAL is not safe on a network file system.";
    NotADirectory = 406, Correct, "The file is not an okta-profiles directory and was left as it was; check the path.";
    DirectoryIo = 407, AskAdministrator, "Reading or writing the directory file failed; check disk and permissions.";
    BackupFailed = 408, Correct, "The backup could not be written; the target must be a new file in an existing folder.";
    DirectoryBusy = 409, Later, "The directory stayed locked by a long-running write; retry.";

    SealingKeyWrong = 410, Reconnect, "The stored credential was sealed with another key; open the directory with the right key, or connect again.";
    CredentialDamaged = 411, Reconnect, "The stored credential is damaged; connect again.";
    SealingKeyUnavailable = 412, AskAdministrator, "The key file cannot be used; it must hold a key of 256 bits as 64 hexadecimal digits, readable by its owner only.";
    MirrorFailed = 413, AskAdministrator, "The mirrored credential cannot be read or written; check the path in credentials.mirror_file.";
    DirectoryMissing = 414, Correct, "Only connecting and synchronizing make a directory; check the path, or do one of these first.";
    ReadOnly = 415, Correct, "The directory was opened for reading only; open it to write for this.";
    ProfileDamaged = 416, Resume, "The stored profile of this user is damaged; a full sync takes it from Okta again.";
    SharedFolderFailed = 417, AskAdministrator, "The directory on the shared folder could not be written or read; check that the folder is there, is writable and has room.";

    NobodySeen = 500, GrantRole, "Okta showed no users at all; the admin role behind the credential most likely does not let it see them: assign the Read-only Administrator role and sync again. Nothing was changed.";
    TooManyAbsent = 501, Confirm, "Far more users vanished than expected, so nothing was changed; check the credential's role, or confirm for one run.";
    TooManyCleared = 502, Confirm, "An attribute became empty for far more users than expected, so nothing was changed; check the Okta schema, or confirm for one run.";
    JiraUsersEmpty = 503, Confirm, "An empty set of Jira users would end every match, so nothing was changed; confirm if this is meant.";
    MatchingRulesInvalid = 504, Correct, "The matching rules cannot be read; see matching.rules in the table of settings.";

    TooManyJiraUsersLost = 505, Confirm, "This hand-over of Jira users loses far more of them or of their matches than expected, so nothing was changed; check where the Jira users come from, or confirm for this hand-over.";

    ExportFailed = 515, Correct, "The export could not be written; the target must be a new file in an existing folder with room for it.";

    Internal = 900, Report, "An unexpected fault inside okta-profiles; please report it with the log.";
}

impl ErrorCode {
    /// The stable number.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The code with this number, if there is one.
    pub fn from_number(number: i32) -> Option<ErrorCode> {
        ErrorCode::ALL
            .iter()
            .copied()
            .find(|code| code.number() == number)
    }

    /// The block of the code: 1 caller, 2 configuration, 3 network and Okta, 4 directory, 5 sync, 9 internal.
    pub fn block(self) -> i32 {
        self.number() / 100
    }

    /// The name used in C and Java, for example `TOKEN_REJECTED`.
    pub fn name(self) -> String {
        names::upper_snake(self.variant())
    }
}

/// What went wrong: a code, a sentence for the administrator, and what Okta said about it.
#[derive(Clone)]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    code: ErrorCode,
    message: String,
    retry_after: Option<Duration>,
    okta_error_code: Option<String>,
    okta_request_id: Option<String>,
    missing_scope: Option<String>,
}

impl Error {
    /// An error of this code. The message is the sentence of the code.
    pub fn new(code: ErrorCode) -> Error {
        Error::with_message(code, code.text())
    }

    /// An error of this code with another message, which must not contain secrets or personal data.
    pub fn with_message(code: ErrorCode, message: impl Into<String>) -> Error {
        Error(Box::new(Details {
            code,
            message: message.into(),
            retry_after: None,
            okta_error_code: None,
            okta_request_id: None,
            missing_scope: None,
        }))
    }

    /// An error whose message is `what` and then the sentence of the code.
    pub fn about(code: ErrorCode, what: impl fmt::Display) -> Error {
        Error::with_message(code, format!("{what}: {}", code.text()))
    }

    /// A bug in this library. `what` names the assumption that was wrong.
    pub fn internal(what: impl fmt::Display) -> Error {
        Error::about(ErrorCode::Internal, what)
    }

    /// Adds the time after which a retry makes sense.
    pub fn retry_after(mut self, wait: Duration) -> Error {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds Okta's `errorCode` (kept only if it has Okta's form, `E` and digits, or is an OAuth error word).
    pub fn okta_error_code(mut self, code: &str) -> Error {
        let known_form = code.len() <= 40 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        self.0.okta_error_code = (known_form && !code.is_empty()).then(|| code.to_owned());
        self
    }

    /// Adds the value of `X-Okta-Request-Id` (kept only if it is short and printable).
    pub fn okta_request_id(mut self, id: Option<&str>) -> Error {
        let printable = |id: &&str| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_graphic() && b != b'@');
        self.0.okta_request_id = id.filter(printable).map(str::to_owned);
        self
    }

    /// Adds the name of the missing scope.
    pub fn missing_scope(mut self, scope: Option<&str>) -> Error {
        let known_form =
            |scope: &&str| scope.len() <= 200 && scope.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        self.0.missing_scope = scope.filter(known_form).map(str::to_owned);
        self
    }

    /// Puts `context` in front of the message.
    pub fn context(mut self, context: impl fmt::Display) -> Error {
        self.0.message = format!("{context}: {}", self.0.message);
        self
    }

    /// Appends to the message what to do, if only the caller knows it.
    pub fn hint(mut self, hint: impl fmt::Display) -> Error {
        self.0.message = format!("{} {hint}", self.0.message);
        self
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The sentence for the administrator.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The time after which a retry makes sense, if it is known.
    pub fn retry_after_hint(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Okta's own `errorCode`, if Okta sent one.
    pub fn okta_error(&self) -> Option<&str> {
        self.0.okta_error_code.as_deref()
    }

    /// Okta's request id. Okta's support needs it to find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.okta_request_id.as_deref()
    }

    /// The missing scope, if Okta named one.
    pub fn scope(&self) -> Option<&str> {
        self.0.missing_scope.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({} {})",
            self.0.message,
            self.0.code.number(),
            self.0.code.name()
        )?;
        if let Some(scope) = &self.0.missing_scope {
            write!(f, " [scope {scope}]")?;
        }
        if let Some(code) = &self.0.okta_error_code {
            write!(f, " [Okta {code}]")?;
        }
        if let Some(id) = &self.0.okta_request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ascending_unique_and_found_again() {
        let numbers: Vec<i32> = ErrorCode::ALL.iter().map(|code| code.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_number(code.number()), Some(*code));
        }
        assert_eq!(ErrorCode::from_number(0), None);
    }

    #[test]
    fn a_sentence_stands_behind_what_it_is_about() {
        for code in ErrorCode::ALL {
            let text = code.text();
            assert!(!text.contains("the message"), "{text} speaks of itself");
            assert!(text.ends_with('.'), "{text}");
        }
        let error = Error::about(ErrorCode::InvalidArgument, "http.proxy");
        assert_eq!(
            error.message(),
            "http.proxy: An argument is missing or out of range."
        );
    }

    #[test]
    fn what_comes_from_outside_is_kept_only_in_known_form() {
        let error = Error::new(ErrorCode::OktaInternal)
            .okta_error_code("user@example.com")
            .okta_request_id(Some("a b"));
        assert_eq!((error.okta_error(), error.request_id()), (None, None));
    }
}
