//! The status of a user as one byte, with the proportions of a plausible org.

use super::draw::{Topic, mix};

/// A user's status: one byte for each of Okta's texts, and one for a status that no client knows yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    Staged,
    Provisioned,
    Active,
    Recovery,
    LockedOut,
    PasswordExpired,
    Suspended,
    Deprovisioned,
    /// Stands for a status that Okta may add one day.
    FutureState,
}

impl Status {
    pub(crate) const ALL: [Status; 9] = [
        Status::Staged,
        Status::Provisioned,
        Status::Active,
        Status::Recovery,
        Status::LockedOut,
        Status::PasswordExpired,
        Status::Suspended,
        Status::Deprovisioned,
        Status::FutureState,
    ];

    pub(crate) fn text(self) -> &'static str {
        match self {
            Status::Staged => "STAGED",
            Status::Provisioned => "PROVISIONED",
            Status::Active => "ACTIVE",
            Status::Recovery => "RECOVERY",
            Status::LockedOut => "LOCKED_OUT",
            Status::PasswordExpired => "PASSWORD_EXPIRED",
            Status::Suspended => "SUSPENDED",
            Status::Deprovisioned => "DEPROVISIONED",
            Status::FutureState => "FUTURE_STATUS",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Status> {
        Status::ALL
            .into_iter()
            .find(|status| status.text().eq_ignore_ascii_case(text))
    }

    /// The first status of a user. If `unknown_status`, one in 2,000 is unknown to clients.
    pub(crate) fn drawn(seed: u64, index: u32, unknown_status: bool) -> Status {
        let draw = mix(seed, Topic::Status as u64, u64::from(index)) % 2_000;
        match draw {
            0..200 => Status::Deprovisioned,
            200..300 => Status::Staged,
            300..380 => Status::Provisioned,
            380..420 => Status::Recovery,
            420..460 => Status::LockedOut,
            460..520 => Status::PasswordExpired,
            520..600 => Status::Suspended,
            600 if unknown_status => Status::FutureState,
            _ => Status::Active,
        }
    }
}
