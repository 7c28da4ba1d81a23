//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`. They do not list the scopes
//! of the management API.

use serde_json::json;

use super::scopes::OIDC_SCOPES;
use crate::api::Incoming;
use crate::api::reply::Reply;
use crate::org::Org;

pub(super) fn metadata(org: &Org, request: &Incoming) -> Reply {
    let known = |id: &str| org.oauth().app(id).is_some();
    if request.parameter("client_id").is_some_and(|id| !known(id)) {
        let body = json!({
            "errorCode": "invalid_client", "errorSummary": "Invalid value for 'client_id' parameter.",
            "errorLink": "invalid_client", "errorId": "oaeSimulatedErrorId000002", "errorCauses": [],
        });
        return Reply::json(400, &body);
    }
    let issuer = org.url();
    let methods = [
        "client_secret_basic",
        "client_secret_post",
        "client_secret_jwt",
        "private_key_jwt",
        "none",
    ];
    let algorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
    Reply::json(
        200,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/oauth2/v1/authorize"),
            "token_endpoint": format!("{issuer}/oauth2/v1/token"),
            "revocation_endpoint": format!("{issuer}/oauth2/v1/revoke"),
            "introspection_endpoint": format!("{issuer}/oauth2/v1/introspect"),
            "jwks_uri": format!("{issuer}/oauth2/v1/keys"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "scopes_supported": OIDC_SCOPES,
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_methods_supported": methods,
            "introspection_endpoint_auth_methods_supported": methods,
            "dpop_signing_alg_values_supported": algorithms,
        }),
    )
}
