//! Checks whether Okta accepts the credential, with a request that every credential of its kind may send.

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{CredentialKind, Outcome, TokenStatus};
use crate::okta::client::OktaClient;
use crate::okta::users::account;

/// An accepted credential and its owner.
pub(in crate::okta) struct Shown {
    pub(in crate::okta) outcome: Outcome,
    pub(in crate::okta) advice: &'static str,
    /// The Okta id of the credential's owner, or the client id of a service app.
    pub(in crate::okta) owner: String,
}

/// Asks whose credential it is. A service app has no owner, so it requests one user instead, as a sync does.
pub(in crate::okta) async fn show(client: &OktaClient, status: &TokenStatus) -> Result<Shown> {
    let let_in = |outcome, advice, owner: &str| Shown {
        outcome,
        advice,
        owner: owner.to_owned(),
    };
    if status.kind == CredentialKind::ServiceApp {
        let asked = client.get("/api/v1/users?limit=1").await.map(drop);
        asked.or_else(alive)?;
        return Ok(let_in(
            Outcome::Ok,
            "Okta accepts the service app.",
            &status.client_id,
        ));
    }
    let owner = match account::owner_id(client).await {
        Ok(owner) => owner,
        Err(error) => alive(error).map(|()| None)?,
    };
    Ok(match (status.kind, owner) {
        (CredentialKind::Oauth, Some(owner)) => let_in(Outcome::Ok, "Okta accepts the sign-in.", &owner),
        (CredentialKind::Oauth, None) => {
            let advice = "Okta accepts the sign-in but does not show whose it is.";
            let_in(Outcome::Warning, advice, "")
        }
        (_, Some(owner)) => let_in(Outcome::Ok, "Okta accepts the API token.", &owner),
        (_, None) => {
            let advice = "Okta accepts the API token but does not show its owner.";
            let_in(Outcome::Warning, advice, "")
        }
    })
}

/// Fails unless Okta accepts the credential.
pub async fn accepts(client: &OktaClient, status: &TokenStatus) -> Result<()> {
    show(client, status).await.map(drop)
}

/// Turns a refusal of this one request into success: Okta has accepted the credential, and other checks find out
/// what it may do.
fn alive(error: Error) -> Result<()> {
    match error.code() {
        ErrorCode::RoleMissing | ErrorCode::FeatureOff | ErrorCode::ScopeMissing => Ok(()),
        _ => Err(error),
    }
}
