//! The loopback port on which a sign-in waits for Okta's answer (RFC 8252 §7.3). It serves a few plain HTTP requests of
//! the user's own browser, nothing more.
//!
//! Any web page and any user of this machine can send requests here. Only the answer with the state of this sign-in
//! ends the waiting, and the page that leads on to Okta, whose address holds that state, is shown once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use okta_profiles::clock::UnixMillis;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::model::AuthorizationRequest;
use okta_profiles::secret::Secret;
use url::{Url, form_urlencoded};

use super::interrupt::interrupted;

/// How often the loop checks for a request of the browser and for Ctrl-C.
const POLL: Duration = Duration::from_millis(50);
/// A connection that sends nothing is closed after this time, so that it does not keep the real browser waiting.
const SILENCE: Duration = Duration::from_secs(2);
/// A request line is a few hundred bytes.
const LONGEST_HEAD: u64 = 16 * 1024;
/// The page that leads on to Okta; no secret is in its address.
const START: &str = "/start";

const SHOWN: &str = "This page was opened before. Open the address that the terminal shows.";
const FOREIGN: &str = "This is not the answer to this sign-in.";
const DONE: &str = "Okta's answer has arrived. You can close this page and return to the terminal.";

/// A bound loopback port.
pub struct Listener {
    socket: TcpListener,
    path: String,
}

impl Listener {
    /// On this port, with a path of ours.
    pub fn on_port(port: u16) -> Result<Listener> {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
            let what = format!(
                "port {port} of this machine cannot be used ({}); give another with --port",
                error.kind()
            );
            Error::with_message(ErrorCode::InvalidArgument, what)
        })?;
        Ok(Listener {
            socket,
            path: "/callback".to_owned(),
        })
    }

    /// Where this redirect URI leads, if that is a port of this machine.
    pub fn for_redirect_uri(uri: &str) -> Result<Option<Listener>> {
        let Ok(url) = Url::parse(uri) else { return Ok(None) };
        let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
        let Some(port) = url.port().filter(|_| is_here && url.scheme() == "http") else {
            return Ok(None);
        };
        let listener = Listener::on_port(port)?;
        let path = url.path().to_owned();
        Ok(Some(Listener { path, ..listener }))
    }

    /// The redirect URI to be registered with the app.
    pub fn redirect_uri(&self) -> String {
        format!("http://localhost:{}{}", self.port(), self.path)
    }

    /// The page that leads on to Okta.
    pub fn start_page(&self) -> String {
        format!("http://localhost:{}{START}", self.port())
    }

    /// Waits for the browser to bring Okta's answer.
    pub fn wait(&self, request: &AuthorizationRequest) -> Result<Secret> {
        let failed = |_| Error::internal("the loopback port");
        self.socket.set_nonblocking(true).map_err(failed)?;
        let mut leads_to = Some(request.url.as_str());
        loop {
            if interrupted() {
                let what = "The sign-in was stopped and nothing was changed; begin again when you are ready.";
                return Err(Error::with_message(ErrorCode::Cancelled, what));
            }
            if UnixMillis::now() >= request.expires {
                return Err(Error::about(
                    ErrorCode::AuthorizationUnknown,
                    "no answer came in time",
                ));
            }
            match self.socket.accept() {
                Ok((stream, _)) => {
                    if let Some(query) = self.serve(stream, &request.state, &mut leads_to) {
                        return Ok(query);
                    }
                }
                Err(_) => std::thread::sleep(POLL),
            }
        }
    }

    /// Answers one request; returns the query if it is Okta's answer. After any other request, and after any failure,
    /// the sign-in goes on waiting.
    fn serve(&self, mut stream: TcpStream, state: &str, leads_to: &mut Option<&str>) -> Option<Secret> {
        stream.set_nonblocking(false).ok()?;
        stream.set_read_timeout(Some(SILENCE)).ok()?;
        stream.set_write_timeout(Some(SILENCE)).ok()?;
        let mut line = String::new();
        BufReader::new((&stream).take(LONGEST_HEAD))
            .read_line(&mut line)
            .ok()?;
        let target = line.strip_prefix("GET ")?.split(' ').next()?.to_owned();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        if path == START {
            match leads_to.take() {
                Some(url) => respond(&mut stream, "302 Found", &format!("Location: {url}\r\n"), ""),
                None => respond(&mut stream, "410 Gone", "", SHOWN),
            }
            return None;
        }
        if path != self.path || query.is_empty() {
            respond(&mut stream, "404 Not Found", "", "Not here.");
            return None;
        }
        let query = Secret::text(query.to_owned());
        if !answers(&query, state) {
            respond(&mut stream, "400 Bad Request", "", FOREIGN);
            return None;
        }
        // The answer counts even if the browser is gone.
        respond(&mut stream, "200 OK", "", DONE);
        Some(query)
    }

    fn port(&self) -> u16 {
        self.socket.local_addr().map_or(0, |address| address.port())
    }
}

/// Whether the query carries the state of this sign-in.
fn answers(query: &Secret, state: &str) -> bool {
    let expected = Secret::text(state.to_owned());
    let mut pairs = form_urlencoded::parse(query.expose().as_bytes());
    pairs.any(|(name, value)| name == "state" && Secret::text(value.into_owned()) == expected)
}

/// A browser that has gone away needs no answer.
fn respond(stream: &mut TcpStream, status: &str, header: &str, text: &str) {
    let answer = format!(
        "HTTP/1.1 {status}\r\n{header}Content-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    drop(stream.write_all(answer.as_bytes()));
}
