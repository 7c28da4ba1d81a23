//! Answers that consist of named values. One list defines the rows, Java's record and its decoding.
//!
//! They suit subjects with many values of which a caller needs a few, such as statistics. Their page has the columns
//! name, value and count.

use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};

/// The named values of one type.
pub struct NamedRecord<R: 'static> {
    /// The name of Java's record.
    pub java: &'static str,
    /// What the record is.
    pub about: &'static str,
    /// The values, in order.
    pub values: &'static [Named<R>],
}

/// One named value, or several values of the same kind.
pub struct Named<R: 'static> {
    name: &'static str,
    form: NamedForm,
    meaning: &'static str,
    write: Write<R>,
}

/// The form of a named value.
#[derive(Clone, Copy)]
pub enum NamedForm {
    /// A text.
    Text,
    /// A number.
    Number,
    /// A time. If there is none, there is no row.
    Time,
    /// 0 for false or 1 for true.
    Truth,
    /// Numbers, each with a key that follows this prefix in the name.
    Family(&'static str),
    /// Any number of texts under this name.
    Texts(&'static str),
    /// Other named values, whose names follow this prefix.
    Inner(&'static str, &'static AnyNames),
}

/// Named values without their Rust type.
pub type AnyNames = dyn NamesShape + Sync;

enum Write<R: 'static> {
    Cell(fn(&R) -> Cell<'_>),
    Family(fn(&R) -> &[(String, u64)]),
    Texts(fn(&R) -> &[String]),
    Inner(fn(&R, &mut NamedRows<'_>)),
}

/// A single named value.
pub const fn value<R>(
    name: &'static str,
    form: NamedForm,
    meaning: &'static str,
    read: fn(&R) -> Cell<'_>,
) -> Named<R> {
    Named {
        name,
        form,
        meaning,
        write: Write::Cell(read),
    }
}

/// Numbers, each with a key in its name.
pub const fn family<R>(
    name: &'static str,
    prefix: &'static str,
    meaning: &'static str,
    read: fn(&R) -> &[(String, u64)],
) -> Named<R> {
    Named {
        name,
        form: NamedForm::Family(prefix),
        meaning,
        write: Write::Family(read),
    }
}

/// Texts under one name.
pub const fn texts<R>(
    name: &'static str,
    each: &'static str,
    meaning: &'static str,
    read: fn(&R) -> &[String],
) -> Named<R> {
    Named {
        name,
        form: NamedForm::Texts(each),
        meaning,
        write: Write::Texts(read),
    }
}

/// Named values that are part of other named values.
pub const fn within<R>(
    name: &'static str,
    prefix: &'static str,
    shape: &'static AnyNames,
    meaning: &'static str,
    write: fn(&R, &mut NamedRows<'_>),
) -> Named<R> {
    Named {
        name,
        form: NamedForm::Inner(prefix, shape),
        meaning,
        write: Write::Inner(write),
    }
}

/// The rows of a page of names while they are written.
pub struct NamedRows<'a> {
    page: &'a mut Page,
    prefix: &'static str,
}

impl NamedRows<'_> {
    /// Adds a row. A missing value adds no row.
    pub fn push(&mut self, name: &str, value: Cell<'_>) {
        let name = Cell::from(format!("{}{name}", self.prefix));
        match value {
            Cell::Null => {}
            Cell::Text(_) => self.page.push(&[name, value, Cell::Null]),
            Cell::Integer(_) => self.page.push(&[name, Cell::Null, value]),
        }
    }
}

/// A page of names without rows.
pub fn empty() -> Page {
    Page::new(&[C::Name, C::Value, C::Count])
}

impl<R> NamedRecord<R> {
    /// Adds the rows of a value.
    pub fn write(&self, value: &R, rows: &mut NamedRows<'_>) {
        for named in self.values {
            match (&named.write, named.form) {
                (Write::Cell(read), _) => rows.push(named.name, read(value)),
                (Write::Family(read), NamedForm::Family(prefix)) => {
                    for (key, count) in read(value) {
                        rows.push(&format!("{prefix}{key}"), Cell::from(*count));
                    }
                }
                (Write::Texts(read), NamedForm::Texts(each)) => {
                    read(value)
                        .iter()
                        .for_each(|text| rows.push(each, Cell::from(text)));
                }
                (Write::Inner(write), NamedForm::Inner(prefix, _)) => {
                    write(
                        value,
                        &mut NamedRows {
                            page: rows.page,
                            prefix,
                        },
                    );
                }
                // The constructors above give each form the right writer.
                (Write::Family(_) | Write::Texts(_) | Write::Inner(_), _) => {}
            }
        }
    }

    /// The page of a value.
    pub fn page(&self, value: &R) -> Page {
        let mut page = empty();
        self.write(
            value,
            &mut NamedRows {
                page: &mut page,
                prefix: "",
            },
        );
        page
    }

    /// The values that are single numbers, with their names.
    pub fn numbers<'a>(&self, value: &'a R) -> Vec<(&'static str, Cell<'a>)> {
        let read = |named: &Named<R>| match &named.write {
            Write::Cell(read) => Some((named.name, read(value))),
            Write::Family(_) | Write::Texts(_) | Write::Inner(_) => None,
        };
        self.values.iter().filter_map(read).collect()
    }
}

/// Named values as the generated texts need them.
pub trait NamesShape {
    /// The name of Java's record.
    fn java(&self) -> &'static str;
    /// What the record is.
    fn about(&self) -> &'static str;
    /// Name, form and meaning of each.
    fn values(&self) -> Vec<(&'static str, NamedForm, &'static str)>;
}

impl<R> NamesShape for NamedRecord<R> {
    fn java(&self) -> &'static str {
        self.java
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn values(&self) -> Vec<(&'static str, NamedForm, &'static str)> {
        let values = self.values.iter();
        values
            .map(|named| (named.name, named.form, named.meaning))
            .collect()
    }
}
