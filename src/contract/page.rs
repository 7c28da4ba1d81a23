//! A page: rows of cells under columns, the form in which every record set crosses the boundary.

pub use super::cell::Cell;
use super::columns::Column;

/// The payload of the panic of a call that has no memory for its answer.
#[derive(Debug)]
pub struct OutOfMemory;

/// Rows under columns. All texts stand in one buffer, so that a listing costs no allocation for each cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    columns: Vec<Column>,
    slots: Vec<Slot>,
    /// One after the other, each with a NUL behind it, for C.
    texts: String,
}

/// What stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Null,
    /// Where the text stands in the buffer; its NUL follows.
    Text {
        from: usize,
        to: usize,
    },
    Integer(i64),
}

impl Page {
    /// A page without rows.
    pub fn new(columns: &[Column]) -> Page {
        Page {
            columns: columns.to_vec(),
            ..Page::default()
        }
    }

    /// Adds a row, which has one cell of the right type for each column.
    pub fn push(&mut self, row: &[Cell<'_>]) {
        debug_assert_eq!(row.len(), self.columns.len());
        debug_assert!(
            self.columns
                .iter()
                .zip(row)
                .all(|(column, cell)| fits(*column, cell))
        );
        let texts = row.iter().filter_map(Cell::as_text);
        let bytes: usize = texts.map(|text| text.len() + 1).sum();
        // A page of thousands of rows may need more memory than there is. Nothing that fills a page returns an error,
        // so this panics, and the guard around the call makes an error of it.
        if self.slots.try_reserve(row.len()).is_err() || self.texts.try_reserve(bytes).is_err() {
            std::panic::panic_any(OutOfMemory);
        }
        for cell in row {
            let slot = match cell {
                Cell::Null => Slot::Null,
                Cell::Integer(number) => Slot::Integer(*number),
                Cell::Text(text) => {
                    let from = self.texts.len();
                    self.texts.push_str(text);
                    let to = self.texts.len();
                    self.texts.push('\0');
                    Slot::Text { from, to }
                }
            };
            self.slots.push(slot);
        }
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.slots.len().checked_div(self.columns.len()).unwrap_or(0)
    }

    /// A cell; none if the page has no such row or column.
    pub fn cell(&self, row: usize, column: Column) -> Option<Cell<'_>> {
        self.slot(row, column).map(|slot| self.read(slot))
    }

    /// The text in a cell; none if there is none.
    pub fn text(&self, row: usize, column: Column) -> Option<&str> {
        self.text_with_nul(row, column)?.strip_suffix('\0')
    }

    /// The same with the NUL behind it, which is not part of it.
    pub fn text_with_nul(&self, row: usize, column: Column) -> Option<&str> {
        match self.slot(row, column)? {
            Slot::Text { from, to } => self.texts.get(from..=to),
            Slot::Null | Slot::Integer(_) => None,
        }
    }

    /// The cells of all rows, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.slots.iter().map(|slot| self.read(*slot))
    }

    fn slot(&self, row: usize, column: Column) -> Option<Slot> {
        let position = self.columns.iter().position(|own| *own == column)?;
        let start = row.checked_mul(self.columns.len())?;
        self.slots.get(start.checked_add(position)?).copied()
    }

    fn read(&self, slot: Slot) -> Cell<'_> {
        match slot {
            Slot::Null => Cell::Null,
            Slot::Integer(number) => Cell::Integer(number),
            Slot::Text { from, to } => self.texts.get(from..to).into(),
        }
    }
}

/// Whether a cell may stand in a column.
fn fits(column: Column, cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Text(_) => column.kind().is_text(),
        Cell::Integer(_) => !column.kind().is_text(),
    }
}
