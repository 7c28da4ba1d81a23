//! The form of a record: its fields in order, each with its column and the function that reads its value.
//!
//! One list defines the cells of a row, the counters of a C struct and, through [`Shape`], the header and Java's record
//! with its decoding. So all of them have the same order.

use crate::contract::columns::Column;
use crate::contract::page::{Cell, Page};

/// The fields of the records of one type.
pub struct RecordForm<R: 'static> {
    /// The name of Java's record; `Outer.Inner` is declared inside `Outer`.
    pub java: &'static str,
    /// What it is.
    pub about: &'static str,
    /// The fields, in order.
    pub fields: &'static [RecordField<R>],
}

/// One field of a record.
pub struct RecordField<R: 'static> {
    name: &'static str,
    part: Part<R>,
    counter: bool,
}

enum Part<R: 'static> {
    /// One column.
    Cell(Column, fn(&R) -> Cell<'_>),
    /// Several columns whose values are read together, with the names of their fields.
    Cells(
        &'static [(&'static str, Column)],
        for<'a> fn(&'a R, &mut Vec<Cell<'a>>),
    ),
    /// A record inside this one. If it is missing, its cells are null.
    Record(&'static AnyShape, for<'a> fn(&'a R, &mut Vec<Cell<'a>>)),
    /// The rows of the page, as a list of records in the Java record. This field has no cells.
    Rows(&'static AnyShape),
}

/// A record without its Rust type.
pub type AnyShape = dyn Shape + Sync;

/// A field whose value is in one column.
pub const fn field<R>(name: &'static str, column: Column, read: fn(&R) -> Cell<'_>) -> RecordField<R> {
    RecordField {
        name,
        part: Part::Cell(column, read),
        counter: false,
    }
}

/// A field that the C struct of the record also has.
pub const fn counter<R>(name: &'static str, column: Column, read: fn(&R) -> Cell<'_>) -> RecordField<R> {
    RecordField {
        name,
        part: Part::Cell(column, read),
        counter: true,
    }
}

/// Fields that are read together, such as texts of one JSON object.
pub const fn fields<R>(
    names: &'static [(&'static str, Column)],
    read: for<'a> fn(&'a R, &mut Vec<Cell<'a>>),
) -> RecordField<R> {
    RecordField {
        name: "",
        part: Part::Cells(names, read),
        counter: false,
    }
}

/// A record inside a record.
pub const fn inner<R>(
    name: &'static str,
    shape: &'static AnyShape,
    read: for<'a> fn(&'a R, &mut Vec<Cell<'a>>),
) -> RecordField<R> {
    RecordField {
        name,
        part: Part::Record(shape, read),
        counter: false,
    }
}

/// The rows of the page that the record describes.
pub const fn rows<R>(name: &'static str, shape: &'static AnyShape) -> RecordField<R> {
    RecordField {
        name,
        part: Part::Rows(shape),
        counter: false,
    }
}

impl<R> RecordForm<R> {
    /// The columns of a row.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = Vec::new();
        for field in self.fields {
            match field.part {
                Part::Cell(column, _) => columns.push(column),
                Part::Cells(named, _) => columns.extend(named.iter().map(|(_, column)| *column)),
                Part::Record(shape, _) => columns.extend(shape.columns()),
                Part::Rows(_) => {}
            }
        }
        columns
    }

    /// Adds the cells of a value. If there is no value, they are null.
    pub fn push<'a>(&self, value: Option<&'a R>, row: &mut Vec<Cell<'a>>) {
        let Some(value) = value else {
            row.resize(row.len() + self.columns().len(), Cell::Null);
            return;
        };
        for field in self.fields {
            match &field.part {
                Part::Cell(_, read) => row.push(read(value)),
                Part::Cells(_, read) | Part::Record(_, read) => read(value, row),
                Part::Rows(_) => {}
            }
        }
    }

    /// The cells of one row.
    pub fn cells<'a>(&self, value: &'a R) -> Vec<Cell<'a>> {
        let mut row = Vec::new();
        self.push(Some(value), &mut row);
        row
    }

    /// A page with a row for each value.
    pub fn page<'a>(&self, values: impl IntoIterator<Item = &'a R>) -> Page {
        let mut page = Page::new(&self.columns());
        let mut row = Vec::new();
        for value in values {
            row.clear();
            self.push(Some(value), &mut row);
            page.push(&row);
        }
        page
    }

    /// A page of a listing. Its last row has the cursor of the next page.
    pub fn listing<'a>(&self, values: &'a [R], next: Option<&'a str>) -> Page {
        let mut columns = self.columns();
        columns.push(Column::SearchCursor);
        let mut page = Page::new(&columns);
        let mut row = Vec::new();
        for (index, value) in values.iter().enumerate() {
            row.clear();
            self.push(Some(value), &mut row);
            row.push(Cell::from(next.filter(|_| index + 1 == values.len())));
            page.push(&row);
        }
        page
    }

    /// The fields of the record's C struct: first the choices, which have 32 bits like `struct_size`, and then the other
    /// fields in order.
    pub fn counters(&self, value: &R) -> (Vec<u32>, Vec<i64>) {
        let (mut choices, mut numbers) = (Vec::new(), Vec::new());
        for field in self.fields.iter().filter(|field| field.counter) {
            let Part::Cell(column, read) = &field.part else {
                continue;
            };
            let number = number(*column, &read(value));
            match column.kind().choice() {
                Some(_) => choices.push(u32::try_from(number).unwrap_or_default()),
                None => numbers.push(number),
            }
        }
        (choices, numbers)
    }
}

/// The number in a cell. For a word of a choice that is its number; without one, and for null, it is 0.
fn number(column: Column, cell: &Cell<'_>) -> i64 {
    let of_word = |word: &str| {
        let mut values = column.kind().choice()?.values.iter();
        values.find(|value| value.word == word)?.number.map(i64::from)
    };
    match cell {
        Cell::Integer(number) => *number,
        Cell::Text(_) => cell.as_text().and_then(of_word).unwrap_or_default(),
        Cell::Null => 0,
    }
}

/// A record as the generated texts need it.
pub trait Shape {
    /// The name of Java's record.
    fn java(&self) -> &'static str;
    /// What it is.
    fn about(&self) -> &'static str;
    /// Its fields, in order.
    fn fields(&self) -> Vec<FieldShape>;
    /// Its columns, in order.
    fn columns(&self) -> Vec<Column>;
}

/// A field as the generated texts need it.
pub struct FieldShape {
    /// The name, `with_underscores`.
    pub name: &'static str,
    /// Whether the C struct has the field.
    pub counter: bool,
    /// What it is.
    pub part: PartShape,
}

/// What a field holds.
pub enum PartShape {
    /// The value of a column.
    Column(Column),
    /// A record. It is null if its first column is null.
    Record(&'static AnyShape),
    /// A record for each row of the page.
    Rows(&'static AnyShape),
}

impl<R> Shape for RecordForm<R> {
    fn java(&self) -> &'static str {
        self.java
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn fields(&self) -> Vec<FieldShape> {
        let shape = |name, counter, part| FieldShape { name, counter, part };
        let mut shapes = Vec::new();
        for field in self.fields {
            match &field.part {
                Part::Cell(column, _) => {
                    shapes.push(shape(field.name, field.counter, PartShape::Column(*column)));
                }
                Part::Cells(named, _) => {
                    let named = named.iter();
                    shapes.extend(named.map(|(name, column)| shape(name, false, PartShape::Column(*column))));
                }
                Part::Record(inner, _) => shapes.push(shape(field.name, false, PartShape::Record(*inner))),
                Part::Rows(inner) => shapes.push(shape(field.name, false, PartShape::Rows(*inner))),
            }
        }
        shapes
    }

    fn columns(&self) -> Vec<Column> {
        RecordForm::columns(self)
    }
}
