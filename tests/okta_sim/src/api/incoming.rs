//! A request in the form that the API handlers need, and the endpoint that it is for.

use bytes::Bytes;

use super::rate_limit::Bucket;

/// The parts of a request that the handlers need.
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) path_and_query: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    /// The `DPoP` header lines.
    pub(crate) dpop: Vec<String>,
    pub(crate) content_type: String,
    pub(crate) cookie: bool,
    pub(crate) body: Bytes,
}

impl Incoming {
    /// The first value of a query parameter, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, _)| key == name)?;
        Some(&found.1)
    }

    /// The fields of a posted form, decoded.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Whether the header asks to leave out credentials, their links and transitions. The shortcut works only if
    /// all three are named.
    pub(crate) fn wants_slim_users(&self) -> bool {
        self.content_type.contains("okta-response")
            && [
                "omitCredentials",
                "omitCredentialsLinks",
                "omitTransitioningToStatus",
            ]
            .iter()
            .all(|wanted| {
                let mut words = self.content_type.split(|c: char| !c.is_ascii_alphanumeric());
                words.any(|word| word == *wanted)
            })
    }
}

/// The endpoints of the authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OAuthEndpoint {
    Authorize,
    /// The target of the buttons on the consent page.
    Consent,
    Token,
    Revoke,
    Introspect,
    Metadata,
    Keys,
}

/// All endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    WellKnown,
    OAuth(OAuthEndpoint),
    UsersList,
    Me,
    User(String),
    UserGroups(String),
    GroupsList,
    Group(String),
    GroupUsers(String),
    UserSchema(String),
    GroupSchema,
    UserTypes,
    Org,
    EventHooks,
    EventHook(String),
    /// A hook, and the action on it.
    EventHookLifecycle(String, String),
    Logs,
    Unknown,
}

impl Endpoint {
    /// The endpoint of a path.
    pub(crate) fn of(path: &str) -> Endpoint {
        match path {
            "/.well-known/okta-organization" => return Endpoint::WellKnown,
            "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => {
                return Endpoint::OAuth(OAuthEndpoint::Metadata);
            }
            "/oauth2/v1/authorize" => return Endpoint::OAuth(OAuthEndpoint::Authorize),
            "/oauth2/v1/authorize/consent" => return Endpoint::OAuth(OAuthEndpoint::Consent),
            "/oauth2/v1/token" => return Endpoint::OAuth(OAuthEndpoint::Token),
            "/oauth2/v1/revoke" => return Endpoint::OAuth(OAuthEndpoint::Revoke),
            "/oauth2/v1/introspect" => return Endpoint::OAuth(OAuthEndpoint::Introspect),
            "/oauth2/v1/keys" => return Endpoint::OAuth(OAuthEndpoint::Keys),
            _ => {}
        }
        let Some(rest) = path.strip_prefix("/api/v1/") else {
            return Endpoint::Unknown;
        };
        let parts: Vec<String> = rest.split('/').map(decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts[..] {
            ["users"] => Endpoint::UsersList,
            ["users", "me"] => Endpoint::Me,
            ["users", id] => Endpoint::User(id.to_owned()),
            ["users", id, "groups"] => Endpoint::UserGroups(id.to_owned()),
            ["groups"] => Endpoint::GroupsList,
            ["groups", id] => Endpoint::Group(id.to_owned()),
            ["groups", id, "users"] => Endpoint::GroupUsers(id.to_owned()),
            ["meta", "schemas", "user", id] => Endpoint::UserSchema(id.to_owned()),
            ["meta", "schemas", "group", "default"] => Endpoint::GroupSchema,
            ["meta", "types", "user"] => Endpoint::UserTypes,
            ["org"] => Endpoint::Org,
            ["eventHooks"] => Endpoint::EventHooks,
            ["eventHooks", id] => Endpoint::EventHook(id.to_owned()),
            ["eventHooks", id, "lifecycle", action] => {
                Endpoint::EventHookLifecycle(id.to_owned(), action.to_owned())
            }
            ["logs"] => Endpoint::Logs,
            _ => Endpoint::Unknown,
        }
    }

    /// Whether it answers with pages of an array.
    pub(crate) fn is_listing(&self) -> bool {
        matches!(
            self,
            Endpoint::UsersList | Endpoint::GroupsList | Endpoint::GroupUsers(_)
        )
    }

    /// The rate limit bucket; metadata and keys have none.
    pub(crate) fn bucket(&self) -> Option<Bucket> {
        match self {
            Endpoint::WellKnown | Endpoint::OAuth(OAuthEndpoint::Metadata | OAuthEndpoint::Keys) => None,
            Endpoint::OAuth(_) => Some(Bucket::OAuth),
            Endpoint::UsersList | Endpoint::UserGroups(_) => Some(Bucket::Users),
            Endpoint::Me | Endpoint::User(_) => Some(Bucket::User),
            Endpoint::GroupsList | Endpoint::GroupUsers(_) => Some(Bucket::Groups),
            Endpoint::Group(_) => Some(Bucket::Group),
            Endpoint::Logs => Some(Bucket::Logs),
            Endpoint::UserSchema(_)
            | Endpoint::GroupSchema
            | Endpoint::UserTypes
            | Endpoint::Org
            | Endpoint::EventHooks
            | Endpoint::EventHook(_)
            | Endpoint::EventHookLifecycle(..)
            | Endpoint::Unknown => Some(Bucket::Generic),
        }
    }

    /// Whether it is about event hooks.
    pub(crate) fn is_event_hooks(&self) -> bool {
        matches!(
            self,
            Endpoint::EventHooks | Endpoint::EventHook(_) | Endpoint::EventHookLifecycle(..)
        )
    }

    /// The OAuth scope that this method needs at this endpoint.
    pub(crate) fn scope(&self, method: &str) -> Option<&'static str> {
        match self {
            _ if self.is_event_hooks() && method != "GET" => Some("okta.eventHooks.manage"),
            Endpoint::UsersList | Endpoint::Me | Endpoint::User(_) | Endpoint::UserGroups(_) => {
                Some("okta.users.read")
            }
            Endpoint::GroupsList | Endpoint::Group(_) | Endpoint::GroupUsers(_) => Some("okta.groups.read"),
            Endpoint::UserSchema(_) | Endpoint::GroupSchema => Some("okta.schemas.read"),
            Endpoint::UserTypes => Some("okta.userTypes.read"),
            Endpoint::Org => Some("okta.orgs.read"),
            Endpoint::EventHooks | Endpoint::EventHook(_) | Endpoint::EventHookLifecycle(..) => {
                Some("okta.eventHooks.read")
            }
            Endpoint::Logs => Some("okta.logs.read"),
            Endpoint::WellKnown | Endpoint::OAuth(_) | Endpoint::Unknown => None,
        }
    }
}

/// Decodes one segment of a path.
fn decode(segment: &str) -> String {
    // In a path a plus sign means a plus sign.
    let pair = format!("v={}", segment.replace('+', "%2B"));
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    decoded.map(|(_, value)| value.into_owned()).unwrap_or_default()
}
