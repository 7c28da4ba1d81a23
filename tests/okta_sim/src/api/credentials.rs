//! Who may ask for what: API tokens with a role each, and bearer tokens with scopes and a role.
//!
//! Order of refusal: no usable header, unknown or dead token, missing scope, missing role.

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
    /// Everything but event hooks.
    ReadOnlyAdmin,
    /// Users only.
    UserReader,
    /// Nothing: an empty users list, and 403 E0000006 elsewhere.
    RoleLess,
    /// Like `ReadOnlyAdmin`, but sees only part of the users: short and empty pages.
    GroupAdmin,
    /// The token is dead: 401 E0000011.
    Expired,
    /// Everything but event hooks, which the org has not bought: 401 E0000015.
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
        let hooks = *endpoint == Endpoint::EventHooks;
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

/// Which users a caller sees.
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

    /// A group admin sees two users of three, and none in every third block of 300.
    pub(crate) fn sees(self, index: u32) -> bool {
        match self {
            Visibility::All => true,
            Visibility::Part => !index.is_multiple_of(3) && index / 300 % 3 != 1,
            Visibility::Nothing => false,
        }
    }
}

struct Bearer {
    scopes: Vec<String>,
    role: Role,
}

/// All credentials the org knows.
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

    /// Gives an API token another role from now on.
    pub(crate) fn assign(&mut self, token: &str, role: Role) {
        self.api_tokens.insert(token.to_owned(), role);
    }

    /// A new bearer token.
    pub(crate) fn issue_bearer(&mut self, scopes: &[&str], role: Role) -> String {
        self.issued += 1;
        let token = format!("eyJ{}", secret(self.seed, 1_000 + self.issued, 120));
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        self.bearers.insert(token.clone(), Bearer { scopes, role });
        token
    }

    /// Makes a bearer token unknown.
    pub(crate) fn revoke_bearer(&mut self, token: &str) {
        self.bearers.remove(token);
    }

    /// What the caller sees, or why not.
    pub(crate) fn check(
        &self,
        authorization: Option<&str>,
        endpoint: &Endpoint,
        base_url: &str,
        path: &str,
    ) -> Result<Visibility, Reply> {
        if *endpoint == Endpoint::WellKnown {
            return Ok(Visibility::All);
        }
        let (scheme, token) = authorization
            .and_then(|header| header.split_once(' '))
            .ok_or_else(errors::invalid_session)?;
        let role = match scheme {
            "SSWS" => *self.api_tokens.get(token).ok_or_else(errors::invalid_token)?,
            "Bearer" => self.check_bearer(token, endpoint, base_url, path)?,
            _ => return Err(errors::invalid_session()),
        };
        match role.refusal(endpoint) {
            Some(refusal) => Err(refusal),
            None => Ok(role.visibility()),
        }
    }

    fn check_bearer(
        &self,
        token: &str,
        endpoint: &Endpoint,
        base_url: &str,
        path: &str,
    ) -> Result<Role, Reply> {
        let scope = endpoint.scope().unwrap_or("");
        let refuse = |status, error: &str, description: &str| {
            // Okta really writes http here, whatever the scheme; nobody should follow it.
            let realm = base_url.replacen("https://", "http://", 1);
            let challenge = format!(
                "Bearer authorization_uri=\"{realm}/oauth2/v1/authorize\", realm=\"{realm}\", \
                 scope=\"{scope}\", error=\"{error}\", error_description=\"{description}\", \
                 resource=\"{path}\""
            );
            Reply::empty(status).with_header("www-authenticate", challenge)
        };
        let bearer = self
            .bearers
            .get(token)
            .ok_or_else(|| refuse(401, "invalid_token", "The access token is invalid or expired."))?;
        // `manage` implies `read`.
        let manage = scope.replace(".read", ".manage");
        let granted = bearer.scopes.iter().any(|held| *held == scope || *held == manage);
        if scope.is_empty() || granted {
            return Ok(bearer.role);
        }
        let description = "The access token provided does not contain the required scopes.";
        Err(refuse(403, "insufficient_scope", description))
    }
}

/// The API token that each role starts with.
pub(crate) fn api_tokens(seed: u64) -> HashMap<Role, String> {
    let token = |&role: &Role| (role, format!("00{}", secret(seed, role as u64, 40)));
    Role::ALL.iter().map(token).collect()
}

fn secret(seed: u64, number: u64, length: usize) -> String {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-";
    let mut draw = Draw::new(seed, Topic::Token, number);
    (0..length).map(|_| char::from(*draw.pick(CHARACTERS))).collect()
}
