//! Token status and begun sign-ins as rows.

use super::cells::{time, truth};
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{AuthorizationRequest, TokenStatus};

/// What Okta is asked with, one row.
pub fn token_status(status: &TokenStatus) -> Page {
    let mut page = Page::new(&[
        C::CredentialKind,
        C::OrgUrl,
        C::ClientId,
        C::GrantedScopes,
        C::TokenObtained,
        C::AccessTokenExpires,
        C::SignInEnds,
        C::SignInWarning,
        C::Dpop,
        C::CredentialProblem,
    ]);
    page.push(vec![
        Cell::text(status.kind.name()),
        Cell::text(&status.org_url),
        Cell::text(&status.client_id),
        Cell::text(&status.scopes.join(" ")),
        time(status.access_token_obtained),
        time(status.access_token_expires),
        time(status.sign_in_ends),
        truth(status.sign_in_warning),
        truth(status.dpop),
        Cell::Integer(status.problem.into()),
    ]);
    page
}

/// A begun sign-in, one row.
pub fn authorization_request(request: &AuthorizationRequest) -> Page {
    let mut page = Page::new(&[
        C::AuthorizationUrl,
        C::AuthorizationState,
        C::AuthorizationExpires,
    ]);
    page.push(vec![
        Cell::text(&request.url),
        Cell::text(&request.state),
        time(Some(request.expires)),
    ]);
    page
}
