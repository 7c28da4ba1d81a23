//! The handle table: C and Java hold numbers, never pointers.
//!
//! Each number is given out once, for engines and pages from the same sequence. So a stale, doubly closed or invented
//! handle is an error and never refers to another object.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use once_cell::sync::Lazy;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::page::Page;
use crate::engine::Engine;

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Every open engine of this process.
pub static ENGINES: Lazy<Table<Engine>> = Lazy::new(Table::default);

/// Every page that C has not freed yet.
pub static PAGES: Lazy<Table<Page>> = Lazy::new(Table::default);

/// Objects by their handles.
pub struct Table<T>(RwLock<HashMap<u64, Arc<T>>>);

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table(RwLock::default())
    }
}

impl<T> Table<T> {
    /// Stores an object and returns its handle.
    pub fn insert(&self, thing: T) -> u64 {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Arc::new(thing));
        id
    }

    /// The object of a handle. It lives while a call uses it, even if the handle is closed meanwhile.
    pub fn get(&self, id: u64) -> Result<Arc<T>> {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        table
            .get(&id)
            .cloned()
            .ok_or_else(|| Error::new(ErrorCode::InvalidHandle))
    }

    /// Ends a handle.
    pub fn remove(&self, id: u64) -> Result<Arc<T>> {
        let removed = self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
        removed.ok_or_else(|| Error::new(ErrorCode::InvalidHandle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_and_invented_handles_are_errors() {
        let table = Table::default();
        let id = table.insert("thing");
        assert_eq!(*table.get(id).expect("open"), "thing");
        table.remove(id).expect("open");
        for id in [id, 0, u64::MAX] {
            assert_eq!(
                table.get(id).expect_err("closed").code(),
                ErrorCode::InvalidHandle
            );
            assert!(table.remove(id).is_err());
        }
        assert!(table.insert("other") > id, "a number is never given out twice");
    }
}
