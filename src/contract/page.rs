//! A page: rows of cells under columns, the form in which every record set crosses the boundary.

pub use super::cell::Cell;
use super::columns::Column;

/// The payload of the panic of a call that has no memory for its answer.
#[derive(Debug)]
pub struct OutOfMemory;

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
        // A page of thousands of rows may need more memory than there is. Nothing that fills a page returns an error,
        // so this panics, and the guard around the call makes an error of it.
        if self.cells.try_reserve(row.len()).is_err() {
            std::panic::panic_any(OutOfMemory);
        }
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
