//! Entry points of the fuzz targets: the parsers of the authorization server's answers, and of the private keys
//! that administrators enter.

use std::time::Duration;

use crate::http::{Headers, Response};
use crate::oauth::authorization_request::Callback;
use crate::oauth::jws::Signer;
use crate::oauth::refusal::{self, Asked};
use crate::oauth::token_answer::TokenAnswer;
use crate::secret::Secret;

pub(crate) fn answer(kind: u8, body: &[u8]) {
    drop(serde_json::from_slice::<TokenAnswer>(body));
    let response = Response {
        status: 400 + u16::from(kind),
        headers: Headers::new(),
        body: body.to_vec(),
    };
    let asked = match kind % 4 {
        0 => Asked::Code,
        1 => Asked::Refresh,
        2 => Asked::ClientCredentials,
        _ => Asked::AboutToken,
    };
    drop(refusal::from_response(
        &response,
        asked,
        kind % 2 == 0,
        Duration::from_secs(60),
    ));
}

pub(crate) fn callback(text: &str) {
    drop(Callback::parse(text));
}

pub(crate) fn private_key(text: &str) {
    drop(Signer::from_pem(&Secret::text(text.to_owned())));
}
