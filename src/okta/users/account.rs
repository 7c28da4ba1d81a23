//! The owner of a credential (`GET /api/v1/users/me`, Okta OpenAPI `getUser`). For an API token, it is the admin
//! who made the token. A service app has no owner.

use serde_json::Value;

use crate::contract::errors::Result;
use crate::okta::client::OktaClient;

/// The Okta id of the token's owner; none if the answer does not name one.
pub(in crate::okta) async fn owner_id(client: &OktaClient) -> Result<Option<String>> {
    let answer = client.get("/api/v1/users/me").await?;
    let user: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    Ok(user.get("id").and_then(Value::as_str).map(str::to_owned))
}
