//! Finds out whether an org returns only the requested attributes of users.
//!
//! Only the org's answers show that. So the same users are requested in both ways. If the answers differ in any
//! way, the directory requests whole users.

use crate::contract::errors::{ErrorCode, Result};
use crate::model::OktaUser;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::user_fields::UserFields;
use crate::okta::users;

/// The users whose two answers are compared.
const SAMPLE: &str = "/api/v1/users?limit=20&search=status+pr";

/// Whether the org honours these fields: the same users, requested whole and with fields, must be equal, and the
/// second answer must be smaller. Only a cancel is an error; any other problem means no.
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
