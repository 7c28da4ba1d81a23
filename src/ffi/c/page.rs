//! Pages for C: read by row and column, freed by the caller.

use std::ffi::c_char;

use super::arguments::{call, check_out, write};
use super::error::okp_error;
use crate::contract::columns::Column;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::page::{Cell, Page};
use crate::ffi::handles::PAGES;

/// Rows of an answer. A number, not a pointer: a page that was freed, or never existed, is an error.
/// Free each page with `okp_page_free`. A page may be read from several threads.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct okp_page {
    /// Opaque; 0 is never a page.
    pub id: u64,
}

/// How many rows the page has.
///
/// @param rows receives the number; must not be NULL.
/// @return 0, or OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_rows(page: okp_page, rows: *mut usize, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || write(rows, PAGES.get(page.id)?.rows(), "rows")) }
}

/// How many columns the page has, and which: `columns` receives up to `capacity` numbers
/// (`OKP_COLUMN_*`) in order, `count` how many there are. `columns` may be NULL if `capacity` is 0.
///
/// @return 0, or OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
///
/// # Safety
/// Pointers are null or valid; `columns` for `capacity` values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_columns(
    page: okp_page,
    columns: *mut u16,
    capacity: usize,
    count: *mut usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let page = PAGES.get(page.id)?;
        let own = page.columns();
        if capacity > 0 {
            check_out(columns, "columns")?;
        }
        for (index, column) in own.iter().take(capacity).enumerate() {
            // SAFETY: `columns` is writable for `capacity` values and `index` is below it.
            unsafe { columns.add(index).write(column.number()) };
        }
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(count, own.len(), "count") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Whether a cell is null.
///
/// @param is_null receives 1 or 0.
/// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
/// does not have.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_is_null(
    page: okp_page,
    row: usize,
    column: u16,
    is_null: *mut u8,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let page = PAGES.get(page.id)?;
        let null = matches!(cell(&page, row, column)?, Cell::Null);
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(is_null, u8::from(null), "is_null") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// The text of a cell: UTF-8, `length` bytes, with a NUL behind them. A null cell gives NULL and 0.
///
/// The text belongs to the page: it is valid until `okp_page_free`.
///
/// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
/// does not have, or a column of numbers.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_text(
    page: okp_page,
    row: usize,
    column: u16,
    text: *mut *const c_char,
    length: *mut usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let page = PAGES.get(page.id)?;
        let (found, size) = match cell(&page, row, column)? {
            Cell::Null => (std::ptr::null(), 0),
            Cell::Integer(_) => return Err(Error::about(ErrorCode::InvalidArgument, "a column of numbers")),
            Cell::Text(text) => {
                let with_nul = Column::from_number(column).and_then(|column| page.text_with_nul(row, column));
                let found = with_nul.ok_or_else(|| Error::internal("a text of a page is not in it"))?;
                (found.as_ptr().cast::<c_char>(), text.len())
            }
        };
        check_out(text, "text")?;
        // SAFETY: the caller's pointers, as documented.
        unsafe {
            write(length, size, "length")?;
            write(text, found, "text")
        }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// The number in a cell; a null cell gives 0 (`okp_page_is_null` tells the difference).
///
/// @return 0, OKP_ERROR_INVALID_HANDLE, or OKP_ERROR_INVALID_ARGUMENT for a row or column that the page
/// does not have, or a column of texts.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_integer(
    page: okp_page,
    row: usize,
    column: u16,
    value: *mut i64,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let page = PAGES.get(page.id)?;
        let number = match cell(&page, row, column)? {
            Cell::Null => 0,
            Cell::Integer(number) => number,
            Cell::Text(_) => return Err(Error::about(ErrorCode::InvalidArgument, "a column of texts")),
        };
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(value, number, "value") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Frees a page and every text in it.
///
/// @return 0, or OKP_ERROR_INVALID_HANDLE if it is freed already or never existed.
///
/// # Safety
/// `error` is null or valid. No text of the page is used afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_page_free(page: okp_page, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, || PAGES.remove(page.id).map(drop)) }
}

fn cell(page: &Page, row: usize, column: u16) -> Result<Cell<'_>> {
    let known = Column::from_number(column);
    known
        .and_then(|column| page.cell(row, column))
        .ok_or_else(|| Error::about(ErrorCode::InvalidArgument, "the page has no such row or column"))
}
