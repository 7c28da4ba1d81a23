//! Decides who may request what: each API token has a role, and each bearer token has scopes and a role.
//!
//! The order of refusals: no usable header, unknown or expired token, missing scope, missing role.

use std::collections::HashMap;

use super::errors;
use super::incoming::Endpoint;
use super::reply::Reply;
use crate::population::draw::{Draw, Topic};

/// What the owner of a credential may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Everything.
    SuperAdmin,
    /// Everything except event hooks.
    ReadOnlyAdmin,
    /// Users only.
    UserReader,
    /// Nothing: an empty users list, and 403 E0000006 elsewhere.
    RoleLess,
    /// Like `ReadOnlyAdmin`, but sees only some of the users, on short and empty pages.
    GroupAdmin,
    /// The token has expired: 401 E0000011.
    Expired,
    /// Everything except event hooks, which the org does not have: 401 E0000015.
    FeatureOff,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Role] = &[
        Role::SuperAdmin,
        Role::ReadOnlyAdmin,
        Role::UserReader,
        Role::RoleLess,
        Role::GroupAdmin,
        Role::Expired,
        Role::FeatureOff,
    ];

    /// The snake_case name.
    pub fn name(self) -> &'static str {
        match self {
            Role::SuperAdmin => "super_admin",
            Role::ReadOnlyAdmin => "read_only_admin",
            Role::UserReader => "user_reader",
            Role::RoleLess => "role_less",
            Role::GroupAdmin => "group_admin",
            Role::Expired => "expired",
            Role::FeatureOff => "feature_off",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.name() == name)
    }

    fn refusal(self, endpoint: &Endpoint) -> Option<Reply> {
        let about_users = matches!(
            endpoint,
            Endpoint::UsersList | Endpoint::Me | Endpoint::User(_) | Endpoint::UserGroups(_)
        );
        let hooks = endpoint.is_event_hooks();
        match self {
            Role::SuperAdmin => None,
            Role::ReadOnlyAdmin | Role::GroupAdmin => hooks.then(errors::forbidden),
            Role::UserReader => (!about_users).then(errors::forbidden),
            Role::RoleLess => (*endpoint != Endpoint::UsersList).then(errors::forbidden),
            Role::Expired => Some(errors::invalid_token()),
            Role::FeatureOff => hooks.then(errors::feature_off),
        }
    }

    fn visibility(self) -> Visibility {
        match self {
            Role::SuperAdmin | Role::ReadOnlyAdmin | Role::UserReader | Role::FeatureOff => Visibility::All,
            Role::GroupAdmin => Visibility::Part,
            Role::RoleLess | Role::Expired => Visibility::Nothing,
        }
    }
}

/// Which users a caller may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    All,
    Part,
    Nothing,
}

impl Visibility {
    pub(crate) fn sees_nobody(self) -> bool {
        self == Visibility::Nothing
    }

    /// A group admin sees two of three users, and none in every third block of 300.
    pub(crate) fn sees(self, index: u32) -> bool {
        match self {
            Visibility::All => true,
            Visibility::Part => !index.is_multiple_of(3) && index / 300 % 3 != 1,
            Visibility::Nothing => false,
        }
    }
}

/// An OAuth access token.
pub(crate) struct Bearer {
    pub(crate) scopes: Vec<String>,
    pub(crate) role: Role,
    /// Milliseconds since 1970, like all times in this file.
    pub(crate) expires: i64,
    pub(crate) issued: i64,
    pub(crate) client_id: String,
    /// The sign-in that the token belongs to; none if there was none.
    pub(crate) sign_in: Option<usize>,
    /// Thumbprint of the key that the token is bound to.
    pub(crate) key: Option<String>,
}

/// The credential that a caller of the management API sends.
pub(crate) struct Presented<'a> {
    pub(crate) authorization: Option<&'a str>,
    /// The result of checking its DPoP proof: the thumbprint of a key, or why the proof is refused.
    pub(crate) proof: Option<Result<String, &'static str>>,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) now: i64,
}

/// All credentials of the org.
pub(crate) struct Credentials {
    seed: u64,
    api_tokens: HashMap<String, Role>,
    bearers: HashMap<String, Bearer>,
    issued: u64,
}

impl Credentials {
    pub(crate) fn new(seed: u64) -> Credentials {
        let tokens = api_tokens(seed).into_iter();
        let api_tokens = tokens.map(|(role, token)| (token, role)).collect();
        Credentials {
            seed,
            api_tokens,
            bearers: HashMap::new(),
            issued: 0,
        }
    }

    /// Changes the role of an API token.
    pub(crate) fn assign(&mut self, token: &str, role: Role) {
        self.api_tokens.insert(token.to_owned(), role);
    }

    /// A new bearer token that never expires.
    pub(crate) fn issue_bearer(&mut self, scopes: &[&str], role: Role) -> String {
        self.issue(Bearer {
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            role,
            expires: i64::MAX,
            issued: 0,
            client_id: String::new(),
            sign_in: None,
            key: None,
        })
    }

    /// A new access token.
    pub(crate) fn issue(&mut self, bearer: Bearer) -> String {
        self.issued += 1;
        let token = format!("eyJ{}", secret(self.seed, 1_000 + self.issued, 120));
        self.bearers.insert(token.clone(), bearer);
        token
    }

    /// A known access token, expired or not.
    pub(crate) fn bearer(&self, token: &str) -> Option<&Bearer> {
        self.bearers.get(token)
    }

    /// Deletes all access tokens of a sign-in.
    pub(crate) fn revoke_sign_in(&mut self, number: usize) {
        self.bearers.retain(|_, bearer| bearer.sign_in != Some(number));
    }

    /// Lets all access tokens expire now.
    pub(crate) fn expire_bearers(&mut self, now: i64) {
        for bearer in self.bearers.values_mut() {
            bearer.expires = bearer.expires.min(now);
        }
    }

    /// Deletes a bearer token.
    pub(crate) fn revoke_bearer(&mut self, token: &str) {
        self.bearers.remove(token);
    }

    /// The users that the caller may see, or the refusal.
    pub(crate) fn check(
        &self,
        presented: &Presented<'_>,
        endpoint: &Endpoint,
        base_url: &str,
    ) -> Result<Visibility, Reply> {
        if *endpoint == Endpoint::WellKnown {
            return Ok(Visibility::All);
        }
        let (scheme, token) = presented
            .authorization
            .and_then(|header| header.split_once(' '))
            .ok_or_else(errors::invalid_session)?;
        let role = match scheme {
            "SSWS" => *self.api_tokens.get(token).ok_or_else(errors::invalid_token)?,
            "Bearer" | "DPoP" => {
                let scope = endpoint.scope(presented.method).unwrap_or_default();
                self.check_bearer(scheme, token, presented, scope)
                    .map_err(|refused| refused.reply(scheme, scope, base_url, presented.path))?
            }
            _ => return Err(errors::invalid_session()),
        };
        match role.refusal(endpoint) {
            Some(refusal) => Err(refusal),
            None => Ok(role.visibility()),
        }
    }

    fn check_bearer(
        &self,
        scheme: &str,
        token: &str,
        presented: &Presented<'_>,
        scope: &str,
    ) -> Result<Role, Refused> {
        let live = self
            .bearers
            .get(token)
            .filter(|bearer| presented.now < bearer.expires);
        let unknown = Refused(401, "invalid_token", "The access token is invalid or expired.");
        let bearer = live.ok_or(unknown)?;
        check_binding(bearer, scheme, presented)?;
        // `manage` implies `read`.
        let manage = scope.replace(".read", ".manage");
        let granted = bearer.scopes.iter().any(|held| *held == scope || *held == manage);
        if scope.is_empty() || granted {
            return Ok(bearer.role);
        }
        let description = "The access token provided does not contain the required scopes.";
        Err(Refused(403, "insufficient_scope", description))
    }
}

/// Checks that the caller has the key that the token is bound to.
fn check_binding(bearer: &Bearer, scheme: &str, presented: &Presented<'_>) -> Result<(), Refused> {
    match (&bearer.key, scheme, &presented.proof) {
        (None, "Bearer", _) => Ok(()),
        (Some(_), "Bearer", _) => Err(Refused(
            400,
            "invalid_request",
            "The resource request must use the DPoP authentication scheme when using a DPoP bound token.",
        )),
        (_, _, None) => Err(Refused(
            400,
            "invalid_request",
            "The resource request requires a DPoP proof.",
        )),
        (_, _, Some(Err(reason))) => Err(Refused(400, "invalid_dpop_proof", reason)),
        (Some(bound), _, Some(Ok(shown))) if bound == shown => Ok(()),
        (_, _, Some(Ok(_))) => Err(Refused(
            400,
            "invalid_dpop_proof",
            "The access_token is not bound to the provided DPoP proof.",
        )),
    }
}

/// Why an access token is refused: status, error, description.
struct Refused(u16, &'static str, &'static str);

impl Refused {
    /// The body is empty; the challenge contains everything.
    fn reply(self, scheme: &str, scope: &str, base_url: &str, path: &str) -> Reply {
        let Refused(status, error, description) = self;
        // Okta really writes http here, even for https; a client must never follow this address.
        let realm = base_url.replacen("https://", "http://", 1);
        let algorithms = match scheme {
            "DPoP" => "algs=\"RS256 RS384 RS512 ES256 ES384 ES512\", ",
            _ => "",
        };
        let challenge = format!(
            "{scheme} {algorithms}authorization_uri=\"{realm}/oauth2/v1/authorize\", realm=\"{realm}\", \
             scope=\"{scope}\", error=\"{error}\", error_description=\"{description}\", \
             resource=\"{path}\""
        );
        Reply::empty(status).with_header("www-authenticate", challenge)
    }
}

/// The API token that each role starts with.
pub(crate) fn api_tokens(seed: u64) -> HashMap<Role, String> {
    let token = |&role: &Role| (role, format!("00{}", secret(seed, role as u64, 40)));
    Role::ALL.iter().map(token).collect()
}

/// A text that nobody can guess without the seed.
pub(crate) fn secret(seed: u64, number: u64, length: usize) -> String {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-";
    let mut draw = Draw::new(seed, Topic::Token, number);
    (0..length).map(|_| char::from(*draw.pick(CHARACTERS))).collect()
}
