//! The status of the credential, begun sign-ins, settings.

use super::form::{RecordForm, field};
use super::values::words;
use crate::contract::columns::Column as C;
use crate::contract::page::Page;
use crate::contract::settings::SettingInForce;
use crate::model::{AuthorizationRequest, TokenStatus};

/// The credential and how long it is valid.
pub static TOKEN_STATUS: RecordForm<TokenStatus> = RecordForm {
    java: "TokenStatus",
    about: "What an administrator may see of the credential. It contains no secret.",
    fields: &[
        field("kind", C::CredentialKind, |status| status.kind.into()),
        field("org_url", C::OrgUrl, |status| (&status.org_url).into()),
        field("client_id", C::ClientId, |status| (&status.client_id).into()),
        field("scopes", C::GrantedScopes, |status| words(&status.scopes)),
        field("access_token_obtained", C::TokenObtained, |status| {
            status.access_token_obtained.into()
        }),
        field("access_token_expires", C::AccessTokenExpires, |status| {
            status.access_token_expires.into()
        }),
        field("sign_in_ends", C::SignInEnds, |status| status.sign_in_ends.into()),
        field("sign_in_warning", C::SignInWarning, |status| {
            status.sign_in_warning.into()
        }),
        field("dpop", C::Dpop, |status| status.dpop.into()),
        field("problem", C::CredentialProblem, |status| status.problem.into()),
    ],
};

/// A begun sign-in.
pub static AUTHORIZATION_REQUEST: RecordForm<AuthorizationRequest> = RecordForm {
    java: "AuthorizationRequest",
    about: "A sign-in that was begun.",
    fields: &[
        field("url", C::AuthorizationUrl, |request| (&request.url).into()),
        field("state", C::AuthorizationState, |request| (&request.state).into()),
        field("expires", C::AuthorizationExpires, |request| {
            request.expires.into()
        }),
    ],
};

/// A setting with its present value.
pub static SETTING: RecordForm<SettingInForce> = RecordForm {
    java: "Setting",
    about: "A setting with its present value.",
    fields: &[
        field("key", C::Name, |setting| setting.key.into()),
        field("value", C::Value, |setting| (&setting.value).into()),
        field("source", C::SettingSource, |setting| setting.source.into()),
        field("default_value", C::SettingDefault, |setting| {
            setting.default.into()
        }),
        field("meaning", C::SettingMeaning, |setting| setting.meaning.into()),
    ],
};

/// The credential and how long it is valid, one row.
pub fn token_status(status: &TokenStatus) -> Page {
    TOKEN_STATUS.page([status])
}

/// A begun sign-in, one row.
pub fn authorization_request(request: &AuthorizationRequest) -> Page {
    AUTHORIZATION_REQUEST.page([request])
}

/// Settings with their values and the sources of the values.
pub fn settings(settings: &[SettingInForce]) -> Page {
    SETTING.page(settings)
}
