//! Sends one HTTP/1.1 request to the address of a hook, with a time limit for all of it. Redirects are not
//! followed.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use url::Url;

/// The largest answer that is read.
const MOST_BYTES: usize = 1 << 20;

/// The request.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) uri: &'a str,
    pub(crate) fields: &'a [(String, String)],
    pub(crate) body: &'a [u8],
}

/// The answer.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// Sends a request and reads its answer, all within `limit`.
pub(crate) fn call(request: &Call<'_>, limit: Duration) -> io::Result<Answered> {
    let until = Instant::now() + limit;
    let url = Url::parse(request.uri).map_err(io::Error::other)?;
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let address = (host.trim_matches(['[', ']']), port).to_socket_addrs()?.next();
    let address = address.ok_or_else(|| io::Error::other("no address"))?;
    let mut stream = TcpStream::connect_timeout(&address, left(until)?)?;
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(left(until)?))?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut head = format!("{} {target} HTTP/1.1\r\nHost: {host}:{port}\r\n", request.method);
    for (name, value) in request.fields {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if request.method == "POST" {
        head.push_str(&format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            request.body.len()
        ));
    }
    head.push_str("Connection: close\r\n\r\n");
    stream.write_all(&[head.as_bytes(), request.body].concat())?;
    answered(&read(&mut stream, until)?)
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    match left.is_zero() {
        true => Err(io::ErrorKind::TimedOut.into()),
        false => Ok(left),
    }
}

/// Reads until the answer is complete or the connection ends.
fn read(stream: &mut TcpStream, until: Instant) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut piece = [0; 8_192];
    while !is_whole(&bytes) && bytes.len() < MOST_BYTES {
        stream.set_read_timeout(Some(left(until)?))?;
        match stream.read(&mut piece)? {
            0 => break,
            length => bytes.extend_from_slice(&piece[..length]),
        }
    }
    Ok(bytes)
}

/// Whether all of the announced length has arrived.
fn is_whole(bytes: &[u8]) -> bool {
    split(bytes).is_some_and(|(head, body)| {
        let length = field(&head, "content-length").and_then(|text| text.parse::<usize>().ok());
        length.is_some_and(|length| body.len() >= length)
    })
}

fn split(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((
        String::from_utf8_lossy(&bytes[..end]).into_owned(),
        &bytes[end + 4..],
    ))
}

fn field(head: &str, name: &str) -> Option<String> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
    let found = pairs.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(found.1.trim().to_owned())
}

fn answered(bytes: &[u8]) -> io::Result<Answered> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (head, body) = split(bytes).ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
    let is_chunked = field(&head, "transfer-encoding").is_some_and(|text| text.contains("chunked"));
    Ok(Answered {
        status: status.ok_or_else(cut)?,
        content_type: field(&head, "content-type").unwrap_or_default(),
        body: match is_chunked {
            true => unchunked(body),
            false => body.to_vec(),
        },
    })
}

/// The pieces of a chunked body, joined.
fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        let from = end + 2;
        if size == 0 || rest.len() < from + size {
            break;
        }
        body.extend_from_slice(&rest[from..from + size]);
        rest = rest.get(from + size + 2..).unwrap_or_default();
    }
    body
}
