//! The small numbers by which C and Java choose: kinds of look-up, views, search fields, run options.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::engine::{ClientSecret, Trial};
use crate::export::ExportFormat;
use crate::model::{ChangeFilter, Lookup, RunId, SearchField, SyncMode, SyncOptions, View};
use crate::secret::Secret;

/// Mark users absent even if more vanished than the limits allow.
pub const CONFIRM_ABSENT: u32 = 1;
/// Accept that an attribute became empty for more users than the limits allow.
pub const CONFIRM_CLEARED: u32 = 2;
/// Begin anew even if an unfinished run could be resumed.
pub const RESTART: u32 = 4;
/// Read every user.
pub const MODE_FULL: u32 = 8;
/// Read only what changed. Without this and the one before, the engine decides.
pub const MODE_DELTA: u32 = 16;

fn unknown(what: &str) -> Error {
    Error::about(ErrorCode::InvalidArgument, what)
}

/// Run options from their bits; an unknown bit is refused.
pub fn sync_options(flags: u32) -> Result<SyncOptions> {
    if flags & !(CONFIRM_ABSENT | CONFIRM_CLEARED | RESTART | MODE_FULL | MODE_DELTA) != 0 {
        return Err(unknown("an unknown flag of sync"));
    }
    let mode = match (flags & MODE_FULL != 0, flags & MODE_DELTA != 0) {
        (false, false) => SyncMode::Auto,
        (true, false) => SyncMode::Full,
        (false, true) => SyncMode::Delta,
        (true, true) => return Err(unknown("two modes of sync at once")),
    };
    Ok(SyncOptions {
        mode,
        confirm_absent: flags & CONFIRM_ABSENT != 0,
        confirm_cleared: flags & CONFIRM_CLEARED != 0,
        restart: flags & RESTART != 0,
    })
}

/// Bind the tokens to a key.
pub const DPOP: u32 = 1;
/// Sign in with the client secret that is stored.
pub const STORED_SECRET: u32 = 2;

/// Keep a new credential without trying it.
pub const UNTRIED: u32 = 4;
/// Try a new credential even where it replaces none.
pub const TRIED: u32 = 8;

/// When a new credential is tried; without a flag, when it replaces another. Both at once are refused.
pub fn trial(flags: u32) -> Result<Trial> {
    match flags {
        0 => Ok(Trial::WhenReplacing),
        TRIED => Ok(Trial::Always),
        UNTRIED => Ok(Trial::Never),
        _ => Err(unknown("an unknown flag of connecting")),
    }
}

/// Whether tokens of a service app are to be bound to a key, and when the app is tried.
pub fn service_app(flags: u32) -> Result<(bool, Trial)> {
    Ok((flags & DPOP != 0, trial(flags & !DPOP)?))
}

/// Whether tokens are to be bound to a key; an unknown bit is refused.
fn dpop(flags: u32) -> Result<bool> {
    match flags {
        0 => Ok(false),
        DPOP => Ok(true),
        _ => Err(unknown("an unknown flag of connecting")),
    }
}

/// With what client secret to sign in, and whether tokens are to be bound to a key.
pub fn sign_in(secret: Option<&Secret>, flags: u32) -> Result<(ClientSecret<'_>, bool)> {
    let secret = match (secret, flags & STORED_SECRET != 0) {
        (None, false) => ClientSecret::Public,
        (Some(secret), false) => ClientSecret::Given(secret),
        (None, true) => ClientSecret::Stored,
        (Some(_), true) => return Err(unknown("a client secret beside the stored one")),
    };
    Ok((secret, dpop(flags & !STORED_SECRET)?))
}

/// A look-up: 1 Jira key, 2 Jira username, 3 Okta id, 4 login, 5 e-mail.
pub fn lookup(kind: i32, value: &str) -> Result<Lookup<'_>> {
    match kind {
        1 => Ok(Lookup::JiraKey(value)),
        2 => Ok(Lookup::JiraUsername(value)),
        3 => Ok(Lookup::OktaId(value)),
        4 => Ok(Lookup::Login(value)),
        5 => Ok(Lookup::Email(value)),
        _ => Err(unknown("an unknown kind of look-up")),
    }
}

/// A view by its number in the header.
pub fn view(number: i32) -> Result<View> {
    match number {
        0 => Ok(View::Matched),
        1 => Ok(View::OktaOnly),
        2 => Ok(View::JiraOnly),
        3 => Ok(View::Ambiguous),
        4 => Ok(View::JiraAmbiguous),
        5 => Ok(View::All),
        6 => Ok(View::Absent),
        7 => Ok(View::Deactivated),
        _ => Err(unknown("an unknown view")),
    }
}

/// A format by its number in the header: 1 CSV, 2 JSON lines.
pub fn export_format(number: i32) -> Result<ExportFormat> {
    match number {
        1 => Ok(ExportFormat::Csv),
        2 => Ok(ExportFormat::JsonLines),
        _ => Err(unknown("an unknown format")),
    }
}

/// A field to search: 1 name, 2 login, 3 e-mail by their beginnings; 4, 5, 6 the same anywhere inside.
pub fn search_field(field: i32) -> Result<SearchField> {
    match field {
        1 => Ok(SearchField::Name),
        2 => Ok(SearchField::Login),
        3 => Ok(SearchField::Email),
        4 => Ok(SearchField::InsideName),
        5 => Ok(SearchField::InsideLogin),
        6 => Ok(SearchField::InsideEmail),
        _ => Err(unknown("an unknown field to search")),
    }
}

/// Which changes: an empty text and 0 let all through.
pub fn change_filter(okta_id: &str, run: i64, since: i64, until: i64) -> ChangeFilter<'_> {
    let moment = |millis: i64| (millis != 0).then_some(UnixMillis(millis));
    ChangeFilter {
        okta_id: (!okta_id.is_empty()).then_some(okta_id),
        run: (run != 0).then_some(RunId(run)),
        since: moment(since),
        until: moment(until),
    }
}

/// A number of rows; negative ones are refused here, too large ones by the engine.
pub fn limit(limit: i32) -> Result<usize> {
    usize::try_from(limit).map_err(|_| unknown("a negative limit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_numbers_are_refused() {
        for number in [-1, 100, i32::MIN, i32::MAX] {
            assert!(view(number).is_err() && lookup(number, "x").is_err() && search_field(number).is_err());
            assert!(export_format(number).is_err());
        }
        let secret = Secret::text("s".to_owned());
        assert!(dpop(STORED_SECRET).is_err() && sign_in(None, 4).is_err());
        assert!(
            trial(TRIED | UNTRIED).is_err() && trial(DPOP).is_err() && service_app(STORED_SECRET).is_err()
        );
        assert!(matches!(service_app(DPOP | TRIED), Ok((true, Trial::Always))));
        assert!(
            sign_in(None, STORED_SECRET | DPOP).is_ok() && sign_in(Some(&secret), STORED_SECRET).is_err()
        );
        assert!(sync_options(32).is_err() && sync_options(24).is_err() && sync_options(23).is_ok());
    }
}
