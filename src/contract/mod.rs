//! The contract: every fact that C, Java, the command line and the page share with the engine, written once.
//!
//! From these tables `make header` writes the C header, Java's enums and records, and the reference in `docs/`.
//! [`records`] says which value of the model is in which column. So it needs the model and is a layer of its own beside
//! the engine. Everything else here is on the lowest layer.

pub mod cell;
pub mod choice;
pub mod choices;
pub mod columns;
pub mod errors;
pub mod names;
pub mod page;
pub mod records;
pub mod settings;
