//! `receive`: takes deliveries of an event hook on a loopback port, for a trial. It refreshes the directory and prints
//! changes as they come. Okta delivers to https addresses only, so a tunnel or a gateway is needed in front.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::{Engine, MAX_DELIVERY_BYTES};
use okta_profiles::model::HookAnswer;

use super::connection::ConnectionArguments;
use super::follow::follow;
use super::output::say;

/// How often the loop looks for a new connection and for Ctrl-C.
const POLL: Duration = Duration::from_millis(20);
/// A connection that sends nothing, or little at a time, is closed after this long, so that the next one need not wait.
const PATIENCE: Duration = Duration::from_secs(3);
/// The head of a delivery has a few hundred bytes; gateways and tunnels add some.
const LONGEST_HEAD: u64 = 64 * 1024;
/// The most connections at once. A connection that sends nothing must not keep Okta waiting, which gives up soon.
const MOST_CONNECTIONS: usize = 32;

/// Arguments of `receive`.
#[derive(Debug, Args)]
pub struct ReceiveArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// The loopback port; 0 takes any free one.
    #[arg(long, default_value_t = 8088)]
    pub port: u16,
    /// The public address that leads to the port, with https: makes the event hook at Okta, or mends it, and answers
    /// Okta's challenge. `live register` cannot answer it while this command has the directory open.
    #[arg(long, value_name = "URL")]
    pub register: Option<String>,
}

/// Listens until Ctrl-C.
pub fn run(
    engine: &Arc<Engine>,
    arguments: &ReceiveArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    engine.set("live", "hook")?;
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).map_err(|error| {
        let what = format!(
            "port {} of this machine cannot be used ({}); give another with --port",
            arguments.port,
            error.kind()
        );
        Error::with_message(ErrorCode::InvalidArgument, what)
    })?;
    let failed = |_| Error::internal("the loopback port");
    socket.set_nonblocking(true).map_err(failed)?;
    let port = socket.local_addr().map_err(failed)?.port();
    let (header, secret) = (engine.live_status()?.secret_header, engine.hook_secret()?);
    say(format_args!(
        "Deliveries are taken at http://127.0.0.1:{port}/ with the header"
    ));
    say(format_args!("{header}: {}", secret.expose()));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| serve(engine, &socket, &stop));
        let registered = arguments
            .register
            .as_deref()
            .map_or(Ok(()), |url| register(engine, url));
        let followed = registered.and_then(|()| follow(engine, None, as_json, out));
        stop.store(true, Ordering::SeqCst);
        followed
    })
}

fn register(engine: &Engine, url: &str) -> Result<()> {
    let status = engine.register_hook(url)?;
    say(format_args!(
        "Okta's event hook {} delivers to {}",
        status.hook_id, status.hook_url
    ));
    Ok(())
}

fn serve(engine: &Engine, socket: &TcpListener, stop: &AtomicBool) {
    let open = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        while !stop.load(Ordering::SeqCst) {
            let stream = match socket.accept() {
                Ok((stream, _)) if open.load(Ordering::SeqCst) < MOST_CONNECTIONS => stream,
                // Okta tries again after the connection is closed.
                Ok(_) => continue,
                Err(_) => {
                    std::thread::sleep(POLL);
                    continue;
                }
            };
            open.fetch_add(1, Ordering::SeqCst);
            let open = &open;
            scope.spawn(move || {
                // A failure of one connection does not stop the others.
                drop(answer(engine, &stream));
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
}

fn answer(engine: &Engine, stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(Hurried {
        stream,
        until: Instant::now() + PATIENCE,
    });
    let head = head(&mut reader)?;
    let mut lines = head.lines();
    let method = lines
        .next()
        .and_then(|line| line.split(' ').next())
        .unwrap_or_default();
    let headers: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let body = body(&mut reader, &headers)?;
    let unavailable = |_| HookAnswer {
        status: 503,
        ..HookAnswer::default()
    };
    let answer = engine
        .receive_event(method, &headers, &body)
        .unwrap_or_else(unavailable);
    respond(stream, &answer)?;
    match body.len() > MAX_DELIVERY_BYTES {
        true => discard(stream, &mut reader),
        false => Ok(()),
    }
}

/// Reads what is left of a request. If a connection is closed before everything was read, the system discards the answer.
fn discard(stream: &TcpStream, reader: &mut impl Read) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    std::io::copy(reader, &mut std::io::sink()).map(drop)
}

/// Reads the body. Fails if the connection ends before the body does: then there is no answer, and Okta tries again. One
/// byte above the limit is read, to notice a body that is too large.
fn body(reader: &mut impl BufRead, headers: &[(&str, &str)]) -> std::io::Result<Vec<u8>> {
    let header = |name: &str| {
        let mut found = headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map_or("", |(_, value)| *value)
    };
    let mut body = Vec::new();
    if !header("transfer-encoding").eq_ignore_ascii_case("chunked") {
        add(reader, header("content-length").parse().unwrap_or(0), &mut body)?;
        return Ok(body);
    }
    // Gateways and tunnels may pass bodies on in chunks (RFC 9112, 7.1).
    while body.len() <= MAX_DELIVERY_BYTES {
        let line = line(reader)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        match u64::from_str_radix(size, 16) {
            Ok(0) => break,
            Ok(size) => add(reader, size, &mut body)?,
            Err(_) => return Err(std::io::ErrorKind::InvalidData.into()),
        }
        self::line(reader)?;
    }
    Ok(body)
}

/// Adds `length` bytes, but no more than one above the limit.
fn add(reader: &mut impl BufRead, length: u64, body: &mut Vec<u8>) -> std::io::Result<()> {
    let wanted = length.min((MAX_DELIVERY_BYTES + 1).saturating_sub(body.len()) as u64);
    match reader.take(wanted).read_to_end(body)? as u64 == wanted {
        true => Ok(()),
        false => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// A connection with a deadline for all of its bytes, so that slow senders end, too.
struct Hurried<'a> {
    stream: &'a TcpStream,
    until: Instant,
}

impl Read for Hurried<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(into)
    }
}

/// Reads the head. Fails if the connection ends before the head does, or if the head is too long: then there is no
/// answer, and Okta tries again.
fn head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    let mut reader = reader.take(LONGEST_HEAD);
    loop {
        let line = line(&mut reader)?;
        if line.trim_end().is_empty() {
            return Ok(head);
        }
        head.push_str(&line);
    }
}

/// A line with its end; it is an error if the end is missing. What is no UTF-8 is no part of what is looked at.
fn line(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = Vec::new();
    reader.take(LONGEST_HEAD).read_until(b'\n', &mut line)?;
    if !line.ends_with(b"\n") {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn respond(mut stream: &TcpStream, answer: &HookAnswer) -> std::io::Result<()> {
    let kind = match answer.body.is_empty() {
        true => "",
        false => "Content-Type: application/json\r\n",
    };
    write!(
        stream,
        "HTTP/1.1 {} -\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n{}",
        answer.status,
        answer.body.len(),
        answer.body
    )
}
