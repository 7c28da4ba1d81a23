//! A cell of a page: a text, a number or nothing, and which values become which.

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Null,
    /// A text; a NUL that is not part of it follows in memory, for C.
    Text(String),
    /// A number.
    Integer(i64),
}

impl Cell {
    /// A text cell.
    pub fn text(text: &str) -> Cell {
        let mut owned = String::with_capacity(text.len() + 1);
        owned.push_str(text);
        owned.push('\0');
        Cell::Text(owned)
    }

    /// The text without the NUL behind it.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => text.strip_suffix('\0'),
            Cell::Null | Cell::Integer(_) => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::text(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::text(text)
    }
}

impl From<String> for Cell {
    fn from(mut text: String) -> Cell {
        text.push('\0');
        Cell::Text(text)
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Cell {
        Cell::Integer(count.into())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Integer(number)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Cell {
        Cell::Integer(number.into())
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Cell {
        Cell::Integer(truth.into())
    }
}

impl<T> From<Option<T>> for Cell
where
    Cell: From<T>,
{
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Cell::from)
    }
}
