//! One request and one answer as plain data.
//!
//! `Debug` shows neither credential, body nor query: a request may be printed anywhere.

use std::fmt;

use url::Url;

use crate::http::Headers;
use crate::secret::Secret;

/// The methods that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads something.
    Get,
    /// Asks for tokens, creates something, or starts an action.
    Post,
    /// Replaces something.
    Put,
    /// Deletes something.
    Delete,
}

impl Method {
    /// The method as it stands in the request line.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// The `Authorization` header: `{scheme} {credential}`.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// `SSWS`, `Bearer`, `DPoP` or `Basic`.
    pub scheme: &'static str,
    /// What follows the scheme.
    pub credential: Secret,
}

/// A request. The caller has already checked that the credential may go to this host.
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address; https, or http to a loopback host.
    pub url: Url,
    /// All fields except those that the transport adds (`User-Agent`, `Accept-Encoding`, `Host`).
    pub headers: Headers,
    /// The credential, kept apart from the other fields so that nothing prints it.
    pub authorization: Option<Authorization>,
    /// The body; it may hold secrets.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A plain GET without credential.
    pub fn get(url: Url) -> Request {
        Request {
            method: Method::Get,
            url,
            headers: Headers::new(),
            authorization: None,
            body: None,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("headers", &self.headers)
            .field("authorization", &self.authorization)
            .finish_non_exhaustive()
    }
}

/// A complete answer of any status.
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header fields.
    pub headers: Headers,
    /// The body after decompression.
    pub body: Vec<u8>,
}

impl Response {
    /// Whether the answer is complete: status 200 only. 206 is a part, a proxy may have changed a 203, and 204 and
    /// 205 have no content.
    pub fn is_whole(&self) -> bool {
        self.status == 200
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_credential_query_and_body() {
        let mut request =
            Request::get(Url::parse("https://example.okta.com/a?login=user0001").expect("a URL"));
        request.authorization = Some(Authorization {
            scheme: "SSWS",
            credential: Secret::credential("00secret").expect("a credential"),
        });
        request.body = Some(b"client_secret=x".to_vec());
        let shown = format!("{request:?}");
        for hidden in ["00secret", "user0001", "client_secret"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
