//! A tiny HTTP/1.1 client that hides nothing: one connection a request, headers as they came.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use okta_sim::{OktaSim, Role};
use serde_json::Value;

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the body came to its announced end.
    pub complete: bool,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header_lines(name).first().copied()
    }

    pub fn header_lines(&self, name: &str) -> Vec<&str> {
        let named = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub fn number(&self, name: &str) -> i64 {
        self.header(name).and_then(|text| text.parse().ok()).expect(name)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub fn rows(&self) -> Vec<Value> {
        self.json().as_array().expect("an array").clone()
    }

    pub fn error_code(&self) -> String {
        self.json()["errorCode"].as_str().unwrap_or_default().to_owned()
    }

    /// The `next` link, however the headers are folded or ordered.
    pub fn next(&self) -> Option<String> {
        let lines = self.header_lines("link").join(", ");
        let link = lines.split(", <").find(|link| link.contains("rel=\"next\""))?;
        Some(link.trim_start_matches('<').split('>').next()?.to_owned())
    }
}

/// A GET with the token of a super admin; the path may be a whole URL.
pub fn get(sim: &OktaSim, path: &str) -> Answer {
    get_as(sim, Role::SuperAdmin, path)
}

/// A GET with the token of a role.
pub fn get_as(sim: &OktaSim, role: Role, path: &str) -> Answer {
    let authorization = format!("Authorization: SSWS {}", sim.token(role));
    send(sim, "GET", path, &[&authorization], "").expect("an answer")
}

/// Any request; an error if there is no complete head.
pub fn send(sim: &OktaSim, method: &str, path: &str, headers: &[&str], body: &str) -> io::Result<Answer> {
    let host = sim.url().trim_start_matches("http://");
    let path = path.trim_start_matches(sim.url());
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes())?;
    read_answer(&mut stream)
}

/// Reads at most two megabytes of an answer.
pub fn read_answer(stream: &mut impl Read) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    // A stalled or reset connection ends the reading; what came until then is kept.
    let ended = stream.take(2 << 20).read_to_end(&mut bytes);
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let Some(split) = split else {
        return Err(ended.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()));
    };
    let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
    let body = bytes[split + 4..].to_vec();
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answer = Answer {
        status: status.expect("a status"),
        headers,
        body,
        complete: true,
    };
    if answer.header("transfer-encoding") == Some("chunked") {
        (answer.body, answer.complete) = dechunk(&answer.body);
    } else if let Some(length) = answer.header("content-length") {
        answer.complete = length.parse() == Ok(answer.body.len());
    }
    Ok(answer)
}

fn dechunk(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    loop {
        let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") else {
            return (body, false);
        };
        let size = std::str::from_utf8(&bytes[..end]).ok();
        let size = size
            .and_then(|text| usize::from_str_radix(text, 16).ok())
            .unwrap_or(0);
        let rest = &bytes[end + 2..];
        if size == 0 || rest.len() < size + 2 {
            body.extend_from_slice(&rest[..size.min(rest.len())]);
            return (body, size == 0);
        }
        body.extend_from_slice(&rest[..size]);
        bytes = &rest[size + 2..];
    }
}

/// All pages from `path` on, following `next`.
pub fn pages(sim: &OktaSim, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = get(sim, &path);
        assert_eq!(
            answer.status,
            200,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        pages.push(answer.rows());
        next = answer.next();
    }
    pages
}

/// All rows from `path` on.
pub fn rows(sim: &OktaSim, path: &str) -> Vec<Value> {
    pages(sim, path).concat()
}

/// An expression as a query parameter's value.
pub fn encode(expression: &str) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("", expression);
    pairs.finish().trim_start_matches('=').to_owned()
}

/// The path of a filter.
pub fn filter(expression: &str) -> String {
    format!("/api/v1/users?filter={}", encode(expression))
}

/// The path of a search.
pub fn search(expression: &str) -> String {
    format!("/api/v1/users?search={}", encode(expression))
}
