//! Pages that Java sends.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| okta_profiles::fuzzing::wire_page(bytes));
