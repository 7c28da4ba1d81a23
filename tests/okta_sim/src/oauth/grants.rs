//! Authorization codes, sign-ins and their refresh tokens: single use, rotation, grace period, reuse, and the end
//! of a sign-in.

use std::collections::HashMap;

use super::{OAuthApp, RefreshTokens};
use crate::api::credentials::secret;

/// What the user has agreed to; it waits until the client exchanges the code.
pub(super) struct Code {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<String>,
    expires: i64,
    /// The sign-in that the code was exchanged for.
    used_for: Option<usize>,
}

/// One sign-in of a user. All its refresh tokens belong together.
pub(super) struct SignIn {
    pub(super) client_id: String,
    pub(super) scopes: Vec<String>,
    /// Thumbprint of the key that the tokens are bound to.
    pub(super) key: Option<String>,
    pub(super) began: i64,
    pub(super) ends: i64,
    over: bool,
    /// The refresh tokens, oldest first; each but the last one with the time when the next one was issued.
    tokens: Vec<(String, Option<i64>)>,
}

/// Why a code or a refresh token is refused.
pub(super) enum Dishonoured {
    /// It is unknown or expired, or its sign-in has ended.
    Invalid,
    /// It was used again, which ends the whole sign-in.
    Reused(usize),
}

/// All codes and sign-ins.
pub(super) struct Grants {
    seed: u64,
    minted: u64,
    codes: HashMap<String, Code>,
    sign_ins: Vec<SignIn>,
    /// For each refresh token, its sign-in and its place there.
    places: HashMap<String, (usize, usize)>,
    pub(super) reuses: u64,
}

impl Grants {
    pub(super) fn new(seed: u64) -> Grants {
        Grants {
            seed,
            minted: 0,
            codes: HashMap::new(),
            sign_ins: Vec::new(),
            places: HashMap::new(),
            reuses: 0,
        }
    }

    fn mint(&mut self, length: usize) -> String {
        self.minted += 1;
        secret(self.seed, 1_000_000_000 + self.minted, length)
    }

    /// A code for the agreement of a user.
    pub(super) fn issue_code(
        &mut self,
        app: &OAuthApp,
        redirect_uri: &str,
        scopes: Vec<String>,
        challenge: Option<&str>,
        now: i64,
    ) -> String {
        let text = self.mint(43);
        let code = Code {
            client_id: app.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            challenge: challenge.map(str::to_owned),
            expires: now + millis(app.code_lifetime),
            used_for: None,
        };
        self.codes.insert(text.clone(), code);
        text
    }

    /// A code that is valid now.
    pub(super) fn code(&self, text: &str, now: i64) -> Result<&Code, Dishonoured> {
        let code = self.codes.get(text).ok_or(Dishonoured::Invalid)?;
        match code.used_for {
            Some(sign_in) => Err(Dishonoured::Reused(sign_in)),
            None if now >= code.expires => Err(Dishonoured::Invalid),
            None => Ok(code),
        }
    }

    /// Uses up a code and begins the sign-in.
    pub(super) fn begin_sign_in(
        &mut self,
        code: &str,
        app: &OAuthApp,
        key: Option<String>,
        now: i64,
    ) -> usize {
        let number = self.sign_ins.len();
        let mut scopes = Vec::new();
        if let Some(code) = self.codes.get_mut(code) {
            code.used_for = Some(number);
            scopes.clone_from(&code.scopes);
        }
        self.sign_ins.push(SignIn {
            client_id: app.client_id.clone(),
            scopes,
            key,
            began: now,
            ends: now + millis(app.sign_in_lifetime),
            over: false,
            tokens: Vec::new(),
        });
        number
    }

    pub(super) fn sign_in(&self, number: usize) -> &SignIn {
        &self.sign_ins[number]
    }

    /// A new refresh token of a sign-in; it replaces the earlier one.
    pub(super) fn issue_refresh_token(&mut self, number: usize, now: i64) -> String {
        let text = self.mint(43);
        let tokens = &mut self.sign_ins[number].tokens;
        if let Some((_, superseded)) = tokens.last_mut() {
            superseded.get_or_insert(now);
        }
        tokens.push((text.clone(), None));
        self.places.insert(text.clone(), (number, tokens.len() - 1));
        text
    }

    /// The sign-in of a refresh token that is valid now: the newest token, or an older one within its grace period.
    pub(super) fn honour(&self, app: &OAuthApp, refresh_token: &str, now: i64) -> Result<usize, Dishonoured> {
        let &(number, place) = self.places.get(refresh_token).ok_or(Dishonoured::Invalid)?;
        let sign_in = &self.sign_ins[number];
        if sign_in.over || now >= sign_in.ends || sign_in.client_id != app.client_id {
            return Err(Dishonoured::Invalid);
        }
        let grace = match app.refresh_tokens {
            RefreshTokens::Persistent => 0,
            RefreshTokens::Rotating { grace } => millis(grace),
        };
        match sign_in.tokens[place].1 {
            Some(superseded) if now > superseded + grace => Err(Dishonoured::Reused(number)),
            _ => Ok(number),
        }
    }

    /// The refresh token for the answer to an exchange.
    pub(super) fn next_refresh_token(
        &mut self,
        app: &OAuthApp,
        number: usize,
        used: &str,
        now: i64,
    ) -> String {
        match app.refresh_tokens {
            RefreshTokens::Persistent => used.to_owned(),
            RefreshTokens::Rotating { .. } => self.issue_refresh_token(number, now),
        }
    }

    /// Ends a sign-in.
    pub(super) fn end(&mut self, number: usize) {
        self.sign_ins[number].over = true;
    }

    /// Ends all sign-ins and returns their numbers.
    pub(super) fn end_all(&mut self) -> Vec<usize> {
        for sign_in in &mut self.sign_ins {
            sign_in.over = true;
        }
        (0..self.sign_ins.len()).collect()
    }

    /// The sign-in of a refresh token, valid or not.
    pub(super) fn owner(&self, refresh_token: &str) -> Option<usize> {
        self.places.get(refresh_token).map(|(number, _)| *number)
    }

    /// How many sign-ins there were, and how many are valid at `now`.
    pub(super) fn counts(&self, now: i64) -> (usize, usize) {
        let alive = |sign_in: &&SignIn| !sign_in.over && now < sign_in.ends;
        (self.sign_ins.len(), self.sign_ins.iter().filter(alive).count())
    }
}

fn millis(time: std::time::Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}
