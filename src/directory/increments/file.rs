//! A file on the shared folder that holds rows: a base, or the increment from one state to the next.
//!
//! It begins with one line of JSON that describes it; compressed rows follow. The next file on the way, or the head,
//! contains the hash of this file. So a damaged, foreign or exchanged file is recognised, at the latest when its end is
//! read.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};

use flate2::Compression;
use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lineage::text_of;
use super::state_sum::StateSum;
use crate::directory::store::packed_row;

/// The version of this format. A reader refuses every other version.
pub(super) const FORMAT: u32 = 2;

const TABLE: u8 = b'T';
const PRESENT: u8 = b'P';
const GONE: u8 = b'G';
const END: u8 = b'E';

/// Longer than any header that we write, in bytes.
const LONGEST_HEADER: u64 = 4 * 1024;
/// Longer than any row, in bytes: a profile of Okta has less than a megabyte.
const LONGEST_RECORD: u64 = 64 * 1024 * 1024;

/// The description at the beginning of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: u32,
    pub(super) schema: u32,
    /// The state that it leads to.
    pub(super) state: String,
    /// The state that it starts from; none in a base.
    pub(super) from: Option<String>,
    /// The hash of the increment that led to that state; none if only a base leads there.
    pub(super) before: Option<String>,
}

/// Hash and size of a written file, as the head or another file contains them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seal {
    pub(super) sha256: String,
    pub(super) bytes: u64,
}

/// The last ids that were used, by table. No node uses an id twice.
pub(super) type Sequences = Vec<(String, i64)>;

/// Writes a file from its beginning to its end.
pub(super) struct FileWriter<W: Write> {
    rows: DeflateEncoder<BufWriter<Hashing<W>>>,
    record: Vec<u8>,
}

impl<W: Write> FileWriter<W> {
    pub(super) fn begin(to: W, header: &Header) -> io::Result<FileWriter<W>> {
        let mut to = BufWriter::new(Hashing::new(to));
        serde_json::to_writer(&mut to, header)?;
        to.write_all(b"\n")?;
        Ok(FileWriter {
            rows: DeflateEncoder::new(to, Compression::fast()),
            record: Vec::new(),
        })
    }

    /// Begins the rows of this table.
    pub(super) fn table(&mut self, name: &str) -> io::Result<()> {
        self.put(TABLE, name.as_bytes())
    }

    /// Writes a row that exists.
    pub(super) fn present(&mut self, row: &[u8]) -> io::Result<()> {
        self.put(PRESENT, row)
    }

    /// Writes the key of a row that was deleted.
    pub(super) fn gone(&mut self, key: &[u8]) -> io::Result<()> {
        self.put(GONE, key)
    }

    /// How many compressed bytes were written so far.
    pub(super) fn written(&self) -> u64 {
        self.rows.get_ref().get_ref().bytes
    }

    /// Ends the file and returns the writer below it.
    pub(super) fn end(mut self, sum: StateSum, sequences: &Sequences) -> io::Result<(W, Seal)> {
        let mut end = sum.to_bytes().to_vec();
        for (table, last) in sequences {
            packed_row::put(&mut end, table.as_str().into());
            packed_row::put(&mut end, ValueRef::Integer(*last));
        }
        self.put(END, &end)?;
        let hashing = self
            .rows
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        let seal = Seal {
            sha256: text_of(&hashing.hash.finalize()),
            bytes: hashing.bytes,
        };
        Ok((hashing.inner, seal))
    }

    fn put(&mut self, kind: u8, content: &[u8]) -> io::Result<()> {
        self.record.clear();
        self.record.push(kind);
        packed_row::put_length(&mut self.record, content.len() as u64);
        self.rows.write_all(&self.record)?;
        self.rows.write_all(content)
    }
}

/// One record that was read from a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FileRecord {
    Table(String),
    Present(Vec<u8>),
    Gone(Vec<u8>),
    /// The last record. The hash of the file was right.
    End(StateSum, Sequences),
}

/// Reads a file from its beginning to its end.
pub(super) struct FileReader<R: Read> {
    rows: DeflateDecoder<BufReader<Hashing<R>>>,
    header: Header,
    sha256: String,
}

impl<R: Read> FileReader<R> {
    /// Begins to read the file with this hash. The hash is checked when [`FileRecord::End`] is read.
    pub(super) fn begin(from: R, sha256: &str) -> io::Result<FileReader<R>> {
        let mut from = BufReader::new(Hashing::new(from));
        let mut line = Vec::new();
        from.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)?;
        let header: Header = serde_json::from_slice(&line)?;
        if header.format != FORMAT {
            return Err(io::Error::other("it has another format"));
        }
        Ok(FileReader {
            rows: DeflateDecoder::new(from),
            header,
            sha256: sha256.to_owned(),
        })
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn next(&mut self) -> io::Result<FileRecord> {
        let mut kind = [0];
        self.rows.read_exact(&mut kind)?;
        let content = self.content()?;
        match kind[0] {
            TABLE => Ok(FileRecord::Table(String::from_utf8(content).map_err(|_| torn())?)),
            PRESENT => Ok(FileRecord::Present(content)),
            GONE => Ok(FileRecord::Gone(content)),
            END => self.end(&content),
            _ => Err(torn()),
        }
    }

    fn content(&mut self) -> io::Result<Vec<u8>> {
        let length = self.length()?;
        if length > LONGEST_RECORD {
            return Err(torn());
        }
        let mut content = Vec::new();
        self.rows.by_ref().take(length).read_to_end(&mut content)?;
        if content.len() as u64 == length {
            Ok(content)
        } else {
            Err(torn())
        }
    }

    fn length(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 10];
        for place in 0..bytes.len() {
            self.rows.read_exact(&mut bytes[place..=place])?;
            if bytes[place] & 0x80 == 0 {
                return packed_row::take_length(&mut &bytes[..=place]).ok_or_else(torn);
            }
        }
        Err(torn())
    }

    fn end(&mut self, content: &[u8]) -> io::Result<FileRecord> {
        // We write nothing after it, and bytes that somebody appended may unpack to thousands of times their size.
        if self.rows.read(&mut [0])? > 0 {
            return Err(torn());
        }
        // The hash covers the whole file, so bytes after the compressed data are read as well.
        io::copy(self.rows.get_mut(), &mut io::sink())?;
        let found = text_of(&self.rows.get_ref().get_ref().hash.clone().finalize());
        if found != self.sha256 {
            return Err(torn());
        }
        let (sum, rest) = content.split_first_chunk::<32>().ok_or_else(torn)?;
        let values = packed_row::values(rest).map_err(|_| torn())?;
        let sequences = values.as_chunks::<2>().0.iter().map(|pair| match pair {
            [Value::Text(table), Value::Integer(last)] => Ok((table.clone(), *last)),
            _ => Err(torn()),
        });
        Ok(FileRecord::End(
            StateSum::from_bytes(sum),
            sequences.collect::<io::Result<_>>()?,
        ))
    }
}

fn torn() -> io::Error {
    io::Error::other("it is torn, or was exchanged for another one")
}

/// Hashes and counts the bytes that are read or written through it.
struct Hashing<T> {
    inner: T,
    hash: Sha256,
    bytes: u64,
}

impl<T> Hashing<T> {
    fn new(inner: T) -> Hashing<T> {
        Hashing {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn pass(&mut self, passed: &[u8]) {
        self.hash.update(passed);
        self.bytes += passed.len() as u64;
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.pass(&into[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            format: FORMAT,
            schema: 3,
            state: "s".repeat(32),
            from: None,
            before: None,
        }
    }

    fn written() -> (Vec<u8>, Seal) {
        let mut file = FileWriter::begin(Vec::new(), &header()).expect("begin");
        file.table("users").expect("table");
        file.present(&[7; 300]).expect("row");
        file.gone(b"key").expect("key");
        file.end(StateSum::default(), &vec![("users".to_owned(), 12)])
            .expect("end")
    }

    fn read(bytes: &[u8], sha256: &str) -> io::Result<Vec<FileRecord>> {
        let mut file = FileReader::begin(bytes, sha256)?;
        let mut records = Vec::new();
        loop {
            let record = file.next()?;
            let last = matches!(record, FileRecord::End(..));
            records.push(record);
            if last {
                return Ok(records);
            }
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let (bytes, seal) = written();
        assert_eq!(seal.bytes, bytes.len() as u64);
        let records = read(&bytes, &seal.sha256).expect("a whole file");
        assert_eq!(
            records,
            [
                FileRecord::Table("users".to_owned()),
                FileRecord::Present(vec![7; 300]),
                FileRecord::Gone(b"key".to_vec()),
                FileRecord::End(StateSum::default(), vec![("users".to_owned(), 12)]),
            ]
        );
        assert_eq!(
            FileReader::begin(&bytes[..], "").expect("begin").header(),
            &header()
        );
    }

    #[test]
    fn what_comes_after_the_end_is_not_unpacked() {
        let mut file = FileWriter::begin(Vec::new(), &header()).expect("begin");
        file.put(END, &StateSum::default().to_bytes()).expect("end");
        file.put(PRESENT, &[0; 1_000]).expect("row");
        let (bytes, seal) = file.end(StateSum::default(), &Vec::new()).expect("end");
        assert!(read(&bytes, &seal.sha256).is_err());
    }

    #[test]
    fn a_file_cut_changed_or_lengthened_anywhere_is_refused() {
        let (bytes, seal) = written();
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length], &seal.sha256).is_err(), "cut at {length}");
        }
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            assert!(read(&changed, &seal.sha256).is_err(), "changed at {place}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(read(&longer, &seal.sha256).is_err());
        assert!(read(&bytes, &"0".repeat(64)).is_err(), "another file");
    }
}
