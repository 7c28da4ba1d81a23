//! A page: rows of cells under columns, the form in which every record set crosses the boundary.

use super::columns::Column;

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

/// Rows under columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    columns: Vec<Column>,
    cells: Vec<Cell>,
}

impl Page {
    /// A page without rows.
    pub fn new(columns: &[Column]) -> Page {
        Page {
            columns: columns.to_vec(),
            cells: Vec::new(),
        }
    }

    /// Adds a row, which has one cell of the right type for each column.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len());
        debug_assert!(
            self.columns
                .iter()
                .zip(&row)
                .all(|(column, cell)| fits(*column, cell))
        );
        self.cells.extend(row);
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.cells.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// A cell; none if the page has no such row or column.
    pub fn cell(&self, row: usize, column: Column) -> Option<&Cell> {
        let position = self.columns.iter().position(|own| *own == column)?;
        let start = row.checked_mul(self.columns.len())?;
        self.cells.get(start.checked_add(position)?)
    }

    /// The cells of all rows, row by row.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// Whether a cell may stand in a column.
fn fits(column: Column, cell: &Cell) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Text(_) => column.kind().is_text(),
        Cell::Integer(_) => !column.kind().is_text(),
    }
}
