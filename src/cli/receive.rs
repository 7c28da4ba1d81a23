//! `receive`: a loopback port that takes deliveries of an event hook, for trying it. It refreshes the directory and
//! prints changes as they come. Okta itself reaches only an address with https: put a tunnel or a gateway before it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// Okta's heads have a few hundred bytes.
const LONGEST_HEAD: u64 = 16 * 1024;

/// Arguments of `receive`.
#[derive(Debug, Args)]
pub struct ReceiveArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// The port of this machine; 0 for any that is free.
    #[arg(long, default_value_t = 8088)]
    pub port: u16,
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
        let followed = follow(engine, as_json, out);
        stop.store(true, Ordering::SeqCst);
        followed
    })
}

fn serve(engine: &Engine, socket: &TcpListener, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        match socket.accept() {
            // Whatever breaks with one of them is no reason to stop.
            Ok((stream, _)) => drop(answer(engine, &stream)),
            Err(_) => std::thread::sleep(POLL),
        }
    }
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
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    // One byte more than is taken tells that it is too much.
    let mut body = Vec::new();
    reader
        .take((length as u64).min(MAX_DELIVERY_BYTES as u64 + 1))
        .read_to_end(&mut body)?;
    let unavailable = |_| HookAnswer {
        status: 503,
        ..HookAnswer::default()
    };
    let answer = engine
        .receive_event(method, &headers, &body)
        .unwrap_or_else(unavailable);
    respond(stream, &answer)
}

/// A connection that is read from until a moment, however little comes at a time.
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

fn head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    let mut reader = reader.take(LONGEST_HEAD);
    while reader.read_line(&mut head)? > 2 {}
    Ok(head)
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
