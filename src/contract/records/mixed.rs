//! Pages with rows of several kinds. One column names the kind of a row; the columns of the other kinds are null.

use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};

/// A page with rows of several kinds, while it is filled.
pub(super) struct Mixed {
    columns: Vec<C>,
    page: Page,
}

impl Mixed {
    /// `kind` is the column that names the kind. A column that several kinds share appears only once.
    pub(super) fn new(kind: C, of_kinds: &[&[C]]) -> Mixed {
        let mut columns = vec![kind];
        for column in of_kinds.iter().copied().flatten() {
            if !columns.contains(column) {
                columns.push(*column);
            }
        }
        Mixed {
            page: Page::new(&columns),
            columns,
        }
    }

    /// Adds a row of this kind with the cells of `columns`.
    pub(super) fn push(&mut self, kind: &str, columns: &[C], cells: Vec<Cell<'_>>) {
        let mut row = vec![Cell::Null; self.columns.len()];
        row[0] = Cell::from(kind);
        for (column, cell) in columns.iter().zip(cells) {
            if let Some(at) = self.columns.iter().position(|own| own == column) {
                row[at] = cell;
            }
        }
        self.page.push(&row);
    }

    /// The finished page.
    pub(super) fn done(self) -> Page {
        self.page
    }
}
