//! A reply before it is sent: status, headers, body, and how the body is delivered.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

/// Makes the next piece of a body, `None` at the end.
pub(crate) type Pieces = Box<dyn FnMut() -> Option<Bytes> + Send + Sync>;

/// What will be sent.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) delivery: Delivery,
    pub(crate) page: Option<Box<PageLinks>>,
    /// False for the answer of a proxy or of another host, which does not have Okta's headers.
    pub(crate) from_okta: bool,
}

/// How a body reaches the client.
pub(crate) enum Delivery {
    Whole,
    /// Half of it, then the connection closes.
    Truncated,
    /// All of it, but the end of the body is never sent.
    Unended,
    /// Half of it, then nothing for a while, then the connection closes.
    Stalled(Duration),
    /// All of it in small pieces, over this time.
    Slow(Duration),
    /// Two gigabytes, with or without a `Content-Length`.
    Huge {
        announced: bool,
    },
    /// Made piece by piece while it is sent.
    Pieces(Pieces),
    /// The connection is reset without an answer.
    Reset,
    /// Nothing is ever sent.
    Never,
}

/// The position of a page and of the next one, for its `Link` headers.
pub(crate) struct PageLinks {
    pub(crate) path: String,
    /// The parameters of the request, without the cursor.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) after: Option<String>,
    pub(crate) next: Option<String>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Reply {
        Reply::text(status, Some("application/json"), body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: Option<&str>, body: String) -> Reply {
        let headers = content_type.map(|kind| ("content-type", kind.to_owned()));
        Reply {
            status,
            headers: headers.into_iter().collect(),
            body: Bytes::from(body),
            delivery: Delivery::Whole,
            page: None,
            from_okta: true,
        }
    }

    pub(crate) fn empty(status: u16) -> Reply {
        Reply::text(status, None, String::new())
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Reply {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_page(mut self, page: PageLinks) -> Reply {
        self.page = Some(Box::new(page));
        self
    }

    pub(crate) fn delivered(mut self, delivery: Delivery) -> Reply {
        self.delivery = delivery;
        self
    }
}
