//! Declares an SQL statement together with its own test, so that no list of statements has to be kept.
//!
//! `statement!(NAME = "…")` is a constant. Its test prepares the statement and proves that it does not read a large
//! table row by row, with any statistics of the planner. If a statement must do so, it says so: `statement!(NAME, reads
//! every row = "…")`. A statement that returns a page or reads users in order says `in order`, and its test proves that
//! nothing is sorted. `each` declares several statements at once, as a slice or an array of a named type.

macro_rules! statement {
    ($name:ident = $sql:expr) => {
        statement!(@ $name, &str, $sql, goes_along_an_index);
    };
    ($name:ident, in order = $sql:expr) => {
        statement!(@ $name, &str, $sql, goes_along_an_index_in_order);
    };
    ($name:ident, reads every row = $sql:expr) => {
        statement!(@ $name, &str, $sql, can_be_prepared);
    };
    (each $name:ident: $type:ty = $sql:expr) => {
        statement!(@@ $name, $type, $sql, goes_along_an_index);
    };
    (each $name:ident: $type:ty, in order = $sql:expr) => {
        statement!(@@ $name, $type, $sql, goes_along_an_index_in_order);
    };
    (@ $name:ident, $type:ty, $sql:expr, $test:ident) => {
        const $name: $type = $sql;
        #[allow(non_snake_case)]
        mod $name {
            #[test]
            fn $test() {
                crate::directory::tests::query_plans::$test(super::$name);
            }
        }
    };
    (@@ $name:ident, $type:ty, $sql:expr, $test:ident) => {
        const $name: $type = $sql;
        #[allow(non_snake_case)]
        mod $name {
            #[test]
            fn $test() {
                for sql in super::$name {
                    crate::directory::tests::query_plans::$test(sql);
                }
            }
        }
    };
}
pub(in crate::directory) use statement;
