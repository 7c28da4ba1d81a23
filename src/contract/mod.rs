//! The contract: every fact that crosses the boundary to C, Java, the command line and the page, written once.
//!
//! From these tables `make header` writes the C header, Java's enums and records, and the reference in `docs/`.
//! [`records`] say which value of the model stands in which column, so they need the model and are a layer of their own
//! beside the engine. Everything else here is on the lowest layer.

pub mod cell;
pub mod choice;
pub mod choices;
pub mod columns;
pub mod errors;
pub mod names;
pub mod page;
pub mod records;
pub mod settings;
