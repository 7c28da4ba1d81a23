//! Tests only: a tiny HTTP/1.1 responder on the loopback interface, one request per connection.
//!
//! The test's own function turns a request into the bytes of the answer, so that a test can break the rules of
//! HTTP.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// The first byte of a TLS record that opens a connection (RFC 8446 §5.1).
const TLS_HANDSHAKE: u8 = 22;

/// What is sent for one request.
pub(crate) enum Reply {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes, then silence until the client goes away.
    Stall(Vec<u8>),
}

impl Reply {
    /// A whole answer. `fields` are header lines without line ends.
    pub(crate) fn new(status: u16, fields: &[&str], body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref();
        let mut bytes = format!("HTTP/1.1 {status} Some\r\nConnection: close\r\n").into_bytes();
        for field in fields {
            bytes.extend_from_slice(format!("{field}\r\n").as_bytes());
        }
        bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        bytes.extend_from_slice(body);
        Reply::Bytes(bytes)
    }

    /// A 200 with a JSON body.
    pub(crate) fn json(fields: &[&str], body: &str) -> Reply {
        let fields = [fields, &["Content-Type: application/json"]].concat();
        Reply::new(200, &fields, body)
    }
}

/// A running responder; dropping it ends its thread.
pub(crate) struct Responder {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Responder {
    /// Answers every request: `answer` gets the number of the request (from 0) and its head, and returns the reply.
    pub(crate) fn start(mut answer: impl FnMut(usize, &str) -> Reply + Send + 'static) -> Responder {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (heads, stopped) = (seen.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = connection.expect("a connection");
                let Some(head) = read_head(&mut stream) else {
                    continue;
                };
                let number = heads.lock().expect("the list").len();
                heads.lock().expect("the list").push(head.clone());
                send(stream, answer(number, &head), &stopped);
            }
        });
        Responder {
            address,
            seen,
            stop,
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of the requests so far, request line first.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.lock().expect("the list").clone()
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread out of `accept`; it may have ended already.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        if !byte[0].is_ascii() || byte[0] == TLS_HANDSHAKE {
            // A plain web server says this to a client that speaks TLS.
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn send(mut stream: TcpStream, reply: Reply, stopped: &AtomicBool) {
    // Errors are ignored: in some tests the client hangs up early, for instance because the body is too large.
    match reply {
        Reply::Bytes(bytes) => {
            drop(stream.write_all(&bytes));
            drop(stream.shutdown(Shutdown::Write));
        }
        Reply::Stall(bytes) => {
            drop(stream.write_all(&bytes));
            drop(stream.set_read_timeout(Some(Duration::from_millis(20))));
            while !stopped.load(Ordering::SeqCst) && !matches!(stream.read(&mut [0]), Ok(0)) {}
        }
    }
}
