//! Rows as bytes, for increments, for the record of unpublished changes, and for the sum over a state.
//!
//! The encoding is part of the format of the files on the shared folder. Equal rows have equal bytes, and different
//! rows have different bytes: each value begins with its type and its length.

use rusqlite::types::{Value, ValueRef};

use crate::contract::errors::{Error, ErrorCode, Result};

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BLOB: u8 = 3;
const REAL: u8 = 4;

/// Appends a value.
pub(in crate::directory) fn put(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => bytes.push(NULL),
        ValueRef::Integer(number) => {
            bytes.push(INTEGER);
            // Small positive and negative numbers need few bytes.
            put_length(
                bytes,
                (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned(),
            );
        }
        ValueRef::Real(number) => {
            bytes.push(REAL);
            bytes.extend_from_slice(&number.to_bits().to_le_bytes());
        }
        ValueRef::Text(text) => put_bytes(bytes, TEXT, text),
        ValueRef::Blob(blob) => put_bytes(bytes, BLOB, blob),
    }
}

fn put_bytes(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    put_length(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}

/// Appends a number, seven bits in each byte, the lowest bits first.
pub(in crate::directory) fn put_length(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The values of a whole row. Fails if the bytes are not a row.
pub(in crate::directory) fn values(mut bytes: &[u8]) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(take(&mut bytes).ok_or_else(damaged)?);
    }
    Ok(values)
}

fn take(bytes: &mut &[u8]) -> Option<Value> {
    let (kind, rest) = bytes.split_first()?;
    *bytes = rest;
    match *kind {
        NULL => Some(Value::Null),
        INTEGER => {
            let folded = take_length(bytes)?;
            Some(Value::Integer(
                (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed(),
            ))
        }
        REAL => {
            let (bits, rest) = bytes.split_first_chunk::<8>()?;
            *bytes = rest;
            Some(Value::Real(f64::from_bits(u64::from_le_bytes(*bits))))
        }
        TEXT => Some(Value::Text(String::from_utf8(take_bytes(bytes)?).ok()?)),
        BLOB => Some(Value::Blob(take_bytes(bytes)?)),
        _ => None,
    }
}

fn take_bytes(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let length = usize::try_from(take_length(bytes)?).ok()?;
    let (content, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(content.to_vec())
}

/// Reads a number that [`put_length`] wrote.
pub(in crate::directory) fn take_length(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn damaged() -> Error {
    Error::about(ErrorCode::DirectoryCorrupt, "a kept row cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_as_it_was() {
        let row = [
            Value::Null,
            Value::Integer(0),
            Value::Integer(i64::MIN),
            Value::Integer(i64::MAX),
            Value::Integer(-1),
            Value::Real(-0.0),
            Value::Text(String::new()),
            Value::Text("Zoë \u{0} ".repeat(30)),
            Value::Blob(vec![0, 255, 128]),
        ];
        let mut bytes = Vec::new();
        for value in &row {
            put(&mut bytes, value.into());
        }
        assert_eq!(values(&bytes).expect("a row"), row);
        for length in 0..bytes.len() {
            // Cut at any place: the result has fewer values or is an error, and never a panic.
            assert!(
                values(&bytes[..length]).is_ok_and(|cut| cut.len() < row.len())
                    || values(&bytes[..length]).is_err()
            );
        }
    }

    #[test]
    fn a_length_that_leads_nowhere_is_refused() {
        for bytes in [
            &[TEXT, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01][..],
            &[BLOB, 9, 1],
            &[
                INTEGER, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
            ],
            &[TEXT, 1, 0xFF],
            &[7],
        ] {
            assert!(values(bytes).is_err(), "{bytes:?}");
        }
    }
}
