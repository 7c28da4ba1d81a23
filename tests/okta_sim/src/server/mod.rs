//! The network side: two listeners, one for the org and one for the attacker's host.
//!
//! The first byte of a connection shows whether it is TLS or plain text. So a client that follows a link with the
//! wrong scheme is noticed and recorded.

mod paced_body;
mod resettable;
pub(crate) mod tls;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming as Body;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::api::Incoming;
use crate::api::reply::{Delivery, Reply};
use crate::org::Org;
use crate::request_log::RequestRecord;
use crate::respond::respond;
use paced_body::PacedBody;
use resettable::Resettable;

/// Largest request body that is read.
const MOST_REQUEST_BYTES: usize = 1 << 20;
/// How much of a new connection is read to find out its scheme.
const MOST_PEEKED_BYTES: usize = 4_096;
/// The first byte of a TLS handshake.
const TLS_HANDSHAKE: u8 = 0x16;

/// The host that a listener serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Host {
    Org,
    Attacker,
}

/// Accepts connections until the runtime is shut down.
pub(crate) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, org: Org, host: Host) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (tls, org) = (tls.clone(), org.clone());
        tokio::spawn(async move {
            // If a connection ends badly, the client reports that.
            let _ = connection(stream, tls, org, host).await;
        });
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, org: Org, host: Host) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut first = vec![0; MOST_PEEKED_BYTES];
    let length = stream.peek(&mut first).await?;
    let first = &first[..length];
    let handshake = first.first() == Some(&TLS_HANDSHAKE);
    if length == 0 {
        return Ok(());
    }
    if handshake != tls.is_some() {
        record_wrong_scheme(&org, first, handshake);
        return Ok(());
    }
    let reset = Arc::new(AtomicBool::new(false));
    let stream = Resettable::new(stream, reset.clone());
    match tls {
        Some(acceptor) => {
            let stream = acceptor.accept(stream).await?;
            let is_http_2 = stream.get_ref().1.alpn_protocol() == Some(tls::HTTP_2);
            serve(stream, is_http_2, org, host, reset).await
        }
        None => serve(stream, false, org, host, reset).await,
    }
}

/// Records a connection with the wrong scheme.
fn record_wrong_scheme(org: &Org, first: &[u8], handshake: bool) {
    let text = String::from_utf8_lossy(first).to_lowercase();
    let mut words = text.lines().next().unwrap_or("").split(' ');
    let mut word = || words.next().filter(|_| !handshake).unwrap_or("tls").to_owned();
    org.record_attack(RequestRecord {
        method: word().to_uppercase(),
        path_and_query: word(),
        status: 0,
        grant_type: None,
        arrived: org.0.started.elapsed(),
        at: org.0.started.elapsed(),
        had_credential: text.contains("\nauthorization:"),
        had_cookie: text.contains("\ncookie:"),
        faults: Vec::new(),
    });
}

async fn serve<S>(stream: S, is_http_2: bool, org: Org, host: Host, reset: Arc<AtomicBool>) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Body>| {
        let (org, reset) = (org.clone(), reset.clone());
        async move {
            let reply = match host {
                Host::Org => respond(&org, incoming(request).await?).await,
                Host::Attacker => trap(&org, incoming(request).await?),
            };
            match reply.delivery {
                Delivery::Reset => {
                    reset.store(true, Ordering::SeqCst);
                    Err(io::Error::from(io::ErrorKind::ConnectionReset))
                }
                Delivery::Never => std::future::pending().await,
                _ => response(reply),
            }
        }
    });
    if is_http_2 {
        return http2::Builder::new(TokioExecutor::new())
            .auto_date_header(false)
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
            .await
            .map_err(io::Error::other);
    }
    http1::Builder::new()
        .auto_date_header(false)
        .title_case_headers(true)
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await
        .map_err(io::Error::other)
}

/// The attacker's host answers like the org, to see which requests follow.
fn trap(org: &Org, request: Incoming) -> Reply {
    org.record_attack(RequestRecord {
        method: request.method,
        path_and_query: request.path_and_query,
        status: 200,
        grant_type: None,
        arrived: org.0.started.elapsed(),
        at: org.0.started.elapsed(),
        had_credential: request.authorization.is_some(),
        had_cookie: request.cookie,
        faults: Vec::new(),
    });
    Reply::json(200, &serde_json::json!([]))
}

async fn incoming(request: Request<Body>) -> io::Result<Incoming> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, MOST_REQUEST_BYTES).collect().await;
    let header = |name| {
        let value = head.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let query = head.uri.query().unwrap_or("");
    Ok(Incoming {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        path_and_query: head
            .uri
            .path_and_query()
            .map_or(String::new(), ToString::to_string),
        parameters: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        authorization: header(AUTHORIZATION),
        dpop: head
            .headers
            .get_all("dpop")
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect(),
        content_type: header(CONTENT_TYPE).unwrap_or_default(),
        cookie: header(COOKIE).is_some(),
        body: body.map_err(io::Error::other)?.to_bytes(),
    })
}

fn response(reply: Reply) -> io::Result<Response<PacedBody>> {
    let mut builder = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(*name, Bytes::from(value.clone()).as_ref());
    }
    let (body, announced) = PacedBody::of(reply.body, reply.delivery);
    if let Some(length) = announced {
        builder = builder.header("content-length", length);
    }
    builder.body(body).map_err(io::Error::other)
}
