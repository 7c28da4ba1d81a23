//! The mirror file and the key file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| okta_profiles::fuzzing::sealed_file(bytes));
