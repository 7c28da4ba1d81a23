//! Finds out whether an org honours a request for only the wanted attributes of users.
//!
//! Only the org's answers show that. So the same users are asked for both ways; if the answers differ in any way, the
//! directory asks for whole users.

use crate::contract::errors::{ErrorCode, Result};
use crate::model::OktaUser;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::user_fields::UserFields;
use crate::okta::users;

/// Users that both answers are compared by.
const SAMPLE: &str = "/api/v1/users?limit=20&search=status+pr";

/// Whether the org honours these fields: the same users, asked for whole and projected, must come out
/// the same, and in fewer bytes. Only a cancel is an error; whatever else happens means no.
pub async fn is_honoured(client: &OktaClient, fields: &UserFields) -> Result<bool> {
    let whole = UserFields::whole(fields.filter().clone());
    let (whole, projected) = (whole.ask(SAMPLE), fields.ask(SAMPLE));
    let mut seen: Vec<(Vec<OktaUser>, usize)> = Vec::new();
    for target in [&whole, &projected] {
        let read = client.ask(&Ask::new(target).headers(&[users::OMIT])).await;
        let users = read.and_then(|answer| {
            let size = answer.body.len();
            Ok((users::decode(&answer.body, fields.filter())?.items, size))
        });
        match users {
            Ok(users) => seen.push(users),
            Err(error) if error.code() == ErrorCode::Cancelled => return Err(error),
            Err(_) => return Ok(false),
        }
    }
    let [(whole, size), (projected, projected_size)] = seen.as_slice() else {
        return Ok(false);
    };
    Ok(!whole.is_empty() && whole == projected && projected_size < size)
}
