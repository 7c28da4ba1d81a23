//! Users, groups, members, schemas, errors and token answers; the first byte chooses which.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| okta_profiles::fuzzing::answer(bytes));
