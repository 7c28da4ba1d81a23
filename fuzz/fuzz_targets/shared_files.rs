//! What other nodes left on the shared folder, and deliveries that wait beside the directory.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| okta_profiles::fuzzing::shared_file(bytes));
