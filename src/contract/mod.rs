//! The contract: every fact that crosses the boundary to C, Java, the command line and the page, written once.
//!
//! From these tables `make header` writes the C header, Java's enums and the reference in `docs/`.

pub mod columns;
pub mod errors;
pub mod settings;
