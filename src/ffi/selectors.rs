//! Turns the numbers with which C and Java choose into values of the model. Refuses unknown numbers.

use crate::clock::UnixMillis;
use crate::contract::choices::{
    CandidatesOf, ConnectFlag, ExportFormat, LookupBy, PreviewOf, SearchField, SyncFlag, SyncMode, View,
};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::engine::{ClientSecret, Trial};
use crate::model::{ChangeFilter, Lookup, RunId, SyncOptions};
use crate::secret::Secret;

fn unknown(what: &str) -> Error {
    Error::about(ErrorCode::InvalidArgument, what)
}

/// Splits a sum into the known flags and the rest.
fn flags<F: Copy>(given: u32, known: &[F], bit: fn(F) -> i32) -> (Vec<F>, u32) {
    let bit = |flag: F| bit(flag).cast_unsigned();
    let set: Vec<F> = known
        .iter()
        .copied()
        .filter(|flag| given & bit(*flag) != 0)
        .collect();
    let rest = set.iter().fold(given, |rest, flag| rest & !bit(*flag));
    (set, rest)
}

/// Run options from the sum of flags and a mode. Unknown bits and two modes at once are refused.
pub fn sync_options(given: u32) -> Result<SyncOptions> {
    let (set, mode) = flags(given, &SyncFlag::ALL, SyncFlag::number);
    let mode = SyncMode::from_number(mode.cast_signed());
    Ok(SyncOptions {
        mode: mode.ok_or_else(|| unknown("an unknown flag of sync, or two modes at once"))?,
        confirm_absent: set.contains(&SyncFlag::ConfirmAbsent),
        confirm_cleared: set.contains(&SyncFlag::ConfirmCleared),
        confirm_org: set.contains(&SyncFlag::ConfirmOrg),
        restart: set.contains(&SyncFlag::Restart),
    })
}

fn connect_flags(given: u32) -> Result<Vec<ConnectFlag>> {
    match flags(given, &ConnectFlag::ALL, ConnectFlag::number) {
        (set, 0) => Ok(set),
        _ => Err(unknown(CONNECT)),
    }
}

const CONNECT: &str = "an unknown flag of connecting";

fn trial_of(flags: &[ConnectFlag]) -> Result<Trial> {
    match flags {
        [] => Ok(Trial::WhenReplacing),
        [ConnectFlag::Tried] => Ok(Trial::Always),
        [ConnectFlag::Untried] => Ok(Trial::Never),
        _ => Err(unknown(CONNECT)),
    }
}

/// When a new credential is tried; without a flag, when it replaces another. Both at once are refused.
pub fn trial(given: u32) -> Result<Trial> {
    trial_of(&connect_flags(given)?)
}

/// Removes a flag from those that are set. Returns whether it was set.
fn remove_flag(set: &mut Vec<ConnectFlag>, flag: ConnectFlag) -> bool {
    let before = set.len();
    set.retain(|own| *own != flag);
    set.len() < before
}

/// The options of a service app: whether its tokens are bound to a key, and when it is tried. Refused are a key
/// together with the flag for the stored key, and no key without that flag.
pub fn service_app(key: &Secret, given: u32) -> Result<(bool, Trial)> {
    let mut set = connect_flags(given)?;
    let kept = remove_flag(&mut set, ConnectFlag::StoredSecret);
    let dpop = remove_flag(&mut set, ConnectFlag::Dpop);
    match (kept, key.expose().is_empty()) {
        (true, false) => return Err(unknown("a private key together with the flag for the stored key")),
        (false, true) => {
            return Err(Error::about(
                ErrorCode::PrivateKeyInvalid,
                "no private key was given",
            ));
        }
        (true, true) | (false, false) => {}
    }
    Ok((dpop, trial_of(&set)?))
}

/// The client secret of a sign-in, and whether the tokens are bound to a key.
pub fn sign_in(secret: Option<&Secret>, given: u32) -> Result<(ClientSecret<'_>, bool)> {
    let mut set = connect_flags(given)?;
    let stored = remove_flag(&mut set, ConnectFlag::StoredSecret);
    let dpop = remove_flag(&mut set, ConnectFlag::Dpop);
    if !set.is_empty() {
        return Err(unknown(CONNECT));
    }
    match (secret, stored) {
        (None, false) => Ok((ClientSecret::Public, dpop)),
        (Some(secret), false) => Ok((ClientSecret::Given(secret), dpop)),
        (None, true) => Ok((ClientSecret::Stored, dpop)),
        (Some(_), true) => Err(unknown(
            "a client secret together with the flag for the stored secret",
        )),
    }
}

/// A look-up by its number in the header.
pub fn lookup(number: i32, value: &str) -> Result<Lookup<'_>> {
    let by = LookupBy::from_number(number).ok_or_else(|| unknown("an unknown kind of look-up"))?;
    Ok(Lookup::new(by, value))
}

/// A view by its number in the header.
pub fn view(number: i32) -> Result<View> {
    View::from_number(number).ok_or_else(|| unknown("an unknown view"))
}

/// A format by its number in the header.
pub fn export_format(number: i32) -> Result<ExportFormat> {
    ExportFormat::from_number(number).ok_or_else(|| unknown("an unknown format"))
}

/// A field to search by its number in the header.
pub fn search_field(number: i32) -> Result<SearchField> {
    SearchField::from_number(number).ok_or_else(|| unknown("an unknown field to search"))
}

/// Which pairs of a preview, by its number in the header.
pub fn preview_of(number: i32) -> Result<PreviewOf> {
    PreviewOf::from_number(number).ok_or_else(|| unknown("an unknown part of a preview"))
}

/// Whose candidates, by its number in the header.
pub fn side(number: i32) -> Result<CandidatesOf> {
    CandidatesOf::from_number(number).ok_or_else(|| unknown("an unknown side"))
}

/// A filter of changes. An empty text and 0 mean all.
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
            assert!(
                side(number).is_err()
                    && view(number).is_err()
                    && lookup(number, "x").is_err()
                    && search_field(number).is_err()
            );
            assert!(export_format(number).is_err());
        }
        let secret = Secret::text("s".to_owned());
        let bit = |flag: ConnectFlag| flag.number().cast_unsigned();
        let (dpop, stored) = (bit(ConnectFlag::Dpop), bit(ConnectFlag::StoredSecret));
        let (untried, tried) = (bit(ConnectFlag::Untried), bit(ConnectFlag::Tried));
        assert!(sign_in(None, untried).is_err() && sign_in(None, 16).is_err());
        let none = Secret::text(String::new());
        assert!(trial(tried | untried).is_err() && trial(dpop).is_err());
        assert!(service_app(&secret, stored).is_err() && service_app(&none, dpop).is_err());
        assert!(matches!(
            service_app(&secret, dpop | tried),
            Ok((true, Trial::Always))
        ));
        assert!(matches!(
            service_app(&none, stored),
            Ok((false, Trial::WhenReplacing))
        ));
        assert!(sign_in(None, stored | dpop).is_ok() && sign_in(Some(&secret), stored).is_err());
        assert!(sync_options(64).is_err() && sync_options(24).is_err() && sync_options(55).is_ok());
    }
}
