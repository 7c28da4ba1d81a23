//! Reads the body of an answer to its announced end, unpacks it, and caps its size.
//!
//! A body that stops before its end is an error, because half a list looks like a whole one. HTTP/1.1 ends a body
//! by its length, by a last chunk or by the end of the connection, and hyper reports a body that ends too early.
//! HTTP/2 ends a body by a flag. If the peer resets the stream with code 0, hyper treats the body as complete (RFC
//! 9113 §8.1 allows that for requests only), so this file checks the flag itself. It also unpacks packed bodies
//! itself, because reqwest's own unpacking hides the flag.

use std::future::poll_fn;
use std::io::Read;
use std::pin::Pin;

use flate2::bufread::MultiGzDecoder;
use http_body::Body;
use reqwest::Version;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::failure::from_reqwest;
use crate::resources;

/// Memory reserved before the body arrives; a page of 200 users has 130 to 600 kB.
const USUAL_BODY: usize = 1 << 20;

/// The whole body, unpacked. An error names `host` only.
pub(super) async fn read(host: &str, answer: reqwest::Response, limit: usize) -> Result<Vec<u8>> {
    let packed = is_packed(answer.headers());
    let body = received(host, answer, limit).await?;
    match packed {
        true => unpacked(host, &body, limit),
        false => Ok(body),
    }
}

/// The body as it came over the wire.
async fn received(host: &str, answer: reqwest::Response, limit: usize) -> Result<Vec<u8>> {
    let announced = announced(answer.headers());
    if announced.is_some_and(|announced| announced > limit as u64) {
        return Err(too_large(host));
    }
    let ends_by_flag = answer.version() == Version::HTTP_2;
    let mut body = reqwest::Body::from(answer);
    // The server may announce any length, so memory beyond a usual page is allocated only as the bytes arrive.
    let expected = announced.and_then(|announced| usize::try_from(announced).ok());
    let mut bytes = Vec::new();
    resources::grow(&mut bytes, expected.unwrap_or(0).min(USUAL_BODY))?;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| from_reqwest(host, &error))?;
        // Trailers are no part of the body.
        let Ok(chunk) = frame.into_data() else { continue };
        if chunk.len() > limit - bytes.len() {
            return Err(too_large(host));
        }
        resources::grow(&mut bytes, chunk.len())?;
        bytes.extend_from_slice(&chunk);
    }
    let ended = !ends_by_flag || body.is_end_stream();
    let whole = announced.is_none_or(|announced| announced == bytes.len() as u64);
    match ended && whole {
        true => Ok(bytes),
        false => Err(Error::about(ErrorCode::ConnectionLost, host)),
    }
}

/// Unpacks gzip to its end; the check sum at the end is checked too.
fn unpacked(host: &str, packed: &[u8], limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    resources::grow(&mut bytes, USUAL_BODY.min(limit))?;
    // Reads one byte more than allowed, to notice that the body is too large.
    let mut unpacking = MultiGzDecoder::new(packed).take((limit as u64).saturating_add(1));
    // `read_to_end` reserves with `try_reserve`, so memory that runs out is an error of its own.
    match unpacking.read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > limit => Err(too_large(host)),
        Ok(_) => Ok(bytes),
        Err(error) if resources::is_exhausted(&error) => Err(resources::refused("memory for an answer")),
        Err(_) => Err(Error::about(ErrorCode::ConnectionLost, host)),
    }
}

/// Whether the body is packed with gzip, the only packing that is asked for.
fn is_packed(headers: &HeaderMap) -> bool {
    let coding = headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok());
    coding.is_some_and(|coding| {
        ["gzip", "x-gzip"]
            .iter()
            .any(|gzip| coding.trim().eq_ignore_ascii_case(gzip))
    })
}

/// The announced length on the wire. It does not count for a body in chunks (RFC 9112 §6.3).
fn announced(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return None;
    }
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn too_large(host: &str) -> Error {
    Error::about(ErrorCode::BodyTooLarge, host)
}
