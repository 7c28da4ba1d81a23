//! `/sim/oauth`: lets tests in other languages see and change the apps and sign-ins.

use std::time::Duration;

use serde_json::{Value, json};

use super::{OAuthApp, PublicKey, RefreshTokens};
use crate::api::Role;
use crate::org::Org;

/// The apps, the sign-ins, and how often tokens were reused.
pub(crate) fn state(org: &Org) -> Value {
    let now = org.clock_millis();
    let server = org.oauth();
    let (sign_ins, alive) = server.grants.counts(now);
    json!({
        "web": app_json(&server.web), "service": app_json(&server.service),
        "sign_ins": sign_ins, "sign_ins_alive": alive, "reuses": server.reuses(),
    })
}

fn app_json(app: &OAuthApp) -> Value {
    json!({
        "client_id": app.client_id, "client_secret": app.client_secret,
        "redirect_uris": app.redirect_uris, "granted_scopes": app.granted_scopes,
        "role": app.role.name(), "dpop_required": app.dpop_required,
    })
}

/// Makes the changes of the body; unknown names are refused.
pub(crate) fn change(org: &Org, body: &Value) -> Result<Value, String> {
    let wishes = body.as_object().ok_or("expected an object")?;
    for (name, wish) in wishes {
        match name.as_str() {
            "web" => change_app(wish, |edit| org.change_web_app(edit))?,
            "service" => change_app(wish, |edit| org.change_service_app(edit))?,
            "next_authorize_error" => {
                let text = |name: &str| wish[name].as_str().unwrap_or_default().to_owned();
                org.fail_next_authorize(&text("error"), &text("description"));
            }
            "renew_dpop_nonce" => org.renew_dpop_nonce(),
            "expire_access_tokens" => org.expire_access_tokens(),
            "end_sign_ins" => org.end_sign_ins(),
            other => return Err(format!("no change is called `{other}`")),
        }
    }
    Ok(json!({"ok": true}))
}

fn change_app(wish: &Value, apply: impl FnOnce(&mut dyn FnMut(&mut OAuthApp))) -> Result<(), String> {
    let mut outcome = Ok(());
    apply(&mut |app| outcome = edit(app, wish));
    outcome
}

fn edit(app: &mut OAuthApp, wish: &Value) -> Result<(), String> {
    for (name, value) in wish.as_object().ok_or("expected an object")? {
        let seconds = || value.as_u64().map(Duration::from_secs).ok_or("expected seconds");
        let switch = || value.as_bool().ok_or("expected true or false");
        match name.as_str() {
            "client_secret" => app.client_secret = value.as_str().unwrap_or_default().to_owned(),
            "redirect_uris" => app.redirect_uris = texts(value)?,
            "granted_scopes" => app.granted_scopes = texts(value)?,
            "public_keys" => {
                let keys = PublicKey::parse(&value.to_string());
                app.public_keys = keys.ok_or("expected a public key as JWK, or a set of them")?;
            }
            "rotation_grace_seconds" => app.refresh_tokens = RefreshTokens::Rotating { grace: seconds()? },
            "access_token_seconds" => app.access_token_lifetime = seconds()?,
            "sign_in_seconds" => app.sign_in_lifetime = seconds()?,
            "code_seconds" => app.code_lifetime = seconds()?,
            "consent_page" => app.consent_page = switch()?,
            "user_assigned" => app.user_assigned = switch()?,
            "dpop_required" => app.dpop_required = switch()?,
            "requires_pkce" => app.requires_pkce = switch()?,
            "refresh_token_grant" => app.refresh_token_grant = switch()?,
            "role" => {
                let role = value.as_str().and_then(Role::parse);
                app.role = role.ok_or("expected a role")?;
            }
            other => return Err(format!("no setting of an app is called `{other}`")),
        }
    }
    Ok(())
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let items = value.as_array().ok_or("expected an array of texts")?;
    let text = |item: &Value| item.as_str().map(str::to_owned);
    items
        .iter()
        .map(|item| text(item).ok_or_else(|| "expected an array of texts".to_owned()))
        .collect()
}
