//! From the bytes of a file to its text: which encoding it has, and what cannot be a CSV file at all.

use std::io::Read;
use std::path::Path;

/// A file of a million users has some 100 MB. Whatever is larger is no list of users.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// The text of the file; or where it is wrong, and how.
pub fn read(file: &Path) -> Result<String, String> {
    let facts = std::fs::metadata(file).map_err(|error| format!("cannot be read ({})", error.kind()))?;
    if facts.is_dir() {
        return Err("is a folder; give the CSV file in it".to_owned());
    }
    let mut bytes = Vec::new();
    // Growing would copy what was read so far. If there is no room, reading says so.
    drop(bytes.try_reserve_exact(usize::try_from(facts.len().min(LARGEST) + 1).unwrap_or_default()));
    let opened = std::fs::File::open(file).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    opened.map_err(|error| format!("cannot be read ({})", error.kind()))?;
    if bytes.len() as u64 > LARGEST {
        return Err("is larger than 1 GiB, which no list of users is".to_owned());
    }
    decode(bytes)
}

fn decode(mut bytes: Vec<u8>) -> Result<String, String> {
    match &bytes[..] {
        [0xEF, 0xBB, 0xBF, ..] => {
            bytes.drain(..3);
            utf8(bytes)
        }
        [0xFF, 0xFE, text @ ..] => utf16(text, u16::from_le_bytes),
        [0xFE, 0xFF, text @ ..] => utf16(text, u16::from_be_bytes),
        [b'P', b'K', 3, 4, ..] => Err("is a spreadsheet or a ZIP file; export it as CSV (UTF-8)".to_owned()),
        [0x1F, 0x8B, ..] => Err("is compressed; unpack it first".to_owned()),
        _ if bytes.iter().take(200).any(|byte| *byte == 0) => Err(
            "has NUL bytes: it is UTF-16 without a byte order mark, or no text; save it as CSV (UTF-8)"
                .to_owned(),
        ),
        _ => utf8(bytes),
    }
}

/// The bytes become the text without being copied, because a large file has many.
fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| foreign_byte(error.as_bytes(), error.utf8_error().valid_up_to()))
}

/// Which byte is no UTF-8, and what most likely follows from it.
fn foreign_byte(bytes: &[u8], at: usize) -> String {
    let before = &bytes[..at];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let column = 1 + String::from_utf8_lossy(&before[start..]).chars().count();
    let byte = bytes[at];
    format!(
        "is not UTF-8: line {line}, character {column} is the byte 0x{byte:02X}. It is most likely Latin-1 or \
         Windows-1252; save it as CSV (UTF-8), or convert it: iconv -f WINDOWS-1252 -t UTF-8"
    )
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("begins as UTF-16 and ends in the middle of a character; it was cut off".to_owned());
    }
    let mut text = String::with_capacity(bytes.len());
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match letter {
            Ok(letter) => text.push(letter),
            Err(_) => {
                let line = 1 + text.matches('\n').count();
                return Err(format!(
                    "is not valid UTF-16: line {line} has half of a character"
                ));
            }
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_encoding_is_read_or_named() {
        let utf16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let units = "clé;x\n".encode_utf16().flat_map(unit);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        for bytes in [
            "clé;x\n".as_bytes().to_vec(),
            "\u{feff}clé;x\n".as_bytes().to_vec(),
            utf16(u16::to_le_bytes, [0xFF, 0xFE]),
            utf16(u16::to_be_bytes, [0xFE, 0xFF]),
        ] {
            assert_eq!(decode(bytes).as_deref(), Ok("clé;x\n"));
        }
        for (bytes, said) in [
            (&b"key\nK1,Jos\xE9"[..], "line 2, character 7 is the byte 0xE9"),
            (&b"\xFF\xFEk\0e\0y"[..], "cut off"),
            (&b"\xFF\xFE\x00\xD8k\0"[..], "half of a character"),
            (&b"k\0e\0y\0"[..], "UTF-16 without a byte order mark"),
            (&b"PK\x03\x04rest"[..], "spreadsheet"),
            (&b"\x1F\x8Brest"[..], "compressed"),
        ] {
            let error = decode(bytes.to_vec()).expect_err(said);
            assert!(error.contains(said), "{error}");
        }
    }
}
