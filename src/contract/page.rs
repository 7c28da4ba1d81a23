//! A page: rows of cells under columns. Every set of records crosses the boundary in this form.

pub use super::cell::Cell;
use super::columns::Column;

/// The payload of the panic that a call raises if there is no memory for its answer.
#[derive(Debug)]
pub struct OutOfMemory;

/// Rows under columns. All texts are in one buffer, so that a listing needs no allocation for each cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    columns: Vec<Column>,
    slots: Vec<Slot>,
    /// All texts, one after the other. Each is followed by a NUL, for C.
    texts: String,
}

/// The content of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Null,
    /// The place of the text in the buffer, without the NUL after it.
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
        // A page of thousands of rows may need more memory than there is. The functions that fill a page return no
        // error, so this panics, and the guard around the call turns the panic into an error.
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

    /// The text in a cell; none if the cell has no text.
    pub fn text(&self, row: usize, column: Column) -> Option<&str> {
        self.text_with_nul(row, column)?.strip_suffix('\0')
    }

    /// The text in a cell with the NUL after it, for C; none if the cell has no text.
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

/// Whether a column may have this cell.
fn fits(column: Column, cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Text(_) => column.kind().is_text(),
        Cell::Integer(_) => !column.kind().is_text(),
    }
}
