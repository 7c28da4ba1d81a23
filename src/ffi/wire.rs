//! Pages and errors as bytes, the form in which they cross to Java: little-endian, length-prefixed.
//!
//! `page := u16 columns, u16 number…, u32 rows, cells row by row`; a text is an i32 length (-1 for null)
//! with UTF-8, an integer a u8 (0 for null) with an i64 if it is 1. `reply := u8 0, page | u8 1, error`. Bytes from
//! Java are checked. Wrong ones are refused; they never lead to a read beyond their end or to a huge allocation.

use crate::contract::columns::Column;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::page::{Cell, Page};
use crate::model::JiraUser;
use crate::resources;

/// An answer or an error, as the bytes of a reply.
pub fn reply(outcome: &Result<Page>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let room = match outcome {
        Ok(page) => resources::grow(&mut bytes, length(page)).map(|()| page),
        Err(error) => Err(error.clone()),
    };
    match room {
        Ok(page) => {
            bytes.push(0);
            write_page(&mut bytes, page);
        }
        Err(error) => {
            bytes.push(1);
            write_error(&mut bytes, &error);
        }
    }
    bytes
}

/// At least as many bytes as the page takes.
fn length(page: &Page) -> usize {
    let cells = page.cells().map(|cell| 9 + cell.as_text().map_or(0, str::len));
    16 + 2 * page.columns().len() + cells.sum::<usize>()
}

fn write_page(bytes: &mut Vec<u8>, page: &Page) {
    let columns = page.columns();
    bytes.extend(u16::try_from(columns.len()).unwrap_or(u16::MAX).to_le_bytes());
    for column in columns {
        bytes.extend(column.number().to_le_bytes());
    }
    bytes.extend(u32::try_from(page.rows()).unwrap_or(u32::MAX).to_le_bytes());
    for (cell, column) in page.cells().zip(columns.iter().cycle()) {
        match (column.kind().is_text(), cell) {
            (true, cell) => write_text(bytes, cell.as_text()),
            (false, Cell::Integer(number)) => {
                bytes.push(1);
                bytes.extend(number.to_le_bytes());
            }
            (false, Cell::Null | Cell::Text(_)) => bytes.push(0),
        }
    }
}

fn write_error(bytes: &mut Vec<u8>, error: &Error) {
    let wait = error
        .retry_after_hint()
        .map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    bytes.extend(error.code().number().to_le_bytes());
    bytes.extend(wait.unwrap_or(-1).to_le_bytes());
    write_text(bytes, Some(error.message()));
    write_text(bytes, error.okta_error());
    write_text(bytes, error.request_id());
    write_text(bytes, error.scope());
}

fn write_text(bytes: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(-1, |text| i32::try_from(text.len()).unwrap_or(i32::MAX));
    bytes.extend(length.to_le_bytes());
    if let Some(text) = text {
        bytes.extend(text.as_bytes());
    }
}

/// Reads a page that came from Java.
pub fn read_page(bytes: &[u8]) -> Result<Page> {
    let mut reader = Reader(bytes);
    let count = u16::from_le_bytes(reader.take()?);
    let mut columns = Vec::new();
    for _ in 0..count {
        let number = u16::from_le_bytes(reader.take()?);
        columns.push(Column::from_number(number).ok_or_else(|| malformed("an unknown column"))?);
    }
    let rows = u32::from_le_bytes(reader.take()?);
    if columns.is_empty() && rows > 0 {
        return Err(malformed("rows without columns"));
    }
    let mut page = Page::new(&columns);
    for _ in 0..rows {
        let row: Result<Vec<Cell<'_>>> = columns.iter().map(|column| reader.cell(*column)).collect();
        page.push(&row?);
    }
    if !reader.0.is_empty() {
        return Err(malformed("bytes behind the last row"));
    }
    Ok(page)
}

/// Reads a page of Jira users.
pub fn read_jira_users(bytes: &[u8]) -> Result<Vec<JiraUser>> {
    let page = read_page(bytes)?;
    let text = |row, column| page.text(row, column).unwrap_or_default().to_owned();
    let user = |row| JiraUser {
        key: text(row, Column::JiraKey),
        username: text(row, Column::JiraUsername),
        email: text(row, Column::JiraEmail),
        display_name: text(row, Column::JiraDisplayName),
        active: page.cell(row, Column::JiraActive) == Some(Cell::Integer(1)),
    };
    Ok((0..page.rows()).map(user).collect())
}

/// Reads one text column of a page; null cells are empty texts.
pub fn read_texts(bytes: &[u8], column: Column) -> Result<Vec<String>> {
    let page = read_page(bytes)?;
    let text = |row| page.text(row, column).unwrap_or_default().to_owned();
    Ok((0..page.rows()).map(text).collect())
}

fn malformed(what: &str) -> Error {
    Error::about(ErrorCode::InvalidArgument, what)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or_else(|| malformed("a page cut short"))?;
        self.0 = rest;
        Ok(*head)
    }

    fn cell(&mut self, column: Column) -> Result<Cell<'a>> {
        if column.kind().is_text() {
            return self.text();
        }
        match self.take::<1>()? {
            [0] => Ok(Cell::Null),
            [1] => Ok(Cell::Integer(i64::from_le_bytes(self.take()?))),
            _ => Err(malformed("a mark that is neither 0 nor 1")),
        }
    }

    fn text(&mut self) -> Result<Cell<'a>> {
        let length = i32::from_le_bytes(self.take()?);
        if length == -1 {
            return Ok(Cell::Null);
        }
        let length = usize::try_from(length).map_err(|_| malformed("a negative length"))?;
        let (text, rest) = self
            .0
            .split_at_checked(length)
            .ok_or_else(|| malformed("a page cut short"))?;
        self.0 = rest;
        let text = std::str::from_utf8(text).map_err(|_| Error::about(ErrorCode::InvalidUtf8, "a text"))?;
        Ok(Cell::from(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page_of(rows: &[(Option<String>, Option<i64>)]) -> Page {
        let mut page = Page::new(&[Column::JiraKey, Column::JiraActive]);
        for (text, number) in rows {
            let number = number.map_or(Cell::Null, Cell::Integer);
            page.push(&[Cell::from(text.as_deref()), number]);
        }
        page
    }

    #[test]
    fn an_error_is_a_reply_of_its_own_form() {
        let error = Error::with_message(ErrorCode::RoleMissing, "no").okta_error_code("E0000006");
        let bytes = reply(&Err(error));
        assert_eq!(bytes[0], 1);
        assert_eq!(bytes[1..5], 207_i32.to_le_bytes());
        assert_eq!(bytes[5..13], (-1_i64).to_le_bytes());
        assert_eq!(
            &bytes[13..],
            b"\x02\0\0\0no\x08\0\0\0E0000006\xff\xff\xff\xff\xff\xff\xff\xff"
        );
    }

    proptest! {
        #[test]
        fn pages_come_back_the_same(rows in prop::collection::vec((any::<Option<String>>(), any::<Option<i64>>()), 0..20)) {
            let page = page_of(&rows);
            let bytes = reply(&Ok(page.clone()));
            prop_assert_eq!(read_page(&bytes[1..]).expect("own bytes"), page);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_page(&bytes);
            let mut framed = vec![2, 0, 100, 0, 104, 0];
            framed.extend(bytes);
            let _ = read_jira_users(&framed);
        }
    }
}
